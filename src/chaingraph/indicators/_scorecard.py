"""Scorecards: the base of each consortium in one row, each cell known, only reported, or unknown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from chaingraph.indicators._holdings import holdings
from chaingraph.indicators._reported_counts import reported_counts
from chaingraph.indicators._scorecard_bounds import bounds_of
from chaingraph.indicators._scorecard_columns import KNOWN, columns_of
from chaingraph.queries.filters import Selection
from chaingraph.queries.nodes import NodeReader
from chaingraph.vocabulary import short_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from chaingraph.indicators._holdings import Holdings
    from chaingraph.indicators._reported_counts import ReportedCount
    from chaingraph.indicators._scorecard_bounds import Bounds
    from chaingraph.indicators._scorecard_columns import Columns
    from chaingraph.store import KnowledgeGraph

_TEXTS = ("label", "leads", "lead_kinds")
_SHARES = ("stage_completeness", "home_share", "region_entropy", "known_share", "evidence_share")
_REPORTED = (
    *("scope", "scope_label", "of", "column", "counts", "kind", "role", "level", "lead", "qualifier", "as_of"),
    *("reported", "known", "count"),
)


@dataclass(frozen=True)
class Scorecard:
    """What is known and reported of each consortium.

    Args:
        frame: One row per consortium; :func:`scorecard` says which columns.
        basis: A frame of the same shape: known, reported, or unknown, where the cell is missing.
        low: The frame with the least that each number can be: what is known by name, else what is reported.
        high: The most that each number can be: what a source reports of exactly this, infinite where nothing bounds it.
        reported: One row per count that is reported of a consortium or its programme: ``scope``, ``scope_label``,
            ``of`` (consortium or programme), ``column`` (the one with exactly this, if any), ``counts``, ``kind``,
            ``role``, ``level`` (at least), ``lead``, ``qualifier``, ``as_of``, ``reported``, ``known`` and ``count``
            (the row that reports it).
        undated: How many rows without a date were kept, by table, where there is a date.
    """

    frame: pd.DataFrame
    basis: pd.DataFrame
    low: pd.DataFrame
    high: pd.DataFrame
    reported: pd.DataFrame
    undated: Mapping[str, int]


def scorecard(kg: KnowledgeGraph, *, at: str | None = None, language: str | None = None) -> Scorecard:
    """Return what is known and reported of each consortium that speaks for its base.

    Nothing that nobody states is 0. A count of what is known by name is a lower bound. Where nothing is known by name
    and a source reports a count of exactly this (this consortium alone, all members or those of a kind, all platforms
    or the national ones), the cell has that count. Else it is missing. A part that no known member, platform or
    project is of is 0 only if a source reports as many in all as are known by name, each with its kind or level; and
    so are ties and bridging members. What is reported of a programme is split over nobody.

    Args:
        kg: The graph.
        at: Only memberships, platforms, projects, consortia and reported counts that can have been in force at this
            date, a year, month or day. Rows without a date are kept, and counted by table in ``undated``.
        language: The language of the names, en or zh, that of the graph if None; the other stands in for it.

    Returns:
        The frame is indexed by consortium (short name), in the order of the labels: ``label``; ``leads`` and
        ``lead_kinds`` (joined by semicolons); ``members``, ``platforms`` and ``projects`` with their parts,
        ``members_enterprise`` ..., ``platforms_national`` ... (``..._unstated``: known by name, of a kind or level that
        no row states); ``recognitions`` with its parts ``recognitions_title``, ``_award``, ``_ranking`` and
        ``_evaluation`` (of the consortium and of the members, platforms and projects known in it); ``stages_held`` of
        ``stages_of_chain`` (stages of the chain that the consortium names, held by itself or a member) and
        ``stage_completeness``, their ratio; ``ties_to_consortia`` (other consortia it shares a member with),
        ``bridging_members`` (members of others too); ``home_share`` and, of two placed members or more,
        ``region_entropy`` (as in :func:`consortia`); ``known_share`` (of what is reported of it, the largest count of
        each class, the share known by name; else, as reported, that of its programmes); ``evidence_share`` (of its own
        row and those of its memberships, platforms and projects, the share that lead to a quote or a record).

    Raises:
        UsageError: ``at`` is no date, or there is no such language.
    """
    reader, selection = NodeReader(kg), Selection(at=at)
    known = holdings(reader, selection)
    counts, undated = reported_counts(reader, known, selection)
    names = dict(reader.names(language).drop_nulls().iter_rows())
    iris = known.consortia["s"].to_list()
    columns = columns_of(reader, known, counts, names)
    columns = {"label": [(names.get(iri, short_name(iri)), KNOWN) for iri in iris]} | columns
    frame, basis = _frames(iris, columns)
    bounds = bounds_of(reader, known, counts, columns)
    low, high = (_bound(frame, iris, bounds, part) for part in (0, 1))
    return Scorecard(
        frame,
        basis,
        low,
        high,
        _reported(reader, known, counts, names),
        dict(known.undated) | ({} if at is None else {"reported": undated}),
    )


def _frames(iris: Sequence[str], columns: Columns) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the cells and their basis as frames of one shape, in the order of the labels."""
    order = sorted(range(len(iris)), key=lambda row: (str(columns["label"][row][0]), iris[row]))
    index = pd.Index([short_name(iris[row]) for row in order], name="consortium", dtype=object)
    values, basis = ({name: [cells[row][part] for row in order] for name, cells in columns.items()} for part in (0, 1))
    kinds = {name: "object" if name in _TEXTS else "Float64" if name in _SHARES else "Int64" for name in columns}
    frame = pd.DataFrame({name: pd.Series(cells, index, dtype=kinds[name]) for name, cells in values.items()})
    return frame, pd.DataFrame(basis, index=index, columns=list(columns), dtype=object)


def _bound(
    frame: pd.DataFrame, iris: Sequence[str], bounds: Mapping[str, Sequence[Bounds | None]], part: int
) -> pd.DataFrame:
    """Return the frame with one end of the bounds for each of its numbers."""
    result = frame.copy()
    for name in frame.columns.difference(list(_TEXTS), sort=False):
        ends = [None if cell is None else cell[part] for cell in bounds[name]]
        result[name] = pd.Series(ends, [short_name(iri) for iri in iris], dtype="Float64").reindex(frame.index)
    return result


def _reported(
    reader: NodeReader, known: Holdings, counts: Iterable[ReportedCount], names: Mapping[str, str]
) -> pd.DataFrame:
    """Return the counts that are reported of the consortia and their programmes."""
    programmes = reader.pairs("cg:programme").join(known.consortia, on="s", how="semi")
    scopes = set(programmes["o"]) | set(known.consortia["s"])
    rows = [
        count._asdict()
        | {"scope": short_name(count.scope), "count": short_name(count.row), "reported": count.value}
        | {"scope_label": names.get(count.scope, short_name(count.scope))}
        | {"column": count.column if count.of == "consortium" else None}
        for count in counts
        if count.scope in scopes
    ]
    frame = pd.DataFrame(rows, columns=list(_REPORTED), dtype=object)
    return frame.astype({"reported": "Int64", "known": "Int64"})
