"""Names of a roster that look alike, and names that are a slip of the pen for one that the roster lists."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from itertools import combinations
from typing import TYPE_CHECKING

from chaingraph.rosters.folding import fold, spellings
from chaingraph.rosters.names import has_ending

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chaingraph.rosters.collection import Key, Thing

MOST_NAMES = 20_000
"""The most names that are compared letter by letter."""
_SHORTEST = 4
_MOST_OF_A_PATTERN = 10
_DISTINCT = frozenset(
    "东南西北中上下左右前后内外大小新老甲乙丙丁戊己庚辛壬癸一二三四五六七八九十0123456789abcdefghijklmnopqrstuvwxyz"
)
"""Characters in whose place another one makes another name: 第一医院 and 第二医院, 东方 and 南方."""


def look_alikes(names: Sequence[str]) -> list[tuple[str, str]]:
    """Return the pairs of names that differ in brackets, legal form or case, or in one character.

    >>> look_alikes(["东山机电", "东山机电有限公司", "甲州大学", "乙州大学", "北湖仪器设备厂", "北湖仪器没备厂"])
    [('东山机电', '东山机电有限公司'), ('北湖仪器没备厂', '北湖仪器设备厂')]
    """
    groups: dict[str, list[str]] = defaultdict(list)
    for name in dict.fromkeys(names):
        groups[_stem(name)].append(name)
    pairs = {(a, b) if a < b else (b, a) for group in groups.values() for a, b in _pairs(group)}
    if len(groups) <= MOST_NAMES:
        pairs |= {(a, b) if a < b else (b, a) for a, b in _one_character_apart(groups)}
    return sorted(pairs)


def slips(things: dict[Key, Thing]) -> dict[Key, str]:
    """Return, by key, the listed name that a name which nothing lists is a slip for.

    It differs in one character from that name alone, which ends as organizations do, and it does not: …公可 for …公司.
    """
    listed = [str(key) for key, thing in things.items() if thing.listed]
    others = [
        str(key) for key, thing in things.items() if not thing.listed and not has_ending(str(key), "organizations")
    ]
    candidates: dict[str, set[str]] = defaultdict(set)
    by_pattern: dict[str, set[str]] = defaultdict(set)
    for name in listed if others else ():
        if has_ending(name, "organizations"):
            for pattern in (name, *_with_one_open(name), *_with_one_less(name)):
                by_pattern[pattern].add(name)
    for name in others:
        for pattern in (name, *_with_one_open(name)):
            candidates[name] |= by_pattern.get(pattern, set())
    return {name: next(iter(names)) for name, names in candidates.items() if len(names) == 1}


def _pairs(group: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the pairs of a group; of a large one, each name with the first."""
    return combinations(group, 2) if len(group) <= _MOST_OF_A_PATTERN else ((group[0], other) for other in group[1:])


@cache
def _legal_forms() -> tuple[str, ...]:
    return tuple(sorted(map(fold, spellings()["names"]["legal forms"]), key=len, reverse=True))


def _stem(name: str) -> str:
    key = fold(name)
    for form in _legal_forms() if key.endswith(_legal_forms()) else ():
        if key.endswith(form) and len(key) > len(form) + 1:
            return key.removesuffix(form)
    return key


def _one_character_apart(groups: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    stems = {stem for stem in groups if len(stem) >= _SHORTEST}
    by_pattern: dict[str, list[str]] = defaultdict(list)
    for stem in stems:
        for pattern in _with_one_open(stem):
            by_pattern[pattern].append(stem)
        for shorter in stems.intersection(_with_one_less(stem)):
            if not _distinct(stem, shorter):
                yield groups[stem][0], groups[shorter][0]
    for alike in by_pattern.values():
        for one, other in combinations(sorted(alike)[:_MOST_OF_A_PATTERN], 2):
            if not _distinct(one, other):
                yield groups[one][0], groups[other][0]


def _distinct(one: str, other: str) -> bool:
    """Tell whether two names differ where names do: in a number, a direction, or the place that they begin with."""
    if len(one) != len(other):
        longer, shorter = sorted((one, other), key=len, reverse=True)
        at = next((n for n, (a, b) in enumerate(zip(longer, shorter, strict=False)) if a != b), len(shorter))
        return at < 2 or longer[at] in _DISTINCT
    at = next(n for n, (a, b) in enumerate(zip(one, other, strict=True)) if a != b)
    return at < 2 or one[at] in _DISTINCT or other[at] in _DISTINCT


def _with_one_open(text: str) -> Iterator[str]:
    """Yield a text with each character in turn left open."""
    return (f"{text[:at]}\0{text[at + 1 :]}" for at in range(len(text)))


def _with_one_less(text: str) -> Iterator[str]:
    """Yield a text without each character in turn."""
    return (text[:at] + text[at + 1 :] for at in range(len(text)))
