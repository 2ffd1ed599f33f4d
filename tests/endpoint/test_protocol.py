"""The SPARQL protocol as a client meets it, over a real server."""

from __future__ import annotations

import csv
import gzip
import io
import json
from typing import TYPE_CHECKING

import httpx
import pyoxigraph as ox
import pytest

from chaingraph.endpoint.protocol import ROW_TYPES, TRIPLE_TYPES
from chaingraph.store import KnowledgeGraph

if TYPE_CHECKING:
    from pathlib import Path

NAMES = "SELECT ?c ?n { ?c a cg:Consortium ; rdfs:label ?n } ORDER BY ?c ?n"
GRAPH = "CONSTRUCT { ?c rdfs:label ?n } { ?c a cg:Consortium ; rdfs:label ?n }"
ALL = "SELECT * { ?s ?p ?o }"
FORM = "application/x-www-form-urlencoded"


def rows_of(response: httpx.Response) -> set[tuple[str, ...]]:
    """Return the rows of a SELECT answer in any of the four formats."""
    solutions = ox.parse_query_results(
        response.content, ox.QueryResultsFormat.from_media_type(response.headers["content-type"].partition(";")[0])
    )
    assert isinstance(solutions, ox.QuerySolutions)
    return {tuple(str(term) for term in solution) for solution in solutions}


@pytest.fixture
def names(store: Path) -> set[tuple[str, ...]]:
    """The rows of NAMES, from the store itself."""
    frame = KnowledgeGraph.open(store).select_text(NAMES)
    assert len(frame) > 5
    return {(f"<{c}>", n) for c, n in frame.iter_rows()}


def test_a_query_comes_in_the_address_in_a_form_or_as_the_body(client: httpx.Client) -> None:
    by_address = client.get("/sparql", params={"query": NAMES})
    by_form = client.post("/sparql", data={"query": NAMES})
    by_body = client.post(
        "/sparql/", content=NAMES, headers={"Content-Type": "application/sparql-query; charset=UTF-8"}
    )
    assert by_address.status_code == by_form.status_code == by_body.status_code == 200
    assert by_address.content == by_form.content == by_body.content
    assert client.head("/sparql", params={"query": NAMES}).content == b""


@pytest.mark.parametrize("media_type", ROW_TYPES)
def test_rows_come_in_the_format_that_is_asked_for(
    client: httpx.Client, names: set[tuple[str, ...]], media_type: str
) -> None:
    response = client.get("/sparql", params={"query": NAMES}, headers={"Accept": f"image/png, {media_type};q=0.2"})
    assert response.headers["content-type"].partition(";")[0] == media_type
    if media_type == "text/csv":
        rows = list(csv.reader(io.StringIO(response.text)))
        assert rows[0] == ["c", "n"]
        assert {(f"<{c}>", n) for c, n in rows[1:]} == names
    else:
        assert {(c, n.partition('"')[2].rpartition('"')[0]) for c, n in rows_of(response)} == names


@pytest.mark.parametrize("media_type", TRIPLE_TYPES)
def test_triples_come_in_the_format_that_is_asked_for(
    client: httpx.Client, names: set[tuple[str, ...]], media_type: str
) -> None:
    response = client.get("/sparql", params={"query": GRAPH}, headers={"Accept": media_type})
    assert response.headers["content-type"].partition(";")[0] == media_type
    rdf_format = ox.RdfFormat.from_media_type(media_type)
    assert rdf_format is not None
    triples = {
        (str(quad.subject), quad.object.value)
        for quad in ox.parse(response.content, rdf_format)
        if isinstance(quad.object, ox.Literal)
    }
    assert triples == names


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json"),
        ("application/json", "application/sparql-results+json"),
        ("application/xml", "application/sparql-results+xml"),
        ("text/csv;q=0.5, text/tab-separated-values", "text/tab-separated-values"),
        ("text/csv;q=0, text/*", "text/tab-separated-values"),
        ("text/html;q=0.1, text/csv", "text/csv"),
    ],
)
def test_the_format_is_the_one_that_the_client_likes_best(client: httpx.Client, accept: str, expected: str) -> None:
    response = client.get("/sparql", params={"query": NAMES}, headers={"Accept": accept})
    assert response.headers["content-type"].partition(";")[0] == expected


def test_a_format_that_cannot_be_had_is_refused_with_those_that_can(client: httpx.Client) -> None:
    response = client.get("/sparql", params={"query": GRAPH}, headers={"Accept": "text/csv"})
    assert (response.status_code, response.text) == (
        406,
        "the answer is triples; it can be had as text/turtle, application/n-triples, application/rdf+xml, "
        "application/ld+json\n",
    )


