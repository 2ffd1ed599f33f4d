"""Short names: a name that is too long is cut where it is like other names, so that what differs stays."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ELLIPSIS = "…"
_HEAD, _TAIL = 2, 3
"""The least number of characters before and after the cut."""
_LEGAL_FORM = re.compile(
    r"(?:集团)?(?:股份|有限责任|有限)*公司(?:[（(].*[)）])?$|(?:[,，]? ?(?:Co|Ltd|Inc|LLC|GmbH|AG|SA|BV|SpA)\.?)+$"
)
"""What ends the names of companies of any kind, and tells none from another."""
_NARROW, _WIDE = frozenset("iIjltfr.,:;'|!()[] -·"), frozenset("mwMW@%—&")


def text_width(text: str) -> float:
    """Return about how wide a text is in a sans-serif font, in ems; seldom less than it is.

    >>> text_width("产业链"), text_width("ab")
    (3.0, 1.16)
    """
    return round(sum(_width(character) for character in text), 2)


def _width(character: str) -> float:
    if unicodedata.east_asian_width(character) in "WFA" and character not in "·":
        return 1.0
    if character in _NARROW:
        return 0.36
    if character in _WIDE:
        return 0.95
    return 0.68 if character.isupper() else 0.58


def short_names(names: Iterable[str], room: float) -> dict[str, str]:
    """Return each name as it fits into a place: whole, or with an ellipsis for the part that most others share.

    Of a name that is too long, a passage is left out whose characters say least: a beginning or an end that many names
    have in common says little, and a legal form nothing. At least two characters stay before the cut, and three after
    it unless the name ends in a legal form.

    Args:
        names: All names that are seen together.
        room: The width of the place in ems.

    >>> names = ["江苏省先进封装技术创新联合体", "江苏省新型显示产业创新联合体", "南京光电有限公司"]
    >>> list(short_names(names, 12).values())
    ['南京光电有限公司', '江苏省先进封装技…联合体', '江苏省新型显示产…联合体']
    """
    unique = sorted(set(names))
    beginnings = Counter(name[:end] for name in unique for end in range(1, len(name) + 1))
    endings = Counter(name[start:] for name in unique for start in range(len(name)))
    return {name: _short(name, room, beginnings, endings) for name in unique}


def _short(name: str, room: float, beginnings: Counter[str], endings: Counter[str]) -> str:
    if text_width(name) <= room:
        return name
    legal = _LEGAL_FORM.search(name)
    widths = [0.0, *accumulate(map(_width, name))]
    if legal is not None and legal.start() >= _HEAD:
        end = max(at for at in range(legal.start() + 1) if at == 0 or widths[at] + 1 <= room)
        return name[:end].rstrip() + ELLIPSIS
    weights = [1 / max(beginnings[name[: at + 1]], endings[name[at:]]) for at in range(len(name))]
    sums = [0.0, *accumulate(weights)]
    cuts = [cut for start in range(_HEAD, len(name)) if (cut := _cut(widths, start, room)) is not None]
    if not cuts:
        return ELLIPSIS
    # Of cuts that lose as much, the one nearest to the middle.
    start, end = min(
        cuts, key=lambda cut: (round(sums[cut[1]] - sums[cut[0]], 6), abs(cut[0] + cut[1] - len(name)), cut)
    )
    return name[:start].rstrip() + ELLIPSIS + name[end:].lstrip()


def _cut(widths: Sequence[float], start: int, room: float) -> tuple[int, int] | None:
    """Return the shortest passage from a start whose omission lets the name fit; None where there is none.

    Args:
        widths: The width of the name up to each position.
        start: Where the passage begins.
        room: The width of the place.
    """
    last = len(widths) - 1
    ends = range(start + 1, last - _TAIL + 1)
    return next(((start, end) for end in ends if widths[start] + 1 + widths[last] - widths[end] <= room), None)
