"""What stops if some drop out, and how much is lost at least and at most."""

from __future__ import annotations

from typing import Any

import networkx as nx
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaingraph.errors import MeasureError, NetworkError
from chaingraph.metrics import chokepoints, criticality, disruption, upstreamness
from tests.metrics.supply_chain.chains import Network, chained, supplied


def test_a_kind_stands_in_until_the_last_is_gone() -> None:
    chain = chained("class>end", kinds=("one>class", "two>class"))
    supply = supplied(("a", "one", None), ("b", "two", None), ("c", "end", 1.0))
    kept = disruption(supply, chain, organizations=["a"])
    assert kept[kept["stopped"]].index.tolist() == ["one"]
    assert list(kept.loc["end", ["lost_low", "lost_high"]]) == [0.0, 1.0]
    broken = disruption(supply, chain, organizations=["a", "b"])
    assert broken["because"].to_dict() == {
        "class": "no kind of it left",
        "end": "input stopped: class",
        "one": "no supplier left",
        "two": "no supplier left",
    }
    assert broken.attrs["final_stopped"] == ["end"]


def test_the_lost_share_follows_the_path() -> None:
    supply = supplied(("a", "raw", 0.25), ("b", "raw", 0.75), ("c", "end", 0.5), ("a", "end", 0.5))
    frame = disruption(supply, chained("raw>end"), organizations=["a"])
    assert list(frame.loc["raw", ["lost_low", "lost_high"]]) == [0.25, 0.25]
    # Half of the makers and a quarter of the input: between 1/2 and 1 - 1/2 * 3/4.
    assert list(frame.loc["end", ["lost_low", "lost_high"]]) == [0.5, 0.625]


def test_a_cycle_loses_what_any_of_it_loses_whatever_else_there_is() -> None:
    supply = supplied(("a", "x", 0.5), ("b", "x", 0.5), ("a", "y", 0.25), ("b", "y", 0.75), ("b", "raw", 1.0))
    frame = disruption(supply, chained("raw>x", "x>y", "y>x", "y>end"), organizations=["a"])
    # At most, who makes x half as much makes it of three quarters of y: 1 - 1/2 * 3/4.
    bounds = dict.fromkeys(("x", "y", "end"), (0.5, 0.625)) | {"raw": (0.0, 0.0)}
    assert {str(row.Index): (row.lost_low, row.lost_high) for row in frame.itertuples()} == bounds
    # Nobody supplies either kind, so that neither can stand in for the other.
    circle = disruption(supplied(("a", "p", None)), chained(kinds=("k>l", "l>k")), organizations=["a"])
    assert circle["because"].to_dict() == {
        "p": "no supplier left",
        "k": "no kind of it left",
        "l": "no kind of it left",
    }


def test_each_loss_leads_to_the_rows_that_stop_counting() -> None:
    supply = supplied(("a", "raw", 0.25), ("b", "raw", 0.75), ("a", "end", 0.5), ("c", "by", 1.0), ("a", "by", 0.0))
    frame = disruption(supply, chained("raw>end"), organizations=["a"], products=["by"])
    assert frame["rows_lost"].to_dict() == {"raw": "s0", "end": "s2", "by": "s3; s4"}


WHERE = {"a": "Suzhou", "b": "Nanjing", "c": "Graz", "d": "Jiangsu"}
AROUND = {"a": "China; Jiangsu; Suzhou", "b": "China; Jiangsu; Nanjing", "c": "Austria; Graz", "d": "China; Jiangsu"}


def placed() -> Network:
    rows = (("a", "raw", 0.25), ("b", "raw", 0.75), ("c", "end", 0.5), ("d", "end", 0.5), ("e", "by", None))
    return supplied(*rows, regions=WHERE, within=AROUND)


