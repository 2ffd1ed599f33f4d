"""The measures of an affiliation table: each keeps a table of its values, by member, in the engine."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from chaingraph.engines._statements import Value, statement

if TYPE_CHECKING:
    from collections.abc import Callable

    from chaingraph.engines._connection import Engine

_PAIRS_AT_ONCE = 50_000_000
"""Of how many pairs of members degree groups at once, so that their number does not ask for more memory."""
_SCALE = 2**61
"""What all PageRank is together: sums of whole numbers do not depend on their order, as those of fractions do."""
_UNIT = 2.0**40
_DAMPING = 0.85
_PAGERANK_ERROR = 1e-10
_PAGERANK_ROUNDS = 200
"""After so many rounds 1e-14 is missing, whatever the network."""
_PROPAGATION_ROUNDS = 50
_WORD, _WORDS = 64, 4
"""How many sources one column of a search has, and how many columns there are."""


@dataclass
class Run:
    """The measures of one affiliation table in an engine, and what was done for them.

    Args:
        engine: Where its tables are: ``chaingraph_member`` (id, name), ``chaingraph_event``, ``chaingraph_pair`` (who
            is a member of what), and ``chaingraph_tie``, the pairs of events that tie anybody.
        members: How many there are; their numbers are 1 to this, in the order of their names.
        sources: From how many members the distances are searched.
        seed: Seed of the sample of them.
        rounds: How often a measure went over all ties.
        sampled: By measure from how many sources of how many, and the largest standard error.
    """

    engine: Engine
    members: int
    sources: int
    seed: int
    rounds: dict[str, int] = field(default_factory=dict)
    sampled: dict[str, dict[str, float]] = field(default_factory=dict)

    def keep(self, table: str, name: str, /, **values: Value) -> None:
        """Keep the rows of a statement as a table of ours."""
        self.engine.keep(f"chaingraph_{table}", statement(name, **values))

    def number(self, name: str, /, **values: Value) -> int | float:
        """Return the one number that a statement answers with; what is the sum of nothing is 0."""
        ((number,),) = (row.values() for row in self.engine.ask(statement(name, **values)).to_pylist())
        return number or 0

    def count_round(self, measure: str) -> int:
        """Count a round of a measure, and return how many there were."""
        self.rounds[measure] = self.rounds.get(measure, 0) + 1
        return self.rounds[measure]


def _memberships(run: Run) -> None:
    run.keep("memberships", "memberships")


def _degree(run: Run) -> None:
    """Count the partners of members: of those in one event by its size, of others by the pairs, grouped twice."""
    run.keep("degree", "degree_alone")
    slices = max(1, math.ceil(run.number("degree_work") / _PAIRS_AT_ONCE))
    for slice_number in range(slices):
        run.keep("degree", "degree_slice", slices=slices, slice=slice_number)


def _strength(run: Run) -> None:
    run.keep("strength", "strength")


def _component(run: Run) -> None:
    """Give the members of a component their least number, by hooking and jumping.

    Zhang, Azad and Hu (2020, Proc. SIAM PP: 46-57). A label only ever gets less, so that an equal sum is the end.
    """
    run.keep("component", "component_start")
    labels: float = -1
    while (total := run.number("component_change")) != labels:
        labels = total
        run.keep("component", "component_round")
        run.keep("component", "component_jump")
        run.count_round("component")
    run.keep("component", "groups", table="chaingraph_component")


def _pagerank(run: Run) -> None:
    """Iterate PageRank over events: what a member gives to an event, all others in it receive.

    Jumps reach all alike, so that members without ties are left out. The changes of one round times d / (1 - d) bound
    what is missing.
    """
    members = int(run.number("count_members"))
    run.keep("walk", "pagerank_start", unit=_UNIT, start=_SCALE // max(members, 1))
    change = math.inf if members else 0.0
    while change * _DAMPING / (1 - _DAMPING) > _PAGERANK_ERROR * _SCALE:
        run.keep("walk", "pagerank_round", base=(1 - _DAMPING) * _SCALE / members, damping=_DAMPING)
        change = run.number("pagerank_change")
        if run.count_round("pagerank") == _PAGERANK_ROUNDS:
            break
    run.keep("pagerank", "pagerank", total=float(run.number("pagerank_total")))


def _harmonic(run: Run) -> None:
    _from_sources(run, "harmonic")


def _closeness(run: Run) -> None:
    _from_sources(run, "closeness")


def _from_sources(run: Run, measure: str) -> None:
    """Keep a measure of the distances from the sources, with its standard error."""
    if "distances" not in run.rounds:
        _search(run)
    run.keep(measure, measure)
    if run.sources < run.members:
        error = run.number("largest_error", table=f"chaingraph_{measure}")
        run.sampled[measure] = {"sources": run.sources, "of": run.members, "largest_error": error}


def _search(run: Run) -> None:
    """Search breadth-first from all sources at once, a bit for each: as members, then as events, level by level.

    Then et al. (2014, Proc. VLDB Endowment 8: 449-460). What a member has of each distance is counted, not kept.
    """
    sample = np.random.default_rng(run.seed).choice(run.members, min(run.sources, run.members), replace=False)
    positions = sorted((sample + 1).tolist())
    run.rounds["distances"] = 0
    run.keep("search", "search_start")
    run.keep("source", "search_sources", sources=_bits(positions))
    for first in range(0, len(positions), _WORD * _WORDS):
        run.keep("front", "search_sources", sources=_bits(positions[first : first + _WORD * _WORDS]))
        run.keep("search", "search_pass")
        distance = 0
        run.keep("front", "search_front")
        while run.number("count", table="chaingraph_front"):
            distance += 1
            run.keep("search", "search_state", distance=distance)
            run.keep("front", "search_front")
            run.count_round("distances")
    run.keep("distances", "distances", sources=len(positions), members=run.members)


def _bits(members: list[int]) -> list[tuple[int, ...]]:
    """Return a row per source: the member, and the columns of the search, in one of which its bit is set.

    >>> _bits([7, 9])[1]
    (9, 2, 0, 0, 0)
    """
    rows = []
    for index, member in enumerate(members):
        word, place = divmod(index % (_WORD * _WORDS), _WORD)
        bit = 1 << place if place < _WORD - 1 else -(1 << place)
        rows.append((member, *(bit if number == word else 0 for number in range(_WORDS))))
    return rows


def _label_propagation(run: Run) -> None:
    """Give each event the label that most of its members have, and each member that of most of its events.

    Raghavan, Albert and Kumara (2007, PRE 76 036106), between the two modes; of labels with as many votes the least.
    """
    run.keep("propagation", "propagation_start")
    changes: float = 1
    while changes and run.rounds.get("label_propagation", 0) < _PROPAGATION_ROUNDS:
        run.keep("propagation", "propagation_round")
        changes = run.number("propagation_change")
        run.count_round("label_propagation")
    run.keep("label_propagation", "groups", table="chaingraph_propagation")


MEASURES: dict[str, Callable[[Run], None]] = {
    "memberships": _memberships,
    "degree": _degree,
    "strength": _strength,
    "closeness": _closeness,
    "harmonic": _harmonic,
    "pagerank": _pagerank,
    "component": _component,
    "label_propagation": _label_propagation,
}
"""What keeps the values of each measure, by its name, in the order of the table."""
