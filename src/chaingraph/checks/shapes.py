"""Validation of a graph against ``ontology/shapes.ttl``: the only place that knows SHACL and its validator.

The validator works on a copy in memory, to which triples are added that break one rule of each kind: the canary. A run
that does not report every one of them has missed faults, so that its silence on the rest would mean nothing.
"""

from __future__ import annotations

import logging
import warnings
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd
from rdflib import RDF, RDFS, SH, SKOS, BNode, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection

from chaingraph.errors import UsageError, excerpt
from chaingraph.resources import ontology_file
from chaingraph.vocabulary import CG, short_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib.term import Node

    from chaingraph.store import KnowledgeGraph

SHAPE = Namespace("https://w3id.org/chaingraph/shape#")
"""The namespace of the shapes' names: ``Membership``, ``membership-organization``."""

_COLUMNS = ("focus", "label", "shape", "path", "value", "severity", "message_en", "message_zh")
_TARGETS = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf)
_CANARIES = (SHAPE.canary, SHAPE["other-canary"])
_TRIPLES = "SELECT ?s ?p ?o (DATATYPE(?o) AS ?datatype) (LANG(?o) AS ?language) { ?s ?p ?o }"
_EVIDENCE = {CG.evidence, CG.source}


class Shape(NamedTuple):
    """A shape as it is reported: its name, its path in SPARQL, its severity, and its message in both languages."""

    name: str
    path: str
    severity: str
    message_en: str
    message_zh: str


def violations(kg: KnowledgeGraph) -> pd.DataFrame:
    """List what breaks a shape in the graph.

    Returns:
        One row per result, violations first: ``focus`` (the node), ``label`` (its name, or the names of what it
        relates), ``shape``, ``path`` and ``value`` (empty where it is about the node itself or a missing value),
        ``severity`` (``violation`` or ``warning``), ``message_en`` and ``message_zh``.

    Raises:
        UsageError: pySHACL is not installed, or does not report the faults that the canary has.
    """
    data = _rdflib_copy(kg)
    for triple in _canary():
        data.add(triple)
    report = _report(data)
    shapes_by_node = _shapes_by_node()
    rows: set[tuple[str, ...]] = set()
    reported_faults: set[Node] = set()
    for result in report.subjects(RDF.type, SH.ValidationResult):
        focus, source = report.value(result, SH.focusNode), report.value(result, SH.sourceShape)
        assert focus is not None
        assert source is not None
        if focus in _CANARIES:
            reported_faults.add(source)
            continue
        if isinstance(focus, Literal):  # a text in a code's place, which the property's own shape reports of the thing
            continue
        shape, value = shapes_by_node[source], report.value(result, SH.value)
        value_text = "" if value is None or value == focus else _text(value)
        rows.add((_text(focus), _label(data, focus), shape.name, shape.path, value_text, *shape[2:]))
    _refuse_missed_faults(reported_faults)
    frame = pd.DataFrame(sorted(rows), columns=list(_COLUMNS), dtype="str")
    return frame.sort_values("severity", kind="stable", ignore_index=True)


def shapes() -> dict[str, Shape]:
    """Return every shape that can be reported, by its name.

    >>> shapes()["reported-scope"].path.split("|")[:2]
    ['cg:programme', 'cg:consortium']
    >>> shapes()["share"].message_en
    'A share must be a number from 0 to 1: write 60% or 0.6, not 60.'
    """
    return {shape.name: shape for shape in _shapes_by_node().values() if not shape.name.lower().startswith("canary")}


def _rdflib_copy(kg: KnowledgeGraph) -> Graph:
    """Return a copy whose rdflib terms keep a wrong spelling, which rdflib's own conversion would correct."""
    graph = Graph()
    nodes: dict[str, Node] = {}

    def node(text: str) -> Node:
        if text not in nodes:
            nodes[text] = BNode(text[2:]) if text.startswith("_:") else URIRef(text)
        return nodes[text]

    def term(text: str | None, datatype: str | None, language: str | None) -> Node:
        if datatype is None:
            return node(text or "")
        if language:
            return Literal(text or "", lang=language)
        return Literal(text or "", datatype=URIRef(datatype), normalize=False)

    with _quiet():
        graph.addN(
            (node(subject), node(predicate), term(text, datatype, language), graph)
            for subject, predicate, text, datatype, language in kg.select_text(_TRIPLES).iter_rows()
        )
    return graph


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep rdflib from logging each ill-typed literal: the shapes report it, with what to do."""
    logger = logging.getLogger("rdflib.term")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Parsing weird boolean", category=UserWarning)
            yield
    finally:
        logger.setLevel(level)


def _report(data: Graph) -> Graph:
    try:
        import pyshacl
    except ModuleNotFoundError as error:
        message = "holding a graph against its shapes needs pySHACL; install it with: pip install pyshacl"
        raise UsageError(message) from error
    with _quiet():
        _, report, text = pyshacl.validate(data, shacl_graph=_fast_shapes(), inplace=True)
    if not isinstance(report, Graph):
        message = f"pySHACL {pyshacl.__version__} cannot hold the graph against the shapes: {excerpt(text, 200)}"
        raise UsageError(message)
    return report


def _refuse_missed_faults(reported_faults: set[Node]) -> None:
    """Refuse a report without one of the canary's faults."""
    missed = sorted(_text(shape) for shape in set(_shapes_graph().objects(SHAPE.Canary, SH.property)) - reported_faults)
    if missed:
        faults = ", ".join(name.removeprefix(f"{SHAPE}canary-") for name in missed)
        message = (
            f"the installed pySHACL passes over faults of a kind that it must report ({faults}), so the graph was not"
            " checked; install another version, as constraints.txt has it"
        )
        raise UsageError(message)


@cache
def _shapes_graph() -> Graph:
    return Graph().parse(ontology_file("shapes.ttl"), format="turtle")


@cache
def _canary() -> tuple[tuple[Node, Node, Node], ...]:
    return tuple(triple for canary in _CANARIES for triple in _shapes_graph().triples((canary, None, None)))


@cache
def _fast_shapes() -> Graph:
    """Return the shapes with the targets of each node shape moved to its property shapes.

    Both mean the same in SHACL. pySHACL validates all nodes of a shape with targets at once, but builds every
    constraint anew for each node of a shape that it reaches by sh:property, which is six times slower.
    """
    graph = Graph()
    for triple in _shapes_graph():
        graph.add(triple)
    for node_shape, property_shape in list(graph.subject_objects(SH.property)):
        for target in _TARGETS:
            for value in graph.objects(node_shape, target):
                graph.add((property_shape, target, value))
        graph.remove((node_shape, SH.property, property_shape))
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


def _label(data: Graph, node: Node) -> str:
    """Return a thing's name, in Chinese if it has one; the label of a relation is the names of what it relates."""
    own = _name(data, node)
    if own is not None:
        return own
    related = [
        name
        for predicate, value in sorted(data.predicate_objects(node))
        if predicate not in _EVIDENCE and (value, SKOS.notation, None) not in data
        if (name := _name(data, value)) is not None
    ]
    words = data.value(node, CG.exact)
    return " · ".join(related) or ("" if words is None else excerpt(str(words)))


def _name(data: Graph, node: Node) -> str | None:
    names = [name for name in data.objects(node, RDFS.label) if isinstance(name, Literal)]
    return min(((name.language != "zh", str(name)) for name in names), default=(True, None))[1]
