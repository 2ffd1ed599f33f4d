"""Whatever a measure returns can be joined, concatenated and written: nothing in a frame but what its columns say."""

from __future__ import annotations

import dataclasses
import json
import warnings
from collections.abc import Callable, Iterator
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import polars as pl
import pytest

from chaingraph import metrics
from chaingraph.arrays import Affiliation
from chaingraph.metrics.network.registry import MEASURES
from tests.metrics.supply_chain.chains import Network, chained, supplied

Result = Callable[["Inputs"], Any]


class Inputs:
    """Networks, a chain, counts and places, drawn from a seed: what the measures are taken of."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.seed = seed

    @cached_property
    def network(self) -> nx.Graph[str]:
        graph: nx.Graph[str] = nx.relabel_nodes(nx.gnm_random_graph(24, 50, seed=self.seed), lambda node: f"n{node}")
        graph.graph["weight"] = "projects"
        graph.add_node("alone")
        for tie in graph.edges:
            graph.edges[tie]["projects"] = int(self.rng.integers(1, 5))
        for number, node in enumerate(graph):
            graph.nodes[node].update(region=f"r{number % 6}", latitude=float(number), longitude=float(number % 7))
        return graph

    @cached_property
    def directed(self) -> nx.DiGraph[str]:
        return nx.DiGraph(self.network)

    @cached_property
    def two_mode(self) -> nx.Graph[Any]:
        graph: nx.Graph[Any] = nx.bipartite.random_graph(9, 6, 0.4, seed=self.seed)
        return graph

    @cached_property
    def affiliation(self) -> Affiliation:
        ties = [(f"m{one}", f"e{other}") for one, other in self.two_mode.edges]
        return Affiliation.from_frame(pl.DataFrame(ties, schema=["member", "event"], orient="row"))

    @cached_property
    def labels(self) -> pd.Series[int]:
        return metrics.communities(self.network, seed=self.seed)

    @cached_property
    def counts(self) -> pd.DataFrame:
        cells = np.tri(12) * 9 + self.rng.integers(1, 5, (12, 12)) * np.tri(12)
        return pd.DataFrame(cells, index=[f"R{n}" for n in range(12)], columns=[f"I{n}" for n in range(12)])

    @cached_property
    def plants(self) -> pd.DataFrame:
        regions = ["A", "B", "C", *self.rng.choice(list("ABC"), 9)]
        sizes = self.rng.integers(1, 50, 12)
        return pd.DataFrame({"region": regions, "industry": ["x"] * 5 + ["y"] * 6 + ["z"], "size": sizes})

    @cached_property
    def places(self) -> pd.DataFrame:
        index = [f"r{number}" for number in range(6)]
        return pd.DataFrame({"latitude": self.rng.uniform(20, 50, 6), "longitude": np.arange(100.0, 106)}, index=index)

    @cached_property
    def values(self) -> pd.Series[float]:
        return pd.Series(self.rng.normal(size=6), index=self.places.index)

    @cached_property
    def supply(self) -> Network:
        rows = [("a", "raw", 0.4), ("b", "raw", None), ("c", "end", 0.5), (f"d{self.seed}", "end", None)]
        return supplied(*rows, regions={"a": "Wuxi", "c": "Suzhou"})

    @cached_property
    def chain(self) -> Network:
        return chained("raw>end", "mid>end", "end>mid", stages=("raw>first", "end>last"))


NODES: dict[str, Result] = {
    name: lambda given, name=name: getattr(metrics, name)(  # type: ignore[misc]
        given.directed
        if name.startswith(("in_", "out_"))
        else given.two_mode
        if name.startswith("two_mode_")
        else given.network
    )
    for name in MEASURES
}
NETWORKS: dict[str, Result] = {
    "articulation_points": lambda given: metrics.articulation_points(given.network),
    "bridges": lambda given: metrics.bridges(given.network),
    "brokerage": lambda given: metrics.brokerage(given.network, "region"),
    "centrality": lambda given: metrics.centrality(given.network, group="region", exact=False),
    "communities": lambda given: given.labels,
    "community_table": lambda given: metrics.community_table(given.network, given.labels),
    "components": lambda given: metrics.components(given.network),
    "core_periphery": lambda given: metrics.core_periphery(given.network),
    "efficiency": lambda given: metrics.efficiency(given.network),
    "participation_coefficient": lambda given: metrics.participation_coefficient(given.network, given.labels),
    "rank_stability": lambda given: metrics.rank_stability(given.network, draws=3, seed=given.seed),
    "rich_club": lambda given: metrics.rich_club(given.network, draws=2, seed=given.seed),
    "small_world": lambda given: metrics.small_world(given.network, draws=2, seed=given.seed),
    "structure": lambda given: metrics.structure(given.network, seed=given.seed),
    "structure_table": lambda given: metrics.structure_table({"one": given.network, "two": given.two_mode}),
    "within_group_share": lambda given: metrics.within_group_share(given.network, draws=9, seed=given.seed),
    "within_module_z": lambda given: metrics.within_module_z(given.network, given.labels),
}
LOCATION: dict[str, Result] = {
    **{
        name: lambda given, name=name: getattr(metrics, name)(given.counts)  # type: ignore[misc]
        for name in (
            *("cluster_index", "co_occurrence", "complexity_outlook", "dissimilarity", "diversity", "eci", "hachman"),
            *("herfindahl", "kci", "krugman_pairwise", "krugman_specialisation", "location_quotient"),
            *("locational_gini", "pairwise_coagglomeration", "pci", "proximity", "rca", "shannon"),
            *("specialisation_coefficient", "ubiquity", "weighted_average_location_quotient"),
        )
    },
    "concentration_test": lambda given: metrics.concentration_test(given.plants["region"], given.plants["industry"]),
    "ellison_glaeser": lambda given: metrics.ellison_glaeser(given.plants),
    "location_quotient_interval": lambda given: metrics.location_quotient_interval(given.counts.astype(int), draws=9),
    "maurel_sedillot": lambda given: metrics.maurel_sedillot(given.plants),
    "relatedness": lambda given: metrics.relatedness(metrics.co_occurrence(given.counts)),
    "relatedness_density": lambda given: metrics.relatedness_density(given.counts, metrics.proximity(given.counts)),
    "theil_decomposition": lambda given: metrics.theil_decomposition(given.counts["I0"], ["a"] * 6 + ["b"] * 6),
}
SUPPLY: dict[str, Result] = {
    "chokepoints": lambda given: metrics.chokepoints(given.supply, given.chain),
    "criticality": lambda given: metrics.criticality(given.supply, given.chain),
    "cycles": lambda given: metrics.cycles(given.chain),
    "disruption": lambda given: metrics.disruption(given.supply, given.chain, organizations=["a"]),
    "downstreamness": lambda given: metrics.downstreamness(given.supply, given.chain),
    "supplier_customer_ties": lambda given: metrics.supplier_customer_ties(given.supply, given.chain),
    "systemic_risk": lambda given: metrics.systemic_risk(given.supply, given.chain),
    "upstreamness": lambda given: metrics.upstreamness(given.supply, given.chain),
}
SPACE: dict[str, Result] = {
    "collaboration_distance": lambda given: metrics.collaboration_distance(given.network),
    "gravity": lambda given: metrics.gravity(given.network, given.places),
    "local_morans_i": lambda given: metrics.local_morans_i(given.values, given.places, neighbours=2, permutations=9),
    "morans_i": lambda given: metrics.morans_i(given.values, given.places, neighbours=2, permutations=9),
}
RESULTS = NODES | NETWORKS | LOCATION | SUPPLY | SPACE | {"proofs": lambda _: metrics.proofs()}
NUMBERS: dict[str, Result] = {
    "attribute_assortativity": lambda given: metrics.attribute_assortativity(given.network, "region"),
    "coagglomeration": lambda given: metrics.coagglomeration(given.counts),
    "concentration_gini": lambda given: metrics.concentration_gini(given.counts["I0"], given.counts.sum(axis=1)),
    "degree_assortativity": lambda given: metrics.degree_assortativity(given.network),
    "diameter": lambda given: metrics.diameter(given.network),
    "gini": lambda given: metrics.gini(given.counts["I0"]),
    "great_circle": lambda _: metrics.great_circle(0, 0, 0, 90),
    "hoover": lambda given: metrics.hoover(given.counts["I0"]),
    "mean_distance": lambda given: metrics.mean_distance(given.network),
    "mean_log_deviation": lambda given: metrics.mean_log_deviation(given.counts["I0"]),
    "modularity": lambda given: metrics.modularity(given.network, given.labels),
    "numeric_assortativity": lambda given: metrics.numeric_assortativity(given.network, "latitude"),
    "robins_alexander_clustering": lambda given: metrics.robins_alexander_clustering(given.two_mode),
    "theil": lambda given: metrics.theil(given.counts["I0"]),
    "transitivity": lambda given: metrics.transitivity(given.network),
    "two_mode_density": lambda given: metrics.two_mode_density(given.two_mode),
}
ARRAYS: dict[str, Result] = {
    "membership_count": lambda given: metrics.membership_count(given.affiliation),
    "projection_components": lambda given: metrics.projection_components(given.affiliation),
    "projection_degree": lambda given: metrics.projection_degree(given.affiliation),
    "projection_distances": lambda given: metrics.projection_distances(given.affiliation, sources=3).harmonic,
    "projection_pagerank": lambda given: metrics.projection_pagerank(given.affiliation),
    "projection_strength": lambda given: metrics.projection_strength(given.affiliation),
}
"""What returns an array of numbers: of so many members that a name for each would be too much."""
OTHERS = {"centrality_notes", "measure_names", "network_kind", "rewired_network", "with_measure", "with_ranks"}
"""What returns texts or networks."""
NO_FUNCTIONS = {"CorePeriphery", "Interval", "SampledDistances", "SmallSampleWarning", "TheilParts"}
NEEDS_EXTRA = {"gravity": "statsmodels", "local_morans_i": "esda", "morans_i": "esda"}


def frames(result: object) -> Iterator[pd.DataFrame]:
    """Yield the frames of a result: itself, or the fields of a dataclass."""
    if isinstance(result, pd.Series):
        yield result.to_frame(result.name if result.name is not None else "value")
    elif isinstance(result, pd.DataFrame):
        yield result
    else:
        assert dataclasses.is_dataclass(result)
        for field in dataclasses.fields(result):
            if not isinstance(getattr(result, field.name), float):
                yield from frames(getattr(result, field.name))


def taken(name: str, seed: int) -> list[pd.DataFrame]:
    if name in NEEDS_EXTRA and find_spec(NEEDS_EXTRA[name]) is None:
        pytest.skip("needs the extra spatial")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", metrics.SmallSampleWarning)
        return list(frames(RESULTS[name](Inputs(seed))))


def test_every_public_name_of_the_metrics_is_covered_here() -> None:
    assert set(dir(metrics)) == RESULTS.keys() | NUMBERS.keys() | ARRAYS.keys() | OTHERS | NO_FUNCTIONS


@pytest.mark.parametrize("name", RESULTS)
def test_what_a_measure_returns_can_be_concatenated_merged_and_written(name: str, tmp_path: Path) -> None:
    for first, second in zip(taken(name, 1), taken(name, 2), strict=True):
        assert len(pd.concat([first, second])) == len(first) + len(second)
        joined = first.merge(second, left_index=True, right_index=True, how="left", suffixes=("_1", "_2"))
        assert joined.shape == (len(first), 2 * first.shape[1])
        first.to_parquet(tmp_path / "first.parquet")
        again = pd.read_parquet(tmp_path / "first.parquet")
        assert again.shape == first.shape
        assert [str(column) for column in again.columns] == [str(column) for column in first.columns]
        assert json.loads(json.dumps(first.attrs, allow_nan=True)) == first.attrs


@pytest.mark.parametrize("name", ARRAYS)
def test_a_measure_of_arrays_is_one_number_per_member(name: str) -> None:
    result, members = ARRAYS[name](Inputs(1)), len(Inputs(1).affiliation.members)
    assert result.shape == (members,)
    assert np.isfinite(result).all()


@pytest.mark.parametrize("name", NUMBERS)
def test_a_measure_of_a_whole_is_one_number(name: str) -> None:
    assert isinstance(NUMBERS[name](Inputs(1)), float)
