"""Tests of the protocol and of the service description: requests as the suite spells them, and what must come back."""

from __future__ import annotations

import http.client
import json
from typing import TYPE_CHECKING

import rdflib
from rdflib import RDF, Namespace, URIRef

from tests.conformance.manifest import Case, Exchange, cases
from tests.conformance.queries import ENDINGS, fill
from tests.servers import GIVE_UP

if TYPE_CHECKING:
    import httpx

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
NO_FILE = "http://kasei.us/2009/09/sparql/data/data0.rdf"
"""A graph that the requests name and of which the suite has no file."""
RANGES = {
    SD.endpoint: None,
    SD.feature: SD.Feature,
    SD.defaultEntailmentRegime: SD.EntailmentRegime,
    SD.entailmentRegime: SD.EntailmentRegime,
    SD.supportedEntailmentProfile: SD.EntailmentProfile,
    SD.extensionFunction: SD.Function,
    SD.extensionAggregate: SD.Aggregate,
    SD.languageExtension: SD.Feature,
    SD.supportedLanguage: SD.Language,
    SD.propertyFeature: SD.Feature,
    SD.defaultDataset: SD.Dataset,
    SD.availableGraphs: SD.GraphCollection,
    SD.resultFormat: None,
    SD.inputFormat: None,
    SD.defaultGraph: SD.Graph,
    SD.namedGraph: SD.NamedGraph,
    SD.name: None,
    SD.graph: SD.Graph,
}
"""The properties of a service description, each with the class of its values. Source: SPARQL 1.1 Service Description,
section 3.4."""
STANDARD_TERMS = {SD.SPARQL10Query, SD.SPARQL11Query, SD.SPARQL11Update}


def protocol_fault(client: httpx.Client, case: Case) -> str:
    """Return in what an answer to a protocol test's requests, sent one after the other, is wrong, or nothing."""
    graphs = {graph: file for other in cases("protocol") for graph, file in other.graphs}
    fill(client, (), [(NO_FILE, None), *sorted(graphs.items())])
    for exchange in case.exchanges:
        if fault := _fault(client, exchange):
            return fault
    return ""


def _fault(client: httpx.Client, exchange: Exchange) -> str:
    connection = http.client.HTTPConnection(client.base_url.host, client.base_url.port or 80, timeout=GIVE_UP)
    # A client library would add the Content-Type and Accept whose absence is what some of these requests are about.
    connection.putrequest(exchange.method, exchange.path)
    for name, value in exchange.headers:
        connection.putheader(name, value)
    if exchange.body is not None:
        connection.putheader("Content-Length", str(len(exchange.body)))
    connection.endheaders(exchange.body)
    response = connection.getresponse()
    content = response.read()
    connection.close()
    if str(response.status // 100) not in {status[0] for status in exchange.statuses}:
        expected = " or ".join(sorted(exchange.statuses))
        return f"expected the status {expected}, found {response.status}: {content.decode(errors='replace').strip()}"
    media_type = response.headers.get("content-type", "").partition(";")[0]
    if exchange.form is not None and (media_type == "text/turtle") != (exchange.form == "RDF"):
        return f"expected an answer in a format of {exchange.form}, found {media_type}"
    if exchange.form == "tabular" and "results" not in json.loads(content):
        return "expected rows, found none"
    if exchange.boolean is not None and (
        media_type not in ENDINGS or json.loads(content)["boolean"] != exchange.boolean
    ):
        return f"expected {exchange.boolean}, found {content.decode(errors='replace').strip()}"
    return ""


def description_fault(client: httpx.Client, case: Case) -> str:
    """Return in what the service description is not as a test wants it, or nothing."""
    fill(client, (), ())
    response = client.get("/sparql", headers={"Accept": "text/turtle"})
    if response.status_code != 200:
        return response.text.strip()
    graph = rdflib.Graph().parse(response.content, format="turtle")
    if case.name == "has-endpoint-triple":
        return "" if _has_endpoint(graph, str(response.url)) else "no service has this address as its sd:endpoint"
    if case.name == "conforms-to-schema":
        return ", ".join(sorted(set(_against_schema(graph))))
    assert case.name == "returns-rdf"
    return "" if len(graph) else "there is no triple"


def _has_endpoint(graph: rdflib.Graph, address: str) -> bool:
    services = list(graph.subjects(RDF.type, SD.Service))
    return any((service, SD.endpoint, URIRef(address)) in graph for service in services)


def _against_schema(graph: rdflib.Graph) -> list[str]:
    faults = []
    for subject, term, value in graph:
        if str(term).startswith(str(SD)) and term not in RANGES:
            faults.append(f"{term} is no property of service descriptions")
        expected = RANGES.get(URIRef(str(term)))
        if expected is not None and value not in STANDARD_TERMS and (value, RDF.type, expected) not in graph:
            faults.append(f"{value} of {term} is no {expected}")
        if term == SD.endpoint and (subject, RDF.type, SD.Service) not in graph:
            faults.append(f"{subject} has an endpoint and is no service")
    return faults
