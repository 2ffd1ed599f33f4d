"""Levels of platforms and projects, in the order of the code list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chaingraph.vocabulary import code_list

if TYPE_CHECKING:
    from collections.abc import Iterable


def levels_from(level: str) -> list[str]:
    """Return the levels that are at least as high as one; none of one that has no rank.

    >>> levels_from("provincial")
    ['national', 'provincial']
    """
    ranks = {code.notation: code.rank for code in code_list("level").codes}
    least = ranks.get(level)
    return [name for name, rank in ranks.items() if rank is not None and least is not None and rank >= least]


def highest_level(levels: Iterable[str]) -> str | None:
    """Return the highest of some levels, or None of none.

    >>> highest_level(["municipal", "national"])
    'national'
    """
    ranks = {code.notation: code.rank or 0 for code in code_list("level").codes}
    return max(sorted(levels), key=lambda level: ranks.get(level, 0), default=None)
