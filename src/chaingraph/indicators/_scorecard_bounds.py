"""The bounds of a scorecard's numbers: what is known by name is the least, what is reported or nothing the most."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from chaingraph.indicators._consortia import regions_of_members
from chaingraph.indicators._scorecard_columns import KNOWN, RECOGNITIONS, TOTALS, complete_consortia

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chaingraph.indicators._holdings import Holdings
    from chaingraph.indicators._reported_counts import ReportedCount
    from chaingraph.indicators._scorecard_columns import Columns
    from chaingraph.queries.nodes import NodeReader

Bounds = tuple[float, float]


def bounds_of(
    reader: NodeReader, known: Holdings, counts: Sequence[ReportedCount], columns: Columns
) -> dict[str, list[Bounds | None]]:
    """Return for each column of numbers the least and the most that each cell can be, None where nothing is known.

    A count of what is known by name is at least that, and at most what a source reports of exactly this; without such
    a count nothing bounds it. A part is at most what is known of it and all that is not known to be of another. The
    share at home is anything, and the entropy at least 0, unless all members are known and placed. About so many counts
    as so many.

    Args:
        reader: The graph's nodes.
        known: What is known by name.
        counts: What is reported, the latest of a scope first.
        columns: The cells of the scorecard.
    """
    iris = known.consortia["s"].to_list()
    latest: dict[tuple[str, str | None], ReportedCount] = {}
    for count in counts:
        latest.setdefault((count.scope, count.column), count)
    bounds = {name: [_exact(cell[0]) for cell in cells] for name, cells in columns.items()}
    for total, _, parts in TOTALS.values():
        unstated = [_by_name(cell) for cell in columns[f"{total}_unstated"]]
        bounds[total] = [
            _of_count(cell, latest.get((iri, total))) for iri, cell in zip(iris, columns[total], strict=True)
        ]
        by_name = [_by_name(cell) for cell in columns[total]]
        most = [math.inf if cell is None else cell[1] for cell in bounds[total]]
        for name in (f"{total}_{part}" for part in parts):
            for row, iri in enumerate(iris):
                cell = _of_count(columns[name][row], latest.get((iri, name)))
                if cell is not None and math.isinf(cell[1]):
                    # What is known to be of another part is not of this one.
                    cell = cell[0], max(cell[0], cell[0] + most[row] - by_name[row] + unstated[row])
                bounds[name][row] = cell
        for name in (total, *(f"{total}_{part}" for part in parts)):
            # Beside others that are known, an unknown count is any; of a column of unknown ones nothing is to be said.
            if any(cell is not None for cell in bounds[name]):
                bounds[name] = [(0.0, math.inf) if cell is None else cell for cell in bounds[name]]
    for name in RECOGNITIONS.values():
        # Nothing bounds how many titles there are beside those that are known.
        if any(cell is not None for cell in bounds[name]):
            bounds[name] = [(0.0 if cell is None else cell[0], math.inf) for cell in bounds[name]]
    return bounds | _others(reader, known, columns, complete_consortia(counts, "organizations"), bounds)


def _others(
    reader: NodeReader,
    known: Holdings,
    columns: Columns,
    complete: set[str],
    bounds: dict[str, list[Bounds | None]],
) -> dict[str, list[Bounds | None]]:
    """Return the bounds of the columns about stages, other consortia and regions."""
    iris = known.consortia["s"].to_list()
    stages = [None if cell is None else cell[1] for cell in bounds["stages_of_chain"]]
    all_complete = complete >= set(iris)
    limits: dict[str, list[float]] = {
        "stages_held": [math.inf if most is None else most for most in stages],
        "stage_completeness": [1.0] * len(iris),
        "ties_to_consortia": [len(iris) - 1.0] * len(iris),
        "bridging_members": [math.inf if cell is None else cell[1] for cell in bounds["members"]],
    }
    result: dict[str, list[Bounds | None]] = {}
    for name, most in limits.items():
        exact = all_complete and name in ("ties_to_consortia", "bridging_members")
        result[name] = [
            cell if cell is None or exact else (cell[0], max(cell[0], limit))
            for cell, limit in zip(bounds[name], most, strict=True)
        ]
    members = known.contents["organizations"].join(known.consortia, left_on="scope", right_on="s")
    pairs = members.select("scope", "thing").unique().rename({"scope": "consortium"})
    placed = dict(regions_of_members(reader, pairs, None).select("consortium", "members_placed").iter_rows())
    for name, widest in (("home_share", (0.0, 1.0)), ("region_entropy", (0.0, math.inf))):
        result[name] = [
            cell if cell is None or (iri in complete and placed.get(iri) == columns["members"][row][0]) else widest
            for row, (iri, cell) in enumerate(zip(iris, bounds[name], strict=True))
        ]
    return result


def _exact(value: str | float | None) -> Bounds | None:
    return None if value is None or isinstance(value, str) else (float(value), float(value))


def _by_name(cell: tuple[str | int | float | None, str]) -> float:
    value, basis = cell
    return float(value) if basis == KNOWN and value is not None and not isinstance(value, str) else 0.0


def _of_count(cell: tuple[str | int | float | None, str], reported: ReportedCount | None) -> Bounds | None:
    """Return the bounds of a count: the number by name and what is reported of exactly this."""
    value, basis = cell
    if value is None or isinstance(value, str):
        return None
    if reported is None:
        # A 0 that follows from a complete roster is exact; a number by name is the least.
        return (float(value), math.inf if basis == KNOWN else float(value))
    # A source may count otherwise than the rows: only what is known by name, if anything is, is surely there.
    least = float(value)
    most = math.inf if reported.qualifier in {"at-least", "more-than"} else float(reported.value)
    return least, max(least, most)
