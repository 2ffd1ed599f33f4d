"""The order of a chain: its cycles, and how far each product is from its two ends."""

from __future__ import annotations

from chaingraph.metrics import cycles, downstreamness, upstreamness
from tests.metrics.supply_chain.chains import chained, supplied


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
