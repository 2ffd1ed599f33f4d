"""Joining organizations with what they are part of: the triples of a graph in which the parent stands for its parts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from chaingraph.tables.contract import contract
from chaingraph.vocabulary import CG

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_PART_OF = ox.NamedNode(str(CG.partOf))
_OF_THE_PART = {ox.NamedNode(str(name)) for name in (CG.Hierarchy, CG.Claim, CG.Identity)}
"""Classes of nodes that go on naming the part itself."""
_REPORTED = ox.NamedNode(str(CG.ReportedCount))


@dataclass(frozen=True)
class Joined:
    """What was joined: how many organizations, with how many parents, and how many rows were left out.

    ``within`` counts rows that relate two organizations of one parent, such as a supply between them; ``reported``
    counts that a source reports of a joined organization, which say nothing of its parent.
    """

    organizations: int
    parents: int
    within: int
    reported: int


def joined_triples(triples: Iterable[ox.Triple], parents: Mapping[str, str]) -> tuple[list[ox.Triple], Joined]:
    """Return the triples of a graph in which parents stand for their parts, and what was joined.

    A part keeps its names and other attributes and what it is part of, but is no organization any more; every other
    statement about it is one about the parent.

    Args:
        triples: The graph.
        parents: What stands for each organization that is joined, by IRI; none stands for itself.
    """
    tops = {ox.NamedNode(part): ox.NamedNode(parent) for part, parent in parents.items()}
    every = list(triples)
    of_the_part = {triple.subject for triple in every if triple.predicate == _TYPE and triple.object in _OF_THE_PART}
    counts = {triple.subject for triple in every if triple.predicate == _TYPE and triple.object == _REPORTED}
    reported = {triple.subject for triple in every if triple.subject in counts and triple.object in tops}
    within = _rows_within(every, tops, of_the_part | counts)
    attributes = {
        ox.NamedNode(column.property_url)
        for column in contract()["organizations"].columns
        if column.property_url is not None
    } | {_PART_OF}
    result = []
    for triple in every:
        subject, predicate, target = triple
        if subject in within or subject in reported:
            continue
        if subject in tops and predicate == _TYPE:
            continue
        if subject in of_the_part or predicate == _PART_OF or (subject in tops and predicate in attributes):
            result.append(triple)
            continue
        ends = (tops.get(subject, subject), tops.get(target, target))
        if ends[0] != ends[1] or subject == target:
            result.append(ox.Triple(ends[0], predicate, ends[1]))
    return result, Joined(len(tops), len(set(tops.values())), len(within), len(reported))


def _rows_within(
    triples: Iterable[ox.Triple], tops: Mapping[ox.NamedNode, ox.NamedNode], others: set[object]
) -> set[object]:
    """Return the nodes that relate an organization to another of the same parent, by two properties."""
    organizations = {*tops, *tops.values()}
    ends: dict[object, dict[ox.NamedNode, set[ox.NamedNode]]] = defaultdict(lambda: defaultdict(set))
    for subject, predicate, target in triples:
        if isinstance(target, ox.NamedNode) and target in organizations and subject not in organizations | others:
            ends[subject][predicate].add(target)
    rows = set()
    for subject, by_property in ends.items():
        several = [{tops.get(each, each) for each in targets} for targets in by_property.values()]
        if len(several) > 1 and len(set.union(*several)) < len(several):
            rows.add(subject)
    return rows
