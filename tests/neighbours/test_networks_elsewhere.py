"""Files of networks, each read by the program or library that it is for: the same nodes, ties and types arrive."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import geojson
import networkx as nx
import pytest

import chaingraph as cg
from chaingraph.export.networks import write_network
from chaingraph.resources import sample

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parent
PARTS = ("Point", "LineString")
HEADING = re.compile(r"[^:]*:(ID|START_ID|END_ID|LABEL|TYPE|string|long|double|boolean)(\[\])?")
"""What ``neo4j-admin database import`` takes as a heading: a name, and a field or a type."""


@pytest.fixture(scope="module")
def network() -> nx.Graph[Any]:
    """Consortia and their members in Jiangsu, with quotes, places and numbers."""
    return cg.affiliation(cg.open(sample("jiangsu-2022")), quotes=True)


@pytest.fixture
def file(network: nx.Graph[Any], tmp_path: Path) -> Callable[[str], Path]:
    """Write the network to a file of a name, and return its path."""

    def write(name: str) -> Path:
        write_network(network, tmp_path / name)
        return tmp_path / name

    return write


def texts(network: nx.Graph[Any]) -> set[tuple[str, str, str]]:
    return {(str(u), str(v), str(data.get("memberships"))) for u, v, data in network.edges(data=True)}


def test_networkx_reads_the_same_network_from_graphml_and_gexf(
    network: nx.Graph[Any], file: Callable[[str], Path]
) -> None:
    for back in (nx.read_graphml(file("x.graphml")), nx.read_gexf(file("x.gexf"))):
        assert set(back) == set(network)
        assert {frozenset(tie[:2]) for tie in texts(back)} == {frozenset(tie[:2]) for tie in texts(network)}
        for node, data in network.nodes(data=True):
            assert back.nodes[node]["label"] == data["label"]
            for name in ("latitude", "longitude"):
                assert back.nodes[node].get(name) == data.get(name)


def test_igraph_reads_the_same_network_from_graphml(network: nx.Graph[Any], file: Callable[[str], Path]) -> None:
    igraph = pytest.importorskip("igraph")
    back = igraph.Graph.Read_GraphML(str(file("x.graphml")))
    names = back.vs["id"]
    assert set(names) == set(network)
    ties = {frozenset((names[edge.source], names[edge.target])) for edge in back.es}
    assert ties == {frozenset(tie) for tie in network.edges}
    assert back.vs.find(id="id:cn/organizations/su-da-wei-ge")["label"] == "Sudaweig"
    assert dict(zip(names, back.degree(), strict=True)) == dict(network.degree())


def test_duckdb_joins_the_tables_of_ties_and_nodes(network: nx.Graph[Any], file: Callable[[str], Path]) -> None:
    path = file("x.parquet")
    query = f"""SELECT n.label, count(*) AS ties FROM '{path}' t JOIN '{path.with_stem("x-nodes")}' n ON n.id = t.source
        GROUP BY ALL ORDER BY ties DESC, n.label LIMIT 1"""
    (label, ties), *_ = duckdb.execute(query).fetchall()
    degrees = {node: sum(1 for u, _ in network.edges if u == node) for node in network}
    assert ties == max(degrees.values())
    assert label in {network.nodes[node]["label"] for node, degree in degrees.items() if degree == ties}
    kinds = {name: str(kind) for name, kind, *_ in duckdb.execute(f"DESCRIBE FROM '{path}'").fetchall()}
    assert kinds["weight"] in ("BIGINT", "DOUBLE")


def test_geojson_has_a_point_for_each_place_and_a_line_for_each_tie(tmp_path: Path) -> None:
    network = cg.co_membership(cg.open(sample("horizon-batteries")))
    write_network(network, tmp_path / "x.geojson")
    collection = geojson.loads((tmp_path / "x.geojson").read_text(encoding="utf-8"))
    assert collection.is_valid
    # This reader rounds to a tenth of a metre.
    features = {kind: [one for one in collection["features"] if one["geometry"]["type"] == kind] for kind in PARTS}
    places = {
        node: [round(data[name], 6) for name in ("longitude", "latitude")]
        for node, data in network.nodes(data=True)
        if "latitude" in data
    }
    assert len(places) > 100
    assert {one["id"]: one["geometry"]["coordinates"] for one in features["Point"]} == places
    assert len(features["LineString"]) == sum(u in places and v in places for u, v in network.edges)
    assert "CORDIS" in collection["attribution"]


def test_every_heading_for_neo4j_follows_the_rules_of_its_importer(file: Callable[[str], Path]) -> None:
    folder = file("neo4j")
    for name, first in (("nodes.csv", [":ID", ":LABEL"]), ("ties.csv", [":START_ID", ":END_ID", ":TYPE"])):
        headings = (folder / name).read_text(encoding="utf-8").split("\n", 1)[0].split(",")
        assert headings[: len(first)] == first
        assert [one for one in headings if not HEADING.fullmatch(one)] == []
        assert len(set(headings)) == len(headings)


def test_gexf_has_the_attributes_of_the_network_in_its_description_alone(file: Callable[[str], Path]) -> None:
    """The schema of GEXF 1.2 knows no name of a graph."""
    text = file("x.gexf").read_text(encoding="utf-8")
    assert re.findall("<graph ([^>]*)>", text) == ['defaultedgetype="undirected" mode="static"']
    (description,) = re.findall("<description>(.*)</description>", text)
    assert description.startswith("name: affiliation; ")
    assert "attribution: chaingraph: facts about innovation consortia" in description


R = """suppressMessages(library(igraph))
graph <- read_graph(commandArgs(TRUE)[1], format = "graphml")
best <- V(graph)$label[degree(graph) == max(degree(graph))]
cat(vcount(graph), ecount(graph), class(E(graph)$memberships), sort(best), sep = "\n")"""


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="needs R with igraph")
def test_r_reads_the_same_network_from_graphml(network: nx.Graph[Any], file: Callable[[str], Path]) -> None:
    if subprocess.run(["Rscript", "-e", "library(igraph)"], capture_output=True, check=False).returncode:
        pytest.skip("needs R's package igraph")
    command = ["Rscript", "-e", R, str(file("x.graphml"))]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    top = max(degree for _, degree in network.degree())
    best = sorted(network.nodes[node]["label"] for node, degree in network.degree() if degree == top)
    assert lines == [str(len(network)), str(network.number_of_edges()), "numeric", *best]


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
@pytest.mark.parametrize(
    ("format_name", "name"),
    [("cytoscape", "x.cyjs"), ("g6", "x.g6.json"), ("echarts", "x.echarts.json"), ("gexf", "x.gexf")],
)
def test_libraries_of_web_pages_read_every_node_and_tie(
    network: nx.Graph[Any], file: Callable[[str], Path], format_name: str, name: str
) -> None:
    if not (HERE / "node_modules").is_dir():
        pytest.skip("needs npm ci --prefix tests/neighbours")
    command = ["node", str(HERE / "read_network.mjs"), format_name, str(file(name))]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    read = json.loads(result.stdout)
    assert (read["nodes"], read["ties"]) == (len(network), network.number_of_edges())
    top = max(degree for _, degree in network.degree())
    assert read.get("weights", ["number"]) == ["number"]
    assert read["best"] in {network.nodes[node]["label"] for node, degree in network.degree() if degree == top}
