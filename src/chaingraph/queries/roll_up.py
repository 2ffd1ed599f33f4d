"""Taking a graph at the parents: which organization stands for which, and the graph in which it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx

from chaingraph.errors import UsageError
from chaingraph.messages import tr
from chaingraph.queries.filters import Selection
from chaingraph.queries.hierarchy import circles
from chaingraph.queries.nodes import NodeReader
from chaingraph.vocabulary import short_name

if TYPE_CHECKING:
    from chaingraph.store import KnowledgeGraph

_NAMED = 10
"""How many organizations of a circle a message names."""
_MOST_STEPS = 5_000_000
"""How often a row of the hierarchy is looked at, on one day or another."""
_ROWS = """SELECT ?row ?part ?parent { ?row a cg:Hierarchy ; cg:organization ?part ; cg:parent ?parent }
  ORDER BY ?row ?part ?parent"""
_DATED = """SELECT ?row ?part ?part_label ?parent ?since ?until {
  ?row a cg:Hierarchy ; cg:organization ?part ; cg:parent ?parent
  OPTIONAL { ?part rdfs:label ?part_label }
  OPTIONAL { ?row cg:sinceEarliest ?since } OPTIONAL { ?row cg:untilLatest ?until }
} ORDER BY ?row ?part ?parent ?part_label"""


def top_parents(kg: KnowledgeGraph, *, at: str | None = None) -> dict[str, str]:
    """Return the highest parent of each organization that has exactly one, by IRI.

    A unit of a subsidiary belongs to the parent of the subsidiary. An organization that leads to several highest
    parents is in none of them alone, and is left out.

    Args:
        kg: The graph.
        at: Only what can have been in force at this date: a year, a month or a day. None: whatever the date.

    Raises:
        UsageError: ``at`` is no date, or some are part of each other in a circle.
    """
    reader = NodeReader(kg)
    rows, _ = Selection(at=at).in_period(reader, reader.select(_ROWS), "since", "until")
    tree: nx.DiGraph[str] = nx.DiGraph(rows.select("part", "parent").drop_nulls().iter_rows())
    loops = [*nx.selfloop_edges(tree), *(group for group in nx.strongly_connected_components(tree) if len(group) > 1)]
    if loops:
        iris = sorted({short_name(iri) for iri in loops[0]})
        names = ", ".join([*iris[:_NAMED], *(["..."] if len(iris) > _NAMED else [])])
        message = tr(
            "the table hierarchy makes organizations part of themselves ({names}); correct it, or name a date",
            names=names,
        )
        raise UsageError(message)
    tops: dict[str, set[str]] = {}
    for organization in reversed(list(nx.topological_sort(tree))):
        above = list(tree.successors(organization))
        tops[organization] = set().union(*(tops[parent] for parent in above)) if above else {organization}
    return {part: min(of_part) for part, of_part in sorted(tops.items()) if len(of_part) == 1 and part not in of_part}


def roll_up(kg: KnowledgeGraph, *, at: str | None = None) -> KnowledgeGraph:
    """Return the graph in which parents stand for their units, branches, subsidiaries and affiliates.

    What is said of a part is said of its highest parent: memberships, participations, platforms that it hosts,
    supplies, stages, sites, titles. The names of the parts are on the parent, as its attribute ``parts``. What relates
    two organizations of one parent is left out, and so is what a source counts of a part; ``joined`` of the graph tells
    how many of each. Networks, crosstabs and coverage of the graph are those of the parents.

    Args:
        kg: The graph.
        at: Only what can have been in force at this date: a year, a month or a day. None: whatever the date.

    Returns:
        A graph in memory; one of the same triples, with ``joined`` all zero, where nothing is part of anything.

    Raises:
        UsageError: ``at`` is no date, or some are part of each other in a circle.

    Example:
        >>> import chaingraph as cg
        >>> from chaingraph.resources import sample
        >>> kg = cg.open(sample("jiangsu-2022"))
        >>> cg.roll_up(kg).joined
        Joined(organizations=4, parents=3, within=0, reported=0)
    """
    return kg.with_parents(top_parents(kg, at=at))


def rows_in_circles(kg: KnowledgeGraph) -> list[tuple[str, str, str]]:
    """Return which rows of the hierarchy make an organization part of itself on some day: row, IRI and label of it.

    Only rows that are part of a circle whatever their dates are looked at day by day, and so many of them on so many
    days as make `_MOST_STEPS`: where there are more, each of them is returned.
    """
    stated = kg.select_text(_DATED).drop_nulls(["part", "parent"])
    edges = set(circles(stated.select("part", "parent").iter_rows()))
    rows = [
        (row, part, label or "", parent, since or "", until or "9999-12-31")
        for row, part, label, parent, since, until in stated.iter_rows()
        if (part, parent) in edges
    ]
    days_of_rows = {row[4] for row in rows}
    if len(days_of_rows) * len(rows) > _MOST_STEPS:
        return sorted({row[:3] for row in rows})
    result = set()
    for day in days_of_rows:
        in_force = [row for row in rows if row[4] <= day <= row[5]]
        of_day = set(circles((part, parent) for _, part, _, parent, _, _ in in_force))
        result |= {row[:3] for row in in_force if (row[1], row[3]) in of_day}
    return sorted(result)
