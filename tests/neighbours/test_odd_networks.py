"""Networks with nothing, with one node and with odd names, as files that other programs read whole."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import igraph
import networkx as nx
import pandas as pd
import pytest

from chaingraph.export.networks import write_network

if TYPE_CHECKING:
    from pathlib import Path

NAMES = (
    *(
        'a,b"c',
        "=1+1",
        "\u202eabc",
        "👩\u200d🔬",
        "x\ny",
        "",
        "  ",
        "<a&b>",
        "甲" * 300,
        "O'Neil; DROP",
        "\\",
        "@x",
        "\t",
    ),
)


def odd_names() -> nx.Graph[str]:
    """A chain of organizations with odd names, of which the relations have the same names."""
    network: nx.Graph[str] = nx.Graph()
    for place, name in enumerate(NAMES):
        network.add_node(f"id:{place}", label=name, label_zh=name, type="Organization")
    for place, name in enumerate(NAMES[1:]):
        network.add_edge(f"id:{place}", f"id:{place + 1}", relation=name, relation_en=name, relation_zh=name)
    return network


def one_node() -> nx.Graph[str]:
    """An organization alone."""
    network: nx.Graph[str] = nx.Graph()
    network.add_node("a", label="A", type="Organization")
    return network


NETWORKS = {
    "nothing": nx.Graph(),
    "nothing directed": nx.MultiDiGraph(),
    "one node": one_node(),
    "a node tied to itself twice": nx.MultiDiGraph([("a", "a", {"relation": "x"}), ("a", "a", {"relation": "x"})]),
    "odd names": odd_names(),
}
JSON_ENDINGS = {"cyjs": "elements", "g6.json": "", "echarts.json": "series", "geojson": "features", "json": ""}


@pytest.mark.parametrize("title", NETWORKS)
def test_every_file_of_an_odd_network_is_read_whole(tmp_path: Path, title: str) -> None:
    network: nx.Graph[Any] = NETWORKS[title]
    for ending in ("graphml", "gexf", "csv", "parquet", *JSON_ENDINGS):
        write_network(network, tmp_path / f"x.{ending}")
    write_network(network, tmp_path / "neo4j")
    labels = {node: str(data.get("label", node)) for node, data in network.nodes(data=True)}
    graphml = nx.read_graphml(tmp_path / "x.graphml")
    assert {node: str(data.get("label", node)) for node, data in graphml.nodes(data=True)} == labels
    assert igraph.Graph.Read_GraphML(str(tmp_path / "x.graphml")).vcount() == len(network)
    assert set(nx.read_gexf(tmp_path / "x.gexf")) == set(network)
    for table in (
        pd.read_csv(tmp_path / "x.csv"),
        pd.read_parquet(tmp_path / "x.parquet"),
        pd.read_csv(tmp_path / "neo4j" / "ties.csv"),
    ):
        assert len(table) == network.number_of_edges()
    for ending, key in JSON_ENDINGS.items():
        document = json.loads((tmp_path / f"x.{ending}").read_text(encoding="utf-8"))
        assert key in document or not key
    cytoscape = json.loads((tmp_path / "x.cyjs").read_text(encoding="utf-8"))["elements"]
    assert (len(cytoscape["nodes"]), len(cytoscape["edges"])) == (len(network), network.number_of_edges())
