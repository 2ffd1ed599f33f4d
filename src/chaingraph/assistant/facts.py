"""What a graph states of one thing: attributes, relations and what is reported of it, each with its evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chaingraph.languages import text_in
from chaingraph.queries.evidence import evidence_query
from chaingraph.queries.node_classes import CLASSES
from chaingraph.queries.properties import relation_classes
from chaingraph.vocabulary import PREFIXES, short_name, term_labels

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from chaingraph.identity.thing_index import ThingIndex
    from chaingraph.store import KnowledgeGraph

_CG = PREFIXES["cg"]
_REPORTED = ("ReportedCount", "Claim")
"""Classes of what sources report: counts without names, plans and denials."""

_SHORT_FORMS = (
    *("leads", "memberOf", "participatesIn", "supplies", "suppliesTo", "holds", "shareholderOf", "partOf", "inCluster"),
)
"""Properties that repeat what a relation says, without its role, time and source."""

_HIDDEN = {
    *(f"{PREFIXES['rdf']}type", f"{PREFIXES['rdfs']}label", f"{PREFIXES['skos']}altLabel"),
    *(_CG + name for name in ("evidence", "source", "record")),
}
_OWN = "SELECT ?p ?o { <%s> ?p ?o } ORDER BY ?p ?o"
_NODES = """SELECT DISTINCT ?s ?c {{ ?s ?r <{iri}> ; a ?c VALUES ?c {{ {classes} }}
  FILTER (?r NOT IN (cg:source, cg:evidence)) }} ORDER BY ?c ?s"""
_LINKS = """SELECT ?s ?r ?c {{ ?s ?r <{iri}> ; a ?c VALUES ?c {{ {classes} }}
  FILTER (?r NOT IN ({short_forms})) }} ORDER BY ?r ?s"""
_MAX_VALUES = 500


def facts(kg: KnowledgeGraph, index: ThingIndex, iri: str, language: str) -> list[dict[str, Any]]:
    """Return what a graph states of a thing, one row per fact, with the words or the record that state it.

    Args:
        kg: The graph.
        index: Its things by their names.
        iri: The thing.
        language: The language of names, zh or en.

    Returns:
        First attributes (``property``, ``value``), then what is reported and claimed, then relations: ``relation`` (a
        class), its properties, ``basis`` (reported for counts and claims, else known) and ``evidence``; then the
        things that lead to it by a property of their own (``of``).
    """
    namer = _Namer(index, language)
    own = list(kg.select_text(_OWN % iri).iter_rows())
    statements = tuple(dict.fromkeys((*_REPORTED, *relation_classes())))
    classes = " ".join(f"cg:{name}" for name in statements)
    nodes = dict(kg.select_text(_NODES.format(iri=iri, classes=classes)).iter_rows())
    evidence = _evidence(kg, [iri, *nodes])
    rows: list[dict[str, Any]] = []
    hidden = _HIDDEN | {_CG + name for name in _SHORT_FORMS}
    for name in dict.fromkeys(name for name, _ in own if name not in hidden and not _is_bound(name)):
        values = [namer.value(value) for other, value in own if other == name]
        rows.append(
            {"property": namer.term(name), "value": values[0] if len(values) == 1 else values, "basis": "known"}
        )
    if evidence.get(iri):
        rows.append({"property": namer.word("evidence"), "basis": "known", "evidence": evidence[iri]})
    order = {_CG + name: place for place, name in enumerate(statements)}
    parts = _parts(kg, list(nodes))
    for node, class_iri in sorted(nodes.items(), key=lambda pair: (order[pair[1]], pair[0])):
        basis = "reported" if class_iri.removeprefix(_CG) in _REPORTED else "known"
        row: dict[str, Any] = {"relation": namer.term(class_iri), "basis": basis}
        for name, value in parts.get(node, ()):
            if name not in _HIDDEN and value != iri and not _is_bound(name):
                row.setdefault(namer.term(name), []).append(namer.value(value))
        rows.append(row | {"evidence": evidence.get(node, [])})
    return rows + _links(kg, namer, iri)


def _links(kg: KnowledgeGraph, namer: _Namer, iri: str) -> list[dict[str, Any]]:
    """Return the things that a property of their own leads from, such as the platforms of a consortium."""
    short_forms = ", ".join(f"cg:{name}" for name in (*_SHORT_FORMS, "source", "evidence"))
    classes = " ".join(f"cg:{name}" for name in CLASSES)
    frame = kg.select_text(_LINKS.format(iri=iri, classes=classes, short_forms=short_forms))
    return [
        {
            "property": namer.term(name),
            "of": namer.value(thing),
            "class": short_name(kind).removeprefix("cg:"),
            "basis": "known",
        }
        for thing, name, kind in frame.select("s", "r", "c").iter_rows()
    ]


def _is_bound(name: str) -> bool:
    """Tell whether a property bounds a date that another states as it was written."""
    return name.endswith(("Earliest", "Latest"))


def _parts(kg: KnowledgeGraph, nodes: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
    parts: dict[str, list[tuple[str, str]]] = {}
    for values in _values(nodes):
        frame = kg.select_text(f"SELECT ?s ?p ?o {{ VALUES ?s {{ {values} }} ?s ?p ?o }} ORDER BY ?s ?p ?o")
        for node, name, value in frame.iter_rows():
            parts.setdefault(node, []).append((name, value))
    return parts


def _evidence(kg: KnowledgeGraph, nodes: Sequence[str]) -> dict[str, list[dict[str, str]]]:
    evidence: dict[str, list[dict[str, str]]] = {}
    names = ("exact", "record", "title", "url", "published", "quote")
    for values in _values(nodes):
        for row in kg.select_text(evidence_query(values)).iter_rows(named=True):
            record = {name: short_name(row[name]) if name == "quote" else row[name] for name in names if row[name]}
            several = evidence.setdefault(row["statement"], [])
            if record and record not in several:
                several.append(record)
    return evidence


def _values(iris: Sequence[str]) -> Iterable[str]:
    unique = list(dict.fromkeys(iris))
    for start in range(0, len(unique), _MAX_VALUES):
        yield " ".join(f"<{iri}>" for iri in unique[start : start + _MAX_VALUES])


class _Namer:
    """Names things, terms and codes in one language."""

    def __init__(self, index: ThingIndex, language: str) -> None:
        self._index = index
        self._language = language

    def term(self, iri: str) -> str:
        """Return what a term of the ontology is called."""
        return text_in(term_labels().get(iri, {}), self._language) or short_name(iri).rpartition(":")[2]

    def word(self, name: str) -> str:
        """Return what a property of the ontology is called."""
        return self.term(_CG + name)

    def value(self, value: str) -> str | dict[str, str]:
        """Return a thing by its name and short IRI, a code by its label, anything else as it is."""
        if value in term_labels():
            return self.term(value)
        thing = self._index.thing(value)
        return {"name": thing.name(self._language), "id": short_name(value)} if thing else short_name(value)
