"""Every route over things whose IRIs and names have every legal sign: each page opens, and its links lead back to it.

The routes are those that the server itself lists, so that a new one is tried by itself.
"""

from __future__ import annotations

import csv
import io
import json
import re
from html import unescape
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from chaingraph.store import KnowledgeGraph
from tests.cli.test_odd_names import IRIS, NAMES
from tests.endpoint.client import PAGE
from tests.servers import end_server, start_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

BASE = "https://w3id.org/chaingraph/id/odd, set/organizations/".replace(" ", "%20")
SIGNS = [
    ",",
    ";",
    "'",
    "(",
    ")",
    "*",
    "!",
    "$",
    "&",
    "+",
    "=",
    ":",
    "@",
    "~",
    "%25",
    "%22",
    "?a=b",
    "#f",
    "/",
    "//",
    "/../x",
]
SIGNS += ["\u200f", "\u202e", "\u00a0", "甲", "é", "e\u0301", "\U0001f600", "."]
WORDS = [*NAMES, "two\nlines", "a\tb", "<b>x</b>", "{{x}}", "%s%n", "</script>", "x" * 500]
CONSORTIUM = "http://e/c,1"


def things() -> dict[str, str]:
    """Return by IRI the names of organizations: each sign in an IRI of the data set and of another place."""
    iris = [*IRIS, *(f"{base}x{sign}y" for base in (BASE, "http://e/") for sign in SIGNS)]
    return {ox.NamedNode(iri).value: f"{number} {WORDS[number % len(WORDS)]}" for number, iri in enumerate(iris)}


THINGS = things()


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    folder = tmp_path_factory.mktemp("odd")
    onto, label = "https://w3id.org/chaingraph/ontology#", "<http://www.w3.org/2000/01/rdf-schema#label>"
    lines = [f'<{CONSORTIUM}> a <{onto}Consortium> ; {label} "c, 1" .']
    lines += [
        f"<{iri}> a <{onto}Organization> ; {label} {ox.Literal(name, language='zh')} ;"
        f" <{onto}memberOf> <{CONSORTIUM}> ."
        f" <http://e/m{number}> a <{onto}Membership> ; <{onto}organization> <{iri}> ;"
        f" <{onto}consortium> <{CONSORTIUM}> ."
        for number, (iri, name) in enumerate(THINGS.items())
    ]
    (folder / "odd.ttl").write_text("\n".join(lines), encoding="utf-8")
    KnowledgeGraph.build([folder / "odd.ttl"], folder / "odd.kg")
    server = start_server(folder / "odd.kg", workers=2)
    yield server.client
    end_server(server)


def links(text: str) -> set[str]:
    return {unescape(one) for one in re.findall(r'href="([^"]*)"', text)}


def test_a_search_lists_every_thing_with_its_page_which_has_its_name(client: httpx.Client) -> None:
    for iri, name in THINGS.items():
        listed = client.get("/search.json", params={"q": name.split()[0]}).json()["things"]
        (address,) = [one["page"] for one in listed if one["iri"] == iri]
        assert client.get(address, headers={"Accept": "application/json"}).json()["iri"] == iri
        page = client.get(address, headers=PAGE)
        assert page.status_code == 200
        assert " ".join(name.split())[:40] in " ".join(unescape(page.text).split())


def test_every_page_that_the_page_of_a_consortium_links_to_links_back(client: httpx.Client) -> None:
    center = client.get("/thing", params={"iri": CONSORTIUM}, headers=PAGE)
    members = sorted(address for address in links(center.text) if address.startswith("/thing"))
    assert len(members) > 10
    for address in members:
        page = client.get(address, headers=PAGE)
        assert page.status_code == 200
        backwards = [one for one in links(page.text) if one.startswith("/thing") and "c%2C1" in one]
        assert client.get(backwards[0], headers={"Accept": "application/json"}).json()["iri"] == CONSORTIUM


def test_files_of_queries_have_what_is_in_the_graph(client: httpx.Client) -> None:
    query = "SELECT ?s ?n { ?s a cg:Organization ; rdfs:label ?n }"
    document = client.get("/sparql", params={"query": query}, headers={"Accept": "application/sparql-results+json"})
    rows = {(row["s"]["value"], row["n"]["value"]) for row in document.json()["results"]["bindings"]}
    assert rows == set(THINGS.items())
    text = client.get("/sparql.csv", params={"query": query}).content.decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert {iri for iri, _ in lines[1:]} == set(THINGS)


@pytest.mark.parametrize(
    "word", ['a, "b"; c|d', "甲\u200f\u202e", "100% & <b>", "two\nlines\tx", "'=1+1", "http://e/x#y?z=%2C"]
)
def test_every_route_takes_every_text_as_each_of_its_parameters(client: httpx.Client, word: str) -> None:
    document = client.get("/openapi.json").json()
    for path, methods in document["paths"].items():
        operation = methods.get("get")
        if operation is None:
            continue
        parameters = operation.get("parameters", [])
        address = path
        for one in parameters:
            if one["in"] == "path":
                address = address.replace("{" + one["name"] + "}", "x")
        values = {one["name"]: word for one in parameters if one["in"] == "query"}
        for accept in (PAGE["Accept"], "application/json"):
            response = client.get(address, params=values, headers={"Accept": accept})
            assert response.status_code < 500, (path, word, response.text[:200])
            if "json" in response.headers.get("content-type", ""):
                json.loads(response.text)


def test_what_is_posted_has_the_same_iris_and_names(client: httpx.Client) -> None:
    wanted = "\n".join(f"(<{iri}>)" for iri in THINGS)
    query = f"SELECT ?s ?n {{ VALUES (?s) {{ {wanted} }} ?s rdfs:label ?n }}"
    accept = {"Accept": "application/sparql-results+json"}
    as_form = client.post("/sparql", data={"query": query}, headers=accept)
    as_text = client.post("/sparql", content=query, headers={**accept, "Content-Type": "application/sparql-query"})
    for answer in (as_form, as_text):
        rows = {(row["s"]["value"], row["n"]["value"]) for row in answer.json()["results"]["bindings"]}
        assert rows == set(THINGS.items())
    lines = list(csv.reader(io.StringIO(client.post("/sparql.csv", data={"query": query}).text, newline="")))
    assert {iri for iri, _ in lines[1:]} == set(THINGS)


def test_a_reconciled_name_leads_to_its_thing_and_an_extended_thing_has_its_name(client: httpx.Client) -> None:
    names = [(iri, name) for iri, name in THINGS.items() if len(name) < 100][:40]
    queries = {f"q{number}": {"query": name, "limit": 10} for number, (_, name) in enumerate(names)}
    batch = {key: queries[key] for key in list(queries)}
    answers = client.post("/reconcile", data={"queries": json.dumps(batch)}).json()
    for number, (iri, _) in enumerate(names):
        assert iri in {one["id"] for one in answers[f"q{number}"]["result"]}
    request = {"ids": [iri for iri, _ in names], "properties": [{"id": "memberOf"}]}
    extended = client.post("/reconcile", data={"extend": json.dumps(request)}).json()["rows"]
    assert {iri: row["memberOf"][0]["id"] for iri, row in extended.items()} == {iri: CONSORTIUM for iri, _ in names}
