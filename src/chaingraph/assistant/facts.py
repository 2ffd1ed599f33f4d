"""What a graph states of one thing: attributes, relations and what is reported of it, each with its evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chaingraph.assistant.answers import SlicedRows
from chaingraph.assistant.statements import Namer, evidence_of, incoming, properties_of
from chaingraph.queries.node_classes import CLASSES
from chaingraph.queries.properties import relation_classes
from chaingraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chaingraph.identity.thing_index import ThingIndex
    from chaingraph.store import KnowledgeGraph

_CG = PREFIXES["cg"]
_REPORTED = ("ReportedCount", "Claim")
"""Classes of what sources report: counts without names, plans and denials."""

_SHORT_FORMS = {
    _CG + name
    for name in (
        *("leads", "memberOf", "participatesIn", "supplies", "suppliesTo", "holds", "shareholderOf", "partOf"),
        "inCluster",
    )
}
"""Properties that repeat what a relation says, without its role, time and source."""

_SOURCES = {_CG + name for name in ("evidence", "source")}
_HIDDEN = {
    *(f"{PREFIXES['rdf']}type", f"{PREFIXES['rdfs']}label", f"{PREFIXES['skos']}altLabel"),
    *(*_SOURCES, f"{_CG}record"),
}


def facts(kg: KnowledgeGraph, index: ThingIndex, iri: str, language: str) -> SlicedRows:
    """Return what a graph states of a thing, one row per fact, with the words or the record that state it.

    Args:
        kg: The graph.
        index: Its things by their names.
        iri: The thing.
        language: The language of names, zh or en.

    Returns:
        First attributes (``property``, ``value``), then what is reported and claimed, then relations: ``relation`` (a
        class), its properties, ``basis`` (reported for counts and claims, else known) and ``evidence``; then the
        things that lead to it by a property of their own (``of``). Only the rows that are asked for are read.
    """
    return _Facts(kg, Namer(index, language), iri).rows()


class _Facts:
    def __init__(self, kg: KnowledgeGraph, namer: Namer, iri: str) -> None:
        self._kg = kg
        self._namer = namer
        self._iri = iri
        order = {_CG + name: place for place, name in enumerate((*_REPORTED, *relation_classes()))}
        classes = {_CG + name for name in CLASSES}
        relations: dict[str, str] = {}
        self._links: list[tuple[str, str, str]] = []
        for _, name, subject, class_iri in incoming(kg, [iri]):
            if class_iri in order and name not in _SOURCES:
                relations[subject] = class_iri
            elif class_iri in classes and name not in _SHORT_FORMS | _SOURCES:
                self._links.append((subject, name, class_iri))
        self._relations = sorted(relations.items(), key=lambda pair: (order[pair[1]], pair[0]))

    def rows(self) -> SlicedRows:
        """Return the rows; of relations, that may be thousands, those that are asked for."""
        attributes = self._attributes()
        count = len(attributes) + len(self._relations)

        def between(start: int, end: int) -> list[dict[str, Any]]:
            relations = self._relations[max(0, start - len(attributes)) : max(0, end - len(attributes))]
            links = self._links[max(0, start - count) : max(0, end - count)]
            return [*attributes[start:end], *self._relation_rows(relations), *map(self._link_row, links)]

        return SlicedRows(count + len(self._links), between)

    def _attributes(self) -> list[dict[str, Any]]:
        """Return the thing's attributes, and the words that state the thing itself."""
        namer = self._namer
        own = properties_of(self._kg, [self._iri], without=_HIDDEN | _SHORT_FORMS)[self._iri]
        rows: list[dict[str, Any]] = []
        for name, texts in own.items():
            if not _is_bound(name):
                values = [namer.value(text) for text in texts]
                value = values[0] if len(values) == 1 else values
                rows.append({"property": namer.term(name), "value": value, "basis": "known"})
        evidence = evidence_of(self._kg, [self._iri])[self._iri]
        if evidence:
            rows.append({"property": namer.word("evidence"), "basis": "known", "evidence": evidence})
        return rows

    def _relation_rows(self, relations: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
        nodes = [node for node, _ in relations]
        evidence, properties = evidence_of(self._kg, nodes), properties_of(self._kg, nodes)
        rows = []
        for node, class_iri in relations:
            basis = "reported" if class_iri.removeprefix(_CG) in _REPORTED else "known"
            row: dict[str, Any] = {"relation": self._namer.term(class_iri), "basis": basis}
            for name, values in properties[node].items():
                others = [value for value in values if value != self._iri]
                if name not in _HIDDEN and others and not _is_bound(name):
                    row[self._namer.term(name)] = [self._namer.value(value) for value in others]
            rows.append(row | {"evidence": evidence[node]})
        return rows

    def _link_row(self, link: tuple[str, str, str]) -> dict[str, Any]:
        """Return a thing that a property of its own leads from, such as a platform of a consortium."""
        thing, name, class_iri = link
        return {
            "property": self._namer.term(name),
            "of": self._namer.value(thing),
            "class": class_iri.removeprefix(_CG),
            "basis": "known",
        }


def _is_bound(name: str) -> bool:
    """Tell whether a property bounds a date that another states as it was written."""
    return name.endswith(("Earliest", "Latest"))
