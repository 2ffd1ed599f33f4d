"""Affiliations: names coded without an object per row, and the same network as networkx makes of the pairs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
import polars as pl
import pytest

from chaingraph.arrays import Affiliation, adjacency, attribute_codes, incidence, node_labels, tie_ends, two_mode
from chaingraph.errors import NetworkError

if TYPE_CHECKING:
    from pathlib import Path

PAIRS = pl.DataFrame(
    {
        "member": ["b", "a", "b", "b", "d", None, "e", "a"],
        "event": ["x", "x", "y", "x", "y", "y", None, "z"],
    }
)


def random_pairs(seed: int) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    rows = int(rng.integers(1, 60))
    return pl.DataFrame(
        {
            "member": [f"o{number}" for number in rng.integers(0, 12, rows)],
            "event": [f"e{number}" for number in rng.integers(0, 8, rows)],
        }
    )


def test_rows_become_a_matrix_of_sorted_names_each_membership_once() -> None:
    network = Affiliation.from_frame(PAIRS)
    assert (network.members.to_list(), network.events.to_list()) == (["a", "b", "d"], ["x", "y", "z"])
    assert network.incidence.toarray().tolist() == [[1, 0, 1], [1, 1, 0], [0, 1, 0]]
    assert (network.incidence.indices.dtype.name, network.incidence.data.dtype.name) == ("int32", "uint8")


def test_the_frame_of_memberships_is_read_as_the_same_network(tmp_path: Path) -> None:
    network = Affiliation.from_frame(PAIRS)
    assert network.to_frame().rows() == [("a", "x"), ("a", "z"), ("b", "x"), ("b", "y"), ("d", "y")]
    network.to_frame().write_parquet(tmp_path / "pairs.parquet")
    again = Affiliation.from_parquet(tmp_path / "pairs.parquet")
    assert again.incidence.toarray().tolist() == network.incidence.toarray().tolist()


def test_names_can_be_whole_numbers_and_columns_have_any_name(tmp_path: Path) -> None:
    path = tmp_path / "pairs.parquet"
    pl.DataFrame({"firm": [30, 4, 30, None], "patent": ["q", "q", "p", "p"]}).write_parquet(path)
    network = Affiliation.from_parquet(path, member="firm", event="patent", mode="two")
    assert list(network) == ["4", "30", "p", "q"]
    assert network.incidence.toarray().tolist() == [[0, 1], [1, 1]]


def test_a_member_and_an_event_of_one_name_are_refused_where_both_are_nodes() -> None:
    pairs = pl.DataFrame({"member": [1, 2], "event": [2, 3]})
    assert list(Affiliation.from_frame(pairs)) == ["1", "2"]
    with pytest.raises(NetworkError, match="'2' is the name of a member and of an event"):
        Affiliation.from_frame(pairs, mode="two")


def test_a_file_in_several_row_groups_is_coded_as_one(tmp_path: Path) -> None:
    pairs = random_pairs(3)
    path = tmp_path / "pairs.parquet"
    pairs.write_parquet(path, row_group_size=5)
    whole, parts = Affiliation.from_frame(pairs), Affiliation.from_parquet(path)
    assert whole.members.to_list() == parts.members.to_list() == sorted(set(pairs["member"]))
    assert whole.events.to_list() == parts.events.to_list() == sorted(set(pairs["event"]))
    assert whole.incidence.toarray().tolist() == parts.incidence.toarray().tolist()


def test_a_frame_without_rows_has_no_nodes() -> None:
    network = Affiliation.from_frame(PAIRS.clear())
    assert (len(network), list(network), network.incidence.shape) == (0, [], (0, 0))


def test_a_column_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NetworkError, match=r"there is no column 'members'; there are member, event"):
        Affiliation.from_frame(PAIRS, member="members")
    with pytest.raises(NetworkError, match=r"the column 'event' has Float64, expected text or whole numbers"):
        Affiliation.from_frame(PAIRS.with_columns(pl.lit(0.5).alias("event")))
    with pytest.raises(NetworkError, match=r"the memberships cannot be read: .*" + re.escape("none.parquet")):
        Affiliation.from_parquet(tmp_path / "none.parquet")


@pytest.mark.parametrize("seed", range(20))
def test_the_one_mode_network_is_the_projection_that_networkx_makes(seed: int) -> None:
    pairs = random_pairs(seed)
    affiliation = Affiliation.from_frame(pairs)
    both: nx.Graph[str] = nx.Graph()
    both.add_edges_from(pairs.iter_rows())
    projection = nx.bipartite.weighted_projected_graph(both, sorted(set(pairs["member"])))
    matrix = adjacency(affiliation, "shared").toarray().tolist()
    assert matrix == nx.to_scipy_sparse_array(projection).toarray().tolist()
    network = affiliation.to_networkx()
    assert list(network) == list(affiliation) == list(projection)
    ties = {frozenset((u, v)): data["weight"] for u, v, data in projection.edges(data=True)}
    assert {frozenset((u, v)): data["shared"] for u, v, data in network.edges(data=True)} == ties
    assert adjacency(network, "shared").toarray().tolist() == matrix
    assert [ends.tolist() for ends in tie_ends(network)] == [ends.tolist() for ends in affiliation.ends()]
    assert affiliation.tie_values("shared") == [data["shared"] for *_, data in network.edges(data=True)]


def test_fewer_shared_events_than_the_minimum_are_no_tie_and_the_memberships_no_longer_say_who_is_tied() -> None:
    pairs = pl.DataFrame({"member": list("ababc"), "event": list("xxyyx")})
    whole = Affiliation.from_frame(pairs)
    twice = Affiliation(whole.incidence, whole.members, whole.events, minimum=2, newman=True)
    assert adjacency(twice, "shared").toarray().tolist() == [[0, 2, 0], [2, 0, 0], [0, 0, 0]]
    assert adjacency(twice, "newman").toarray().tolist() == [[0, 1.5, 0], [1.5, 0, 0], [0, 0, 0]]
    assert incidence(whole) is not None
    assert incidence(twice) is None
    assert list(twice.to_networkx().edges(data=True)) == [("a", "b", {"shared": 2, "newman": 1.5})]


def test_a_two_mode_network_has_the_attributes_of_its_nodes_and_memberships() -> None:
    coded = Affiliation.from_frame(pl.DataFrame({"member": ["a", "b"], "event": ["x", "x"]}))
    attributes = pl.DataFrame({"label": ["A", "B", None], "bipartite": [0, 0, 1], "region": ["n", None, "s"]})
    roles = pl.DataFrame({"role": ["lead", None]})
    network = Affiliation(coded.incidence, coded.members, coded.events, attributes, "two", tie_attributes=roles)
    graph = network.to_networkx()
    assert dict(graph.nodes(data=True)) == {
        "a": {"label": "A", "bipartite": 0, "region": "n"},
        "b": {"label": "B", "bipartite": 0},
        "x": {"bipartite": 1, "region": "s"},
    }
    assert list(graph.edges(data=True)) == [("a", "x", {"role": "lead"}), ("b", "x", {})]
    assert node_labels(network) == node_labels(graph) == ["A", "B", "x"]
    (codes, names), of_graph = attribute_codes(network, "region"), attribute_codes(graph, "region")
    assert (codes.tolist(), names) == (of_graph[0].tolist(), of_graph[1]) == ([0, -1, 1], ["n", "s"])
    modes = two_mode(network)
    assert modes is not None
    assert (modes.incidence.toarray().tolist(), modes.rows.tolist(), modes.columns.tolist()) == (
        [[1], [1]],
        [0, 1],
        [2],
    )
    kept = network.without_ties(np.array([True, False]))
    assert (list(kept.to_networkx().edges), kept.tie_values("role")) == ([("b", "x")], [None])


def test_ties_of_a_projection_are_not_dropped_one_by_one() -> None:
    with pytest.raises(NetworkError, match="filter it by minimum"):
        Affiliation.from_frame(PAIRS).without_ties(np.array([True]))