@pytest.mark.parametrize(
    ("region", "removed"),
    [
        ("Suzhou", ["a"]),
        ("Jiangsu", ["a", "b", "d"]),
        ("China", ["a", "b", "d"]),
        ("Austria", ["c"]),
    ],
)
def test_a_region_takes_along_all_that_lie_within_it(region: str, removed: list[str]) -> None:
    assert disruption(placed(), chained("raw>end"), regions=[region]).attrs["removed"] == removed


def test_an_organization_in_two_regions_drops_out_with_either() -> None:
    supply = supplied(("a", "p", 1.0), regions={"a": "Graz; Suzhou"})
    assert [disruption(supply, regions=[name]).attrs["removed"] for name in ("Graz", "Suzhou", "Graz; Suzhou")] == [
        ["a"]
    ] * 3


def test_regions_are_ranked_by_what_stops_without_each() -> None:
    frame = criticality(placed(), chained("raw>end", stages=("raw>first", "end>last")))
    assert frame.drop(columns=[name for name in frame if str(name).startswith("rank")]).to_dict("index") == {
        name: dict(zip(LOST, row, strict=True))
        for name, row in {
            "China": ("China", 3, 2, 1, 2, "end", 1.0, 1.0, "s0; s1; s3"),
            "Jiangsu": ("Jiangsu", 3, 2, 1, 2, "end", 1.0, 1.0, "s0; s1; s3"),
            "Nanjing": ("Nanjing", 1, 0, 0, 0, "", 0.75, 0.75, "s1"),
            "Austria": ("Austria", 1, 0, 0, 0, "", 0.5, 0.5, "s2"),
            "Graz": ("Graz", 1, 0, 0, 0, "", 0.5, 0.5, "s2"),
            "Suzhou": ("Suzhou", 1, 0, 0, 0, "", 0.25, 0.25, "s0"),
        }.items()
    }
    assert frame["rank_lost_low"].tolist() == [1, 1, 3, 4, 4, 6]
    assert frame["rank_lost_high"].tolist() == [2, 2, 3, 5, 5, 6]
    assert frame.attrs == {"final": 1, "no_region": 1}


LOST = (
    "label",
    "organizations",
    "stopped",
    "final_stopped",
    "stages_stopped",
    "final_products",
    "lost_low",
    "lost_high",
    "rows_lost",
)


def test_organizations_are_ranked_by_what_stops_without_each() -> None:
    supply = supplied(("a", "raw", None), ("b", "end", 0.4), ("c", "end", None))
    frame = criticality(supply, chained("raw>end"), by="organization")
    assert frame[["final_stopped", "lost_low", "lost_high"]].to_dict("index") == {
        # Others that nobody names may supply what a and c have no share of.
        "a": {"final_stopped": 1, "lost_low": 0.0, "lost_high": 1.0},
        "c": {"final_stopped": 0, "lost_low": 0.0, "lost_high": 0.6},
        "b": {"final_stopped": 0, "lost_low": 0.4, "lost_high": 0.4},
    }


def test_without_a_chain_no_product_is_final_and_no_output_is_lost() -> None:
    frame = criticality(supplied(("a", "p", 1.0)), by="organization")
    assert (frame["stopped"].item(), frame["final_stopped"].item()) == (1, 0)
    assert frame["lost_low"].isna().all()


Rows = list[tuple[int, int, float | None]]
Drawn = tuple[set[tuple[int, int]], set[tuple[int, int]], Rows]
PAIRS = st.tuples(st.integers(0, 6), st.integers(0, 6)).filter(lambda tie: tie[0] != tie[1])
CHAINS = st.tuples(
    st.sets(PAIRS, max_size=10),
    st.sets(PAIRS, max_size=4),
    st.lists(
        st.tuples(st.integers(0, 4), st.integers(0, 6), st.sampled_from([None, 0.1, 0.0])), min_size=1, max_size=9
    ),
)


