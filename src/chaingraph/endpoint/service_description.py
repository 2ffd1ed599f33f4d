"""The service description: what the endpoint says of itself in RDF.

Source: W3C, SPARQL 1.1 Service Description, Recommendation of 21 March 2013.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import DCAT, DCTERMS, RDF, VOID, Graph, Literal, Namespace, URIRef

from chaingraph.endpoint.protocol import ROW_TYPES, TRIPLE_TYPES
from chaingraph.sparql.rdf_results import document_of_ntriples
from chaingraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    from chaingraph.endpoint.engine import Engine

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
FORMATS = Namespace("http://www.w3.org/ns/formats/")
_FORMAT_NAMES = {
    "application/sparql-results+json": "SPARQL_Results_JSON",
    "application/sparql-results+xml": "SPARQL_Results_XML",
    "text/csv": "SPARQL_Results_CSV",
    "text/tab-separated-values": "SPARQL_Results_TSV",
    "text/turtle": "Turtle",
    "application/n-triples": "N-Triples",
    "application/rdf+xml": "RDF_XML",
    "application/ld+json": "JSON-LD",
}
"""By media type the name of the format at the W3C."""

_PREFIXES = {name: PREFIXES[name] for name in ("cg", "dcat", "dcterms")} | {
    "formats": FORMATS,
    "sd": SD,
    "void": str(VOID),
}

DATA_SETS_QUERY = """CONSTRUCT { ?set a dcat:Dataset ; ?property ?value }
WHERE { ?set a dcat:Dataset ; ?property ?value VALUES ?property { dcterms:title dcterms:license cg:attribution } }"""
"""The query for what the data sets say of themselves, and whoever uses them must pass on."""


def service_description(address: str, engine: Engine, data_sets: bytes, media_type: str) -> bytes:
    """Return the description of the endpoint at an address, as a document of a media type.

    Args:
        address: The endpoint's own.
        engine: What answers there.
        data_sets: The answer to DATA_SETS_QUERY in N-Triples.
        media_type: One of TRIPLE_TYPES.
    """
    graph = Graph()
    service, data, default = URIRef(address), URIRef(f"{address}#dataset"), URIRef(f"{address}#default-graph")
    graph.add((service, RDF.type, SD.Service))
    graph.add((service, SD.endpoint, service))
    graph.add((service, SD.supportedLanguage, SD.SPARQL11Query))
    for name in (*ROW_TYPES, *TRIPLE_TYPES):
        graph.add((service, SD.resultFormat, FORMATS[_FORMAT_NAMES[name]]))
    graph.add((service, SD.defaultDataset, data))
    graph.add((data, RDF.type, SD.Dataset))
    graph.add((data, SD.defaultGraph, default))
    graph.add((default, RDF.type, SD.Graph))
    if not engine.graphs:
        graph.add((default, VOID.triples, Literal(engine.size)))
    for number, name in enumerate(sorted(engine.graphs)):
        named_graph = URIRef(f"{address}#graph-{number}")
        graph.add((data, SD.namedGraph, named_graph))
        graph.add((named_graph, RDF.type, SD.NamedGraph))
        graph.add((named_graph, SD.name, URIRef(name)))
    graph.parse(data_sets, format="nt")
    for data_set in graph.subjects(RDF.type, DCAT.Dataset):
        graph.add((default, DCTERMS.source, data_set))
    return document_of_ntriples(graph.serialize(format="nt", encoding="utf-8"), media_type, _PREFIXES)