def test_an_answer_with_too_many_rows_is_cut_and_says_so(client: httpx.Client) -> None:
    cut = client.get("/sparql", params={"query": ALL})
    assert cut.headers["x-truncated"] == "after 500 rows"
    assert len(cut.json()["results"]["bindings"]) == 500
    graph = client.get("/sparql", params={"query": "CONSTRUCT WHERE { ?s ?p ?o }"}, headers={"Accept": "text/plain"})
    assert graph.headers["x-truncated"] == "after 500 triples"
    assert len(graph.text.splitlines()) == 500
    whole = client.get("/sparql", params={"query": f"{ALL} LIMIT 500"})
    assert "x-truncated" not in whole.headers
    assert whole.content == cut.content


def test_a_client_that_holds_the_answer_is_not_sent_it_again(client: httpx.Client) -> None:
    first = client.get("/sparql", params={"query": NAMES})
    again = client.get("/sparql", params={"query": NAMES}, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    as_csv = {"If-None-Match": first.headers["etag"], "Accept": "text/csv"}
    assert client.get("/sparql", params={"query": NAMES}, headers=as_csv).status_code == 200
    assert "etag" not in client.post("/sparql", data={"query": NAMES}).headers


def test_an_answer_is_compressed_for_a_client_that_says_it_can_read_that(client: httpx.Client) -> None:
    plain = client.get("/sparql", params={"query": ALL})
    with client.stream("GET", "/sparql", params={"query": ALL}, headers={"Accept-Encoding": "gzip"}) as response:
        raw = b"".join(response.iter_raw())
    assert response.headers["content-encoding"] == "gzip"
    assert gzip.decompress(raw) == plain.content
    assert 4 * len(raw) < len(plain.content)
    refusing = client.get("/sparql", params={"query": ALL}, headers={"Accept-Encoding": "gzip;q=0"})
    assert "content-encoding" not in refusing.headers


@pytest.mark.parametrize("accept", TRIPLE_TYPES)
def test_the_endpoint_describes_itself(client: httpx.Client, store: Path, accept: str) -> None:
    response = client.get("/sparql", headers={"Accept": accept})
    rdf_format = ox.RdfFormat.from_media_type(accept)
    assert rdf_format is not None
    description = ox.Store()
    description.extend(ox.parse(response.content, rdf_format))
    sd = "PREFIX sd: <http://www.w3.org/ns/sparql-service-description#> PREFIX void: <http://rdfs.org/ns/void#>"
    solutions = description.query(
        f"{sd} SELECT ?e ?n {{ ?x a sd:Service ; sd:endpoint ?e ; sd:defaultDataset ?d ."
        " ?d a sd:Dataset ; sd:defaultGraph ?g . ?g a sd:Graph ; void:triples ?n }"
    )
    assert isinstance(solutions, ox.QuerySolutions)
    assert [(str(row["e"]), str(row["n"]).split('"')[1]) for row in solutions] == [
        (f"<{str(client.base_url).rstrip('/')}/sparql>", str(len(KnowledgeGraph.open(store))))
    ]


def test_the_description_passes_on_what_the_data_sets_ask_to_be_said(client: httpx.Client, store: Path) -> None:
    description = ox.Store()
    description.load(client.get("/sparql", headers={"Accept": "text/turtle"}).content, ox.RdfFormat.TURTLE)
    solutions = description.query(
        "PREFIX cg: <https://w3id.org/chaingraph/ontology#> PREFIX dcterms: <http://purl.org/dc/terms/>"
        " SELECT DISTINCT ?l ?a { ?g dcterms:source ?d . ?d dcterms:license ?l ; cg:attribution ?a"
        " FILTER (LANG(?a) != 'zh') }"
    )
    assert isinstance(solutions, ox.QuerySolutions)
    attributions = [(row["l"].value, row["a"].value) for row in solutions]
    data_sets = KnowledgeGraph.open(store).data_sets()
    assert attributions == [(one["licence"], one["attribution"]) for one in data_sets]


@pytest.mark.parametrize(
    ("method", "parameters", "content", "content_type", "expected"),
    [
        ("GET", {"query": "ASK {"}, None, None, "400 the query cannot be read: error at 1:6"),
        ("GET", [("query", "ASK {}"), ("query", "ASK {}")], None, None, "400 the request holds 2 parameters 'query'"),
        ("GET", {"update": "CLEAR ALL"}, None, None, "400 an update must be sent by POST"),
        ("POST", {}, b"update=CLEAR%20ALL", FORM, "400 this endpoint is read-only"),
        ("POST", {}, b"CLEAR ALL", "application/sparql-update", "400 this endpoint is read-only"),
        ("POST", {}, b"query=ASK{}&update=CLEAR+ALL", FORM, "400 the request holds a query and an update"),
        ("POST", {}, b"", FORM, "400 the request holds 0 parameters 'query'"),
        ("POST", {}, b"ASK {}", "text/plain", "415 the body's Content-Type is 'text/plain', expected"),
        ("POST", {}, b"query=ASK{}", None, "415 the body's Content-Type is none, expected"),
        ("POST", {}, "ASK {}".encode("utf-16"), "application/sparql-query; charset=UTF-16", "415 the body is said"),
        ("POST", {}, b"ASK { ?s ?p '\xff' }", "application/sparql-query", "400 the body is not in UTF-8: byte 14"),
        ("POST", {}, b"query=%ff", FORM, "400 the request's parameters are not percent-encoded UTF-8"),
        ("GET", [("a", "b")] * 101, None, None, "400 the request has more than 100 parameters"),
        ("GET", {"query": "ASK {}", "default-graph-uri": "a b"}, None, None, "400 the parameter 'default-graph-uri'"),
        ("GET", {"query": "ASK {}", "named-graph-uri": "http://a/"}, None, None, "400 the graph http://a/ is not in"),
        ("PUT", {}, b"", None, "405 Method Not Allowed"),
    ],
)
def test_a_request_that_the_protocol_does_not_know_is_refused_with_the_reason(
    client: httpx.Client,
    method: str,
    parameters: dict[str, str] | list[tuple[str, str | int | float | bool | None]],
    content: bytes | None,
    content_type: str | None,
    expected: str,
) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    response = client.request(method, "/sparql", params=parameters, content=content, headers=headers)
    assert f"{response.status_code} {response.text}".startswith(expected)
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:99", "127.0.0.1", "[::1]:8000", "10.1.2.3", "kg.example.org"])
def test_the_endpoint_answers_for_its_own_names_and_for_plain_addresses(client: httpx.Client, host: str) -> None:
    assert client.get("/sparql", params={"query": "ASK {}"}, headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "a b", "", "x:y"])
