"""Evidence: the quotes and the records of registers that state the nodes of a graph, and the SPARQL that finds them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from chaingraph.provenance import SEPARATOR
from chaingraph.vocabulary import short_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chaingraph.provenance import Record
    from chaingraph.store import KnowledgeGraph

SOURCE = """OPTIONAL { ?source rdfs:label ?title } OPTIONAL { ?source cg:url ?url }
    OPTIONAL { ?source cg:published ?published } OPTIONAL { ?source cg:publisher ?publisher }"""
"""Graph pattern: what is known of the ?source of a quote or record."""

STATES = f"""
  {{ ?statement cg:evidence ?quote . ?quote cg:exact ?exact
    OPTIONAL {{ ?quote cg:prefix ?prefix }} OPTIONAL {{ ?quote cg:suffix ?suffix }}
    OPTIONAL {{ ?quote cg:source ?source {SOURCE} }} }}
  UNION {{ ?statement cg:record ?record ; cg:source ?source {SOURCE} }}"""
"""Graph pattern: ?statement is stated by ?quote, with the words ?exact, or by ?record of a register."""

_EVIDENCE = f"SELECT ?statement ?quote ?exact ?record ?title ?url ?published {{ {STATES} }}"
_PARTS = ("exact", "record", "title", "url", "published")


class Evidence(NamedTuple):
    """What states the nodes of a graph.

    ``keys`` has by IRI the short IRIs of the quotes that state it, and its own where a register does; ``records`` has
    by each of these the words or the number in the register, with title, address and date of the source.
    """

    keys: Mapping[str, list[str]]
    records: Mapping[str, list[Record]]

    def of(self, *iris: str) -> str:
        """Return the keys of some nodes, each once, as the text of one attribute; empty where nothing states them."""
        return SEPARATOR.join(dict.fromkeys(key for iri in iris for key in self.keys.get(iri, ())))

    def records_of(self, texts: Iterable[str]) -> dict[str, list[Record]]:
        """Return the records of the keys that some texts of attributes name."""
        keys = {key for text in texts for key in text.split(SEPARATOR)}
        return {key: records for key, records in self.records.items() if key in keys}


def evidence(kg: KnowledgeGraph) -> Evidence:
    """Return what states each node of a graph, quotes in the order of their IRIs, then records of registers."""
    rows = kg.select_text(_EVIDENCE).sort("quote", "record", "title", "url", "published", nulls_last=True)
    keys: dict[str, list[str]] = {}
    records: dict[str, list[Record]] = {}
    for row in rows.iter_rows(named=True):
        key = short_name(row["quote"] or row["statement"])
        record = {name: row[name] for name in _PARTS if row[name] is not None}
        if key not in keys.setdefault(row["statement"], []):
            keys[row["statement"]].append(key)
        if record not in records.setdefault(key, []):
            records[key].append(record)
    return Evidence(keys, records)


def evidence_query(values: str) -> str:
    """Return the query for all that states some nodes: one row per node, quote or record, and detail of its source.

    Args:
        values: The nodes, as IRIs stand in VALUES: ``<urn:a> <urn:b>``.
    """
    names = "?statement ?quote ?exact ?prefix ?suffix ?record ?source ?title ?url ?published ?publisher"
    return (
        f"SELECT {names} {{ VALUES ?statement {{ {values} }} {STATES} }} ORDER BY ?statement ?quote ?record ?title ?url"
    )
