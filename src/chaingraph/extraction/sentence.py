"""What the rules of every kind read: one sentence, where it stands, what is spoken of, and where facts go."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chaingraph.extraction.lexicon import lexicon
from chaingraph.extraction.signs import pattern
from chaingraph.extraction.topic import Topic, modality

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator, Mapping
    from typing import Any

    from chaingraph.extraction.facts import Facts, Value
    from chaingraph.extraction.mentions import Mention
    from chaingraph.extraction.passages import Passage
    from chaingraph.extraction.signs import Signs


@dataclass(frozen=True)
class Sentence:
    """One sentence in signs, with all that its rules need."""

    passage: Passage
    signs: Signs
    topic: Topic
    facts: Facts
    published: str | None
    source: str = ""
    document_text: str = ""
    is_bracket: bool = False
    is_whole: bool = False
    organizations: dict[str, tuple[Mention, tuple[int, int]]] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The sentence in signs."""
        return self.signs.text

    @property
    def language(self) -> str:
        """The language of the document."""
        return self.topic.language

    def rules(self, section: str) -> Iterator[tuple[str, Mapping[str, Any], re.Match[str]]]:
        """Yield the matches of the rules of a section of the lexicon: a name for the rule, its settings, the match."""
        for number, rule in enumerate(lexicon(self.language)[section], start=1):
            for match in pattern(rule["pattern"], self.language).finditer(self.text):
                yield f"{section} {self.language} {number}", rule, match

    def modality(self, match: re.Match[str]) -> str | None:
        """Return what the clause around a match says of it: planned, denied, ended, or None."""
        return modality(self.signs, match.start(), match.end(), self.language)

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return where characters of the sentence stand in the document, without the spaces and marks around."""
        text = self.text
        while start < end - 1 and text[start] in " ，。；：、,;:.":
            start += 1
        while end > start + 1 and text[end - 1] in " ，。；：、,;:":
            end -= 1
        return self.passage.place(*self.signs.span(start, end))

    def words(self, start: int, end: int) -> str:
        """Return characters as the passage has them; consortia, platforms and projects by their full names."""
        parts = []
        for at in range(start, end):
            one = self.signs.by_place.get(at)
            if one is None:
                parts.append(self.text[at])
            elif one.kind in ("consortium", "platform", "project"):
                body = self.topic.consortium if one.is_generic else one
                parts.append(body.name if body is not None else "")
            else:
                parts.append(self.passage.text[one.start : one.end])
        return "".join(parts)

    def original(self, start: int, end: int) -> str:
        """Return characters of the passage as the document writes them: in its script, with its punctuation."""
        text = self.passage.text[start:end]
        if text.isascii() or not self.document_text:
            return text
        return "".join(self.document_text[place] for place in self.passage.offsets[start:end])

    def mention_place(self, one: Mention) -> tuple[int, int]:
        """Return where the name of a mention stands in the document."""
        return self.passage.place(one.name_start, one.name_end)

    def mentions(self, match: re.Match[str], group: str | int) -> list[Mention]:
        """Return the mentions in a group of a match, 0 for all of it; none where the pattern has no such group."""
        if group != 0 and (group not in match.re.groupindex or match[group] is None):
            return []
        return self.signs.mentions(match.start(group), match.end(group))

    def nearest_date(self, at: int) -> str | None:
        """Return the date that is nearest to a place of the sentence, if there is one."""
        distances = [(abs(place - at), one.name) for place, one in self.signs.by_place.items() if one.kind == "date"]
        return min(distances)[1] if distances else None

    def organization(self, one: Mention) -> None:
        """Note that an organization is part of a fact, so that it gets a row."""
        self.organizations.setdefault(one.name, (one, self.mention_place(one)))

    def claim(self, place: tuple[int, int], reason: str, *, table: str, subject: str, **cells: Value) -> None:
        """Add a claim about a thing."""
        self.facts.row("claims", place, reason, 0.6, subject_table=table, subject=subject, **cells)
