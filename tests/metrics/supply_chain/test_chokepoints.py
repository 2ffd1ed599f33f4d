"""A chain breaks where few hold it; what is not known of shares and places is bounded, and said."""

from __future__ import annotations

from typing import Any

import networkx as nx
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaingraph.errors import NetworkError
from chaingraph.metrics import chokepoints
from tests.metrics.supply_chain.chains import Network, chained, supplied


def test_missing_shares_bound_the_concentration() -> None:
    frame = chokepoints(supplied(("a", "p", 0.5), ("b", "p", None), ("c", "p", None), ("d", "q", None)))
    assert list(frame.loc["p", ["hhi_low", "hhi_high", "largest_share_low", "largest_share_high"]]) == [
        0.25,
        0.5,
        0.5,
        0.5,
    ]
    # The only one by name need not be the only one, unless its share is all.
    q = frame.loc["q", ["suppliers", "largest_supplier", "hhi_low", "hhi_high", "undecided", "largest_undecided"]]
    assert list(q) == [1, "d", 0, 1, True, True]
    assert frame["sole_supplier"].isna().to_dict() == {"q": True, "p": False}
    sole = chokepoints(supplied(("d", "q", 1.0)))
    assert list(sole.loc["q", ["sole_supplier", "hhi_low", "hhi_high", "largest_undecided"]]) == [True, 1, 1, False]
    assert frame[["rank_suppliers_low", "rank_suppliers_high"]].to_numpy().tolist() == [[1, 1], [2, 2]]


def test_bounds_of_an_indicator_bound_its_rank_and_equals_share_their_places() -> None:
    rows: list[tuple[str, str, float | None]] = [("a", "p", 0.5), ("b", "p", 0.5), ("a", "q", 0.9), ("b", "q", 0.1)]
    frame = chokepoints(supplied(*rows, ("a", "r", None), ("b", "r", None)))
    # hhi: of p 0.5, of q 0.82, of r anything from 0.5 to 1.
    assert frame.loc[["p", "q", "r"], ["rank_hhi_low", "rank_hhi_high"]].to_numpy().tolist() == [[2, 3], [1, 2], [1, 3]]
    # All have two suppliers, so that their number ranks none of them.
    assert frame[["rank_suppliers_low", "rank_suppliers_high"]].isna().all(axis=None)


def test_known_shares_are_too_few_to_say_if_the_bounds_lie_on_both_sides_of_0_18() -> None:
    # Ten suppliers: 0.1 each if none is known, and so 0.1 to 1; of p the rest of 0.4 makes no difference any more.
    open_rows: list[tuple[str, str, float | None]] = [(f"o{n}", "q", None) for n in range(10)]
    frame = chokepoints(supplied(("a", "p", 0.6), ("b", "p", None), *open_rows, ("a", "r", 0.2), ("b", "r", 0.2)))
    assert frame["undecided"].to_dict() == {"p": False, "r": True, "q": True}
    # Of r, others whom nobody names have 0.6: many small ones, 0.08, or one, 0.44.
    assert list(frame.loc["r", ["hhi_low", "hhi_high"]]) == pytest.approx([0.08, 0.44])
    assert frame["largest_undecided"].to_dict() == {"p": False, "r": True, "q": True}


def test_of_a_product_without_a_supplier_nothing_is_said() -> None:
    frame = chokepoints(supplied(("a", "p", 1.0)), chained("p>q", stages=("q>s",)))
    assert frame.loc["q", ["suppliers", "hhi_low", "undecided", "largest_undecided"]].isna().all()
    assert frame.attrs["without_suppliers"] == ["q"]
    assert frame.loc["s", ["suppliers", "undecided"]].isna().all()


def test_each_chokepoint_leads_to_its_rows() -> None:
    supply = supplied(("a", "p", 0.5), ("b", "p", None), ("a", "q", None))
    frame = chokepoints(supply, chained("p>q", stages=("p>s", "q>s")))
    assert frame["rows"].to_dict() == {"q": "s2", "p": "s0; s1", "s": "s0; s1; s2"}


def test_the_largest_region_is_bounded_by_who_is_where() -> None:
    where = {"a": "x", "b": "x", "c": "y"}
    frame = chokepoints(supplied(("a", "p", 0.4), ("b", "p", None), ("c", "p", None), regions=where))
    found = frame.loc["p", ["largest_region", "largest_region_share_low", "largest_region_share_high"]]
    assert list(found) == ["x", 0.4, 1.0]


def test_in_a_diamond_only_the_ends_dominate_but_all_stop_it() -> None:
    diamond = chained("raw>left", "raw>right", "left>end", "right>end", "end>sold", stages=("left>s", "right>s"))
    frame = chokepoints(supplied(("a", "raw", None), ("b", "left", None)), diamond)
    assert frame["dominates"].dropna().to_dict() == {"raw": 1, "left": 0, "right": 0, "end": 1, "sold": 0}
    assert frame["stops"].to_dict() == {"raw": 1, "left": 1, "right": 1, "end": 1, "sold": 0, "s": 1}
    assert frame.attrs["without_suppliers"] == ["right", "end", "sold"]


