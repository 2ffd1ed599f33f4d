"""The columns of a scorecard: for each consortium a cell with its basis."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import scipy.sparse as sp

from chaingraph.indicators._consortia import regions_of_members
from chaingraph.indicators._reported_counts import known_share
from chaingraph.queries.nodes import SEPARATOR
from chaingraph.vocabulary import code_list, short_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from chaingraph.indicators._holdings import Holdings
    from chaingraph.indicators._reported_counts import ReportedCount
    from chaingraph.queries.nodes import NodeReader

Cell = tuple[str | int | float | None, str]
"""The value of a cell, and its basis."""
Columns = dict[str, list[Cell]]

KNOWN, REPORTED, UNKNOWN = "known", "reported", "unknown"
_MISSING: Cell = (None, UNKNOWN)
_KINDS = tuple(code.notation for code in code_list("organization-kind").codes if code.notation != "unstated")
_LEVELS = tuple(code.notation for code in code_list("level").codes if code.notation != "unstated")
TOTALS = {"organizations": ("members", "kind", _KINDS), "platforms": ("platforms", "level", _LEVELS)} | {
    "projects": ("projects", "level", _LEVELS)
}
"""What is counted: its column, the code that divides it, and the parts."""
RECOGNITIONS: dict[str | None, str] = {
    None: "recognitions",
    **{
        code.notation: f"recognitions_{code.notation}"
        for code in code_list("recognition-kind").codes
        if code.notation != "unstated"
    },
}
"""The columns of titles, awards, rankings and evaluations, in all and by kind."""


def columns_of(
    reader: NodeReader, known: Holdings, counts: Sequence[ReportedCount], names: Mapping[str, str]
) -> Columns:
    """Return the cells of each column, one per consortium, in the order of the holdings.

    Args:
        reader: The graph's nodes.
        known: What is known by name.
        counts: What is reported.
        names: What things are called, by IRI.
    """
    iris = known.consortia["s"].to_list()
    own = {name: rows.join(known.consortia, left_on="scope", right_on="s") for name, rows in known.contents.items()}
    members = own["organizations"]
    return (
        _leads(iris, members, names)
        | _counts(iris, own, counts)
        | _recognitions(iris, known.recognitions)
        | _stages(reader, iris, members)
        | _ties(iris, members, complete_consortia(counts, "organizations"))
        | _regions(reader, iris, members)
        | {"known_share": _known_shares(reader, iris, counts), "evidence_share": _evidence_shares(reader, iris, own)}
    )


def _leads(iris: Iterable[str], members: pl.DataFrame, names: Mapping[str, str]) -> Columns:
    labels: dict[str, set[str]] = {}
    kinds: dict[str, set[str]] = {}
    leads = members.filter(pl.col("role") == "lead")
    for iri, organization, kind in leads.select("scope", "thing", "kind").iter_rows():
        labels.setdefault(iri, set()).add(names.get(organization, short_name(organization)))
        if kind is not None:
            kinds.setdefault(iri, set()).add(kind)
    return {
        name: [(SEPARATOR.join(sorted(texts[iri])), KNOWN) if iri in texts else _MISSING for iri in iris]
        for name, texts in (("leads", labels), ("lead_kinds", kinds))
    }


def complete_consortia(counts: Iterable[ReportedCount], class_name: str) -> set[str]:
    """Return the consortia of which everything of a class is known by name, as a source reports."""
    return {count.scope for count in counts if count.counts == class_name and count.is_complete}


def _counts(iris: Sequence[str], own: Mapping[str, pl.DataFrame], counts: Sequence[ReportedCount]) -> Columns:
    """Return the columns of what is counted, in all and by part."""
    reported: dict[tuple[str, str | None], int] = {}
    for count in counts:
        reported.setdefault((count.scope, count.column), count.value)
    columns: Columns = {}
    for class_name, (total, code, parts) in TOTALS.items():
        number = pl.col("thing").n_unique()
        rows = own[class_name]
        in_all = dict(rows.group_by("scope").agg(number).iter_rows())
        by_part = {(iri, part): size for iri, part, size in rows.group_by("scope", code).agg(number).iter_rows()}
        complete = {iri for iri in complete_consortia(counts, class_name) if (iri, None) not in by_part}
        columns[total] = [_cell(in_all.get(iri), reported.get((iri, total))) for iri in iris]
        for part in parts:
            name = f"{total}_{part}"
            columns[name] = [
                _cell(by_part.get((iri, part)), reported.get((iri, name), 0 if iri in complete else None))
                for iri in iris
            ]
        columns[f"{total}_unstated"] = [
            (by_part.get((iri, None), 0), KNOWN) if iri in in_all else _MISSING for iri in iris
        ]
    return columns


def _recognitions(iris: Iterable[str], rows: pl.DataFrame) -> Columns:
    """Return the number of titles, awards, places in rankings and evaluations, in all and by kind; 0 is unknown."""
    sizes = {(iri, kind): size for iri, kind, size in rows.group_by("scope", "kind").len().iter_rows()}
    in_all = dict(rows.group_by("scope").len().iter_rows())
    return {
        name: [_cell(in_all.get(iri) if kind is None else sizes.get((iri, kind)), None) for iri in iris]
        for kind, name in RECOGNITIONS.items()
    }


def _cell(known: int | None, reported: int | None) -> Cell:
    if known:
        return known, KNOWN
    return _MISSING if reported is None else (reported, REPORTED)


def _stages(reader: NodeReader, iris: Sequence[str], members: pl.DataFrame) -> Columns:
    chains = reader.pairs("cg:chain")
    stages = chains.join(reader.instances("Stage"), on="s", how="semi").rename({"s": "stage"})
    of_chain = chains.filter(pl.col("s").is_in(iris)).join(stages, on="o").select(pl.col("s").alias("scope"), "stage")
    itself = pl.DataFrame({"scope": iris, "thing": iris}, schema={"scope": pl.String, "thing": pl.String})
    holders = pl.concat([itself, members.select("scope", "thing")])
    holders = holders.join(reader.pairs("cg:holds").rename({"s": "thing", "o": "stage"}), on="thing")
    number = pl.col("stage").n_unique()
    all_stages = dict(of_chain.group_by("scope").agg(number).iter_rows())
    with_holder = of_chain.join(holders, on=["scope", "stage"], how="semi").group_by("scope").agg(number)
    counts = dict(with_holder.iter_rows())
    return {
        "stages_held": [_cell(counts.get(iri), None) for iri in iris],
        "stages_of_chain": [_cell(all_stages.get(iri), None) for iri in iris],
        "stage_completeness": [(counts[iri] / all_stages[iri], KNOWN) if iri in counts else _MISSING for iri in iris],
    }


def _ties(iris: Sequence[str], members: pl.DataFrame, complete: set[str]) -> Columns:
    pairs = members.select("scope", "thing").unique()
    position = {iri: number for number, iri in enumerate(iris)}
    rows = [position[iri] for iri in pairs["scope"]]
    things, columns = np.unique(pairs["thing"].to_numpy(), return_inverse=True)
    incidence = sp.csr_array((np.ones(len(rows), np.int64), (rows, columns)), shape=(len(iris), len(things)))
    adjacent = np.diff(sp.csr_array(incidence @ incidence.T).indptr)
    is_bridge = np.asarray(incidence.sum(axis=0)) > 1
    bridges = incidence @ is_bridge.astype(np.int64)
    zeros = [0 if iri in complete else None for iri in iris]
    return {
        # A consortium with members is adjacent to itself.
        "ties_to_consortia": [
            _cell(int(n) - 1, zero) if n else _MISSING for n, zero in zip(adjacent, zeros, strict=True)
        ],
        "bridging_members": [_cell(int(n), zero) for n, zero in zip(bridges, zeros, strict=True)],
    }


def _regions(reader: NodeReader, iris: Sequence[str], members: pl.DataFrame) -> Columns:
    pairs = members.select(pl.col("scope").alias("consortium"), "thing").unique()
    regions = regions_of_members(reader, pairs, None).select("consortium", "share_in_home", "region_entropy")
    by_iri = {iri: {"home_share": share, "region_entropy": bits} for iri, share, bits in regions.iter_rows()}
    columns: Columns = {}
    for name in ("home_share", "region_entropy"):
        values = [by_iri.get(iri, {}).get(name) for iri in iris]
        columns[name] = [_MISSING if value is None else (value, KNOWN) for value in values]
    return columns


def _known_shares(reader: NodeReader, iris: Iterable[str], counts: Sequence[ReportedCount]) -> list[Cell]:
    """Return the share known by name of what is reported of each consortium, or else of its programmes."""
    of_scope: dict[str, list[ReportedCount]] = {}
    for count in counts:
        of_scope.setdefault(count.scope, []).append(count)
    programmes: dict[str, list[str]] = {}
    for iri, programme in reader.pairs("cg:programme").sort("s", "o").iter_rows():
        programmes.setdefault(iri, []).append(programme)
    cells = []
    for iri in iris:
        share, basis = known_share(of_scope.get(iri, [])), KNOWN
        if share is None:
            of_programmes = [count for programme in programmes.get(iri, []) for count in of_scope.get(programme, [])]
            share, basis = known_share(of_programmes), REPORTED
        cells.append(_MISSING if share is None else (share, basis))
    return cells


def _evidence_shares(reader: NodeReader, iris: Sequence[str], own: Mapping[str, pl.DataFrame]) -> list[Cell]:
    """Return which share of the rows about each consortium lead to a quote or a record."""
    records = reader.pairs("cg:record").join(reader.pairs("cg:source"), on="s", how="semi")
    with_evidence = pl.concat([reader.pairs("cg:evidence").select("s"), records.select("s")]).unique()
    itself = pl.DataFrame({"scope": iris, "row": iris}, schema={"scope": pl.String, "row": pl.String})
    rows = pl.concat([itself, *(frame.select("scope", "row") for frame in own.values())]).unique()
    # Before the groups are made: within each, all rows with evidence would be copied.
    rows = rows.with_columns(has_evidence=pl.col("row").is_in(with_evidence["s"].implode()))
    shares = dict(rows.group_by("scope").agg(pl.col("has_evidence").mean()).iter_rows())
    return [(shares[iri], KNOWN) for iri in iris]
