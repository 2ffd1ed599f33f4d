"""A rank is worth what it survives: memberships are dropped at random, and the ranks that follow are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest

import chaingraph as cg
from chaingraph.errors import NetworkError
from chaingraph.metrics import rank_stability, with_ranks
from chaingraph.resources import sample

if TYPE_CHECKING:
    from collections.abc import Callable

    from chaingraph.store import KnowledgeGraph


@pytest.fixture(scope="module")
def kg() -> KnowledgeGraph:
    return cg.open(sample("china-consortia"))


def test_the_rank_is_that_of_the_measure_and_lies_in_sensible_bounds(kg: KnowledgeGraph) -> None:
    network = cg.co_membership(kg)
    frame = rank_stability(network, draws=40)
    measured = cg.centrality(network, measures=["betweenness"]).loc[frame.index]
    assert frame["betweenness"].tolist() == measured["betweenness"].tolist()
    best = measured["betweenness"].rank(method="min", ascending=False).astype(int)
    assert frame["rank"].iloc[:5].tolist() == best.iloc[:5].tolist()
    assert (frame["rank_low"] <= frame["rank_high"]).all()
    assert ((frame["in_top"] >= 0) & (frame["in_top"] <= 1)).all()
    assert frame.attrs == {
        "measure": "betweenness",
        "drop": 0.1,
        "draws": 40,
        "top": 10,
        "seed": 0,
        "dropped": "memberships",
    }


def test_the_same_seed_gives_the_same_table_and_another_seed_another(kg: KnowledgeGraph) -> None:
    network = cg.co_membership(kg)
    one, two, three = (rank_stability(network, "harmonic", draws=10, seed=seed) for seed in (4, 4, 5))
    pd.testing.assert_frame_equal(one, two)
    assert not one[["rank_low", "rank_high"]].equals(three[["rank_low", "rank_high"]])


def test_a_hub_of_many_memberships_keeps_its_place_and_a_bridge_of_one_does_not() -> None:
    star = nx.star_graph(30)
    stable = rank_stability(star, "degree", draws=50, drop=0.3).loc[0]
    assert (stable["rank_low"], stable["rank_high"], stable["in_top"]) == (1, 1, 1.0)
    bridge = nx.barbell_graph(6, 1)
    fragile = rank_stability(bridge, "betweenness", draws=200, drop=0.2).loc[6]
    assert fragile["rank"] == 1
    assert fragile["rank_high"] > 1


@pytest.mark.parametrize("projection", [cg.affiliation, cg.co_membership])
@pytest.mark.parametrize("measure", ["degree", "strength", "pagerank", "harmonic", "core_number"])
def test_memberships_are_dropped_whatever_the_projection(
    kg: KnowledgeGraph, projection: Callable[[KnowledgeGraph], nx.Graph[str]], measure: str
) -> None:
    frame = rank_stability(projection(kg), measure, draws=5)
    assert frame.attrs["dropped"] == "memberships"
    assert len(frame) == len(projection(kg))


def test_a_newman_network_is_weighed_anew_in_each_draw(kg: KnowledgeGraph) -> None:
    frame = rank_stability(cg.co_membership(kg, newman=True), "strength", draws=20, drop=0.5)
    assert (frame["rank_low"] < frame["rank_high"]).any()


def test_two_mode_and_directed_networks_are_ranked_by_their_own_measures(kg: KnowledgeGraph) -> None:
    assert len(rank_stability(cg.affiliation(kg), "two_mode_betweenness", draws=5))
    directed = nx.gnp_random_graph(20, 0.2, seed=1, directed=True)
    assert rank_stability(directed, "in_degree", draws=5).attrs["dropped"] == "ties"


def test_equal_values_share_a_range_of_places_which_their_interval_holds() -> None:
    star = nx.disjoint_union(nx.star_graph(6), nx.empty_graph(3))
    frame = rank_stability(star, "betweenness", draws=20, top=9)
    assert frame.iloc[0].to_dict() == {
        **{"label": "0", "betweenness": 15 / 36, "rank": 1, "rank_size": 1, "rank_low": 1, "rank_high": 1},
        "in_top": 1.0,
    }
    # The other nine share the places 2 to 10, and are among the first nine in no draw.
    assert frame.iloc[1:][["rank", "rank_size", "rank_low", "rank_high", "in_top"]].drop_duplicates().to_numpy(
    ).tolist() == [[2, 9, 2, 10, 0.0]]  # fmt: skip
    assert set(rank_stability(star, "betweenness", draws=20, top=10)["in_top"]) == {1.0}


@pytest.mark.parametrize("measure", ["betweenness", "degree", "core_number"])
def test_an_interval_always_holds_its_rank(kg: KnowledgeGraph, measure: str) -> None:
    frame = rank_stability(cg.co_membership(kg), measure, draws=15, drop=0.3)
    assert (frame["rank_low"] <= frame["rank"]).all()
    assert (frame["rank_high"] >= frame["rank"] + frame["rank_size"] - 1).all()
    assert (frame.groupby("rank")["rank"].transform("size") == frame["rank_size"]).all()


def test_a_node_without_a_value_has_no_rank() -> None:
    frame = rank_stability(nx.disjoint_union(nx.star_graph(3), nx.empty_graph(2)), "constraint", draws=5)
    assert frame["rank"].tolist()[:4] == [1, 1, 1, 4]
    assert frame.iloc[4:][["rank", "rank_size", "rank_low", "rank_high", "in_top"]].isna().all(axis=None)


def test_a_measure_that_is_the_same_for_all_ranks_nobody_and_is_refused() -> None:
    pairs: nx.Graph[int] = nx.Graph([(0, 1), (2, 3), (3, 4), (4, 2)])
    said = r"^betweenness is 0 for all 5 nodes that have it, so that it ranks none of them; different: degree, strength"
    with pytest.raises(NetworkError, match=said):
        rank_stability(pairs, weight=None)
    with pytest.raises(NetworkError, match=r"closeness is 0\.4 for all 9 nodes .* so are the other usual measures"):
        rank_stability(nx.cycle_graph(9), "closeness")


def test_ranks_stand_on_the_nodes_of_a_copy() -> None:
    graph = nx.freeze(nx.star_graph(5))
    frame = rank_stability(graph, "degree", draws=20, drop=0.2)
    shown = with_ranks(graph, frame)
    assert shown.nodes[0] == {"degree": 5.0, "degree_rank": 1, "degree_rank_interval": "1\N{EN DASH}1"}
    assert shown.nodes[1] == {
        "degree": 1.0,
        "degree_rank": "2\N{EN DASH}6",
        "degree_rank_interval": "2\N{EN DASH}6",
    }
    assert graph.nodes[0] == {}


def test_draws_that_would_take_too_long_are_refused_with_the_time() -> None:
    graph = nx.karate_club_graph()
    assert len(rank_stability(graph, draws=2, weight=None)) == 34
    with pytest.raises(
        NetworkError, match=r"2 draws of betweenness .* about \d+ minutes; take fewer draws, or harmonic"
    ):
        rank_stability(graph, draws=2, weight=None, most_work=1.0)
    assert len(rank_stability(graph, "harmonic", draws=2, weight=None, most_work=1.0)) == 34


@pytest.mark.parametrize(
    ("graph", "options", "said"),
    [
        (nx.Graph(), {}, "the network has no nodes, so there is nothing to rank"),
        (nx.empty_graph(3), {}, "the network has no ties, so that none can be dropped"),
        (nx.path_graph(3), {"drop": 0}, "drop is 0, expected a share above 0 and below 1"),
        (nx.path_graph(3), {"drop": np.nan}, "drop is nan, expected"),
        (nx.path_graph(3), {"draws": 0}, "draws is 0, expected a number of at least 1"),
        (nx.path_graph(3), {"measure": "fame"}, "there is no measure 'fame'"),
    ],
)
def test_what_cannot_be_ranked_is_refused(graph: nx.Graph[Any], options: dict[str, Any], said: str) -> None:
    with pytest.raises(NetworkError, match=said):
        rank_stability(graph, **options)
