"""Candidates for the identity of organizations: pairs that may be one, with the reason, for a person to decide.

Nothing is merged here. A candidate becomes a merge only when a person's ``same`` is in the table ``identities``, which
the build applies, and stops being one when that row is removed.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING

import pandas as pd

from chaingraph.identity.names import NormalName, normal_name, words
from chaingraph.identity.organizations import TABLE, Organizations, base_of, identifier, pair_of
from chaingraph.identity.similarity import similar
from chaingraph.languages import check_language
from chaingraph.queries.nodes import NodeReader

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from chaingraph.identity.organizations import Pair
    from chaingraph.store import KnowledgeGraph

COLUMNS = (
    "table",
    "left",
    "right",
    "decision",
    "reason",
    "by",
    "score",
    "left_name",
    "right_name",
    "left_region",
    "right_region",
)
RANKS = ("code", "name", "similarity", "namesake")
"""What a candidate rests on, the surest first; a namesake has the same name in another region."""
_SEPARATORS = {"en": "; ", "zh": "；"}
_LARGEST_GROUP = 10
"""In a larger group of one name or code, each is paired with the first only."""


def candidates(kg: KnowledgeGraph, *, language: str | None = None) -> pd.DataFrame:
    """Return the pairs of organizations that may be one, for a person to decide.

    The candidates are, in this order: organizations with a code in common (``by`` is ``code``); with the same name but
    for script, legal form, accents, width, case, spaces and punctuation (``name``); with similar names, where one is in
    a region of the other or above it, or a region is unknown (``similarity``, see
    :mod:`chaingraph.identity.similarity`); and those with the same name elsewhere (``namesake``). A pair decided as
    ``not-stated`` comes again with that decision and its reason.

    Args:
        kg: The graph; its ``same`` decisions are applied already.
        language: The language of the reasons, en or zh; that of the graph if None.

    Returns:
        The columns of the table ``identities`` (``decision`` empty, ``left`` the one with more mentions), then ``by``,
        ``score`` (1 for codes and names, else the similarity of the two closest names, from 0 to 1), both names and
        both regions. Pairs of which no table can hold a decision, because the bases of their data sets differ, are
        left out. ``attrs`` counts the ``organizations``, and the pairs left out because a person has decided them as
        different (``decided``) or because their numbers (USCC, VAT, ROR) differ (``conflicting``).

    Raises:
        UsageError: The extra ``identity`` is not installed.
        UnknownLanguageError: The language is neither zh nor en.
    """
    language = NodeReader(kg).language() if language is None else language
    check_language(language)
    organizations = Organizations(kg, language)
    by_code = _by_code(organizations)
    by_name, by_similarity = _by_name(organizations)
    counts = {"organizations": len(organizations.names), "decided": 0, "conflicting": 0}
    rows = []
    for pair in sorted({*by_code, *by_name, *by_similarity}):
        may_share_region = organizations.may_share_region(*pair)
        if pair not in by_code and pair not in by_name and not may_share_region:
            continue
        if pair in organizations.decisions.different:
            counts["decided"] += 1
        elif pair not in by_code and organizations.codes_conflict(*pair):
            counts["conflicting"] += 1
        else:
            by = "similarity" if pair not in by_name else "name" if may_share_region else "namesake"
            score = by_similarity[pair][0] if pair not in by_code and by == "similarity" else 1.0
            reasons = [_reason("code", language, code=code) for code in by_code.get(pair, ())]
            reasons += _name_reasons(pair, by_name, by_similarity, language)
            reasons += [] if may_share_region else [_reason("elsewhere", language)]
            by = "code" if pair in by_code else by
            rows.append(_row(organizations, pair, by, score, _SEPARATORS[language].join(reasons)))
    frame = _in_order(pd.DataFrame(rows, columns=list(COLUMNS)))
    frame.attrs.update(counts)
    return frame


def _in_order(frame: pd.DataFrame) -> pd.DataFrame:
    keys = frame[["left_name", "right_name", "left", "right"]].copy()
    keys.insert(0, "rank", frame["by"].map({by: rank for rank, by in enumerate(RANKS)}))
    keys.insert(1, "dissimilarity", -frame["score"].astype(float))
    return frame.loc[keys.sort_values(list(keys.columns), kind="stable").index].reset_index(drop=True)


def _row(organizations: Organizations, pair: Pair, by: str, score: float, reason: str) -> tuple[object, ...]:
    decision = organizations.decisions.open.get(pair)
    left, right, why = decision if decision is not None else (*organizations.by_mentions(*pair), "")
    return (
        TABLE,
        identifier(left),
        identifier(right),
        "" if decision is None else "not-stated",
        why or reason,
        by,
        round(score, 4),
        organizations.name(left),
        organizations.name(right),
        organizations.region(left),
        organizations.region(right),
    )


def _by_code(organizations: Organizations) -> dict[Pair, list[str]]:
    holders: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for iri in sorted(organizations.codes):
        for scheme, value in sorted(organizations.codes[iri]):
            holders[base_of(iri), scheme, value].append(iri)
    codes: dict[Pair, list[str]] = defaultdict(list)
    for (_, scheme, value), iris in sorted(holders.items()):
        for pair in _pairs(iris):
            codes[pair].append(f"{scheme}:{value}")
    return codes


def _by_name(
    organizations: Organizations,
) -> tuple[dict[Pair, tuple[str, str]], dict[Pair, tuple[float, bool, str, str]]]:
    """Return the pairs of one normal name with their names, and those of similar names with the similarity."""
    rows = [(iri, name, normal_name(name)) for iri, names in organizations.names.items() for name in names]
    rows = list({(iri, form.key): (iri, name, form) for iri, name, form in reversed(rows) if form.key}.values())
    rows.sort(key=lambda row: (row[0], row[1]))
    by_key: dict[tuple[str, str], list[int]] = defaultdict(list)
    for position, (iri, _, form) in enumerate(rows):
        by_key[base_of(iri), form.key].append(position)
    same: dict[Pair, tuple[str, str]] = {}
    for positions in by_key.values():
        names = {rows[position][0]: rows[position][1] for position in positions}
        for a, b in _pairs(sorted(names)):
            same[a, b] = (names[a], names[b])
    return same, _by_similarity(organizations, rows)


def _by_similarity(
    organizations: Organizations, rows: Sequence[tuple[str, str, NormalName]]
) -> dict[Pair, tuple[float, bool, str, str]]:
    areas = {iri: organizations.area(iri) for iri in organizations.names}
    scores = similar([form for _, _, form in rows], [areas[iri] for iri, _, _ in rows])
    pairs: dict[Pair, tuple[float, bool, str, str]] = {}
    for left, right, score, contains in scores.iter_rows():
        (one, name, form), (other, other_name, other_form) = rows[left], rows[right]
        if one == other or base_of(one) != base_of(other):
            continue
        if contains and min(form.key, other_form.key, key=len) in organizations.region_words:
            continue
        if pair_of(one, other) not in pairs or score > pairs[pair_of(one, other)][0]:
            names = (name, other_name) if one < other else (other_name, name)
            pairs[pair_of(one, other)] = (score, contains, *names)
    return pairs


def _name_reasons(
    pair: Pair,
    by_name: Mapping[Pair, tuple[str, str]],
    by_similarity: Mapping[Pair, tuple[float, bool, str, str]],
    language: str,
) -> Iterator[str]:
    if pair in by_name:
        one, other = (" ".join(name.split()).casefold() for name in by_name[pair])
        yield _reason("name" if one == other else "form", language)
    elif pair in by_similarity:
        _, contains, left, right = by_similarity[pair]
        yield _reason("contains" if contains else "alike", language, left=left, right=right)


def _reason(reason: str, language: str, **values: str) -> str:
    template: str = words()["reasons"][reason][language]
    return template.format(**values)


def _pairs(iris: Sequence[str]) -> Iterator[Pair]:
    """Yield the pairs of a group in order; of a large one only those with its first, or their number explodes."""
    return combinations(iris, 2) if len(iris) <= _LARGEST_GROUP else ((iris[0], other) for other in iris[1:])
