"""Validation of a graph against ``ontology/shapes.ttl``, by the validator that is installed.

The validator works on a copy, to which triples are added that break one rule of each kind: the canary. A run
that does not report every one of them has missed faults, so that its silence on the rest would mean nothing.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd
from rdflib import SH, BNode, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection

from chaingraph.checks.hierarchy import circle_results, shapes_of_circles
from chaingraph.checks.labels import labels_of
from chaingraph.checks.validation import label
from chaingraph.errors import UsageError
from chaingraph.messages import tr
from chaingraph.resources import ontology_file
from chaingraph.vocabulary import short_name

if TYPE_CHECKING:
    from rdflib.term import Node

    from chaingraph.checks.hierarchy import CircleShape
    from chaingraph.checks.validation import Validator
    from chaingraph.store import KnowledgeGraph

SHAPE = Namespace("https://w3id.org/chaingraph/shape#")
"""The namespace of the shapes' names: ``Membership``, ``membership-organization``."""

_COLUMNS = ("focus", "label", "shape", "path", "value", "severity", "message_en", "message_zh")
_CANARIES = (SHAPE.canary, SHAPE["other-canary"])


class Shape(NamedTuple):
    """A shape as it is reported: its name, its path in SPARQL, its severity, and its message in both languages."""

    name: str
    path: str
    severity: str
    message_en: str
    message_zh: str


def violations(kg: KnowledgeGraph, *, validator: Validator | None = None) -> pd.DataFrame:
    """List what breaks a shape in the graph.

    Args:
        kg: The graph.
        validator: What validates it; None: the fastest that is installed.

    Returns:
        One row per result, violations first: ``focus`` (the node), ``label`` (its name, or the names of what it
        relates), ``shape``, ``path`` and ``value`` (empty where it is about the node itself or a missing value),
        ``severity`` (``violation`` or ``warning``), ``message_en`` and ``message_zh``.

    Raises:
        UsageError: The validator gives up, or does not report the faults that the canary has.
    """
    validator = validator or _installed_validator()
    without_circles, circle_shapes = _shapes_apart()
    results, graph = validator.validate(kg, without_circles, _canary())
    in_circles = list(circle_results(kg, circle_shapes))
    names = labels_of(kg, (str(focus) for focus, _, _ in in_circles if isinstance(focus, URIRef)))
    shapes_by_node = _shapes_by_node()
    rows: set[tuple[str, ...]] = set()
    reported_faults: set[Node] = set()
    for focus, source, value in [*results, *in_circles]:
        if focus in _CANARIES:
            reported_faults.add(source)
            continue
        if isinstance(focus, Literal):  # a text in a code's place, which the property's own shape reports of the thing
            continue
        shape = shapes_by_node[source]
        value_text = "" if value is None or value == focus else _text(value)
        name = names.get(str(focus)) or label(graph, focus)
        rows.add((_text(focus), name, shape.name, shape.path, value_text, *shape[2:]))
    _refuse_missed_faults(reported_faults, validator.name)
    frame = pd.DataFrame(sorted(rows), columns=list(_COLUMNS), dtype="str")
    return frame.sort_values("severity", kind="stable", ignore_index=True)


def _installed_validator() -> Validator:
    """Return `shacl` where it is installed, else pySHACL."""
    if find_spec("shacl") is not None:
        from chaingraph.checks.shacl_validator import Shacl

        return Shacl()
    from chaingraph.checks.pyshacl_validator import PyShacl

    return PyShacl()


def shapes() -> dict[str, Shape]:
    """Return every shape that can be reported, by its name.

    >>> shapes()["reported-scope"].path.split("|")[:2]
    ['cg:programme', 'cg:consortium']
    >>> shapes()["share"].message_en
    'A share must be a number from 0 to 1: write 60% or 0.6, not 60.'
    """
    return {shape.name: shape for shape in _shapes_by_node().values() if not shape.name.lower().startswith("canary")}


def _refuse_missed_faults(reported_faults: set[Node], validator: str) -> None:
    """Refuse a report without one of the canary's faults."""
    missed = sorted(_text(shape) for shape in set(_shapes_graph().objects(SHAPE.Canary, SH.property)) - reported_faults)
    if missed:
        faults = ", ".join(name.removeprefix(f"{SHAPE}canary-") for name in missed)
        message = tr(
            "the installed {validator} passes over faults of a kind that it must report ({faults}), "
            "so the graph was not checked; install another version, as constraints.txt has it",
            validator=validator,
            faults=faults,
        )
        raise UsageError(message)


@cache
def _shapes_graph() -> Graph:
    return Graph().parse(ontology_file("shapes.ttl"), format="turtle")


@cache
def _shapes_apart() -> tuple[Graph, dict[Node, CircleShape]]:
    """Return the shapes that a validator takes, and those that forbid circles."""
    graph = Graph()
    graph += _shapes_graph()
    circle_shapes = {shape: one for shape, one in shapes_of_circles(graph).items() if SHAPE.Canary not in one.classes}
    for shape in circle_shapes:
        graph.remove((None, SH.property, shape))
        graph.remove((shape, None, None))
    return graph, circle_shapes


@cache
def _canary() -> Graph:
    graph = Graph()
    for canary in _CANARIES:
        graph += _shapes_graph().triples((canary, None, None))
    return graph


@cache
def _shapes_by_node() -> dict[Node, Shape]:
    graph = _shapes_graph()
    shapes: dict[Node, Shape] = {}
    for node, severity in graph.subject_objects(SH.severity):
        messages = {text.language: str(text) for text in graph.objects(node, SH.message) if isinstance(text, Literal)}
        path = graph.value(node, SH.path)
        shapes[node] = Shape(
            str(node).removeprefix(SHAPE),
            "" if path is None else _path(path),
            str(severity).removeprefix(str(SH)).lower(),
            messages["en"],
            messages["zh"],
        )
    return shapes


def _path(path: Node) -> str:
    """Return a SHACL path as a SPARQL property path."""
    graph = _shapes_graph()
    if isinstance(path, URIRef):
        return short_name(path)
    for predicate, pattern in ((SH.inversePath, "^{}"), (SH.oneOrMorePath, "({})+")):
        inner = graph.value(path, predicate)
        if inner is not None:
            return pattern.format(_path(inner))
    alternatives = graph.value(path, SH.alternativePath)
    if alternatives is not None:
        return "|".join(_path(part) for part in Collection(graph, alternatives))
    return "/".join(_path(part) for part in Collection(graph, path))


def _text(node: Node) -> str:
    """Return a node as text; a blank node is ``[]``, because its name differs from run to run."""
    if isinstance(node, BNode):
        return "[]"
    return short_name(str(node)) if isinstance(node, URIRef) else str(node)
