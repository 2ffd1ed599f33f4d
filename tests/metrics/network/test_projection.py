"""Measures of a projection computed from its memberships: what networkx and centrality give for the projection."""

from __future__ import annotations

import networkx as nx
import numpy as np
import polars as pl
import pytest

from chaingraph.arrays import Affiliation
from chaingraph.errors import NetworkError
from chaingraph.metrics import (
    centrality,
    components,
    membership_count,
    projection_components,
    projection_degree,
    projection_distances,
    projection_pagerank,
    projection_strength,
)


def random_affiliation(seed: int) -> Affiliation:
    rng = np.random.default_rng(seed)
    rows = int(rng.integers(1, 80))
    members, events = rng.integers(0, 25, rows), rng.integers(0, 12, rows)
    pairs = pl.DataFrame({"member": members, "event": events})
    coded = Affiliation.from_frame(pairs)
    return Affiliation(coded.incidence, coded.members, coded.events, newman=True)


@pytest.mark.parametrize("seed", range(30))
def test_the_measures_are_those_of_the_projection(seed: int) -> None:
    affiliation = random_affiliation(seed)
    network = affiliation.to_networkx()
    assert membership_count(affiliation).tolist() == affiliation.incidence.sum(axis=1).tolist()
    assert projection_degree(affiliation, pairs=7).tolist() == [degree for _, degree in network.degree()]
    assert projection_components(affiliation).tolist() == components(network).tolist()
    exact = centrality(network, measures=["harmonic", "closeness"]).loc[list(network)]
    for weight in ("shared", "newman"):
        strength = [total for _, total in network.degree(weight=weight)]
        assert projection_strength(affiliation, weight) == pytest.approx(strength, rel=1e-9)
        with_ties = network.subgraph([node for node, degree in network.degree() if degree])
        rank = nx.pagerank(with_ties, weight=weight, tol=1e-13, max_iter=10_000) if len(with_ties) else {}
        expected = [rank.get(node, np.nan) for node in network]
        assert projection_pagerank(affiliation, weight=weight) == pytest.approx(expected, rel=1e-9, nan_ok=True)
    distances = projection_distances(affiliation, sources=1000)
    assert distances.harmonic == pytest.approx(exact["harmonic"].to_numpy(), rel=1e-9)
    assert distances.closeness == pytest.approx(exact["closeness"].to_numpy(), rel=1e-9)
    assert (distances.sources, distances.relative_error) == (len(network), 0.0)


def test_estimates_from_a_sample_lie_within_their_errors() -> None:
    rng = np.random.default_rng(5)
    pairs = pl.DataFrame({"member": rng.integers(0, 900, 2500), "event": rng.integers(0, 700, 2500)})
    affiliation = Affiliation.from_frame(pairs)
    exact = projection_distances(affiliation, sources=len(affiliation))
    sample = projection_distances(affiliation, sources=100, seed=1)
    assert (sample.sources, sample.of, sample.seed) == (100, len(affiliation), 1)
    for values, error, truth in (
        (sample.harmonic, sample.harmonic_error, exact.harmonic),
        (sample.closeness, sample.closeness_error, exact.closeness),
    ):
        known = error > 0
        assert known.mean() > 0.9
        # Two standard errors have 95 % of what is drawn; the nodes share their sources, so that the share varies.
        assert (np.abs(values - truth)[known] <= 2 * error[known]).mean() > 0.85
    assert 0.005 < sample.relative_error < 0.1
    again = projection_distances(affiliation, sources=100, seed=1)
    assert again.harmonic.tolist() == sample.harmonic.tolist()


def test_what_the_memberships_do_not_tell_is_refused() -> None:
    coded = Affiliation.from_frame(pl.DataFrame({"member": ["a", "b"], "event": ["x", "x"]}))
    with pytest.raises(NetworkError, match="expected shared or newman"):
        projection_strength(coded, "pairs")  # type: ignore[arg-type]
    with pytest.raises(NetworkError, match="sources=1, expected at least 2"):
        projection_distances(coded, sources=1)
    with pytest.raises(NetworkError, match="the damping is 1"):
        projection_pagerank(coded, damping=1)
    partial = Affiliation(coded.incidence, coded.members, coded.events, minimum=2)
    with pytest.raises(NetworkError, match="only ties of at least 2"):
        projection_degree(partial)


def test_an_affiliation_without_members_has_no_numbers() -> None:
    empty = Affiliation.from_frame(pl.DataFrame({"member": ["a"], "event": ["x"]}).clear())
    assert projection_degree(empty).tolist() == projection_pagerank(empty).tolist() == []
    assert projection_components(empty).tolist() == projection_distances(empty).harmonic.tolist() == []


def test_a_chain_of_events_is_one_component_however_long() -> None:
    order = np.random.default_rng(2).permutation(5000)
    pairs = pl.DataFrame({"member": [*order[:-1], *order[1:]], "event": [*range(4999), *range(4999)]})
    assert set(projection_components(Affiliation.from_frame(pairs)).tolist()) == {0}
