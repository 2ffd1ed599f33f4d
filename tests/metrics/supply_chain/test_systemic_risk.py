"""How far a failure spreads: the published index, solved by hand and set against its equations, and bounded."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import networkx as nx
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaingraph.errors import MeasureError, NetworkError
from chaingraph.metrics import supplier_customer_ties, systemic_risk
from tests.metrics.supply_chain.chains import chained, supplied, table

BOTH = pytest.mark.parametrize("cascade", ["linear", "leontief"])
Ties = list[tuple[str, str, float, str]]


def risks(
    ties: pd.DataFrame,
    cascade: str = "linear",
    essential: list[str] | None = None,
    failures: dict[str, list[str]] | None = None,
) -> dict[str, float]:
    frame = systemic_risk(ties, cascade=cascade, essential=essential, failures=failures)
    return {str(name): float(risk) for name, risk in frame["risk_high"].items()}


@BOTH
def test_in_a_chain_every_failure_takes_all(cascade: str) -> None:
    # Whoever fails, all before lose their sales and all after their input.
    ties = table(("a", "b", 4, "x"), ("b", "c", 2, "y"), ("c", "d", 1, "z"))
    assert risks(ties, cascade=cascade) == {"a": 1.0, "b": 1.0, "c": 1.0, "d": 1.0}


@pytest.mark.parametrize(("cascade", "ray"), [("linear", 2 / 6), ("leontief", 4 / 6)])
def test_in_a_star_the_hub_takes_all_and_a_ray_what_the_hub_makes_of_it(cascade: str, ray: float) -> None:
    # Three rays sell 1 each to the hub, and that 3 to the end. Without a ray it loses a third of its inputs, or all.
    ties = table(("x", "hub", 1, "p"), ("y", "hub", 1, "q"), ("z", "hub", 1, "r"), ("hub", "end", 3, "s"))
    by_hand = {"x": ray, "y": ray, "z": ray, "hub": 1.0, "end": 1.0}
    assert risks(ties, cascade=cascade) == pytest.approx(by_hand)


@pytest.mark.parametrize(("cascade", "side"), [("linear", 3 / 6), ("leontief", 4 / 6)])
def test_in_a_diamond_one_side_stops_half_or_all_of_the_tip(cascade: str, side: float) -> None:
    # Without left: its own 1; half or all of the tip's 2; and half of the root's 2, which it sold to left.
    ties = table(
        ("root", "left", 1, "r"),
        ("root", "right", 1, "r"),
        ("left", "tip", 1, "a"),
        ("right", "tip", 1, "b"),
        ("tip", "end", 2, "t"),
    )
    by_hand = {"root": 1.0, "left": side, "right": side, "tip": 1.0, "end": 1.0}
    assert risks(ties, cascade=cascade) == pytest.approx(by_hand)


@BOTH
def test_what_is_left_of_a_product_stands_in_for_what_fails(cascade: str) -> None:
    # Of p are 4; without left 3 are left, so that a third of its quarter is missing at the tip: 1/12 of its sales of 2.
    ties = table(("left", "tip", 1, "p"), ("right", "tip", 3, "p"), ("tip", "end", 2, "t"))
    assert risks(ties, cascade=cascade)["left"] == pytest.approx((1 + 2 / 12) / 6)
    # Without right only 1 is left, a third of what failed: it is hard to replace to the full.
    assert risks(ties, cascade=cascade)["right"] == pytest.approx((3 + 2 * 3 / 4) / 6)


@BOTH
def test_a_chain_with_two_branches_is_solved_by_hand(cascade: str) -> None:
    # a sells 4 to c's supplier b; b sells 2 and d 2 to c. All sell another product.
    ties = table(("a", "b", 4, "x"), ("b", "c", 2, "y"), ("d", "c", 2, "z"))
    frame = systemic_risk(ties, cascade=cascade)
    by_hand = {
        # a down: b stops, which is 4 + 2 of 8; c sells nothing.
        "a": 6 / 8,
        # b down: itself, and a sells to nobody: 2 + 4 of 8.
        "b": 6 / 8,
        # c down: b and d sell to nobody, and so a: all.
        "c": 1.0,
        "d": 2 / 8,
    }
    assert frame["risk_high"].to_dict() == pytest.approx(by_hand)
    assert frame.loc["b", "reached"] == 2


def test_the_scarcest_input_binds_only_in_leontief() -> None:
    ties = table(("a", "c", 1, "x"), ("b", "c", 3, "y"), ("c", "d", 4, "z"))
    linear = systemic_risk(ties, failures={"a": ["a"]})
    leontief = systemic_risk(ties, cascade="leontief", failures={"a": ["a"]})
    spared = systemic_risk(ties, cascade="leontief", essential=["y"], failures={"a": ["a"]})
    # Sales are 1, 3 and 4; c loses a quarter of its inputs, or all.
    assert [f.loc["a", "risk_high"] for f in (linear, leontief, spared)] == [2 / 8, 5 / 8, 2 / 8]


def test_a_product_may_be_essential_to_one_customer_only() -> None:
    ties = table(("a", "c", 1, "x"), ("b", "c", 3, "y"), ("a", "d", 1, "x"), ("b", "d", 3, "y"), ("c", "e", 4, "z"))
    failed = {"a": ["a"]}
    to_c = systemic_risk(ties, cascade="leontief", essential=[("x", "c")], failures=failed)
    to_d = systemic_risk(ties, cascade="leontief", essential=[("x", "d")], failures=failed)
    # Sales are 2, 6 and 4; c, which alone sells on, stops, or loses a quarter.
    assert [f.loc["a", "risk_high"] for f in (to_c, to_d)] == [(2 + 4) / 12, (2 + 1) / 12]


def published(ties: Ties, essential: set[str], failed: set[str]) -> float:
    """Return the index as its equations say it (Diem et al. 2022), for ties whose supplier has one product."""
    made = {supplier: product for supplier, _, _, product in ties}
    sold: dict[str, float] = defaultdict(float)
    bought: dict[tuple[str, str | None], float] = defaultdict(float)
    for supplier, customer, weight, product in ties:
        sold[supplier] += weight
        bought[customer, product] += weight
        bought[customer, None] += weight
    names = sorted({*sold, *(customer for _, customer, _, _ in ties)})

    def downstream(health: dict[str, float]) -> dict[str, float]:
        missing: dict[tuple[str, str | None], float] = defaultdict(float)
        for supplier, customer, weight, product in ties:
            left = sum(sold[other] * health[other] for other in sold if made[other] == product)
            hard = min(1.0, sold[supplier] / left) if left > 0 else 1.0
            need = product if product in essential else None
            missing[customer, need] += hard * (1 - health[supplier]) * weight / bought[customer, need]
        return {name: 1 - max((lack for (who, _), lack in missing.items() if who == name), default=0) for name in names}

    def upstream(health: dict[str, float]) -> dict[str, float]:
        kept: dict[str, float] = defaultdict(float)
        for supplier, customer, weight, _ in ties:
            kept[supplier] += weight * health[customer] / sold[supplier]
        return {name: kept[name] if name in sold else 1.0 for name in names}

    ends = []
    for step in (downstream, upstream):
        health, change = {name: float(name not in failed) for name in names}, 1.0
        while change >= 1e-6:
            new = {name: 0.0 if name in failed else max(0.0, value) for name, value in step(health).items()}
            change, health = max(abs(new[name] - health[name]) for name in names), new
        ends.append(health)
    down, up = ends
    return sum(sold[name] * (1 - min(down[name], up[name])) for name in sold) / sum(sold.values())


INDUSTRIES = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(1, 9)).filter(lambda tie: tie[0] != tie[1]),
    min_size=1,
    max_size=16,
    unique_by=lambda tie: tie[:2],
)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(INDUSTRIES, st.lists(st.integers(0, 2), min_size=7, max_size=7), st.sets(st.integers(0, 2)))
def test_the_index_is_the_published_one(rows: list[tuple[int, int, int]], makes: list[int], needed: set[int]) -> None:
    ties: Ties = [(f"o{s}", f"o{c}", float(w), f"p{makes[s]}") for s, c, w in rows]
    essential = {f"p{product}" for product in needed} & {product for *_, product in ties}
    found = risks(table(*ties), "leontief", sorted(essential))
    assert found == pytest.approx({name: published(ties, essential, {name}) for name in found}, abs=1e-6)
    linear = risks(table(*ties))
    assert linear == pytest.approx({name: published(ties, set(), {name}) for name in linear}, abs=1e-6)


ROWS = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 6), st.one_of(st.none(), st.integers(1, 9)), st.integers(0, 2)),
    min_size=1,
    max_size=16,
).map(lambda rows: [(f"o{s}", f"o{c}", w, f"p{p}") for s, c, w, p in rows if s != c] or [("o0", "o1", 1, "p0")])
CASCADES = st.sampled_from(["linear", "leontief"])
Drawn = list[tuple[Any, ...]]


@settings(max_examples=40, deadline=None, derandomize=True)
@given(ROWS, CASCADES)
def test_the_index_grows_with_what_fails_and_bounds_every_weight(rows: Drawn, cascade: str) -> None:
    frame = table(*rows)
    names = sorted({*frame["supplier"], *frame["customer"]})
    grown = {str(n): names[:n] for n in range(1, len(names) + 1)}
    found = systemic_risk(frame, cascade=cascade, failures=grown, block=3).loc[list(grown)]
    assert found["risk_low"].between(0, 1).all()
    assert (found["risk_low"] <= found["risk_high"] + 1e-5).all()
    assert found["risk_high"].diff().dropna().ge(-1e-4).all()
    known = frame["weight"].max()
    if pd.isna(known):
        return
    filled = systemic_risk(frame.fillna({"weight": float(known) / 3}), cascade=cascade, failures=grown).loc[list(grown)]
    assert (filled["risk_high"] <= found["risk_high"] + 1e-4).all()
    assert (filled["risk_high"] >= found["risk_low"] - 1e-4).all()


@settings(max_examples=25, deadline=None, derandomize=True)
@given(ROWS, CASCADES, st.integers(0, 6))
def test_removing_a_substitute_never_lowers_the_index(rows: Drawn, cascade: str, number: int) -> None:
    ties = [(s, c, w or 1, p) for s, c, w, p in rows]
    other = f"o{number}"
    # What the other one sells can no longer stand in for anything.
    apart = [(s, c, w, f"only {p}" if s == other else p) for s, c, w, p in ties]
    before, after = risks(table(*ties), cascade=cascade), risks(table(*apart), cascade=cascade)
    assert all(after[name] >= before[name] - 1e-4 for name in before if name != other)
    # Or it fails as well.
    if other in before:
        both = risks(table(*ties), cascade=cascade, failures={name: [name, other] for name in before})
        assert all(both[name] >= before[name] - 1e-4 for name in before)


@settings(max_examples=20, deadline=None, derandomize=True)
@given(ROWS, CASCADES)
def test_other_names_change_no_index_and_another_network_only_the_whole(rows: Drawn, cascade: str) -> None:
    ties = [(s, c, w or 1, p) for s, c, w, p in rows]
    found = risks(table(*ties), cascade=cascade)
    turned = [(f"z{9 - int(s[1])}", f"z{9 - int(c[1])}", w, f"q{9 - int(p[1])}") for s, c, w, p in ties]
    renamed = risks(table(*turned), cascade=cascade)
    assert {name: renamed[f"z{9 - int(name[1])}"] for name in found} == pytest.approx(found, abs=1e-5)
    beside = risks(table(*ties, ("x", "y", 7, "elsewhere")), cascade=cascade)
    sold = sum(float(tie[2]) for tie in ties)
    assert {name: beside[name] * (sold + 7) / sold for name in found} == pytest.approx(found, abs=1e-5)
    assert (beside["x"], beside["y"]) == pytest.approx((7 / (sold + 7), 7 / (sold + 7)))


def test_supplies_without_a_customer_go_to_who_needs_the_product() -> None:
    chain = chained("class>end", kinds=("one>class",))
    frame = supplier_customer_ties(supplied(("a", "one", 0.5), ("b", "end", None), ("c", "end", None)), chain)
    assert frame[["supplier", "customer", "weight_low", "implied"]].to_numpy().tolist() == [
        ["a", "b", 0.25, True],
        ["a", "c", 0.25, True],
    ]


def test_ranks_bound_the_place_of_each_whatever_the_missing_weights_are() -> None:
    ties = pd.DataFrame(
        {"supplier": ["a", "b"], "customer": ["x", "y"], "weight_low": [1.0, 0.0], "weight_high": [1.0, 3.0]}
    )
    frame = systemic_risk(ties)
    # a and x lose a quarter to all, b and y none to three quarters: which pair is ahead is open.
    assert frame[["risk_low", "risk_high", "rank_low", "rank_high"]].loc[["a", "b"]].to_numpy().tolist() == [
        [0.25, 1, 1, 4],
        [0, 0.75, 1, 4],
    ]
    exact = systemic_risk(table(("a", "x", 1), ("b", "y", 3)))
    assert exact[["rank_low", "rank_high"]].loc[["a", "b"]].to_numpy().tolist() == [[3, 4], [1, 2]]


def test_of_an_organization_without_ties_the_risk_is_unknown_and_not_0() -> None:
    supply = supplied(("a", "raw", 0.5), ("b", "raw", 0.5), ("c", "end", 1.0), ("d", "by", 1.0))
    frame = systemic_risk(supply, chain=chained("raw>end"))
    assert frame.drop(columns=["label", "rows"]).loc["d"].isna().all()
    assert frame.loc[["c", "a", "b"], ["rank_low", "rank_high"]].to_numpy().tolist() == [[1, 1], [2, 3], [2, 3]]
    assert frame.attrs["without_ties"] == 1
    together = systemic_risk(supply, chain=chained("raw>end"), failures={"one": ["c", "d"], "none": ["d"]})
    assert together["risk_high"].isna().to_dict() == {"one": False, "none": True}


def test_each_index_of_a_supply_network_leads_to_its_rows() -> None:
    supply = supplied(("a", "raw", 0.5), ("b", "raw", 0.5), ("c", "end", 1.0), ("d", "by", 1.0))
    frame = systemic_risk(supply, chain=chained("raw>end"))
    assert frame["rows"].to_dict() == {"c": "s0; s1", "a": "s0", "b": "s1", "d": ""}
    together = systemic_risk(supply, chain=chained("raw>end"), failures={"both": ["a", "b"]})
    assert together["rows"].to_dict() == {"both": "s0; s1"}
    assert "rows" not in systemic_risk(table(("a", "b", 1)))


def test_impossible_ties_and_unknown_names_are_refused() -> None:
    with pytest.raises(NetworkError, match="its own customer"):
        systemic_risk(table(("a", "a", 1)))
    with pytest.raises(NetworkError, match="expected 0 or more"):
        systemic_risk(table(("a", "b", -1)))
    with pytest.raises(NetworkError, match="no organization 'z' in the network"):
        systemic_risk(table(("a", "b", 1)), failures={"one": ["z"]})
    with pytest.raises(NetworkError, match="no tie has the product 'z'; there are the products: p"):
        systemic_risk(table(("a", "b", 1, "p")), cascade="leontief", essential=["z"])
    with pytest.raises(NetworkError, match="no tie has the product 'p' and the customer 'a'"):
        systemic_risk(table(("a", "b", 1, "p")), cascade="leontief", essential=[("p", "a")])
    with pytest.raises(NetworkError, match="no column customer"):
        systemic_risk(pd.DataFrame({"supplier": ["a"]}))
    with pytest.raises(NetworkError, match="the ties have no direction"):
        systemic_risk(nx.Graph([("a", "b")]))
    with pytest.raises(MeasureError, match="linear or leontief"):
        systemic_risk(table(("a", "b", 1)), cascade="cobb")
    with pytest.raises(MeasureError, match="nothing is sold"):
        systemic_risk(table(("a", "b", 0)))
