"""English names by their grammar: capital letters, and a last word such as Ltd, University or Consortium.

The last words are data (``ontology/extraction/en.toml``).
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from chaingraph.extraction.chinese_names import UNCLEAR
from chaingraph.extraction.lexicon import alternatives, lexicon
from chaingraph.extraction.mentions import Mention, mention

if TYPE_CHECKING:
    from collections.abc import Iterator


@cache
def _pattern(name: str) -> re.Pattern[str]:
    """Return a pattern of the words by which English names are told from other words in capital letters."""
    return re.compile(lexicon("en")["names"][name])


@cache
def _starts() -> frozenset[str]:
    return frozenset(lexicon("en")["names"]["starts"].split())


def english_names(text: str) -> list[Mention]:
    """Return the names in a passage; a generic mention of a consortium has no name.

    >>> [(each.kind, each.name) for each in english_names("It is led by Acme Power Ltd and the University of Foo.")]
    [('organization', 'Acme Power Ltd'), ('organization', 'University of Foo')]
    """
    mentions = [*_programmes(text), *_consortia_in_small_letters(text), *_projects(text)]
    mentions += [*_consortia_by_their_words(text), *_platforms(text)]
    for match in _phrase().finditer(text):
        mentions += _of_phrase(text, match.start(), match.end())
    for match in _pattern("generic").finditer(text):
        is_article = match["article"] in ("A", "a")
        if not is_article or re.match(r" (?:led|headed|of)\b", text[match.end() :]):
            mentions.append(mention("consortium", match.start(), match.end(), ""))
    return mentions


@cache
def _phrase() -> re.Pattern[str]:
    data = lexicon("en")
    legal = r"(?:,? (?:Co\.,? )?(?:Ltd|Inc|LLC|Corp)\b\.?)|(?: Co\.)"
    small = rf"(?:(?:{data['words']['small']}) ){{0,2}}"
    return re.compile(rf"\b[A-ZÀ-Þ][\w&'’/-]*(?:\.(?=[A-Z]))?(?:{legal}|(?: {small}{data['names']['word']}))*")


@cache
def _endings() -> dict[str, tuple[str, str | None]]:
    data = lexicon("en")
    kinds: dict[str, tuple[str, str | None]] = dict.fromkeys(data["platforms"]["endings"], ("platform", None))
    kinds |= {
        ending: ("organization", code)
        for code, endings in data["organizations"].items()
        if code != "of"
        for ending in endings
    }
    kinds |= {ending: ("cluster", code) for code, endings in data["clusters"].items() for ending in endings}
    return kinds | {ending: ("consortium", code) for code, endings in data["consortia"].items() for ending in endings}


def _of_phrase(text: str, start: int, end: int) -> Iterator[Mention]:
    """Yield the names in a run of capitalised words; and, for, of may join two names or stand inside one."""
    for begin, stop in _split(text, start, end):
        words = text[begin:stop]
        first = words.split(" ", 1)[0]
        while (first in _starts() or first.islower() or first.strip(",").isdigit()) and " " in words:
            begin += len(first) + 1
            words = text[begin:stop]
            first = words.split(" ", 1)[0]
        one = _typed(text, begin, stop) or _untyped(text, begin, stop)
        if one is not None:
            yield one


def _untyped(text: str, begin: int, stop: int) -> Mention | None:
    """Return a name that no word of its own calls an organization; only some rules take it for one."""
    words = re.sub(r"[,'’]+$|['’]s$", "", text[begin:stop])
    stop = begin + len(words)
    first = words.split(" ")[0]
    is_start = begin == 0 or re.search(r"[.!?:\n]\s*[\"“]?$", text[:begin]) is not None
    if (" " not in words and is_start) or first in _starts() or len(words) < 4 or first.isdigit():
        return None
    if re.match(rf"(?:{lexicon('en')['places']})\b", words) and " " not in words:
        return None
    if re.match(r"(?:EUR|USD|GBP|CNY|RMB|CHF|SEK|NOK|DKK|PLN|JPY)\b", words):
        return None
    if _titles().search(words):
        return None
    if _pattern("person_before").search(text[:begin]) or _pattern("person_behind").match(text[stop:]):
        return None
    return mention("organization", begin, stop, words, UNCLEAR)


@cache
def _titles() -> re.Pattern[str]:
    """Return the pattern of the last words of titles and awards, which name no organization."""
    return re.compile(rf"\b(?:{alternatives(lexicon('en')['titles']['endings'])})$")


def _split(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cut a run of words at ``and`` and at ``the``, ``for``, ``in`` where what is before is a name already."""
    parts, begin = [], start
    for match in _pattern("cuts").finditer(text, start, end):
        if _is_department(text[begin : match.start()], text[match.end() : end], match[0]):
            continue
        joiner = match[0].strip()
        if joiner in ("for", "&"):
            continue
        is_pair = joiner == "and" and _is_pair(text, begin, match.start(), match.end(), end)
        is_end = joiner in ("", "in", "at", "on", "by", "from", "with", "and the") or match[0][0] in "'’."
        if is_pair or is_end or _typed(text, begin, match.start()) is not None:
            parts.append((begin, match.start()))
            begin = match.end()
    return [*parts, (begin, end)]


