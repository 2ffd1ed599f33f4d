"""`shacl`, the fast validator of the extra ``shacl``: it reads a dump of the graph, which rdflib never sees.

Only the triples of what is reported, and the names of what they lead to, become an rdflib.Graph. The validator gives
blank nodes labels of its own; a marker with the label in the dump is added to each, and a shape that every marker
breaks brings the pairs of labels back.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import shacl
from rdflib import RDFS, SH, SKOS, BNode, Graph, Literal, Namespace, URIRef

from chaingraph.checks.validation import Result, Validation
from chaingraph.errors import UsageError
from chaingraph.messages import tr
from chaingraph.vocabulary import CG

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdflib.term import Node

    from chaingraph.store import KnowledgeGraph

_MARKER = Namespace("urn:x-chaingraph-blank:")
_NAMES = {RDFS.label.n3().encode(), SKOS.notation.n3().encode()}
_WORDS = {*_NAMES, CG.exact.n3().encode()}


class Shacl:
    """The SHACL engine written in Rust, by way of its Python package."""

    name = "shacl"

    def validate(self, kg: KnowledgeGraph, shapes: Graph, canary: Graph) -> Validation:
        """Check a graph, and the triples of the canary with it, against shapes."""
        with TemporaryDirectory(prefix="chaingraph-") as folder:
            path = Path(folder) / "graph.nt"
            kg.dump(path)
            blank = _blank_subjects(path)
            with path.open("ab") as file:
                file.write(canary.serialize(format="nt", encoding="utf-8"))
                file.writelines(b'%s <%slabel> "%s" .\n' % (node, _MARKER.encode(), node[2:]) for node in blank)
            try:
                compiled = shacl.Shapes.from_text((shapes + _marker_shape()).serialize(format="nt"), format="ntriples")
                reported = compiled.validate_file(str(path)).results
            except ValueError as error:
                message = tr("shacl cannot hold the graph against the shapes: {error}", error=error)
                raise UsageError(message) from error
            return _validation(reported, path)


def _blank_subjects(path: Path) -> set[bytes]:
    with path.open("rb") as file:
        return {line.split(b" ", 1)[0] for line in file if line.startswith(b"_:")}


def _marker_shape() -> Graph:
    graph = Graph()
    graph.add((_MARKER.shape, SH.targetSubjectsOf, _MARKER.label))
    graph.add((_MARKER.shape, SH.path, _MARKER.label))
    graph.add((_MARKER.shape, SH.maxLength, Literal(0)))
    return graph


def _validation(reported: Iterable[Any], path: Path) -> Validation:
    marker = f"<{_MARKER.shape}>"
    labels = {r.focus_node: r.value_plain for r in reported if r.source_shape == marker}

    def node(text: str, plain: str = "") -> Node:
        """Return a term; of a literal only the text, because in the name of its datatype rdflib would correct it."""
        if text.startswith("_:"):
            return BNode(labels.get(text, text[2:]))
        return URIRef(text[1:-1]) if text.startswith("<") else Literal(plain)

    results = [
        Result(
            node(r.focus_node),
            node(r.source_shape),
            None if r.value is None else node(r.value, r.value_plain),
        )
        for r in reported
        if r.source_shape != marker
    ]
    return Validation(results, _surroundings({result.focus for result in results}, path))


def _surroundings(focuses: set[Node], path: Path) -> Graph:
    """Return the names and words of the nodes, what they lead to, and the names and notations of that."""
    subjects = {node.n3().encode() for node in focuses if not isinstance(node, Literal)}
    if not subjects:
        return Graph()
    lines, values = [], set()
    with path.open("rb") as file:
        for line in file:
            subject, predicate, value = line.split(b" ", 2)
            if subject in subjects and (predicate in _WORDS or not value.startswith(b'"')):
                lines.append(line)
                values.add(value.rstrip(b" .\n"))
    with path.open("rb") as file:
        lines += [line for line in file if (parts := line.split(b" ", 2))[0] in values and parts[1] in _NAMES]
    labels = {str(node): node for node in focuses if isinstance(node, BNode)}
    return Graph().parse(data=b"".join(lines), format="nt", bnode_context=labels)
