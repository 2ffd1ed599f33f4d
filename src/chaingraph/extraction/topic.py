"""What a document speaks of at one place: the consortium, the programme, the project, the company, the region."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chaingraph.extraction.lexicon import lexicon

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from chaingraph.extraction.mentions import Mention
    from chaingraph.extraction.signs import Signs


@dataclass
class Topic:
    """What generic words stand for: 联合体, 项目, 公司, 我省; None where nothing of the kind was named."""

    language: str
    consortium: Mention | None = None
    programme: str | None = None
    project: str | None = None
    platform: str | None = None
    company: str | None = None
    firm: str | None = None
    region: str | None = None
    noun: Mapping[str, Any] | None = None
    is_proposal: bool = False
    is_tender: bool = False
    lead: str | None = None
    scope: tuple[str, str] | None = None
    office: str | None = None
    subject: str = "consortium"
    hosts: tuple[Mention, ...] = ()

    def consortium_at(self, sentence: Signs, at: int) -> Mention | None:
        """Return the consortium to which words at a place of a sentence belong.

        It is the one that is named last before them, else the first behind them, else the one that was spoken of.
        """
        consortia_before = [one for one in sentence.mentions(0, at) if one.kind == "consortium"]
        consortia_after = [one for one in sentence.mentions(at, len(sentence.text)) if one.kind == "consortium"]
        consortia = [*reversed(consortia_before), *consortia_after]
        one = consortia[0] if consortia else self.consortium
        return self.consortium if one is not None and one.is_generic else one

    def speaks_on_of_project(self, sentence: Signs) -> bool:
        """Tell whether a sentence begins with a pronoun that stands for the project that the one before is about."""
        pronoun = lexicon(self.language)["topics"]["pronoun"]
        return self.subject == "project" and re.match(pronoun, sentence.text) is not None

    def subject_kind(self, sentence: Signs, at: int) -> str:
        """Return the kind of thing that is spoken of last before a place: consortium, project or platform."""
        text = sentence.text[:at]
        generic = lexicon(self.language)["topics"]
        is_project = self.project is not None and (self.consortium is None or self.speaks_on_of_project(sentence))
        best, kind = -1, "project" if is_project else "consortium"
        for place, one in sentence.by_place.items():
            if place < at and place > best and one.kind in ("consortium", "project"):
                best, kind = place, one.kind
        for name in ("project", "consortium") if self.consortium is not None else ("project",):
            for match in re.finditer(generic[name], text):
                if match.start() > best and (name != "project" or self.project is not None):
                    best, kind = match.start(), name
        return kind


def modality(sentence: Signs, start: int, end: int, language: str) -> str | None:
    """Return what the clause around words says of them: planned, denied or ended; None where it states them."""
    text = sentence.text
    begin = max(text.rfind(mark, 0, start) for mark in "，；。：,;") + 1
    ends = [place for mark in "，；。,;" if (place := text.find(mark, max(end - 1, 0))) >= 0]
    stop = min(ends, default=len(text))
    words = lexicon(language)["modality"]
    for verb in re.finditer(words["other_verb"], text[begin:stop]):
        at = begin + verb.start()
        begin, stop = (at, stop) if at < start else (begin, min(stop, at) if at >= end else stop)
    clause = text[begin:stop]
    if re.search(words["rumour"], text) and re.search("|".join(f"(?:{word})" for word in words["denied"]), text):
        return "denied"
    for status in ("denied", "planned", "ended"):
        if re.search("|".join(f"(?:{word})" for word in words[status]), clause):
            return status
    return None


def is_norm(text: str, language: str) -> bool:
    """Tell whether a sentence says what ought to be: it states no fact."""
    return re.search("|".join(lexicon(language)["modality"]["norms"]), text) is not None


def qualifier_before(text: str, language: str) -> str | None:
    """Return the qualifier that the words right before an amount say: about, nearly, more-than, at-least; or None.

    >>> qualifier_before("总投资约", "zh"), qualifier_before("a budget of over ", "en"), qualifier_before("为", "zh")
    ('about', 'more-than', None)
    """
    for qualifier, words in lexicon(language)["relation_words"]["qualifiers"].items():
        if "before" in words and re.search(words["before"], text.casefold()):
            return str(qualifier)
    return None
