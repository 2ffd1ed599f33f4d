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
LEATHER_FINAL = [
    [21.5, 6.1, 8.4],
    [16.2, 1.9, 5.1],
    [11.0, 0.5, 0.8],
    [7.5, 29.5, 14.2],
    [8.9, 24.9, 16.9],
    [1.2, 18.5, 4.9],
    [9.2, 17.9, 51.2],
    [7.9, 10.1, 38.5],
    [25.1, 35.2, 68.4],
]
LEATHER_OUTPUT = [77.7, 58.3, 19.0, 112.7, 124.6, 43.2, 156.3, 127.8, 217.0]
"""The table `leather` of the R package decompr: what each of three industries in each of three countries sells to each
of these nine, what each country uses of it in the end, and its output."""


def leather_value_added_origins() -> np.ndarray:
    """What each of the nine adds to the value of the output of each: V (I - A)^-1 with V the value added per output."""
    sales, output = np.array(LEATHER), np.array(LEATHER_OUTPUT)
    value_added = (output - sales.sum(axis=0)) / output
    return np.asarray(value_added[:, None] * np.linalg.inv(np.eye(9) - sales / output))


def test_the_table_gives_the_values_that_decompr_and_gvc_publish() -> None:
    """The numbers are those that the tests of decompr 6.8 (leontief) and gvc 6.4 (i2e, e2r) expect of this table.

    Neither package publishes a value of its upstreamness; these prove the table and the inverse that it is made of.
    """
    origins, output = leather_value_added_origins(), np.array(LEATHER_OUTPUT)
    country = np.arange(9) // 3
    abroad = country[:, None] != country
    foreign_use = np.where(country[:, None] != np.arange(3), LEATHER_FINAL, 0.0)
    exports = np.where(abroad, LEATHER, 0.0).sum(axis=1) + foreign_use.sum(axis=1)
    of_exports, of_use = origins * exports, origins @ np.array(LEATHER_FINAL)
    assert [of_exports[0, 0], of_exports[8, 8]] == pytest.approx([28.52278, 34.74381], abs=1e-5)
    assert [(origins * output)[0, 0], (origins * output)[8, 8]] == pytest.approx([66.75361799, 96.78316785], abs=1e-8)
    assert [of_use.flat[0], of_use.flat[19]] == pytest.approx([24.3345824, 23.6841309], abs=1e-7)
    imported_to_export = np.where(abroad, of_exports, 0.0).sum(axis=0)
    assert imported_to_export[[0, 8]] == pytest.approx([3.404712, 25.397173], abs=1e-6)
    exported_to_reexport = np.where(abroad, of_exports, 0.0).sum(axis=1)
    assert exported_to_reexport[[0, 8]] == pytest.approx([11.9471938, 4.9233020], abs=1e-7)


def test_cycles_of_stated_shares_have_the_upstreamness_of_the_input_output_formula() -> None:
    """Ours against two ways to the formula that gvc's `upstream` computes, of which no values are published.

    U = (I - B)^-1 1 with B the sales by the seller's output (Antras and others 2012): the sum of all rounds of sales,
    1 + B + B^2 + ..., and, from the inverse that the published values prove, what each adds to all outputs by what it
    adds to its own.
    """
    chain: Network = nx.MultiDiGraph()
    for row, sales in enumerate(LEATHER):
        for column, value in enumerate(sales):
            if value:
                share = value / LEATHER_OUTPUT[row]
                chain.add_edge(f"i{row}", f"i{column}", relation="inputOf", share=share)
    frame = upstreamness(None, chain)
    output = np.array(LEATHER_OUTPUT)
    allocation = np.array(LEATHER) / output[:, None]
    rounds = [np.linalg.matrix_power(allocation, power).sum(axis=1) for power in range(200)]
    value_added = output - np.array(LEATHER).sum(axis=0)
    of_origins = leather_value_added_origins() @ output / value_added
    for values in (np.sum(rounds, axis=0), of_origins):
        expected = {f"i{row}": value for row, value in enumerate(values)}
        assert frame["upstreamness"].to_dict() == pytest.approx(expected, rel=1e-12)
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
