"""The order of a chain: its cycles, and how far each product is from its two ends."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from chaingraph.metrics import cycles, downstreamness, upstreamness
from tests.metrics.supply_chain.chains import Network, chained, supplied


def test_a_cycle_is_named_and_counts_as_one_product() -> None:
    chain = chained("raw>a", "a>b", "b>a", "b>end")
    assert cycles(chain)["nodes"].tolist() == [["a", "b"]]
    frame = upstreamness(None, chain)
    assert frame["upstreamness"].to_dict() == {"raw": 3.0, "a": 2.0, "b": 2.0, "end": 1.0}
    assert frame.attrs["condensed"]
    assert downstreamness(None, chain)["downstreamness"].to_dict() == {"end": 3.0, "a": 2.0, "b": 2.0, "raw": 1.0}


def test_a_kind_is_as_far_upstream_as_what_it_serves_as() -> None:
    frame = upstreamness(supplied(("a", "one", None), ("a", "end", None)), chained("class>end", kinds=("one>class",)))
    assert frame["upstreamness"].to_dict() == {"class": 2.0, "one": 2.0, "end": 1.0, "a": 1.5}


def test_a_product_that_is_not_where_its_segment_says_disagrees() -> None:
    chain = chained("r1>m", "r2>m", "m>e", stages=("r1>u", "r2>u", "m>d", "e>u"))
    chain.nodes["u"]["segment"], chain.nodes["d"]["segment"] = "upstream", "downstream"
    assert upstreamness(None, chain)["disagrees"].to_dict() == {"r1": False, "r2": False, "m": False, "e": True}


LEATHER = [
    [16.1, 5.1, 1.8, 3.2, 4.3, 0.4, 3.1, 2.8, 4.9],
    [2.4, 8.0, 3.2, 0.1, 3.2, 1.6, 1.2, 3.9, 11.5],
    [0.9, 0.5, 4.0, 0.0, 0.1, 0.3, 0.0, 0.4, 0.5],
    [1.1, 1.9, 0.2, 18.0, 13.2, 6.1, 9.0, 3.1, 8.9],
    [0.3, 2.8, 0.1, 6.1, 28.1, 6.3, 2.1, 2.5, 25.6],
    [0.0, 0.1, 0.3, 4.1, 3.2, 8.9, 0.2, 0.0, 1.8],
    [1.2, 4.2, 0.3, 4.1, 1.2, 0.6, 29.0, 19.5, 17.9],
    [1.3, 1.1, 0.0, 3.2, 4.8, 2.6, 5.1, 29.1, 24.1],
    [2.1, 1.4, 3.0, 4.1, 3.1, 3.9, 11.3, 8.1, 51.3],
]
LEATHER_OUTPUT = [77.7, 58.3, 19.0, 112.7, 124.6, 43.2, 156.3, 127.8, 217.0]
"""The table `leather` of the R package decompr: what each of nine industries sells to each, and its output."""


def test_cycles_of_stated_shares_have_the_upstreamness_of_the_input_output_formula() -> None:
    chain: Network = nx.MultiDiGraph()
    for row, sales in enumerate(LEATHER):
        for column, value in enumerate(sales):
            if value:
                share = value / LEATHER_OUTPUT[row]
                chain.add_edge(f"i{row}", f"i{column}", relation="inputOf", share=share)
    frame = upstreamness(None, chain)
    # As in gvc: the row sums of the inverse of Ghosh, which count all rounds of sales, 1 + B + B^2 + ...
    allocation = np.array(LEATHER) / np.array(LEATHER_OUTPUT)[:, None]
    rounds = [np.linalg.matrix_power(allocation, power).sum(axis=1) for power in range(200)]
    expected = dict(zip((f"i{row}" for row in range(9)), np.sum(rounds, axis=0), strict=True))
    assert frame["upstreamness"].to_dict() == pytest.approx(expected)
    assert frame["upstreamness"].nunique() == 9
    assert (frame.attrs["condensed"], len(frame.attrs["cycles"])) == (0, 1)


def test_a_cycle_that_nothing_leaves_or_without_shares_is_one_product() -> None:
    closed: Network = nx.MultiDiGraph()
    closed.add_edge("a", "b", relation="inputOf", share=1.0)
    closed.add_edge("b", "a", relation="inputOf", share=1.0)
    frame = upstreamness(None, closed)
    assert frame["upstreamness"].to_dict() == {"a": 1, "b": 1}
    assert frame.attrs["condensed"] == 1
    half = upstreamness(None, chained("a>b", "b>a", "b>c"))
    assert half["upstreamness"].to_dict() == {"a": 2, "b": 2, "c": 1}
    assert half.attrs["condensed"] == 1


def test_where_nothing_is_stated_there_is_no_upstreamness() -> None:
    supply = supplied(("one", "end", None), ("two", "alone", None), ("three", "alone", None), ("three", "raw", None))
    frame = upstreamness(supply, chained("raw>end", kinds=("kind>other",)))
    values = frame["upstreamness"]
    assert values.dropna().to_dict() == {"raw": 2, "end": 1, "one": 1, "three": 2}
    assert sorted(values.index[values.isna()]) == ["alone", "kind", "other", "two"]
    assert frame["products"].to_dict() == {
        **{"raw": 1, "end": 1, "kind": 0, "other": 0, "alone": 0, "three": 1, "one": 1, "two": 0}
    }
