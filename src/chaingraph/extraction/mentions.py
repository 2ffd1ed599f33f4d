"""Mentions: what a passage names, as spans of it; names that a document abbreviates are one mention's name."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_GENERIC = ("公司", "集团", "企业")
_ALONE = "(?<![子分母家市司该各等新老总份限任团家外合购网])"
"""What may not stand before 公司 where it is the company that a report is about: 子公司, 上市公司 are others."""
KINDS = ("organization", "consortium", "platform", "project", "programme", "date", "money", "cluster")


@dataclass(frozen=True)
class Mention:
    """A name, a date or an amount in a passage.

    ``start`` and ``end`` enclose quotation marks and the bracket of an alias; ``name_start`` and ``name_end`` the name
    alone. ``name`` is the full name that the document gives; empty for a generic mention such as 该联合体, which stands
    for the consortium that is spoken of. ``code`` is the kind of an organization, or the body of a consortium.
    """

    kind: str
    start: int
    end: int
    name: str
    name_start: int
    name_end: int
    code: str | None = None

    @property
    def is_generic(self) -> bool:
        """Tell whether the mention has no name of its own."""
        return not self.name


def mention(kind: str, start: int, end: int, name: str, code: str | None = None) -> Mention:
    """Return a mention whose name is the whole of it."""
    return Mention(kind, start, end, name, start, end, code)


def without_overlap(mentions: Iterable[Mention]) -> list[Mention]:
    """Return mentions in their order; of two that overlap, the longer one, or else the first."""
    result: list[Mention] = []
    for one in sorted(mentions, key=lambda each: (each.start - each.end, each.start)):
        if all(one.end <= other.start or other.end <= one.start for other in result):
            result.append(one)
    return sorted(result, key=lambda each: each.start)


@dataclass(frozen=True)
class Aliases:
    """The names of a document by their other names: those in brackets, and short forms."""

    names: dict[str, Mention]
    alternatives: dict[str, list[str]]

    def resolve(self, one: Mention) -> Mention:
        """Return a mention with the full name of what it stands for."""
        full = self.names.get(one.name)
        return one if full is None else replace(one, name=full.name, code=full.code, kind=full.kind)

    def find(self, text: str) -> list[Mention]:
        """Return the mentions of other names in a text."""
        pattern = self._pattern
        if pattern is None:
            return []
        mentions = []
        for match in pattern.finditer(text):
            full = self.names[match[0]]
            mentions.append(mention(full.kind, match.start(), match.end(), full.name, full.code))
        return mentions

    @property
    def _pattern(self) -> re.Pattern[str] | None:
        if not self.names:
            return None
        names = sorted(self.names, key=len, reverse=True)
        parts = (
            rf"\b{re.escape(name)}\b" if name.isascii() else (_ALONE if name in _GENERIC else "") + re.escape(name)
            for name in names
        )
        return re.compile("|".join(parts))