def _is_pair(text: str, begin: int, middle: int, right_begin: int, end: int) -> bool:
    """Tell whether ``and`` stands between two names, none of which says what it is, or between one such and another."""
    left, whole = text[begin:middle], _typed(text, begin, end)
    if whole is None:
        return True
    return (
        whole.kind == "organization"
        and len(left.split(" ")) > 1
        and _typed(text, right_begin, end) is not None
        and left.split(" ")[-1] not in lexicon("en")["names"]["fields"].split()
    )


def _is_department(left: str, right: str, joiner: str) -> bool:
    """Tell whether ``and`` stands inside a name: Department of Science and Technology."""
    ending = right.split(" and ")[0].split(" ")[-1].strip(".,")
    is_office = re.search(
        r"(?:Department|Ministry|Bureau|Commission|Office|Institute|University|Academy) (?:of|for) (?:[A-Z]\w+ ?)+$",
        left,
    )
    return (
        joiner.strip() in ("and", "&")
        and is_office is not None
        and ending not in _endings()
        and len(right.split(" ")) < 4
    )


def _typed(text: str, begin: int, stop: int) -> Mention | None:
    """Return the mention that a run of words is, by its last word or by its first."""
    words = re.sub(r"[,'’]+$|['’]s$", "", text[begin:stop])
    stop = begin + len(words)
    if len(words.split()) > 14 or not words:
        return None
    for ending in sorted(_endings(), key=len, reverse=True):
        if words == ending or not re.search(rf"(?:^|[\s,]){re.escape(ending)}$", words):
            continue
        kind, code = _endings()[ending]
        stem = words[: -len(ending)].strip()
        if not stem or stem in ("Co.,", "Co."):
            return None
        stop = _full_stop(text, begin, stop, ending)
        return mention(kind, begin, stop, text[begin:stop], code)
    if re.match(lexicon("en")["names"]["university"], words):
        return mention("organization", begin, stop, words, "university")
    if re.match(lexicon("en")["names"]["institute"], words):
        return mention("organization", begin, stop, words, "institute")
    if re.match(rf"(?:[A-Z][\w-]+ )*?(?:{lexicon('en')['platforms']['of']}) (?:of|for) (?:the )?[A-Z]", words):
        return mention("platform", begin, stop, words)
    match = re.match(
        rf"(?:[A-Z][\w-]+ )*?(?P<head>{lexicon('en')['organizations']['of']}) (?:of|for) (?:the )?[A-Z]", words
    )
    if match is not None:
        kind, code = _endings().get(match["head"].split()[-1], ("organization", "other"))
        if kind == "organization":
            return mention("organization", begin, stop, words, code)
    return None


def _full_stop(text: str, begin: int, stop: int, ending: str) -> int:
    """Return where a name ends: its full stop belongs to it, unless a sentence ends there and no comma precedes it."""
    end = stop - 1 if ending[-1] == "." else stop
    if text[end : end + 1] != "." or (ending[-1] != "." and ending not in ("Ltd", "Inc", "Corp")):
        return stop
    is_whole_form = re.search(r"(?:Co\.,?|,) \w+$", text[begin:end]) is not None
    return end if _is_sentence_end(text[end + 1 :]) and not is_whole_form else end + 1


