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


def propagated(rows: pl.DataFrame) -> dict[str, str]:
    """Return the label of each member, by the definition: the most frequent one, the least of those as frequent."""
    events: dict[str, set[str]] = {}
    for member, event in rows.iter_rows():
        events.setdefault(event, set()).add(member)
    ties = {event: members for event, members in events.items() if len(members) > 1}
    labels = {member: member for members in ties.values() for member in members}

    def most_frequent(names: list[str]) -> str:
        return min(names, key=lambda name: (-names.count(name), name))

    for _ in range(50):
        of_events = {event: most_frequent([labels[member] for member in members]) for event, members in ties.items()}
        labels = {
            member: most_frequent([of_events[event] for event, members in ties.items() if member in members])
            for member in labels
        }
    return labels


def test_labels_settle_where_the_definition_lets_them(engine: Engine, file: Path, rows: pl.DataFrame) -> None:
    frame = table_centrality(file, engine=engine, measures=["label_propagation"])
    labels = {member: member for member in frame.index} | propagated(rows)
    groups: dict[str, set[str]] = {}
    for member, label in labels.items():
        groups.setdefault(label, set()).add(member)
    ordered = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    expected = {member: number for number, (_, members) in enumerate(ordered) for member in members}
    assert frame["label_propagation"].to_dict() == expected


def test_a_sample_estimates_with_the_error_that_it_states(engines: dict[str, Engine], tmp_path: Path) -> None:
    rng = np.random.default_rng(7)
    pairs = pl.DataFrame({"member": rng.integers(0, 600, 1500), "event": rng.integers(0, 400, 1500)})
    pairs.write_parquet(tmp_path / "rows.parquet")
    names = ["closeness", "harmonic"]
    exact = table_centrality(tmp_path / "rows.parquet", engine=engines["duckdb"], measures=names, sources=1000)
    deviations = []
    for seed in range(8):
        frame = table_centrality(tmp_path / "rows.parquet", engine=engines["duckdb"], measures=names, seed=seed)
        assert frame.attrs["sampled"]["harmonic"] == {
            **{"sources": 256, "of": len(exact)},
            "largest_error": frame["harmonic_error"].max(),
        }
        frame = frame.loc[exact.index]
        deviations.append([((frame[name] - exact[name]) / frame[f"{name}_error"]).pow(2) for name in names])
    for column in range(len(names)):
        squares = pd.concat([each[column] for each in deviations]).replace(np.inf, np.nan).dropna()
        # A standard error is right where the mean square of what it misses by is 1.
        assert 0.7 < squares.mean() < 1.4


def test_both_engines_return_the_same_bits(engines: dict[str, Engine], file: Path) -> None:
    duckdb, sail = (
        table_centrality(file, engine=engine, measures=ALL, weight="newman", sources=100) for engine in engines.values()
    )
    assert_frame_equal(duckdb, sail, check_exact=True)
    assert duckdb.attrs["rounds"] == sail.attrs["rounds"]
    assert duckdb.attrs["sampled"] == sail.attrs["sampled"]
