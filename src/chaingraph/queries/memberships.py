"""Memberships of organizations in consortia and participations in projects, as networks and indicators count them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

    from chaingraph.queries.filters import Selection
    from chaingraph.queries.nodes import NodeReader

_ROWS = "SELECT ?row ?member ?event { ?row a cg:Membership ; cg:organization ?member ; cg:consortium ?event }"
_PAIRS = "SELECT ?member ?event { ?row a cg:Membership ; cg:organization ?member ; cg:consortium ?event }"
_PARTICIPATIONS = "SELECT ?row ?member ?event { ?row cg:project ?event ; cg:organization ?member }"
_COUNT = "SELECT (COUNT(*) AS ?n) { ?row a cg:Membership }"


def memberships(
    reader: NodeReader, selection: Selection, *, pairs_only: bool, attributes: bool = True
) -> tuple[pl.DataFrame, int, int]:
    """Return the memberships of a consortium that a selection takes.

    Args:
        reader: The graph's nodes.
        selection: Which memberships.
        pairs_only: Only who is a member of what, where the selection needs no more: neither which row says so nor its
            role, which cost more to read than everything else.
        attributes: Whether the attributes of the nodes are needed too, so that their queries are sent side by side.

    Returns:
        A frame with columns member and event, and row and role unless ``pairs_only``; how many of its rows have no
        date, where there is a period; and how many memberships name no consortium of their own.
    """
    pairs_only = pairs_only and selection.roles is None and selection.period is None
    query = _PAIRS if pairs_only else _ROWS
    if attributes:
        reader.prefetch("Organization", "Consortium", queries=(query, _COUNT))
    rows = reader.select(query)
    outside = max(0, int(reader.select(_COUNT)["n"].item()) - rows.height)
    rows = rows.join(reader.instances("Consortium").rename({"s": "event"}), on="event", how="semi")
    if pairs_only:
        return rows, 0, outside
    rows = selection.with_roles(reader, rows.sort("row", "member", "event"), "role")
    rows, undated = selection.in_period(reader, rows, "since", "until")
    return rows, undated, outside


def participations(reader: NodeReader, selection: Selection) -> tuple[pl.DataFrame, int]:
    """Return the participations in projects that a selection takes.

    Returns:
        A frame with columns row, member, event and role, and how many rows are of a project without any date, where
        there is a period.
    """
    rows = reader.select(_PARTICIPATIONS)
    rows = rows.join(reader.instances("Participation").rename({"s": "row"}), on="row", how="semi")
    rows = selection.with_roles(reader, rows.sort("row", "member", "event"), "participation-role")
    return selection.in_period(reader, rows, "start", "end", key="event")
