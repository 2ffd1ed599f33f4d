"""What a graph states of a few things, however large it is: their properties, their evidence and their names."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from chaingraph.languages import text_in
from chaingraph.queries.evidence import evidence_query
from chaingraph.vocabulary import PREFIXES, short_name, term_labels

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from chaingraph.identity.thing_index import ThingIndex
    from chaingraph.store import KnowledgeGraph

_MAX_VALUES = 500
_EVIDENCE_PARTS = ("exact", "record", "title", "url", "published", "quote")


def properties_of(
    kg: KnowledgeGraph, iris: Sequence[str], names: Collection[str] = (), *, without: Collection[str] = ()
) -> Mapping[str, Mapping[str, list[str]]]:
    """Return by IRI the values of its properties, sorted.

    Args:
        kg: The graph.
        iris: The things or relation nodes.
        names: The properties, as IRIs; all if empty.
        without: Properties that are left out.
    """
    only = f"FILTER (?p IN ({_listed(names)}))" if names else ""
    only += f" FILTER (?p NOT IN ({_listed(without)}))" if without else ""
    properties: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for values in _values(iris):
        frame = kg.select_text(f"SELECT ?s ?p ?o {{ VALUES ?s {{ {values} }} ?s ?p ?o {only} }}")
        for iri, name, value in frame.sort("s", "p", "o").iter_rows():
            properties[iri][name].append(value)
    return properties


def incoming(kg: KnowledgeGraph, iris: Sequence[str]) -> Iterator[tuple[str, str, str, str]]:
    """Return what has some things as the value of a property: the thing, the property, the subject and its class."""
    for values in _values(iris):
        # What lies around a thing is read from it outwards; to name the classes would begin with all of these.
        frame = kg.select_text(f"SELECT ?o ?p ?s ?c {{ VALUES ?o {{ {values} }} ?s ?p ?o . ?s a ?c }}")
        yield from frame.select("o", "p", "s", "c").sort("p", "s", "o", "c").iter_rows()


def classes_of(kg: KnowledgeGraph, iris: Sequence[str]) -> Mapping[str, list[str]]:
    """Return by IRI its classes, as IRIs."""
    name = f"{PREFIXES['rdf']}type"
    return {iri: values[name] for iri, values in properties_of(kg, iris, [name]).items()}


def evidence_of(kg: KnowledgeGraph, iris: Sequence[str]) -> Mapping[str, list[dict[str, str]]]:
    """Return by IRI the words and records of registers that state it, each once, with their sources."""
    evidence: dict[str, list[dict[str, str]]] = defaultdict(list)
    for values in _values(iris):
        for row in kg.select_text(evidence_query(values)).iter_rows(named=True):
            record = {
                name: short_name(row[name]) if name == "quote" else row[name] for name in _EVIDENCE_PARTS if row[name]
            }
            if record and record not in evidence[row["statement"]]:
                evidence[row["statement"]].append(record)
    return evidence


def _listed(names: Collection[str]) -> str:
    return ", ".join(f"<{name}>" for name in sorted(names))


def _values(iris: Sequence[str]) -> Iterator[str]:
    unique = list(dict.fromkeys(iris))
    for start in range(0, len(unique), _MAX_VALUES):
        yield " ".join(f"<{iri}>" for iri in unique[start : start + _MAX_VALUES])


class Namer:
    """Names things, terms and codes in one language."""

    def __init__(self, index: ThingIndex, language: str) -> None:
        self._index = index
        self._language = language

    def term(self, iri: str) -> str:
        """Return what a term of the ontology is called."""
        return text_in(term_labels().get(iri, {}), self._language) or short_name(iri).rpartition(":")[2]

    def word(self, name: str) -> str:
        """Return what a property of the ontology is called."""
        return self.term(PREFIXES["cg"] + name)

    def thing(self, iri: str) -> dict[str, str]:
        """Return a thing by its name and short IRI."""
        thing = self._index.thing(iri)
        return {"id": short_name(iri), "name": thing.name(self._language) if thing else short_name(iri)}

    def value(self, value: str) -> str | dict[str, str]:
        """Return a thing by its name and short IRI, a code by its label, anything else as it is."""
        if value in term_labels():
            return self.term(value)
        return self.thing(value) if self._index.thing(value) else short_name(value)
