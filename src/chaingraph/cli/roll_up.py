"""Taking a graph at the parents, and saying what was joined."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chaingraph.cli.output import quantity, say

if TYPE_CHECKING:
    from chaingraph.store import KnowledgeGraph

ANY_DATE = "any"
"""What stands for a date where it is not to matter."""


def of_parents(graph: KnowledgeGraph, roll_up: str | None) -> KnowledgeGraph:
    """Return the graph in which parents stand for their parts at a date, and say what was joined; None: as it is."""
    if roll_up is None:
        return graph
    from chaingraph.queries.roll_up import roll_up as graph_of_parents

    rolled_up = graph_of_parents(graph, at=None if roll_up == ANY_DATE else roll_up)
    joined = rolled_up.joined
    if joined is None or not joined.organizations:
        say("note: nothing is part of anything then; the table 'hierarchy' (隶属关系) says what is")
        return rolled_up
    parents = quantity(joined.parents, "parents")
    say(f"note: {quantity(joined.organizations, 'organizations')} joined with {parents} (--roll-up)")
    if joined.within:
        say(f"note: left out {quantity(joined.within, 'rows')} between organizations of one parent")
    if joined.reported:
        say(f"note: left out {quantity(joined.reported, 'counts')} reported of joined organizations")
    return rolled_up
