"""Who is who: the only place that proposes which organizations may be one.

Nothing is ever merged here. A proposal becomes a merge only when a person's ``same`` stands in the table
``identities``, which the build applies, and stops being one when that row is taken out.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING

import pandas as pd

from chaingraph.identity.names import Folded, folded, words
from chaingraph.identity.organizations import TABLE, Organizations, base_of, identifier, pair_of
from chaingraph.identity.similarity import similar
from chaingraph.languages import check_language

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
"""What a proposal rests on, the surest first; a namesake has the same name in another region."""
_JOINED = {"en": "; ", "zh": "；"}
_EACH_WITH_EACH = 10


def candidates(kg: KnowledgeGraph, *, language: str = "en") -> pd.DataFrame:
    """Return the pairs of organizations that may be one, for a person to decide.

    Proposed are, in this order: organizations with a code in common (``by`` is ``code``); with the same name but for
    script, legal form, accents, width, case, spaces and punctuation (``name``); with similar names, the one in a region
    of the other or above it, or without region (``similarity``, see :mod:`chaingraph.identity.similarity`); and those
    with the same name elsewhere (``namesake``). Left out, and counted in ``attrs["left_out"]``: pairs that a person has
    decided, and pairs by name whose numbers (USCC, VAT, ROR) differ. A pair decided as ``not-stated`` comes again with
    that decision and its reason.

    Args:
        kg: The graph; its ``same`` decisions are applied already.
        language: The language of the reasons, en or zh.

    Returns:
        The columns of the table ``identities`` (``decision`` empty, ``left`` the one of which more is said), then
        ``by``, ``score`` (1 for codes and names, else how alike the two closest names are, from 0 to 1), both names and
        both regions. Pairs of which no table can hold a decision, because their data sets' bases differ, are left out.

    Raises:
        UsageError: The extra ``identity`` is not installed.
        UnknownLanguageError: The language is neither zh nor en.
    """
    check_language(language)
    known = Organizations(kg, language)
    shared = _by_code(known)
    by_name, alike = _by_name(known)
    left_out = {"decided": 0, "opposed": 0}
    rows = []
    for pair in sorted({*shared, *by_name, *alike}):
        near = known.near(*pair)
        if pair not in shared and pair not in by_name and not near:
            continue
        if pair in known.decisions.different:
            left_out["decided"] += 1
        elif pair not in shared and known.opposed(*pair):
            left_out["opposed"] += 1
        else:
            by = "similarity" if pair not in by_name else "name" if near else "namesake"
            score = alike[pair][0] if pair not in shared and by == "similarity" else 1.0
            said = [_words("code", language, code=code) for code in shared.get(pair, ())]
            said += [*_name_reasons(pair, by_name, alike, language)]
            said += [] if near else [_words("elsewhere", language)]
            rows.append(_row(known, pair, "code" if pair in shared else by, score, _JOINED[language].join(said)))
    frame = _in_order(pd.DataFrame(rows, columns=list(COLUMNS)))
    frame.attrs = {"organizations": len(known.names), "left_out": left_out}
    return frame


def _in_order(frame: pd.DataFrame) -> pd.DataFrame:
    keys = frame[["left_name", "right_name", "left", "right"]].copy()
    keys.insert(0, "rank", frame["by"].map({by: rank for rank, by in enumerate(RANKS)}))
    keys.insert(1, "unlike", -frame["score"].astype(float))
    return frame.loc[keys.sort_values(list(keys.columns), kind="stable").index].reset_index(drop=True)


def _row(known: Organizations, pair: Pair, by: str, score: float, reason: str) -> tuple[object, ...]:
    stated = known.decisions.open.get(pair)
    left, right, why = stated if stated is not None else (*known.in_order(*pair), "")
    return (
        TABLE,
        identifier(left),
        identifier(right),
        "" if stated is None else "not-stated",
        why or reason,
        by,
        round(score, 4),
        known.name(left),
        known.name(right),
        known.region(left),
        known.region(right),
    )


def _by_code(known: Organizations) -> dict[Pair, list[str]]:
    holders: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for iri in sorted(known.codes):
        for scheme, value in sorted(known.codes[iri]):
            holders[base_of(iri), scheme, value].append(iri)
    found: dict[Pair, list[str]] = defaultdict(list)
    for (_, scheme, value), iris in sorted(holders.items()):
        for pair in _pairs(iris):
            found[pair].append(f"{scheme}:{value}")
    return found


def _by_name(
    known: Organizations,
) -> tuple[dict[Pair, tuple[str, str]], dict[Pair, tuple[float, bool, str, str]]]:
    """Return the pairs of the same folded name with their names, and those of similar names with how similar."""
    rows = [(iri, name, folded(name)) for iri, names in known.names.items() for name in names]
    rows = list({(iri, form.key): (iri, name, form) for iri, name, form in reversed(rows) if form.key}.values())
    rows.sort(key=lambda row: (row[0], row[1]))
    by_key: dict[tuple[str, str], list[int]] = defaultdict(list)
    for position, (iri, _, form) in enumerate(rows):
        by_key[base_of(iri), form.key].append(position)
    same: dict[Pair, tuple[str, str]] = {}
    for positions in by_key.values():
        named = {rows[position][0]: rows[position][1] for position in positions}
        for a, b in _pairs(sorted(named)):
            same[a, b] = (named[a], named[b])
    return same, _alike(known, rows)


def _alike(known: Organizations, rows: Sequence[tuple[str, str, Folded]]) -> dict[Pair, tuple[float, bool, str, str]]:
    areas = {iri: known.area(iri) for iri in known.names}
    found = similar([form for _, _, form in rows], [areas[iri] for iri, _, _ in rows])
    alike: dict[Pair, tuple[float, bool, str, str]] = {}
    for left, right, score, contains in found.iter_rows():
        (one, name, form), (other, other_name, other_form) = rows[left], rows[right]
        if one == other or base_of(one) != base_of(other):
            continue
        if contains and min(form.key, other_form.key, key=len) in known.region_words:
            continue
        if pair_of(one, other) not in alike or score > alike[pair_of(one, other)][0]:
            names = (name, other_name) if one < other else (other_name, name)
            alike[pair_of(one, other)] = (score, contains, *names)
    return alike


def _name_reasons(
    pair: Pair,
    by_name: Mapping[Pair, tuple[str, str]],
    alike: Mapping[Pair, tuple[float, bool, str, str]],
    language: str,
) -> Iterator[str]:
    if pair in by_name:
        one, other = (" ".join(name.split()).casefold() for name in by_name[pair])
        yield _words("name" if one == other else "form", language)
    elif pair in alike:
        _, contains, left, right = alike[pair]
        yield _words("contains" if contains else "alike", language, left=left, right=right)


def _words(reason: str, language: str, **values: str) -> str:
    template: str = words()["reasons"][reason][language]
    return template.format(**values)


def _pairs(iris: Sequence[str]) -> Iterator[Pair]:
    """Yield the pairs of a group in order; of a large one only those with its first, or their number explodes."""
    return combinations(iris, 2) if len(iris) <= _EACH_WITH_EACH else ((iris[0], other) for other in iris[1:])
