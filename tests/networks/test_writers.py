"""Every network that chaingraph returns goes through networkx's writers, and comes back from GraphML as it was."""

from __future__ import annotations

import io
import json
import shutil
from typing import TYPE_CHECKING, Any

import networkx as nx
import pytest

import chaingraph as cg
from chaingraph import provenance
from chaingraph.networks import PROJECTIONS, backbone, neighbourhood
from chaingraph.resources import SAMPLES, sample

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from chaingraph.store import KnowledgeGraph


@pytest.fixture(scope="module", params=SAMPLES)
def kg(request: pytest.FixtureRequest) -> KnowledgeGraph:
    return cg.open(sample(request.param))


@pytest.fixture(scope="module", params=[*PROJECTIONS, "backbone", "neighbourhood"])
def network(request: pytest.FixtureRequest, kg: KnowledgeGraph) -> nx.Graph[str]:
    if request.param in PROJECTIONS:
        return PROJECTIONS[request.param].function(kg, quotes=True)
    if request.param == "backbone":
        return backbone(cg.co_participation(kg, quotes=True), alpha=0.5)
    consortium = kg.select_text("SELECT ?c { ?c a cg:Consortium } ORDER BY ?c LIMIT 1")["c"].item()
    return neighbourhood(cg.whole(kg, quotes=True), consortium, 2)


def attributes(network: nx.Graph[Any]) -> list[Mapping[str, object]]:
    nodes, ties = network.nodes(data=True), network.edges(data=True)
    return [network.graph, *(data for _, data in nodes), *(data for *_, data in ties)]


def described(network: nx.Graph[str]) -> tuple[object, ...]:
    """All that a network says, ties by their ends and in their order."""
    ties = sorted((sorted((u, v)), sorted(data.items())) for u, v, data in network.edges(data=True))
    quotes = [provenance.quotes(network, data) for data in attributes(network)[1:]]
    nodes = {node: dict(data) for node, data in network.nodes(data=True)}
    return nodes, ties, provenance.data_sets(network), provenance.left_out(network), quotes


def test_attributes_are_texts_numbers_and_truth_values(network: nx.Graph[str]) -> None:
    kinds = {type(value) for data in attributes(network) for value in data.values()}
    assert kinds <= {str, int, float, bool}


def test_a_network_comes_back_from_graphml_as_it_was(network: nx.Graph[str]) -> None:
    file = io.BytesIO()
    nx.write_graphml(network, file)
    file.seek(0)
    multigraph = network.is_multigraph()
    again = nx.read_graphml(file, force_multigraph=multigraph)
    assert described(again) == described(network)


@pytest.mark.parametrize("write", [nx.write_gexf, nx.write_gml], ids=["gexf", "gml"])
def test_a_network_goes_into_other_formats(network: nx.Graph[str], write: Callable[..., None], tmp_path: Path) -> None:
    write(network, tmp_path / "network")
    assert (tmp_path / "network").stat().st_size > 0


def test_a_network_is_json(network: nx.Graph[str]) -> None:
    data = json.loads(json.dumps(nx.node_link_data(network, edges="edges"), allow_nan=False))
    assert described(nx.node_link_graph(data, edges="edges")) == described(network)


def test_the_network_of_a_difference_goes_into_graphml(tmp_path: Path) -> None:
    old, new = sample("jiangsu-2022"), tmp_path / "new"
    shutil.copytree(old, new)
    rows = (new / "memberships.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (new / "memberships.csv").write_text("".join(rows[:-2]), encoding="utf-8")
    network = cg.diff(old, new).network()
    file = io.BytesIO()
    nx.write_graphml(network, file)
    file.seek(0)
    assert described(nx.read_graphml(file, force_multigraph=True)) == described(network)