def test_kinds_of_a_product_and_its_other_kinds_are_substitutes() -> None:
    chain = chained("class>end", kinds=("one>class", "two>class"))
    frame = chokepoints(supplied(("a", "one", None), ("b", "two", None)), chain)
    assert frame["substitutes"].to_dict() == {"one": 1, "two": 1, "class": 2, "end": 0}
    assert frame["stops"].to_dict() == {"one": 0, "two": 0, "class": 1, "end": 0}


ROWS = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 3), st.sampled_from([None, 0.05, 0.2])), min_size=1, max_size=12
)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(ROWS, st.lists(st.floats(0, 1), min_size=5, max_size=5))
def test_whatever_the_missing_shares_are_the_bounds_hold(
    rows: list[tuple[int, int, float | None]], parts: list[float]
) -> None:
    seen: dict[tuple[int, int], float | None] = {}
    for supplier, product, share in rows:
        seen.setdefault((supplier, product), share)
    stated = [(f"o{s}", f"p{p}", share) for (s, p), share in seen.items()]
    frame = chokepoints(supplied(*stated))
    for node in sorted({p for _, p, _ in stated}):
        held = frame.loc[node]
        mine = {s: share for s, p, share in stated if p == node}
        rest = 1 - sum(share or 0.0 for share in mine.values())
        open_ones = [s for s, share in mine.items() if share is None]
        if not open_ones:
            continue
        weights = [parts[int(s[1:])] + 1e-9 for s in open_ones]
        given = {s: rest * w / sum(weights) for s, w in zip(open_ones, weights, strict=True)}
        filled = [given.get(s, share or 0.0) for s, share in mine.items()]
        assert held["hhi_low"] - 1e-9 <= sum(share**2 for share in filled) <= held["hhi_high"] + 1e-9
        assert held["largest_share_low"] - 1e-9 <= max(filled) <= held["largest_share_high"] + 1e-9


@settings(max_examples=30, deadline=None, derandomize=True)
@given(ROWS)
def test_other_names_and_another_chain_beside_it_change_no_indicator(
    rows: list[tuple[int, int, float | None]],
) -> None:
    numbers = ["suppliers", "known_share", "hhi_low", "hhi_high", "substitutes", "final_products", "dominates", "stops"]
    chain = chained("p0>p1", "p1>p2", kinds=("p3>p1",))
    supply = supplied(*[(f"o{s}", f"p{p}", share) for s, p, share in rows if share != 0.2])
    first = chokepoints(supply, chain)[numbers]
    turned = {node: f"z{node[0]}{9 - int(node[1])}" for node in {*supply, *chain}}
    renamed = chokepoints(nx.relabel_nodes(supply, turned), nx.relabel_nodes(chain, turned))[numbers]
    pd.testing.assert_frame_equal(renamed.loc[[turned[node] for node in first.index]].set_axis(first.index), first)
    beside = chokepoints(nx.union(supply, supplied(("x", "y", None))), nx.union(chain, chained("u>v")))[numbers]
    pd.testing.assert_frame_equal(beside.loc[first.index], first)


def no_organization() -> Network:
    supply = supplied(("a", "p", 0.5))
    supply.nodes["a"]["type"] = "Product"
    return supply


@pytest.mark.parametrize(
    ("supply", "chain", "message"),
    [
        (supplied(("a", "p", 0.7), ("b", "p", 0.4)), None, "'p' add up to 1.1, expected at most 1.*'s0', 's1'"),
        (supplied(("a", "p", -0.1)), None, "row 's0': the share of 'p' is -0.1"),
        (supplied(("a", "p", 60.0)), None, "row 's0': the share of 'p' is 60"),
        (supplied(("a", "p", 1.0)), chained("p>p"), "the product 'p' is its own input; correct its row"),
        (supplied(("a", "p", 1.0)), chained(kinds=("p>p",)), "the product 'p' is its own kind; correct its row"),
        (no_organization(), None, "row 's0': the supplier 'a' is no organization; name who supplies 'p'"),
    ],
)
def test_impossible_shares_inputs_and_suppliers_are_refused_with_their_row(
    supply: Network, chain: Network | None, message: str
) -> None:
    with pytest.raises(NetworkError, match=message):
        chokepoints(supply, chain)


def test_a_network_of_something_else_is_refused() -> None:
    graph: nx.Graph[Any] = nx.Graph([("a", "b")])
    with pytest.raises(NetworkError, match="no ties 'supplies'; measure the projection `supply`"):
        chokepoints(graph)
