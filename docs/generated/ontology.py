"""The files of ``ontology/`` as graphs, with their names and texts as the pages of the reference write them."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from rdflib import OWL, RDF, Graph, Literal, URIRef
from rdflib.collection import Collection

from chaingraph.resources import ontology_file
from chaingraph.vocabulary import PREFIXES
from generated.markdown_text import escaped

if TYPE_CHECKING:
    from rdflib.term import Node

TERMS = PREFIXES["cg"]


@cache
def graph(file: str = "chaingraph.ttl") -> Graph:
    """Return a file of the ontology, with the prefixes that it declares and no others."""
    return Graph(bind_namespaces="none").parse(ontology_file(file))


def short(node: Node, file: str = "chaingraph.ttl") -> str:
    """Return a name as the file writes it, and a literal as its text.

    >>> short(URIRef("https://w3id.org/chaingraph/ontology#leads"))
    'cg:leads'
    """
    return node.n3(graph(file).namespace_manager) if isinstance(node, URIRef) else str(node)


def texts(subject: Node, predicate: URIRef, file: str = "chaingraph.ttl") -> dict[str, str]:
    """Return the English and the Chinese text of a subject, escaped for Markdown; what is missing is empty."""
    by_language = {"en": "", "zh": ""}
    for text in sorted(graph(file).objects(subject, predicate), key=str):
        if isinstance(text, Literal) and text.language in by_language:
            by_language[text.language] = escaped(text)
    return by_language


def names(file: str, prefix: str, kind: URIRef) -> list[str]:
    """Return the local names of a kind, in the order in which the file defines them."""
    text = ontology_file(file).read_text(encoding="utf-8")
    position = {name: number for number, name in enumerate(re.findall(rf"(?m)^{prefix}:([\w-]+) a ", text))}
    subjects = (short(node, file) for node in graph(file).subjects(RDF.type, kind) if isinstance(node, URIRef))
    local = {name.removeprefix(f"{prefix}:") for name in subjects if name.startswith(f"{prefix}:")}
    return sorted(local, key=lambda name: (position.get(name, len(position)), name))


def union(node: Node) -> list[Node]:
    """Return the classes that a domain or a range admits.

    >>> [short(member) for member in union(URIRef(TERMS + "Project"))]
    ['cg:Project']
    """
    members = graph().value(node, OWL.unionOf)
    return [node] if members is None else list(Collection(graph(), members))
