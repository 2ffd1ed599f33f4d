"""pySHACL, the validator that every installation has: it works on a copy of the graph in rdflib's memory."""

from __future__ import annotations

import logging
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rdflib import RDF, SH, BNode, Graph, Literal, URIRef

from chaingraph.checks.validation import Result, Validation
from chaingraph.errors import UsageError, excerpt, installer
from chaingraph.messages import tr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib.term import Node

    from chaingraph.store import KnowledgeGraph

_TARGETS = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf)
_TRIPLES = "SELECT ?s ?p ?o (DATATYPE(?o) AS ?datatype) (LANG(?o) AS ?language) { ?s ?p ?o }"


class PyShacl:
    """The validator of RDFLib's makers."""

    name = "pySHACL"

    def validate(self, kg: KnowledgeGraph, shapes: Graph, canary: Graph) -> Validation:
        """Check a graph, and the triples of the canary with it, against shapes."""
        data = _rdflib_copy(kg)
        data += canary
        report = _report(data, shapes)
        results = []
        for node in report.subjects(RDF.type, SH.ValidationResult):
            focus, shape = report.value(node, SH.focusNode), report.value(node, SH.sourceShape)
            assert focus is not None
            assert shape is not None
            results.append(Result(focus, shape, report.value(node, SH.value)))
        return Validation(results, data)


def _report(data: Graph, shapes: Graph) -> Graph:
    try:
        import pyshacl
    except ModuleNotFoundError as error:
        message = tr(
            "holding a graph against its shapes needs pySHACL; install it with: {line}", line=f"{installer()} pyshacl"
        )
        raise UsageError(message) from error
    with _quiet():
        _, report, text = pyshacl.validate(data, shacl_graph=_with_targets_of_properties(shapes), inplace=True)
    if not isinstance(report, Graph):
        message = tr(
            "pySHACL {version} cannot hold the graph against the shapes: {text}",
            version=pyshacl.__version__,
            text=excerpt(text, 200),
        )
        raise UsageError(message)
    return report


def _with_targets_of_properties(shapes: Graph) -> Graph:
    """Return the shapes with the targets of each node shape moved to its property shapes.

    Both mean the same in SHACL. pySHACL validates all nodes of a shape with targets at once, but builds every
    constraint anew for each node of a shape that it reaches by sh:property, which is six times slower.
    """
    graph = Graph()
    graph += shapes
    for node_shape, property_shape in list(graph.subject_objects(SH.property)):
        for target in _TARGETS:
            for value in graph.objects(node_shape, target):
                graph.add((property_shape, target, value))
        graph.remove((node_shape, SH.property, property_shape))
    return graph


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
