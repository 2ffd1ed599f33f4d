"""How many others a cell says that there are, beside those it names: 等5家单位, 12家企业, and 3 others, 等."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from chaingraph.rosters.codes import code_of
from chaingraph.rosters.dates import number_of
from chaingraph.rosters.folding import has_han, spellings

_NUMERAL = "[0-9]+|[零〇一二两三四五六七八九十百千]+"
_COUNT_PREFIX = "共|共计|合计|总计|总共|约|近|超过|超|逾|不少于|等"
_ENGLISH_OTHERS = re.compile(
    r"(?:,?\s*(?:and|&|plus|\+)\s*|,\s*)(\d{1,4})\s+(?:other|others|more|further)\b[\w\s-]*$", re.IGNORECASE
)
_COUNT_OR_OTHERS = re.compile(r"[\d零〇一二两三四五六七八九十百千等…]|\.{3}|[eE][tT](?: [aA][lL]|[cC])")
"""One of these is in each text that counts others or says that there are some."""

_COUNT_IN_BRACKETS = re.compile(rf"[（(]\s*((?:{_COUNT_PREFIX})[^（）()]*|[^（）()]*家[^（）()]*)[)）]$")
"""A bracket at the end that counts: its words begin as counts do, or count by 家; （十四所） is part of a name."""


OF_THESE = "of these"
"""The qualifier of a bare count in brackets, 西川研究所（2家）: of the name before it, or of the whole list."""


class Count(NamedTuple):
    """How many a cell says that there are, named or not: a number, its qualifier, and their kind if one is said."""

    value: int
    qualifier: str | None = None
    kind: str | None = None


@cache
def _others() -> re.Pattern[str]:
    words = spellings()["names"]
    counters = "|".join(sorted(words["counters"], key=len, reverse=True))
    nouns = "|".join(sorted((w for w in _count_nouns() if has_han(w)), key=len, reverse=True))
    return re.compile(
        rf"(?P<prefix>(?:{_COUNT_PREFIX})*)\s*(?P<number>{_NUMERAL})\s*(?P<more>余|多)?\s*(?:{counters})\s*"
        rf"(?:参与|参加|联合|共建|组成|国内|省内|外地|知名|相关|上下游)*\s*(?P<what>{nouns})?(?:参与|参加|组成|共建|共同参与)?$"
    )


@cache
def _and_others() -> re.Pattern[str]:
    nouns = "|".join(sorted((w for w in _count_nouns() if has_han(w)), key=len, reverse=True))
    han = rf"等(?:(?:国内|省内|外地|知名|相关|上下游|多家|一批|若干|龙头|骨干|重点){{0,2}}(?:{nouns}))?"
    return re.compile(rf"(?:{han}|,?\s*et al\.?|,?\s*etc\.?|(?:\.{{3}}|…+))$", re.IGNORECASE)


def _count_nouns() -> list[str]:
    return list(spellings()["names"]["counted"]["organizations"])


def without_others(text: str) -> tuple[str, list[Count], bool]:
    """Cut 等5家单位, （共8家）, and 3 others off a text, and return it with the count; or 等 alone.

    >>> without_others("甲公司、乙大学（共8家）")[:2], without_others("中国电科（十四所）")[0]
    (('甲公司、乙大学', [Count(value=8, qualifier=None, kind=None)]), '中国电科（十四所）')
    """
    if _COUNT_OR_OTHERS.search(text) is None:
        return text, [], False
    bracket = _COUNT_IN_BRACKETS.search(text)
    if bracket is not None:
        rest, counts, _ = without_others(bracket[1])
        if counts and not rest and bracket.start():
            if not re.match(_COUNT_PREFIX, bracket[1]):
                counts = [Count(count.value, OF_THESE, count.kind) for count in counts]
            return text[: bracket.start()].strip("、，, "), counts, False
    english = _ENGLISH_OTHERS.search(text)
    if english is not None:
        return text[: english.start()].strip(), [Count(int(english[1]), "others")], False
    match = _others().search(text)
    if match is not None and (match["prefix"] or match.start() == 0):
        value = number_of(match["number"])
        if value is not None:
            qualifier = "more-than" if match["more"] else _qualifier(match["prefix"])
            kind = code_of(match["what"] or "", "organization-kind")
            return text[: match.start()].strip("、，, "), [Count(value, qualifier, kind)], False
    shorter = _and_others().sub("", text)
    if len(shorter) > 1 and shorter != text:
        return shorter.strip("、，, "), [], True
    return text, [], False


def _qualifier(prefix: str) -> str | None:
    for word, qualifier in (
        ("约", "about"),
        ("近", "nearly"),
        ("超", "more-than"),
        ("逾", "more-than"),
        ("不少于", "at-least"),
    ):
        if word in prefix:
            return qualifier
    return None
