"""The registry of measures is the one list: tables, series, words and the parts that show them follow it."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from chaingraph import layout, metrics
from chaingraph.endpoint.pages.network_parameters import LAYOUTS, SIZES
from chaingraph.errors import NetworkError
from chaingraph.languages import LANGUAGES, words
from chaingraph.metrics.network.registry import MEASURES, short_names
from chaingraph.webpage.attributes import RANK_SUFFIXES, attribute_name, attribute_uses

KARATE = nx.karate_club_graph()
DIRECTED = nx.gnp_random_graph(30, 0.1, seed=2, directed=True)
DAVIS = nx.davis_southern_women_graph()
NETWORKS: dict[Any, nx.Graph[Any]] = {"undirected": KARATE, "directed": DIRECTED, "two-mode": DAVIS}


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind in NETWORKS for name in metrics.measure_names(kind)])
def test_the_function_of_a_measure_returns_its_column_of_the_table(kind: str, name: str) -> None:
    network = NETWORKS[kind]
    series = getattr(metrics, name)(network)
    column = metrics.centrality(network, measures=[name])[name].loc[list(network)]
    assert series.name == name
    pd.testing.assert_series_equal(series, column, check_exact=True)
    assert (series.dtype == np.int64) == MEASURES[name].whole_number
    assert bool(series.isna().any()) <= bool(MEASURES[name].undefined)


def test_only_weighted_measures_depend_on_the_weights_of_ties() -> None:
    heavy: nx.Graph[Any] = nx.karate_club_graph()
    for number, (_, _, data) in enumerate(heavy.edges(data=True)):
        data["weight"] = 1 + number % 5
    names = metrics.measure_names("undirected")
    plain, weighted = (metrics.centrality(heavy, measures=names, weight=weight) for weight in (None, "weight"))
    changed = {name for name in names if not np.allclose(plain[name], weighted[name].loc[plain.index])}
    assert changed == {name for name in names if MEASURES[name].weighted}


def test_every_measure_has_words_and_the_page_knows_them_and_its_ranks() -> None:
    assert list(words("chaingraph.metrics")["measures"]) == list(MEASURES)
    for name, measure in MEASURES.items():
        for language in LANGUAGES:
            assert attribute_name(name)[language] == measure.label(language)
            assert all(attribute_name(name + suffix)[language] != name + suffix for suffix in RANK_SUFFIXES)
    assert {f"{name}{suffix}" for name in MEASURES for suffix in RANK_SUFFIXES} <= set(attribute_uses()["unfiltered"])
    assert attribute_name("betweenness_rank") == {"zh": "中介中心性排名", "en": "rank by betweenness"}


def test_the_short_lists_are_part_of_the_tables_and_the_form_offers_the_undirected_measures() -> None:
    for kind, network in NETWORKS.items():
        assert metrics.network_kind(network) == kind
        assert set(short_names(kind)) < set(metrics.measure_names(kind))
    assert list(SIZES) == metrics.measure_names("undirected")
    assert list(LAYOUTS) == list(layout.LAYOUTS)


def test_the_parameters_of_a_walk_reach_its_kernel() -> None:
    assert metrics.pagerank(KARATE, damping=0.0).round(12).nunique() == 1
    expected = nx.katz_centrality_numpy(KARATE, alpha=0.05, weight=None)
    assert np.allclose(metrics.katz(KARATE, alpha=0.05, weight=None), [expected[node] for node in KARATE])
    with pytest.raises(NetworkError, match=r"the damping is 1, expected at least 0 and below 1"):
        metrics.pagerank(KARATE, damping=1)


def test_an_unweighted_measure_does_not_need_the_weight_that_the_network_names() -> None:
    network: nx.Graph[str] = nx.Graph([("a", "b")], weight="consortia")
    assert metrics.degree(network).to_dict() == {"a": 1, "b": 1}
    assert metrics.closeness(network).attrs["weight"] is None
    with pytest.raises(NetworkError, match="the tie a - b has no 'consortia'"):
        metrics.closeness(network, distance="inverse")
    with pytest.raises(NetworkError, match="the tie a - b has no 'consortia'"):
        metrics.strength(network)


def test_sampled_betweenness_says_so() -> None:
    graph = nx.connected_watts_strogatz_graph(400, 6, 0.1, seed=5)
    series = metrics.betweenness(graph, exact=False, seed=1)
    assert series.attrs["sampled"]["betweenness"]["of"] == 400
    assert metrics.betweenness(graph, exact=True).attrs["sampled"] == {}
    assert not series.equals(metrics.betweenness(graph, exact=True))


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: metrics.degree(DIRECTED), "'degree' is not defined on directed ties; ask for in_degree or out_degree"),
        (lambda: metrics.in_degree(KARATE), "'in_degree' is a measure of directed networks; ask for degree"),
        (lambda: metrics.two_mode_degree(KARATE), "'two_mode_degree' is a measure of two-mode networks"),
        (lambda: metrics.two_mode_density(KARATE), "'two_mode_density' is a measure of two-mode networks"),
        (lambda: metrics.closeness(nx.Graph()), "the network has no nodes, so there is nothing to measure"),
        (lambda: metrics.efficiency(nx.Graph()), "the network has no nodes, so there is nothing to measure"),
        (lambda: metrics.brokerage(KARATE, "region"), "no node has the attribute 'region'; there are: club"),
    ],
)
def test_a_measure_of_the_wrong_network_is_refused_with_the_right_one(call: Any, said: str) -> None:  # noqa: ANN401
    with pytest.raises(NetworkError, match=said):
        call()
