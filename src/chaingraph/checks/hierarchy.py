"""Impossible hierarchies: what lies within itself, and organizations that are part of themselves on some day."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rdflib import SH, BNode, Graph, URIRef

from chaingraph.checks.report import VIOLATION, Finding
from chaingraph.checks.validation import Result
from chaingraph.messages import tr
from chaingraph.queries.hierarchy import DEEPEST, PARENT, DeepHierarchyError, circles, depth
from chaingraph.queries.nodes import NodeReader
from chaingraph.queries.roll_up import rows_in_circles
from chaingraph.vocabulary import short_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rdflib.term import Node

    from chaingraph.store import KnowledgeGraph


def hierarchy_findings(kg: KnowledgeGraph) -> list[Finding]:
    """Return what is impossible or unlikely in hierarchies.

    - regions or industries with more levels than are looked at;
    - the rows by which an organization is part of itself on some day, one finding per row.
    """
    reader = NodeReader(kg)
    deepest = {name: depth(reader.pairs(f"cg:{above}").iter_rows()) for name, above in PARENT.items()}
    too_deep = [
        Finding(VIOLATION, "too deep", short_name(iri), "", str(DeepHierarchyError(iri, name)))
        for name, (levels, iri) in deepest.items()
        if levels > DEEPEST
    ]
    return too_deep + [
        Finding(
            VIOLATION,
            "part of itself",
            short_name(part),
            label,
            tr("is part of itself: correct the column 'parent' or the dates in the row {row}", row=short_name(row)),
        )
        for row, part, label in rows_in_circles(kg)
    ]


class CircleShape(NamedTuple):
    """A shape that forbids circles: the property that leads upward, and the classes of what is checked; all if none."""

    above: URIRef
    classes: frozenset[Node]


def shapes_of_circles(shapes: Graph) -> dict[Node, CircleShape]:
    """Return the shapes that forbid circles of one property.

    Such a shape says that what leads to a thing, however far, is nothing to which the thing leads. A validator looks
    at all that leads to each thing, which takes time that grows with the square of a chain's length.
    """
    result: dict[Node, CircleShape] = {}
    for shape, above in shapes.subject_objects(SH.disjoint):
        step = shapes.value(shapes.value(shape, SH.path), SH.oneOrMorePath)
        if isinstance(above, URIRef) and step is not None and shapes.value(step, SH.inversePath) == above:
            node_shapes = list(shapes.subjects(SH.property, shape))
            targets = {target for each in node_shapes for target in shapes.objects(each, SH.targetClass)}
            result[shape] = CircleShape(above, frozenset(targets))
    return result


def circle_results(kg: KnowledgeGraph, shapes: Mapping[Node, CircleShape]) -> Iterator[Result]:
    """Yield the results of shapes that forbid circles, in time linear in the graph."""
    for above in sorted({one.above for one in shapes.values()}):
        pairs = kg.select_text(f"SELECT ?s ?o {{ ?s <{above}> ?o FILTER (!ISLITERAL(?o)) }}")
        edges = circles(pairs.iter_rows())
        for shape in sorted((shape for shape, one in shapes.items() if edges and one.above == above), key=str):
            classes = shapes[shape].classes
            instances = _instances(kg, classes)
            for thing, other in edges:
                if not classes or thing in instances:
                    yield Result(_node(thing), shape, _node(other))


def _instances(kg: KnowledgeGraph, classes: frozenset[Node]) -> set[str]:
    return {iri for name in classes for iri in kg.select_text(f"SELECT ?s {{ ?s a <{name}> }}")["s"]}


def _node(text: str) -> Node:
    return BNode(text[2:]) if text.startswith("_:") else URIRef(text)
