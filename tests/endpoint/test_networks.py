"""Networks on demand: what an address may say, what an answer becomes, and the child process that draws."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import os
import signal
import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote
from xml.etree import ElementTree as ET

import httpx
import networkx as nx
import pytest

import chaingraph as cg
from chaingraph import networks
from chaingraph.endpoint.engine import RefusedError
from chaingraph.endpoint.limits import Limits
from chaingraph.endpoint.pages.network_parameters import network_request, values_of
from chaingraph.endpoint.workers.network_pool import NetworkPool, RenderedNetwork
from chaingraph.endpoint.workers.network_worker import NetworkReply, render_network
from chaingraph.endpoint.workers.process import WorkerProcess
from chaingraph.endpoint.workers.result_network import network_of_rows, network_of_triples
from chaingraph.errors import NetworkError, UsageError
from chaingraph.export.network_json import node_link
from chaingraph.export.networks import graphml, tie_csv
from chaingraph.provenance import data_sets, left_out
from chaingraph.store import KnowledgeGraph
from chaingraph.store.versions import open_version
from tests.servers import GIVE_UP, eventually, kill

if TYPE_CHECKING:
    from tests.servers import ServerProcess

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="reads what processes use from /proc")

PAGE = {"Accept": "text/html", "Accept-Language": "en"}
ID, CG = "https://w3id.org/chaingraph/id/cn", "https://w3id.org/chaingraph/ontology#"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"


@pytest.fixture(scope="module")
def kg(store: Path) -> KnowledgeGraph:
    return KnowledgeGraph.open(store)


@pytest.mark.parametrize(
    ("pairs", "reason"),
    [
        ([("projektion", "whole")], "there is no parameter 'projektion'"),
        ([("projection", "all")], "'projection' holds 'all', expected one of co_membership"),
        ([("projection", "whole"), ("projection", "chain")], "'projection' stands more than once"),
        ([("projection", "whole"), ("query", "ASK {}")], "projection and query stand together"),
        ([("at", "2022"), ("since", "2020")], "'at' stands beside 'since'"),
        ([("until", "2022-13")], "'until' holds '2022-13', expected a year, month or day"),
        ([("minimum", "nan")], "'minimum' holds 'nan', expected a number from 0 on"),
        ([("role", "boss")], "'role' holds 'boss', expected one of lead"),
        ([("region", "a\0")], "expected a text without null characters"),
    ],
)
def test_a_parameter_that_does_not_fit_is_refused(pairs: list[tuple[str, str]], reason: str) -> None:
    with pytest.raises(RefusedError) as refused:
        values_of(pairs)
    assert reason in refused.value.reason
    assert refused.value.status == 400


def test_an_address_becomes_a_selection() -> None:
    pairs = [("projection", "affiliation"), ("role", "lead"), ("role", "member"), ("since", "2020"), ("lang", "en")]
    pairs += [("minimum", "2"), ("isolates", "no"), ("region", " "), ("colour", "cg:founded")]
    drawing = network_request(values_of(pairs), "page", "en", 1000)
    assert drawing == {
        "document": "page",
        "projection": "affiliation",
        "expand": [],
        "filters": {"isolates": False, "roles": ["lead", "member"], "between": ["2020", "9999"], "minimum": 2.0},
        "around": "",
        "steps": 1,
        "answer_type": "",
        "truncated_after": 0,
        "colour": "cg:founded",
        "size": "degree",
        "layout": "",
        "draws_isolates": False,
        "language": "en",
        "max_bytes": 1000,
    }


def test_statements_become_nodes_ties_and_attributes(kg: KnowledgeGraph) -> None:
    region = f"{ID}/regions/{_regions(kg)[0]}"
    lines = [
        f"<http://a/x> <{CG}region> <{region}> .",
        '<http://a/x> <http://a/n> "2"^^<http://www.w3.org/2001/XMLSchema#integer> .',
        '<http://a/x> <http://a/w> "b" .',
        '<http://a/x> <http://a/w> "a" .',
        f'<http://a/x> <{LABEL}> "甲"@zh .',
        f"<http://a/x> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{CG}Organization> .",
        "_:b <http://a/p> <http://a/x> .",
    ]
    network = network_of_triples(kg, "\n".join(lines).encode())
    name = f"id:cn/regions/{_regions(kg)[0]}"
    assert network.nodes["http://a/x"] == {
        "label_zh": "甲",
        "type": "Organization",
        "http://a/n": 2,
        "http://a/w": "a; b",
        "label": "甲",
    }
    assert network.nodes[name]["type"] == "Region"
    assert (
        network.nodes[name]["label_zh"]
        == kg.select_text(f"SELECT ?n {{ <{region}> rdfs:label ?n FILTER (LANG(?n) = 'zh') }}")["n"][0]
    )
    assert list(network.edges(data=True)) == [("http://a/x", name, {"relation": "region"})]
    assert left_out(network) == {"statements about a node without an IRI": 1}
    assert data_sets(network) == kg.data_sets()


def _regions(kg: KnowledgeGraph) -> list[str]:
    return [str(iri).rpartition("/")[2] for iri in kg.select_text("SELECT ?r { ?r a cg:Region } ORDER BY ?r")["r"]]


def _rows(*rows: dict[str, tuple[str, str]]) -> bytes:
    bindings = [{name: {"type": kind, "value": value} for name, (kind, value) in row.items()} for row in rows]
    return json.dumps({"head": {"vars": ["a", "n", "b"]}, "results": {"bindings": bindings}}).encode()


def test_rows_become_ties_between_their_first_two_things(kg: KnowledgeGraph) -> None:
    full = {"a": ("uri", "http://a/x"), "n": ("literal", "7"), "b": ("uri", "http://a/y")}
    network = network_of_rows(kg, _rows(full, {"a": ("uri", "http://a/x")}))
    assert list(network.edges(data=True)) == [("http://a/x", "http://a/y", {"n": "7", "relation": "a-b"})]
    assert left_out(network) == {"rows without both ends": 1}


def test_rows_of_one_thing_are_no_network(kg: KnowledgeGraph) -> None:
    with pytest.raises(NetworkError, match="the rows have 1 columns of IRIs, expected two"):
        network_of_rows(kg, _rows({"a": ("uri", "http://a/x"), "b": ("literal", "y")}))


def test_the_neighbourhood_of_a_thing_does_not_pass_through_regions() -> None:
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    network.add_nodes_from([(name, {"label": name, "type": "Organization"}) for name in "abcd"])
    network.add_node("r", label="R", label_zh="地区", type="Region")
    network.add_edges_from([("a", "b"), ("c", "b"), ("a", "r"), ("d", "r")])
    assert sorted(networks.neighbourhood(network, "a", 1)) == ["a", "b", "r"]
    assert sorted(networks.neighbourhood(network, "a", 2)) == ["a", "b", "c", "r"]
    around = networks.neighbourhood(network, "r", 1)
    assert sorted(around) == ["a", "d", "r"]
    assert (around.graph["name"], around.graph["name_zh"]) == ("around R", "地区的周围")
    with pytest.raises(UsageError, match="no thing of the graph is 'x'"):
        networks.neighbourhood(network, "x", 1)


def test_documents_of_a_network_take_hostile_values() -> None:
    network: nx.Graph[str] = nx.Graph(name="n", datasets=[{"attribution": "A"}], left_out={"rows": 2})
    network.add_node("a", label="=cmd|' /C calc'!A0", quotes=[{"exact": "x"}])
    network.add_edge("a", "b", weight=float("nan"), note="bad\x00\x1f", many=["x"])
    rows = list(csv.DictReader(io.StringIO(tie_csv(network).decode("utf-8-sig"))))
    assert rows == [
        {
            "source": "a",
            "target": "b",
            "type": "Undirected",
            "weight": "",
            "source_label": "'=cmd|' /C calc'!A0",
            "target_label": "b",
            "note": "bad\x00\x1f",
            "many": "x",
        }
    ]
    document = json.loads(node_link(network))
    assert document["links"] == [{"source": "a", "target": "b", "weight": None, "note": "bad\x00\x1f", "many": ["x"]}]
    assert document["nodes"][0] == {"id": "a", "label": "=cmd|' /C calc'!A0", "quotes": [{"exact": "x"}]}
    root = ET.fromstring(graphml(network))
    assert {element.text for element in root.iter() if element.tag.endswith("}data")} >= {
        "A",
        "2",
        "bad\ufffd\ufffd",
        "=cmd|' /C calc'!A0",
    }


def test_a_projection_comes_as_json_as_the_library_makes_it(client: httpx.Client, kg: KnowledgeGraph) -> None:
    parameters = {"projection": "affiliation", "role": "lead", "isolates": "no"}
    network = networks.affiliation(kg, quotes=True, roles=["lead"], isolates=False)
    assert client.get("/network.json", params=parameters).content == node_link(network)
    tables = client.get("/network.csv", params=parameters).content.decode("utf-8-sig")
    assert len(list(csv.DictReader(io.StringIO(tables)))) == network.number_of_edges()


def test_the_page_of_a_network_stands_in_a_sandbox_below_its_form(client: httpx.Client, kg: KnowledgeGraph) -> None:
    html = client.get("/network", params={"projection": "hosting", "isolates": "no"}, headers=PAGE).text
    network = networks.hosting(kg, isolates=False)
    assert f"<strong>Nodes: {len(network):,}, ties: {network.number_of_edges():,}</strong>" in html
    assert '<iframe src="/network/page?projection=hosting&amp;isolates=no&amp;lang=en"' in html
    assert 'sandbox="allow-scripts allow-downloads allow-popups allow-popups-to-escape-sandbox"' in html
    response = client.get("/network/page?projection=hosting&isolates=no&lang=en")
    assert response.headers["content-security-policy"].startswith("sandbox allow-scripts allow-downloads")
    assert "allow-same-origin" not in response.headers["content-security-policy"]
    assert response.headers["x-frame-options"] == "SAMEORIGIN"
    assert '<html lang="en"' in response.text[:400]
    again = client.get(
        "/network/page?projection=hosting&isolates=no&lang=en", headers={"If-None-Match": response.headers["etag"]}
    )
    assert again.status_code == 304


def test_a_construct_query_is_drawn_and_what_it_leaves_out_is_said(client: httpx.Client) -> None:
    query = "CONSTRUCT { ?a cg:within ?b . [] rdfs:seeAlso ?a } WHERE { ?a cg:within ?b }"
    html = client.get("/network", params={"query": query}, headers=PAGE).text
    count = client.get("/sparql", params={"query": "SELECT (COUNT(*) AS ?n) { ?a cg:within ?b }"}).json()
    number = count["results"]["bindings"][0]["n"]["value"]
    assert f", ties: {number}</strong>" in html
    assert f"Not drawn: <bdi>statements about a node without an IRI</bdi> {number}" in html


def test_the_surroundings_of_a_thing_are_drawn_under_its_name(client: httpx.Client, kg: KnowledgeGraph) -> None:
    consortium = str(kg.select_text("SELECT ?c { ?m cg:consortium ?c } ORDER BY ?c LIMIT 1")["c"][0])
    document = client.get("/network.json", params={"around": consortium}).json()
    whole = networks.whole(kg)
    centre = consortium.replace("https://w3id.org/chaingraph/id/", "id:")
    neighbours = {centre, *whole.successors(centre), *whole.predecessors(centre)}
    assert {node["id"] for node in document["nodes"]} == neighbours


@pytest.mark.parametrize(
    ("address", "status", "reason"),
    [
        ("/network.json", 400, "no network is named"),
        ("/network.json?around=http://a/nobody", 400, "no thing of the graph is 'http://a/nobody'"),
        ("/network.json?query=ASK+{}", 400, "the query asks for a truth value"),
        ("/network.json?query=SELECT+*+{+SERVICE+<http://a/>+{}+}", 400, "SERVICE"),
        (
            "/network.json?projection=whole&region=Atlantis",
            400,
            "'region' is 'Atlantis', which nothing of that kind in the graph is called",
        ),
    ],
)
def test_a_network_that_cannot_be_drawn_is_refused(
    client: httpx.Client, address: str, status: int, reason: str
) -> None:
    response = client.get(address)
    assert response.status_code == status
    assert reason in response.json()["error"]


def test_a_mistake_is_shown_above_the_form_that_keeps_what_was_chosen(client: httpx.Client) -> None:
    response = client.get("/network?projection=chain&at=soon&role=lead", headers=PAGE)
    assert response.status_code == 400
    assert "holds &#39;soon&#39;, expected a year, month or day" in response.text
    assert 'value="soon"' in response.text
    assert '<option value="chain" selected>' in response.text
    assert '<input type="checkbox" name="role" value="lead" checked>' in response.text


def _picture(size: int) -> RenderedNetwork:
    reply = NetworkReply(
        status=200,
        reason="",
        name_en="",
        name_zh="",
        nodes=0,
        ties=0,
        left_out={},
        undated=0,
        truncated_after=0,
        length=size,
    )
    return RenderedNetwork(reply, b"x" * size)


def test_the_last_drawings_are_kept_as_far_as_they_fit() -> None:
    pool = NetworkPool(Limits())
    for name in "abcd":
        pool.cache(name, _picture(16 * 2**20))
    pool.cache("large", _picture(17 * 2**20))
    assert [pool.cached(name) is not None for name in ("a", "b", "c", "d", "large")] == [True, True, True, True, False]
    pool.cached("a")
    pool.cache("e", _picture(1))
    assert [pool.cached(name) is not None for name in "abcde"] == [True, False, True, True, True]


def test_one_drawing_too_many_is_told_to_come_back(store: Path) -> None:
    drawing = network_request(values_of([("projection", "hosting")]), "csv", "", 1000)
    version = open_version(store)

    async def crowd() -> RefusedError:
        pool = NetworkPool(Limits(workers=1))
        waiting = [asyncio.create_task(pool.render(str(number), version, drawing)) for number in range(17)]
        await asyncio.sleep(0)
        try:
            with pytest.raises(RefusedError) as refused:
                await pool.render("last", version, drawing)
        finally:
            for task in waiting:
                task.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)
        return refused.value

    refused = asyncio.run(crowd())
    assert (refused.status, refused.headers) == (503, {"Retry-After": "30"})


def test_a_network_larger_than_an_answer_may_be_is_refused(kg: KnowledgeGraph) -> None:
    reply, content = render_network(kg, network_request(values_of([("projection", "hosting")]), "json", "", 1000))
    assert (reply["status"], content) == (413, b"")
    assert reply["reason"].endswith("bytes, more than 1,000; choose a part of it")


def test_a_measure_sizes_the_nodes_of_a_page(kg: KnowledgeGraph) -> None:
    values = values_of([("projection", "affiliation"), ("size", "betweenness"), ("isolates", "no")])
    reply, content = render_network(kg, network_request(values, "page", "en", 2**24))
    assert reply["nodes"] == len(networks.affiliation(kg, isolates=False))
    assert "area shows the betweenness" in content.decode()


def test_a_network_may_use_more_than_a_query_for_the_libraries_that_it_needs() -> None:
    pool = NetworkPool(Limits(deadline=5, memory=2 * 2**30))
    assert (pool.memory, pool.deadline, pool.processor_seconds) == (4 * 2**30, 25, 50)


@linux_only
def test_the_process_of_a_network_limits_itself_before_it_reads_what_is_asked(store: Path) -> None:
    async def limits() -> dict[str, str]:
        worker = await WorkerProcess.start("network_worker", store, 4 * 2**30, 50)
        try:
            async with asyncio.timeout(GIVE_UP):
                while (limits := _limits(worker.number))["Max cpu time"] == "unlimited":
                    await asyncio.sleep(0.02)
                return limits
        finally:
            await worker.stop()

    assert asyncio.run(limits()) == {"Max address space": str(4 * 2**30), "Max file size": "0", "Max cpu time": "50"}


@linux_only
def test_a_network_is_stopped_when_its_client_disconnects_and_the_server_lives_on(server: ServerProcess) -> None:
    with socket.create_connection(("127.0.0.1", server.port)) as client:
        client.sendall(b"GET /network.json?projection=whole&kind=other HTTP/1.1\r\nHost: localhost\r\n\r\n")
        eventually(lambda: bool(_network_workers(server)))
        for number in _network_workers(server):
            # A process that is stopped like this can end in no other way than by being killed.
            os.kill(number, signal.SIGSTOP)
    eventually(lambda: not _network_workers(server))
    assert server.answers()


@linux_only
def test_a_network_whose_process_is_killed_is_an_error_and_the_next_one_is_drawn(server: ServerProcess) -> None:
    address = f"http://127.0.0.1:{server.port}/network.csv?projection=hosting"
    with ThreadPoolExecutor(1) as pool:
        response = pool.submit(httpx.get, address, timeout=GIVE_UP)
        eventually(lambda: bool(_network_workers(server)))
        for number in _network_workers(server):
            kill(number)
        assert response.result().status_code == 504
    assert httpx.get(address, timeout=GIVE_UP).status_code == 200


def _network_workers(server: ServerProcess) -> set[int]:
    return {number for number in server.children if b"chaingraph.endpoint.workers.network_worker" in _command(number)}


def _limits(number: int) -> dict[str, str]:
    """Return what a process may use."""
    names = ("Max address space", "Max file size", "Max cpu time")
    lines = Path(f"/proc/{number}/limits").read_text(encoding="ascii").splitlines()
    return {name: line[len(name) :].split()[0] for line in lines for name in names if line.startswith(name)}


def _command(number: int) -> bytes:
    try:
        return Path(f"/proc/{number}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def test_the_page_of_a_chain_shows_its_map_in_a_sandbox(client: httpx.Client, kg: KnowledgeGraph) -> None:
    chain = f"{ID}/chains/ji-cheng-dian-lu-chan-ye-lian"
    html = client.get(chain.removeprefix("https://w3id.org/chaingraph").replace("/id/", "/thing/"), headers=PAGE).text
    frame = f"/chain-map/page?chain={quote(chain, safe='')}&lang=en"
    assert f'<iframe src="{frame.replace("&", "&amp;")}"' in html
    response = client.get(frame)
    assert response.headers["content-security-policy"].startswith("sandbox allow-scripts allow-downloads")
    around = f"/network/page?around={quote(chain, safe='')}&steps=2&lang=en"
    assert response.text == cg.chain_map(kg, chain, language="en", network_page=around).html
    whole = client.get("/chain-map/page?lang=zh")
    assert whole.text == cg.chain_map(kg, language="zh").html
    assert '<iframe src="/chain-map/page?lang=zh"' in client.get("/chain-map?lang=zh", headers=PAGE).text
    refused = client.get("/chain-map/page?chain=id:cn/organizations/amd")
    assert (refused.status_code, "which is no chain" in refused.text) == (400, True)
    assert client.get("/chain-map?chains=x").status_code == 400
