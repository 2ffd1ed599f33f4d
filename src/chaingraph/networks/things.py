"""What stands on a network's nodes: the attributes of the graph's things, and the words that state them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from chaingraph.vocabulary import short_name

if TYPE_CHECKING:
    from chaingraph.store import KnowledgeGraph

Attribute = str | float | bool | list[dict[str, str]]
Attributes = dict[str, Attribute]
Evidence = dict[str, list[dict[str, str]]]

CLASSES = (
    "Organization",
    "Consortium",
    "Programme",
    "Platform",
    "Project",
    "Region",
    "Industry",
    "Chain",
    "Stage",
    "Product",
)
"""The classes of things that can be nodes, in the order in which they are added."""

_CODES = {
    "Organization": {"kind": "kind"},
    "Consortium": {"kind": "body", "form": "form"},
    "Platform": {"level": "level"},
    "Project": {"level": "level"},
    "Stage": {"segment": "segment"},
}
"""Attributes that hold a code, and the properties that they come from."""

_RELATED = ("region", "industry")

_QUOTED = """
SELECT ?s ?exact ?title ?url ?published {
  ?s cg:evidence ?q . ?q cg:exact ?exact ; cg:source ?source . ?source rdfs:label ?title
  OPTIONAL { ?source cg:url ?url } OPTIONAL { ?source cg:published ?published }
} ORDER BY ?s ?q"""

_REGISTERED = """
SELECT ?s ?record ?title ?url {
  ?s cg:record ?record ; cg:source ?source . ?source rdfs:label ?title OPTIONAL { ?source cg:url ?url }
} ORDER BY ?s ?record"""


def evidence(kg: KnowledgeGraph) -> Evidence:
    """Return by IRI what states each node of the graph: quotes with their source, and records of registers."""
    found: Evidence = defaultdict(list)
    for query in (_QUOTED, _REGISTERED):
        for row in kg.flat(query).iter_rows(named=True):
            iri = row.pop("s")
            found[iri].append({name: text for name, text in row.items() if text is not None})
    return found


def things(kg: KnowledgeGraph, class_name: str) -> dict[str, Attributes]:
    """Return the things of a class with their attributes, by IRI, in the order of their IRIs.

    ``type`` is the class, ``label`` the English name if there is one, else any; ``label_en``, ``label_zh``, ``kind``,
    ``region``, ``industry``, ``latitude``, ``longitude`` (a thing without any has its region's), ``segment`` and
    ``leading`` stand where they are known.
    """
    iris = kg.flat(f"SELECT DISTINCT ?s {{ ?s a cg:{class_name} }} ORDER BY ?s")["s"].to_list()
    found: dict[str, Attributes] = {iri: {"type": class_name} for iri in iris}
    _put_labels(kg, class_name, found)
    _put_codes(kg, class_name, found)
    _put_related(kg, class_name, found)
    _put_places(kg, class_name, found)
    if class_name == "Organization":
        for iri in kg.flat("SELECT ?s { ?s a cg:LeadingEnterprise , cg:Organization }")["s"]:
            found[iri]["leading"] = True
    return found


def _put_labels(kg: KnowledgeGraph, class_name: str, found: dict[str, Attributes]) -> None:
    query = f"SELECT ?s ?o (LANG(?o) AS ?l) {{ ?s a cg:{class_name} ; rdfs:label ?o }} ORDER BY ?s ?l ?o"
    for iri, text, language in kg.flat(query).drop_nulls("o").iter_rows():
        name = "label_zh" if (language or "").startswith("zh") else "label_en" if language == "en" else "label"
        found[iri].setdefault(name, text)
    for iri, data in found.items():
        data["label"] = data.get("label_en") or data.get("label") or data.get("label_zh") or short_name(iri)


def _put_codes(kg: KnowledgeGraph, class_name: str, found: dict[str, Attributes]) -> None:
    for name, source in _CODES.get(class_name, {}).items():
        query = f"SELECT ?s ?o {{ ?s a cg:{class_name} ; cg:{source}/skos:notation ?o }} ORDER BY ?s ?o"
        for iri, notation in kg.flat(query).iter_rows():
            found[iri][name] = notation
    query = f"SELECT ?s ?o {{ ?s a cg:{class_name} ; cg:holds/cg:segment/skos:notation ?o }} ORDER BY ?s ?o"
    for iri, notation in kg.flat(query).iter_rows():
        _append(found[iri], "segment", notation)


def _put_related(kg: KnowledgeGraph, class_name: str, found: dict[str, Attributes]) -> None:
    for name in _RELATED:
        query = f"SELECT ?s ?o (LANG(?o) AS ?l) {{ ?s a cg:{class_name} ; cg:{name}/rdfs:label ?o }} ORDER BY ?s ?o"
        for iri, text, language in kg.flat(query).drop_nulls("o").iter_rows():
            _append(found[iri], f"{name}_zh" if (language or "").startswith("zh") else name, text)
        for data in found.values():
            if f"{name}_zh" in data:
                data.setdefault(name, data[f"{name}_zh"])


def _put_places(kg: KnowledgeGraph, class_name: str, found: dict[str, Attributes]) -> None:
    for name in ("latitude", "longitude"):
        for path in (f"cg:region/cg:{name}", f"cg:{name}"):
            query = f"SELECT ?s ?o {{ ?s a cg:{class_name} ; {path} ?o FILTER (isNumeric(?o)) }} ORDER BY ?s ?o"
            for iri, value in kg.flat(query).iter_rows():
                found[iri][name] = float(value)


def _append(data: Attributes, name: str, text: str) -> None:
    """Join several values with semicolons, because a network's attributes hold one text each."""
    known = data.get(name)
    if known is None:
        data[name] = text
    elif text not in str(known).split("; "):
        data[name] = f"{known}; {text}"