def _is_sentence_end(text: str) -> bool:
    """Tell whether the words that follow a full stop begin a sentence, or there are none."""
    return re.match(r"\s*(?:$|[A-Z\"“])", text) is not None


def _platforms(text: str) -> Iterator[Mention]:
    """Yield platforms by what stands beside their names, and those that a sentence plans to build and names by a kind.

    A shared demonstrator, the Cold Casting Open Cell; it intends to build a pilot coating line.
    """
    data = lexicon("en")["platforms"]
    for match in re.finditer(data["apposition"], text):
        yield mention("platform", match.start("name"), match.end("name"), match["name"])
    for match in re.finditer(data["planned"], text):
        clause = re.split("[.;:,]", text[: match.start()])[-1]
        if re.search(data["planned_words"], clause):
            yield mention("platform", match.start("name"), match.end("name"), match["name"])


def _consortia_by_their_words(text: str) -> Iterator[Mention]:
    """Yield names in capital letters that the words around them call a consortium: LOOP (lead: Acme Ltd) and SPIN."""
    spans: list[tuple[int, int]] = []
    for match in _pattern("consortium_words").finditer(text):
        group = next(group for group in ("name", "name2", "name3") if match[group])
        if match[group] not in _starts():
            spans.append(match.span(group))
    for match in _pattern("acronym").finditer(text):
        is_beside = any(
            _pattern("beside").fullmatch(
                text[end : match.start()] if end <= match.start() else text[match.end() : start]
            )
            for start, end in spans
        )
        if is_beside and match.span() not in spans:
            spans.append(match.span())
    for start, end in spans:
        yield mention("consortium", start, end, text[start:end])


def _consortia_in_small_letters(text: str) -> Iterator[Mention]:
    for match in _pattern("small").finditer(text):
        if match["name"] in _starts() or match["name"].split(" ")[0] in _starts():
            continue
        yield Mention("consortium", match.start(), match.end(), match["name"], match.start("name"), match.end("name"))


def _programmes(text: str) -> Iterator[Mention]:
    data = lexicon("en")["programmes"]
    endings = alternatives(data["endings"])
    pattern = rf"\b(?:{alternatives(data['strong'])}|(?:[A-Z][\w&-]+ )+(?:{endings})(?: [A-Z][a-z]+)?)\b"
    for match in re.finditer(pattern, text):
        name = re.sub(r"^(?:The|An?) ", "", match[0])
        start = match.end() - len(name)
        yield mention("programme", start, match.end(), name)


def _projects(text: str) -> Iterator[Mention]:
    """Yield names in capital letters, or in quotation marks, that the words around them call a project."""
    for match in _pattern("quoted_project").finditer(text):
        yield Mention("project", match.start("name") - 1, match.end(), match["name"], *match.span("name"))
    for match in re.finditer(r"[\"“](?P<name>[^\"“”]{8,140})[\"”] (?:[a-z]+ ){0,2}project\b", text):
        yield Mention("project", match.start(), match.end("name") + 1, match["name"], *match.span("name"))
    for match in _pattern("acronym").finditer(text):
        preceding_text, following_text = text[: match.start()], text[match.end() :]
        if _pattern("project_before").search(preceding_text) or _pattern("project_behind").match(following_text):
            yield mention("project", match.start(), match.end(), match[0])


def english_short_forms(name: str) -> list[str]:
    """Return the forms in which a text may shorten a name: its first words, the longest first.

    >>> english_short_forms("Nordhaven Pack Logistics AB")
    ['Nordhaven Pack Logistics', 'Nordhaven Pack', 'Nordhaven']
    """
    words = name.split(" ")
    forms = [" ".join(words[:length]).rstrip(",") for length in range(len(words) - 1, 0, -1)]
    small = set(lexicon("en")["words"]["small"].split("|"))
    places = re.compile(rf"(?:{lexicon('en')['places']})$")
    ends = set(lexicon("en")["organizations"]["of"].split("|"))
    return [
        form
        for form in forms
        if form.split(" ")[-1] not in small and len(form) > 3 and not places.match(form) and form not in ends
    ]