def test_a_foreign_name_that_leads_to_the_endpoint_gets_no_answer(client: httpx.Client, host: str) -> None:
    response = client.get("/sparql", params={"query": "ASK {}"}, headers={"Host": host})
    assert response.status_code in {400, 421}
    assert "true" not in response.text


def test_only_pages_of_the_sites_that_were_named_may_read_answers(client: httpx.Client) -> None:
    friendly = client.get("/sparql", params={"query": ALL}, headers={"Origin": "https://a.example"})
    other = client.get("/sparql", params={"query": ALL}, headers={"Origin": "https://b.example"})
    assert friendly.headers["access-control-allow-origin"] == "https://a.example"
    assert "X-Truncated" in friendly.headers["access-control-expose-headers"]
    assert "access-control-allow-origin" not in other.headers


def test_the_same_query_gives_the_same_bytes(client: httpx.Client) -> None:
    answers = {
        (accept, client.get("/sparql", params={"query": GRAPH}, headers={"Accept": accept}).content)
        for _ in range(4)
        for accept in TRIPLE_TYPES
    }
    assert len(answers) == len(TRIPLE_TYPES)


def test_the_prefixes_of_the_graph_are_known_and_relative_names_are_the_endpoints(client: httpx.Client) -> None:
    response = client.get("/sparql", params={"query": "SELECT (<a> AS ?a) (cg:leads AS ?b) {}"})
    assert json.loads(response.text)["results"]["bindings"] == [
        {
            "a": {"type": "uri", "value": f"{str(client.base_url).rstrip('/')}/a"},
            "b": {"type": "uri", "value": "https://w3id.org/chaingraph/ontology#leads"},
        }
    ]


def test_a_graph_that_rdf_xml_cannot_hold_is_not_acceptable_in_it(client: httpx.Client) -> None:
    text = "CONSTRUCT { <http://e.org/s> <http://e.org/1> 'v' } {}"
    response = client.get("/sparql", params={"query": text}, headers={"Accept": "application/rdf+xml"})
    assert (response.status_code, response.text) == (
        406,
        "RDF/XML cannot hold this graph: the property <http://e.org/1> does not end in a name; write Turtle (.ttl)\n",
    )
    assert client.get("/sparql", params={"query": text}, headers={"Accept": "text/turtle"}).status_code == 200


def test_the_columns_of_a_star_come_in_the_order_of_the_query(client: httpx.Client) -> None:
    text = "SELECT * { ?z ?y ?x OPTIONAL { ?x ?y ?a } }"
    response = client.get("/sparql", params={"query": text}, headers={"Accept": "text/csv"})
    assert response.text.splitlines()[0] == "z,y,x,a"