def drawn_chain(drawn: Drawn) -> tuple[Network, Network]:
    inputs, kinds, rows = drawn
    chain = chained(*(f"p{u}>p{v}" for u, v in sorted(inputs)), kinds=tuple(f"p{u}>p{v}" for u, v in sorted(kinds)))
    return supplied(*((f"o{o}", f"p{p}", share) for o, p, share in rows)), chain


@settings(max_examples=60, deadline=None, derandomize=True)
@given(CHAINS, st.integers(0, 6))
def test_what_drops_out_besides_never_saves_a_product(drawn: Drawn, kind: int) -> None:
    supply, chain = drawn_chain(drawn)
    chain.add_node(f"p{kind}", type="Product")
    first_out = f"o{drawn[2][0][0]}"
    first = disruption(supply, chain, organizations=[first_out]).sort_index()
    more = disruption(supply, chain, organizations=[first_out], products=[f"p{kind}"]).sort_index()
    assert not (first["stopped"] & ~more["stopped"]).any()
    for bound in ("lost_low", "lost_high"):
        assert (first[bound] <= more[bound] + 1e-12).all()
        assert first[bound].between(0, 1).all()
    assert (first["lost_low"] <= first["lost_high"] + 1e-12).all()
    frame = chokepoints(supply, chain)
    assert (frame["hhi_low"].dropna() <= frame["hhi_high"].dropna() + 1e-12).all()
    assert (upstreamness(None, chain)["upstreamness"].dropna() >= 1 - 1e-9).all()


@settings(max_examples=40, deadline=None, derandomize=True)
@given(CHAINS)
def test_the_losses_by_organization_are_those_of_each_alone(drawn: Drawn) -> None:
    supply, chain = drawn_chain(drawn)
    frame = criticality(supply, chain, by="organization")
    for name in frame.index:
        alone = disruption(supply, chain, organizations=[str(name)])
        final = alone[alone["final"]]
        found = frame.loc[name, ["stopped", "final_stopped", "lost_low", "lost_high"]].astype(float).tolist()
        counted = [alone["stopped"].sum(), final["stopped"].sum(), final["lost_low"].mean(), final["lost_high"].mean()]
        assert found == pytest.approx([float(value) for value in counted], nan_ok=True)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(CHAINS)
def test_other_names_and_another_chain_beside_it_change_no_loss(drawn: Drawn) -> None:
    supply, chain = drawn_chain(drawn)
    out = f"o{drawn[2][0][0]}"
    columns = ["stopped", "lost_low", "lost_high", "suppliers_left"]
    first = disruption(supply, chain, organizations=[out])[columns].sort_index()
    turned: dict[Any, Any] = {node: f"z{node[0]}{9 - int(node[1])}" for node in {*supply, *chain}}
    renamed = disruption(
        nx.relabel_nodes(supply, turned), nx.relabel_nodes(chain, turned), organizations=[turned[out]]
    ).loc[[turned[node] for node in first.index], columns]
    pd.testing.assert_frame_equal(renamed.set_axis(first.index), first)
    beside = disruption(
        nx.union(supply, supplied(("x", "y", None))), nx.union(chain, chained("u>v")), organizations=[out]
    )
    pd.testing.assert_frame_equal(beside.loc[first.index, columns], first)


def test_unknown_names_are_refused() -> None:
    supply = supplied(("a", "p", 1.0))
    with pytest.raises(NetworkError, match="no organization 'z'"):
        disruption(supply, organizations=["z"])
    with pytest.raises(NetworkError, match="no organization has the region 'z'"):
        disruption(supply, regions=["z"])
    with pytest.raises(NetworkError, match="no product 'z'"):
        disruption(supply, products=["z"])
    with pytest.raises(NetworkError, match="nothing drops out"):
        disruption(supply)
    with pytest.raises(NetworkError, match="no organization has a region; measure by organization"):
        criticality(supply)
    with pytest.raises(MeasureError, match="criticality by 'stage' is unknown; expected region or organization"):
        criticality(supply, by="stage")
