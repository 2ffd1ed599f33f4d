"""Centrality of affiliation tables by an engine: the same as networkx and as our own measures of the projection."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
import pandas as pd
import polars as pl
import pytest
from networkx.algorithms import bipartite
from pandas.testing import assert_frame_equal

import chaingraph as cg
from chaingraph.engines import Engine, table_centrality

if TYPE_CHECKING:
    from pathlib import Path

ALL = ["memberships", "degree", "strength", "closeness", "harmonic", "pagerank", "component", "label_propagation"]
TABLES = 100


@pytest.fixture(scope="session")
def rows() -> pl.DataFrame:
    """Return 100 random affiliation tables as one: names begin with the number of the table."""
    rng = np.random.default_rng(2211)
    members: list[str] = []
    events: list[str] = []
    for table in range(TABLES):
        size, consortia = rng.integers(2, 25), rng.integers(1, 15)
        count = int(rng.integers(1, 2 * size + 1))
        members += [f"{table:02}-{number}" for number in rng.integers(0, size, count)]
        events += [f"{table:02}/{number}" for number in rng.integers(0, consortia, count)]
    return pl.DataFrame({"member": members, "event": events})


@pytest.fixture(scope="session")
def file(rows: pl.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tables") / "rows.parquet"
    rows.write_parquet(path)
    return path


@pytest.fixture(scope="session")
def network(rows: pl.DataFrame) -> nx.Graph[str]:
    affiliation: nx.Graph[str] = nx.Graph(list(rows.iter_rows()))
    projection: nx.Graph[str] = bipartite.weighted_projected_graph(affiliation, sorted(set(rows["member"])))
    return projection


def by_networkx(network: nx.Graph[str]) -> pd.DataFrame:
    with_ties = network.subgraph([node for node, degree in network.degree() if degree])
    others = len(network) - 1
    return pd.DataFrame(
        {
            "degree": dict(network.degree()),
            "strength": {node: float(weight) for node, weight in network.degree(weight="weight")},
            "closeness": nx.closeness_centrality(network),
            "harmonic": {node: value / others for node, value in nx.harmonic_centrality(network).items()},
            "pagerank": nx.pagerank(with_ties, weight="weight", tol=1e-14, max_iter=1000),
        }
    )


def test_a_hundred_random_tables_have_the_values_of_networkx_and_of_our_measures(
    engine: Engine, file: Path, network: nx.Graph[str]
) -> None:
    frame = table_centrality(file, engine=engine, measures=ALL, sources=len(network))
    names = ["degree", "strength", "closeness", "harmonic", "pagerank"]
    assert_frame_equal(
        frame[names].sort_index(), by_networkx(network)[names].sort_index(), check_names=False, rtol=0, atol=1e-9
    )
    ours = cg.metrics.centrality(network, measures=names, weight="weight").sort_index()
    assert_frame_equal(frame[["label", *names]].sort_index(), ours, rtol=0, atol=1e-9)
    assert frame["component"].sort_index().tolist() == cg.metrics.components(network).sort_index().tolist()
    assert frame.attrs["sampled"] == {}
    assert set(frame.attrs["rounds"]) == {"distances", "pagerank", "component", "label_propagation"}


def test_both_engines_return_the_same_bits(engines: dict[str, Engine], file: Path) -> None:
    duckdb, sail = (
        table_centrality(file, engine=engine, measures=ALL, weight="newman", sources=100) for engine in engines.values()
    )
    assert_frame_equal(duckdb, sail, check_exact=True)
    assert duckdb.attrs["rounds"] == sail.attrs["rounds"]
    assert duckdb.attrs["sampled"] == sail.attrs["sampled"]
