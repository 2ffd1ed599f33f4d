"""Every measure on disconnected networks: within its bounds, isolates last or undefined, no lower for more ties."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaingraph.metrics import centrality
from chaingraph.metrics.network.registry import MEASURES, Kind, measure_names

KINDS: tuple[Kind, ...] = ("undirected", "directed", "two-mode")
NO_SHARE = {"degree", "strength", "eccentricity", "core_number", "constraint", "effective_size"}
"""The measures that are no share of the most there can be; those of a direction follow."""
GROW = {"degree", "strength", "closeness", "harmonic", "core_number", "two_mode_degree", "two_mode_closeness"}
"""The measures that no tie within a component can lower."""


def undirected(name: str) -> str:
    return name.removeprefix("in_").removeprefix("out_")


@st.composite
def networks(draw: st.DrawFn, kind: Kind) -> Any:  # noqa: ANN401 - a graph, directed or not
    """Networks of several components, isolates among them; a two-mode network has even nodes in one mode."""
    size = draw(st.integers(6, 14))
    network: Any = nx.DiGraph() if kind == "directed" else nx.Graph(weight="weight")
    network.add_nodes_from((node, {"bipartite": node % 2} if kind == "two-mode" else {}) for node in range(size))
    # Ties stay within blocks of six nodes, and the last node of each block has none.
    pairs = [
        (u, v) for u, v in combinations(range(size), 2)
        if u // 6 == v // 6 and u % 6 < 5 and v % 6 < 5 and (kind != "two-mode" or u % 2 != v % 2)
    ]  # fmt: skip
    ties = draw(st.lists(st.sampled_from(pairs), unique=True, min_size=1))
    network.add_edges_from(
        ((v, u) if kind == "directed" and draw(st.booleans()) else (u, v) for u, v in ties), weight=1.0
    )
    return network


@pytest.mark.parametrize("kind", KINDS)
def test_every_measure_stays_within_its_bounds(kind: Kind) -> None:
    @settings(max_examples=60, deadline=None, derandomize=True)
    @given(networks(kind))
    def check(network: Any) -> None:  # noqa: ANN401
        frame = centrality(network, measures=measure_names(kind))
        for name in frame.columns[1:]:
            values = frame[name].dropna()
            assert (values >= 0).all(), name
            if undirected(name) not in NO_SHARE:
                assert (values <= 1 + 1e-9).all(), name

    check()


@pytest.mark.parametrize("kind", KINDS)
def test_isolates_are_last_or_have_no_value(kind: Kind) -> None:
    @settings(max_examples=60, deadline=None, derandomize=True)
    @given(networks(kind))
    def check(network: Any) -> None:  # noqa: ANN401
        frame = centrality(network, measures=measure_names(kind))
        isolates = list(nx.isolates(network))
        for name in frame.columns[1:]:
            of_isolates, others = frame.loc[isolates, name].dropna(), frame[name].drop(isolates).dropna()
            if len(of_isolates) and len(others):
                assert of_isolates.max() <= others.min() + 1e-12, name
            assert MEASURES[name].undefined or frame[name].notna().all(), name

    check()


@pytest.mark.parametrize("kind", KINDS)
def test_no_tie_within_a_component_lowers_what_can_only_grow(kind: Kind) -> None:
    @settings(max_examples=60, deadline=None, derandomize=True)
    @given(networks(kind), st.randoms(use_true_random=False))
    def check(network: Any, random: Any) -> None:  # noqa: ANN401
        parts = map(sorted, nx.connected_components(network.to_undirected()))
        _, part = max((len(nodes), nodes) for nodes in parts)
        pairs = [
            (u, v) for u, v in combinations(part, 2)
            if not network.has_edge(u, v) and (kind != "two-mode" or u % 2 != v % 2)
        ]  # fmt: skip
        if not pairs or (kind == "directed" and not nx.is_strongly_connected(network.subgraph(part))):
            return
        names = [name for name in measure_names(kind) if undirected(name) in GROW]
        before = centrality(network, measures=names)
        network.add_edge(*random.choice(pairs), weight=1.0)
        after = centrality(network, measures=names).loc[before.index]
        assert (after[names].to_numpy() >= before[names].to_numpy() - 1e-12).all()

    check()


def test_a_small_part_is_not_closer_than_a_large_one() -> None:
    network: nx.Graph[str] = nx.Graph()
    for size in (1, 2, 3):
        members = [f"{size}-{place}" for place in range(size)]
        network.add_nodes_from(members, bipartite=0)
        network.add_node(f"c{size}", bipartite=1)
        network.add_edges_from((member, f"c{size}") for member in members)
    value = centrality(network, measures=["two_mode_closeness"])["two_mode_closeness"]
    # Each star is as close as it can be: the share of the other 8 nodes that is reached is what is left.
    assert np.allclose([value["1-0"], value["2-0"], value["3-0"]], [1 / 8, 2 / 8, 3 / 8])
    assert np.allclose([value["c1"], value["c2"], value["c3"]], [1 / 8, 2 / 8, 3 / 8])
