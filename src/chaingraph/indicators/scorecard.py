"""One row a consortium: its base at a glance, each cell with whether it is known, only reported, or unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import polars as pl
import scipy.sparse as sp

from chaingraph.indicators._holdings import holdings
from chaingraph.indicators._reported_counts import Report, known_share, reports
from chaingraph.indicators.consortia import regions_of_members
from chaingraph.queries.filters import Selection
from chaingraph.queries.nodes import NodeReader
from chaingraph.vocabulary import code_list, short_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from chaingraph.indicators._holdings import Holdings
    from chaingraph.store import KnowledgeGraph

Cell = tuple[str | int | float | None, str]
"""What a cell holds, and its basis."""
Columns = dict[str, list[Cell]]

KNOWN, REPORTED, UNKNOWN = "known", "reported", "unknown"
_NOTHING: Cell = (None, UNKNOWN)
_KINDS = tuple(code.notation for code in code_list("organization-kind").codes if code.notation != "unstated")
_LEVELS = tuple(code.notation for code in code_list("level").codes if code.notation != "unstated")
_COUNTED = {"organizations": ("members", "kind", _KINDS), "platforms": ("platforms", "level", _LEVELS)} | {
    "projects": ("projects", "level", _LEVELS)
}
"""What is counted: its column, the code that parts it, and the parts."""
_TEXTS = ("label", "leads", "lead_kinds")
_SHARES = ("stage_completeness", "home_share", "region_entropy", "known_share", "evidence_share")


def scorecard(kg: KnowledgeGraph, *, at: str | None = None) -> pd.DataFrame:
    """Return what is known and reported of each consortium that speaks for its base.

    Nothing that nobody states is 0. A count of what is known by name is a lower bound. Where nothing is known by name
    and a source reports a count of exactly this (this consortium alone, all members or those of a kind, all platforms
    or the national ones), the cell holds that count. Else it is missing. A part that no known member, platform or
    project is of is 0 only if a source reports as many in all as are known by name, each with its kind or level; and
    so are ties and bridging members. What is reported of a programme is split over nobody.

    Args:
        kg: The graph.
        at: Only memberships, platforms, projects, consortia and reported counts that can have held at this date, a
            year, month or day. Rows without a date are kept, and counted by table in ``attrs["undated"]``.

    Returns:
        A frame indexed by consortium (short name), in the order of the labels: ``label``; ``leads`` and ``lead_kinds``
        (joined by semicolons); ``members``, ``platforms`` and ``projects`` with their parts, ``members_enterprise``
        ..., ``platforms_national`` ... (``..._unstated``: known by name, of a kind or level that no row states);
        ``stages_held`` of ``stages_of_chain`` (stages of the chain that the consortium names, held by itself or a
        member) and ``stage_completeness``, their ratio; ``ties_to_consortia`` (other consortia it shares a member
        with), ``bridging_members`` (members of others too); ``home_share`` and, of two placed members or more,
        ``region_entropy`` (as in :func:`.consortium_agglomeration`); ``known_share`` (of what is
        reported of it, the largest count of each class, the share known by name; else, as reported, that of its
        programmes); ``evidence_share`` (of its own row and those of its memberships, platforms and projects, the share
        that lead to a quote or a record).

        ``attrs["basis"]`` is a frame of the same shape: known, reported, or unknown, where the cell is missing.
        ``attrs["reported"]`` has a row a count that is reported of a consortium or its programme: ``scope``,
        ``scope_label``, ``of`` (consortium or programme), ``column`` (the one that holds exactly this, if any),
        ``counts``, ``kind``, ``role``, ``level`` (at least), ``lead``, ``qualifier``, ``as_of``, ``reported``,
        ``known`` and ``count`` (the row that reports it).

    Raises:
        UsageError: ``at`` is no date.
    """
    reader, selection = NodeReader(kg), Selection(at=at)
    held = holdings(reader, selection)
    found, undated = reports(reader, held, selection)
    own = {name: rows.join(held.consortia, left_on="scope", right_on="s") for name, rows in held.inside.items()}
    iris = held.consortia["s"].to_list()
    labels = _labels(reader)
    named: Columns = {"label": [(labels.get(iri, short_name(iri)), KNOWN) for iri in iris]}
    columns = (
        named
        | _leads(iris, own["organizations"], labels)
        | _counts(iris, own, found)
        | _stages(reader, iris, own["organizations"])
        | _ties(iris, own["organizations"], _closed(found, "organizations"))
        | _places(reader, iris, own["organizations"])
        | {"known_share": _known_shares(reader, iris, found), "evidence_share": _evidence(reader, iris, own)}
    )
    frame = _framed(iris, columns)
    frame.attrs["reported"] = _reported(reader, held, found, labels)
    frame.attrs["undated"] = dict(held.undated) | ({} if at is None else {"reported": undated})
    frame.attrs["at"] = at
    return frame


def _framed(iris: Sequence[str], columns: Columns) -> pd.DataFrame:
    order = sorted(range(len(iris)), key=lambda row: (str(columns["label"][row][0]), iris[row]))
    index = pd.Index([short_name(iris[row]) for row in order], name="consortium", dtype=object)
    values, basis = ({name: [cells[row][part] for row in order] for name, cells in columns.items()} for part in (0, 1))
    kinds = {name: "object" if name in _TEXTS else "Float64" if name in _SHARES else "Int64" for name in columns}
    frame = pd.DataFrame({name: pd.Series(held, index, dtype=kinds[name]) for name, held in values.items()})
    frame.attrs["basis"] = pd.DataFrame(basis, index=index, columns=list(columns), dtype=object)
    return frame


def _labels(reader: NodeReader) -> dict[str, str]:
    names = reader.labels().select("s", pl.coalesce("label_en", "label", "label_zh"))
    return dict(names.drop_nulls().iter_rows())


def _leads(iris: Iterable[str], members: pl.DataFrame, labels: Mapping[str, str]) -> Columns:
    names: dict[str, set[str]] = {}
    kinds: dict[str, set[str]] = {}
    leads = members.filter(pl.col("role") == "lead")
    for iri, organization, kind in leads.select("scope", "thing", "kind").iter_rows():
        names.setdefault(iri, set()).add(labels.get(organization, short_name(organization)))
        if kind is not None:
            kinds.setdefault(iri, set()).add(kind)
    return {
        name: [("; ".join(sorted(found[iri])), KNOWN) if iri in found else _NOTHING for iri in iris]
        for name, found in (("leads", names), ("lead_kinds", kinds))
    }


def _closed(found: Iterable[Report], counts: str) -> set[str]:
    """Return the consortia of which everything that is counted is known by name, as a source reports."""
    return {report.scope for report in found if report.counts == counts and report.closes}


def _counts(iris: Sequence[str], own: Mapping[str, pl.DataFrame], found: Sequence[Report]) -> Columns:
    """Return the columns of what is counted, in all and by part."""
    told: dict[tuple[str, str | None], int] = {}
    for report in found:
        told.setdefault((report.scope, report.column), report.value)
    columns: Columns = {}
    for counts, (total, code, parts) in _COUNTED.items():
        number = pl.col("thing").n_unique()
        whole = dict(own[counts].group_by("scope").agg(number).iter_rows())
        by_part = {(iri, part): size for iri, part, size in own[counts].group_by("scope", code).agg(number).iter_rows()}
        closed = {iri for iri in _closed(found, counts) if (iri, None) not in by_part}
        columns[total] = [_cell(whole.get(iri), told.get((iri, total))) for iri in iris]
        for part in parts:
            name = f"{total}_{part}"
            columns[name] = [
                _cell(by_part.get((iri, part)), told.get((iri, name), 0 if iri in closed else None)) for iri in iris
            ]
        columns[f"{total}_unstated"] = [
            (by_part.get((iri, None), 0), KNOWN) if iri in whole else _NOTHING for iri in iris
        ]
    return columns


def _cell(known: int | None, reported: int | None) -> Cell:
    if known:
        return known, KNOWN
    return _NOTHING if reported is None else (reported, REPORTED)


def _stages(reader: NodeReader, iris: Sequence[str], members: pl.DataFrame) -> Columns:
    chains = reader.pairs("cg:chain")
    of_chain = chains.join(reader.instances("Stage"), on="s", how="semi").rename({"s": "stage"})
    named = chains.filter(pl.col("s").is_in(iris)).join(of_chain, on="o").select(pl.col("s").alias("scope"), "stage")
    itself = pl.DataFrame({"scope": iris, "thing": iris}, schema={"scope": pl.String, "thing": pl.String})
    holders = pl.concat([itself, members.select("scope", "thing")])
    holding = holders.join(reader.pairs("cg:holds").rename({"s": "thing", "o": "stage"}), on="thing")
    number = pl.col("stage").n_unique()
    whole = dict(named.group_by("scope").agg(number).iter_rows())
    held = dict(named.join(holding, on=["scope", "stage"], how="semi").group_by("scope").agg(number).iter_rows())
    return {
        "stages_held": [_cell(held.get(iri), None) for iri in iris],
        "stages_of_chain": [_cell(whole.get(iri), None) for iri in iris],
        "stage_completeness": [(held[iri] / whole[iri], KNOWN) if iri in held else _NOTHING for iri in iris],
    }


def _ties(iris: Sequence[str], members: pl.DataFrame, closed: set[str]) -> Columns:
    pairs = members.select("scope", "thing").unique()
    position = {iri: number for number, iri in enumerate(iris)}
    rows = [position[iri] for iri in pairs["scope"]]
    things, columns = np.unique(pairs["thing"].to_numpy(), return_inverse=True)
    inside = sp.csr_array((np.ones(len(rows), np.int64), (rows, columns)), shape=(len(iris), len(things)))
    shared = np.diff(sp.csr_array(inside @ inside.T).indptr)
    elsewhere = np.asarray(inside.sum(axis=0)) > 1
    bridging = inside @ elsewhere.astype(np.int64)
    zero = [0 if iri in closed else None for iri in iris]
    return {
        "ties_to_consortia": [_cell(int(n) - 1, at) if n else _NOTHING for n, at in zip(shared, zero, strict=True)],
        "bridging_members": [_cell(int(n), at) for n, at in zip(bridging, zero, strict=True)],
    }


def _places(reader: NodeReader, iris: Sequence[str], members: pl.DataFrame) -> Columns:
    pairs = members.select(pl.col("scope").alias("consortium"), "thing").unique()
    # One member alone is in one region, which says nothing of how they spread.
    entropy = pl.when(pl.col("members_placed") > 1).then("region_entropy")
    found = regions_of_members(reader, pairs, None).select("consortium", "share_in_home", entropy)
    by_iri = {iri: {"home_share": share, "region_entropy": bits} for iri, share, bits in found.iter_rows()}
    columns: Columns = {}
    for name in ("home_share", "region_entropy"):
        values = [by_iri.get(iri, {}).get(name) for iri in iris]
        columns[name] = [_NOTHING if value is None else (value, KNOWN) for value in values]
    return columns


def _known_shares(reader: NodeReader, iris: Iterable[str], found: Sequence[Report]) -> list[Cell]:
    """Return the share known by name of what is reported of each consortium, or else of its programmes."""
    of_scope: dict[str, list[Report]] = {}
    for report in found:
        of_scope.setdefault(report.scope, []).append(report)
    programmes: dict[str, list[str]] = {}
    for iri, programme in reader.pairs("cg:programme").sort("s", "o").iter_rows():
        programmes.setdefault(iri, []).append(programme)
    cells = []
    for iri in iris:
        share, basis = known_share(of_scope.get(iri, [])), KNOWN
        if share is None:
            over = [report for programme in programmes.get(iri, []) for report in of_scope.get(programme, [])]
            share, basis = known_share(over), REPORTED
        cells.append(_NOTHING if share is None else (share, basis))
    return cells


def _evidence(reader: NodeReader, iris: Sequence[str], own: Mapping[str, pl.DataFrame]) -> list[Cell]:
    registered = reader.pairs("cg:record").join(reader.pairs("cg:source"), on="s", how="semi")
    stated = pl.concat([reader.pairs("cg:evidence").select("s"), registered.select("s")]).unique()
    itself = pl.DataFrame({"scope": iris, "row": iris}, schema={"scope": pl.String, "row": pl.String})
    rows = pl.concat([itself, *(held.select("scope", "row") for held in own.values())]).unique()
    led = rows.with_columns(stated=pl.col("row").is_in(stated["s"].implode()))
    shares = dict(led.group_by("scope").agg(pl.col("stated").mean()).iter_rows())
    return [(shares[iri], KNOWN) for iri in iris]


def _reported(reader: NodeReader, held: Holdings, found: Iterable[Report], labels: Mapping[str, str]) -> pd.DataFrame:
    """Return the counts that are reported of the consortia and their programmes."""
    over = reader.pairs("cg:programme").join(held.consortia, on="s", how="semi")
    scopes = set(over["o"]) | set(held.consortia["s"])
    rows = [
        report._asdict()
        | {"scope": short_name(report.scope), "count": short_name(report.row), "reported": report.value}
        | {"scope_label": labels.get(report.scope, short_name(report.scope))}
        | {"column": report.column if report.of == "consortium" else None}
        for report in found
        if report.scope in scopes
    ]
    columns = ("scope", "scope_label", "of", "column", "counts", "kind", "role", "level", "lead", "qualifier", "as_of")
    frame = pd.DataFrame(rows, columns=[*columns, "reported", "known", "count"], dtype=object)
    return frame.astype({"reported": "Int64", "known": "Int64"})
