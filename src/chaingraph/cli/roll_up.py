"""Taking a graph at the parents, and saying what was joined."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chaingraph.cli.output import quantity, say
from chaingraph.messages import tr

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
        say(tr("note: nothing is part of anything then; the table 'hierarchy' (隶属关系) says what is"))
        return rolled_up
    parents = quantity(joined.parents, "parents")
    say(
        tr(
            "note: {organizations} joined with {parents} (--roll-up)",
            organizations=quantity(joined.organizations, "organizations"),
            parents=parents,
        )
    )
    if joined.within:
        say(tr("note: left out {rows} between organizations of one parent", rows=quantity(joined.within, "rows")))
    if joined.reported:
        say(tr("note: left out {counts} reported of joined organizations", counts=quantity(joined.reported, "counts")))
    return rolled_up
