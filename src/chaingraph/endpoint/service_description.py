"""The service description: what the endpoint says of itself in RDF.

Source: W3C, SPARQL 1.1 Service Description, Recommendation of 21 March 2013.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from chaingraph.endpoint.protocol import ROW_TYPES, TRIPLE_TYPES
from chaingraph.endpoint.workers.query_worker import graph_document
from chaingraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    from chaingraph.endpoint.workers.engine import Engine

SD = "http://www.w3.org/ns/sparql-service-description#"
VOID = "http://rdfs.org/ns/void#"
_FORMATS = "http://www.w3.org/ns/formats/"
_RESULTS = {
    "application/sparql-results+json": "SPARQL_Results_JSON",
    "application/sparql-results+xml": "SPARQL_Results_XML",
    "text/csv": "SPARQL_Results_CSV",
    "text/tab-separated-values": "SPARQL_Results_TSV",
    "text/turtle": "Turtle",
    "application/n-triples": "N-Triples",
    "application/rdf+xml": "RDF_XML",
    "application/ld+json": "JSON-LD",
}


ABOUT = """CONSTRUCT { ?set a dcat:Dataset ; ?property ?value }
WHERE { ?set a dcat:Dataset ; ?property ?value VALUES ?property { dcterms:title dcterms:license cg:attribution } }"""
"""What the data sets say of themselves, and whoever uses them must pass on."""


def description(address: str, engine: Engine, about: bytes, media_type: str) -> bytes:
    """Return the description of the endpoint at an address, as a document of a media type.

    Args:
        address: The endpoint's own.
        engine: What answers there.
        about: The answer to ABOUT in N-Triples.
        media_type: One by which triples can be had.
    """
    service = ox.NamedNode(address)
    data, default = (ox.NamedNode(f"{address}#{name}") for name in ("dataset", "default-graph"))
    triples = [
        _statement(service, f"{PREFIXES['rdf']}type", ox.NamedNode(f"{SD}Service")),
        _statement(service, f"{SD}endpoint", service),
        _statement(service, f"{SD}supportedLanguage", ox.NamedNode(f"{SD}SPARQL11Query")),
        *(
            _statement(service, f"{SD}resultFormat", ox.NamedNode(f"{_FORMATS}{_RESULTS[name]}"))
            for name in (*ROW_TYPES, *TRIPLE_TYPES)
        ),
        _statement(service, f"{SD}defaultDataset", data),
        _statement(data, f"{PREFIXES['rdf']}type", ox.NamedNode(f"{SD}Dataset")),
        _statement(data, f"{SD}defaultGraph", default),
        _statement(default, f"{PREFIXES['rdf']}type", ox.NamedNode(f"{SD}Graph")),
    ]
    if not engine.graphs:
        triples.append(_statement(default, f"{VOID}triples", ox.Literal(engine.size)))
    for number, name in enumerate(sorted(engine.graphs)):
        graph = ox.NamedNode(f"{address}#graph-{number}")
        triples += [
            _statement(data, f"{SD}namedGraph", graph),
            _statement(graph, f"{PREFIXES['rdf']}type", ox.NamedNode(f"{SD}NamedGraph")),
            _statement(graph, f"{SD}name", ox.NamedNode(name)),
        ]
    said = sorted((quad.triple for quad in ox.parse(about, ox.RdfFormat.N_TRIPLES)), key=str)
    for name in dict.fromkeys(triple.subject for triple in said):
        triples.append(ox.Triple(default, ox.NamedNode(f"{PREFIXES['dcterms']}source"), name))
    known = {name: PREFIXES[name] for name in ("cg", "dcat", "dcterms")}
    prefixes = known | {"sd": SD, "void": VOID, "formats": _FORMATS}
    return graph_document([*triples, *said], media_type, prefixes)


def _statement(subject: ox.NamedNode, predicate: str, value: ox.NamedNode | ox.Literal) -> ox.Triple:
    return ox.Triple(subject, ox.NamedNode(predicate), value)
