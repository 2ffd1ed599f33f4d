"""Lists of names outside of tables: numbered items, or one name per line below the title of a list."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chaingraph.extraction.lexicon import lexicon
from chaingraph.extraction.list_titles import add_recognition, grade_of, title_above
from chaingraph.extraction.names import spelled_out
from chaingraph.extraction.stages import level_of
from chaingraph.rosters.folding import name_of
from chaingraph.rosters.places import is_place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chaingraph.extraction.facts import Facts, Value
    from chaingraph.extraction.passages import Passage
    from chaingraph.extraction.topic import Topic

_NUMBER = re.compile(r"\s*[（(]?(\d{1,4})\s*(?:[)）.、．]|\s(?=\D))\s*")
_LONGEST = 60
_LEAST, _LEAST_WITHOUT_NUMBERS = 3, 4
_MOST_BEFORE = 4
_ENOUGH = 0.6
_TABLES = {"organization": "organizations", "platform": "platforms", "cluster": "clusters", "consortium": "consortia"}
_REASON = "list"


@dataclass(frozen=True)
class _Item:
    """An item of a list: the passage, where its name begins and ends in it, and the number before it, if any."""

    passage: Passage
    start: int
    end: int
    number: int | None


@dataclass(frozen=True)
class _Part:
    """Items that follow one another, with the lines before them: the title of the list and the heading of the part."""

    before: tuple[str, ...]
    items: tuple[_Item, ...]


def read_lists(passages: Sequence[Passage], topic: Topic, facts: Facts) -> None:
    """Add what the lists of a document name, and what their titles say of it.

    A list is numbered, or stands below a line that calls it one; more than half of its items end as names of one kind
    do. Menus are neither.
    """
    title = None
    for part in _parts(passages, topic.language):
        table = _table(part.items, topic.language)
        if table is None or table == "consortia":
            continue
        title = title_above(part.before, topic.language, is_proposal=topic.is_proposal) or (
            title if _continues(part) else None
        )
        grade = next((each for line in reversed(part.before) if (each := grade_of(line, topic.language))), None)
        if title is None:
            title = title_above(part.before[:-1], topic.language, is_proposal=topic.is_proposal)
        for item in _without_offices(part.items, topic.language):
            name = name_of(item.passage.text[item.start : item.end])
            place = item.passage.place(item.start, item.end)
            facts.thing(table, name, place, _REASON, 0.85, **_of_name(table, name, topic.language))
            if title is not None:
                add_recognition(facts, title, table, name, place, _REASON, grade=grade)


def _without_offices(items: Sequence[_Item], language: str) -> Sequence[_Item]:
    """Return the items without the office that signs a list below its last name."""
    last = items[-1]
    names = spelled_out(last.passage.text[last.start : last.end], language)
    is_signature = last.number is None and any(one.code == "government" for one in names)
    return items[:-1] if is_signature else items


def _continues(part: _Part) -> bool:
    """Tell whether a part goes on with the list before it: only its own heading stands between."""
    return len(part.before) == 1


def _parts(passages: Sequence[Passage], language: str) -> Iterator[_Part]:
    """Yield the runs of items, numbered from 1 or below a line that calls them a list."""
    before: list[str] = []
    items: list[_Item] = []
    for passage in passages:
        item = _item(passage, language)
        is_next = item is not None and (not items or _follows(items[-1], item))
        if item is not None and is_next and (items or item.number == 1 or _is_list_heading(before, language)):
            items.append(item)
            continue
        if items:
            if _is_list(items, before, language):
                yield _Part(tuple(before[-_MOST_BEFORE:]), tuple(items))
            before, items = [], []
        if item is not None and item.number == 1:
            items = [item]
        else:
            before.append(passage.text)
    if items and _is_list(items, before, language):
        yield _Part(tuple(before[-_MOST_BEFORE:]), tuple(items))


def _follows(item: _Item, other: _Item) -> bool:
    """Tell whether an item goes on with the list of another: both have numbers in order, or neither has one."""
    return other.number == (None if item.number is None else item.number + 1)


def _is_list_heading(before: Sequence[str], language: str) -> bool:
    return any(
        len(line) <= _LONGEST and re.search(lexicon(language)["list_titles"]["heading"], line) for line in before[-2:]
    )


def _is_list(items: Sequence[_Item], before: Sequence[str], language: str) -> bool:
    """Tell whether items are a list: enough of them, or few below a line that calls them one or names their grade."""
    if items[0].number is None:
        return len(items) >= _LEAST_WITHOUT_NUMBERS
    has_grade = bool(before) and len(before[-1]) <= _LONGEST and grade_of(before[-1], language) is not None
    return len(items) >= _LEAST or has_grade or _is_list_heading(before, language)


def _item(passage: Passage, language: str) -> _Item | None:
    """Return a passage as an item: a number and one name, and nothing that a sentence has."""
    text = passage.text
    match = _NUMBER.match(text)
    start = match.end() if match else 0
    end = len(text.rstrip(" ；;，,。."))
    if (
        not 2 <= end - start <= _LONGEST
        or re.search(r"[。！？；：:，,！?\t]", text[start:end])
        or is_place(text[start:end])
    ):
        return None
    if match is None and not any(one.end == end for one in spelled_out(text[:end], language)):
        return None
    return _Item(passage, start, end, int(match[1]) if match else None)


def _table(items: Sequence[_Item], language: str) -> str | None:
    """Return the table of what most items name."""
    kinds: Counter[str] = Counter()
    for item in items:
        text = item.passage.text[item.start : item.end]
        for one in spelled_out(text, language):
            if one.start == 0 and one.end == len(text) and one.kind in _TABLES:
                kinds[_TABLES[one.kind]] += 1
    if not kinds:
        return None
    table, count = kinds.most_common(1)[0]
    return table if count >= _ENOUGH * len(items) else None


def _of_name(table: str, name: str, language: str) -> dict[str, Value]:
    """Return what a name says of its thing."""
    one = next((one for one in spelled_out(name, language) if _TABLES.get(one.kind) == table), None)
    if table == "platforms":
        return {"level": level_of(name, language)}
    kind = one.code if one is not None and one.code not in ("other", "unclear") else None
    return {"kind": kind, "level": level_of(name, language)} if table == "clusters" else {"kind": kind}
