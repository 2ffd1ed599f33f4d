"""Validators of SHACL: each takes a graph and shapes, and returns what breaks them in one form.

`shacl` (Rust, the extra ``shacl``) is many times faster than pySHACL, which every installation has. Both report the
same of our shapes (``tests/checks/test_shapes.py``); what each makes of the suite of the W3C stands in
``docs/conformance.md``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from rdflib import RDFS, SKOS, Graph, Literal

from chaingraph.errors import excerpt
from chaingraph.vocabulary import CG

if TYPE_CHECKING:
    from rdflib.term import Node

    from chaingraph.store import KnowledgeGraph

_EVIDENCE = {CG.evidence, CG.source}


class Result(NamedTuple):
    """One result: the node that is checked, the shape that it breaks, and the value that breaks it, if there is one."""

    focus: Node
    shape: Node
    value: Node | None


class Validation(NamedTuple):
    """All results, and a graph with at least the triples of their nodes and the names of what these lead to."""

    results: list[Result]
    graph: Graph


class Validator(Protocol):
    """A validator of SHACL."""

    name: str

    def validate(self, kg: KnowledgeGraph, shapes: Graph, canary: Graph) -> Validation:
        """Check a graph, and the triples of the canary with it, against shapes.

        Raises:
            UsageError: The validator gives up.
        """
        ...


def label(data: Graph, node: Node) -> str:
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
