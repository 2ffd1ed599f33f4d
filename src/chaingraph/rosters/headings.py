"""Matching a heading with what it means in a context: exactly after folding, without decoration, or in two parts."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from rapidfuzz import process
from rapidfuzz.distance import Indel

from chaingraph.rosters.folding import clean, fold, has_han, headings_data
from chaingraph.rosters.meanings import Context, Meaning, contexts, known_titles, left_out_titles

if TYPE_CHECKING:
    from collections.abc import Iterator

_BRACKETS = re.compile(r"[（(【\[〔][^（）()【】\[\]〔〕]*[)）】\]〕]")
_NUMBER_AT_END = re.compile(r"(?<=\D)(?:\d{1,2}|[一二三四五六七八九十])$")
_UNIT_AT_END = re.compile(r"(?:单位)?[/／:：]?\s*(?:百|千|万|十万|百万|亿)?元$|\((?:in )?(?:EUR|USD|CNY|RMB)\)$")
_NUMBER_SIGNS = {"#", "＃", "№"}
_LIKE, _LEAST_LATIN, _LEAST_HAN = 0.9, 8, 7
EXACT, DECORATED, IN_PARTS, WEAK = 4, 3, 2, 1


@dataclass(frozen=True)
class Match:
    """What a heading means.

    Args:
        meaning: The meaning in its own context.
        of: The meaning of the thing that the cells describe, where it is not the subject of the row.
        strength: How surely: EXACT, DECORATED, IN_PARTS, or WEAK where the cells must bear it out.
        candidates: Where the heading can mean several things: the names of the meanings.
    """

    meaning: Meaning
    of: str | None = None
    strength: int = EXACT
    candidates: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """How ``--column`` calls the meaning: lead, lead.region."""
        return f"{self.of}.{self.meaning.name}" if self.of else self.meaning.name


@lru_cache(maxsize=20_000)
def forms(heading: str) -> tuple[str, ...]:
    """Return the forms in which a heading is looked up, the one nearest to what is written first.

    >>> forms("主要成员单位名称（可多个）")
    ('主要成员单位名称可多个', '主要成员单位名称', '成员单位名称可多个', '成员单位名称', '主要成员单位', '成员单位')
    """
    text = clean(heading).replace("\n", "")
    bare = _BRACKETS.sub("", text) or text
    result = dict.fromkeys([fold(text), fold(bare)])
    for form in (_UNIT_AT_END.sub("", bare).strip(), _NUMBER_AT_END.sub("", bare)):
        result.setdefault(fold(form))
    for form in list(result):
        result |= dict.fromkeys(_undecorated(form))
    return tuple(form for form in result if form)


def _undecorated(form: str) -> Iterator[str]:
    """Yield a heading without what says nothing of its meaning, before or after: 主要, 所属, 名称."""
    decoration = headings_data()["decoration"]
    before = [form]
    for word in map(fold, decoration["before"]):
        if form.startswith(word) and len(form) > len(word) + 1:
            before.append(form[len(word) :])
    yield from before[1:]
    for start in before:
        for word in map(fold, decoration["after"]):
            if start.endswith(word) and len(start) > len(word) + 1:
                yield start[: -len(word)]


def match(heading: str, context: Context) -> Match | None:
    """Return what a heading means in a context, None where it means nothing there.

    >>> consortia = contexts()["consortia"]
    >>> match("牵头单位（盖章）", consortia).path, match("牵头单位所在地", consortia).path, match("联系电话", consortia)
    ('lead', 'lead.region', None)
    >>> match("负责单位", consortia).candidates
    ('lead', 'operator')
    """
    if not forms(heading):
        return None
    whole, *others = forms(heading)
    for form in (whole, *others):
        strength = EXACT if form == whole else DECORATED
        if form in context.titles:
            return Match(context.titles[form], context.titles[form].of, strength)
        if form in context.ambiguous:
            names = context.ambiguous[form]
            return Match(context.meanings[names[0]], None, strength, names)
        if form in left_out_titles() and form == whole:
            return None
    return _in_parts(others or [whole], whole, context) or _about(heading, context) or _weak(heading, context)


def _in_parts(others: list[str], whole: str, context: Context) -> Match | None:
    """Match 牵头单位所在地 as the region of the lead."""
    for form in dict.fromkeys([whole, *others]):
        for title, meaning in _organization_titles(context.table):
            if form.startswith(title) and len(form) > len(title):
                rest = form[len(title) :].removeprefix("的")
                attribute = contexts()["organizations"].titles.get(rest)
                if attribute is not None and attribute.makes is None and attribute.of is None:
                    if attribute.column == "name":
                        return Match(meaning, None, IN_PARTS)
                    return Match(attribute, meaning.name, IN_PARTS)
                if rest in left_out_titles():
                    return None
    return None


@cache
def _organization_titles(table: str) -> list[tuple[str, Meaning]]:
    """Return the titles of a context that name organizations, the longest first."""
    context = contexts()[table]
    titles = [
        (title, meaning)
        for title, meaning in context.titles.items()
        if context.names_organizations(meaning) and (len(title) > 1 if has_han(title) else len(title) > 3)
    ]
    return sorted(titles, key=lambda pair: -len(pair[0]))


def _about(heading: str, context: Context) -> Match | None:
    """Match a heading as an attribute of the thing that further columns are about."""
    if context.about is None:
        return None
    attribute = match(heading, contexts()["organizations"])
    if attribute is None or attribute.candidates or attribute.meaning.column == "name" or attribute.of:
        return None
    if attribute.strength == WEAK or attribute.meaning.makes is not None:
        return None
    return replace(attribute, of=context.about)


def _weak(heading: str, context: Context) -> Match | None:
    for form in forms(heading):
        if form in context.weak:
            return Match(context.weak[form], None, WEAK)
    return None


def reason_left_out(heading: str) -> str | None:
    """Return why a column of this heading is left out in every context; None where its heading is not known.

    >>> reason_left_out("联系电话（手机）"), reason_left_out("牵头单位负责人"), reason_left_out("天气")
    ('contact', 'person', None)
    >>> reason_left_out("#"), match("#", contexts()["consortia"])
    ('number', None)
    """
    if not forms(heading):
        return "number" if heading.strip() in _NUMBER_SIGNS else None
    for form in forms(heading):
        if form in left_out_titles():
            return left_out_titles()[form]
    key = forms(heading)[0] if forms(heading) else ""
    for title, reason in left_out_titles().items():
        if reason in {"person", "contact"} and len(title) > 2 and key.endswith(title):
            return reason
    return None


@lru_cache(maxsize=20_000)
def is_title(heading: str) -> bool:
    """Tell whether a text is the title of a column in some context, perhaps with decoration."""
    return any(form in known_titles() for form in forms(heading))


@lru_cache(maxsize=20_000)
def is_exact_title(heading: str) -> bool:
    """Tell whether a text is exactly the title of a column in some context."""
    return fold(heading) in known_titles()


def likely_title(heading: str) -> str | None:
    """Return the known title that a heading that is none is nearest to, if it is very near; else None.

    >>> likely_title("Organsation name"), likely_title("编号"), likely_title("专业特长")
    ('organizationname', None, None)
    """
    key = fold(heading)
    if len(key) < (_LEAST_HAN if has_han(heading) else _LEAST_LATIN) or key in known_titles():
        return None
    best = process.extractOne(key, known_titles(), scorer=Indel.normalized_similarity, score_cutoff=_LIKE)
    return best[0] if best else None
