"""A chain breaks where one holds it alone, and nothing that drops out makes it stronger."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import networkx as nx
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import chaingraph as cg
from chaingraph import networks
from chaingraph.errors import MeasureError, NetworkError
from chaingraph.metrics.chain import chokepoints, cycles, downstreamness, systemic_risk, trade, upstreamness, without


def chained(*inputs: str, kinds: tuple[str, ...] = (), stages: tuple[str, ...] = ()) -> nx.MultiDiGraph[str]:
    """Write "a>b" for an input, a kind or a product and its stage."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for relation, ties in (("inputOf", inputs), ("broader", kinds), ("stage", stages)):
        for tail, head in (tie.split(">") for tie in ties):
            graph.add_node(tail, type="Product")
            graph.add_node(head, type="Stage" if relation == "stage" else "Product")
            graph.add_edge(tail, head, key=relation, relation=relation)
    return graph


def supplied(*rows: tuple[str, str, float | None], regions: dict[str, str] | None = None) -> nx.MultiDiGraph[str]:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for number, (supplier, product, share) in enumerate(rows):
        graph.add_node(supplier, type="Organization", **({"region": (regions or {})[supplier]} if regions else {}))
        graph.add_node(product, type="Product")
        stated = {} if share is None else {"share": share}
        graph.add_edge(supplier, product, key=str(number), relation="supplies", supply=f"s{number}", **stated)
    return graph


def table(*ties: tuple[Any, ...]) -> pd.DataFrame:
    return pd.DataFrame(list(ties), columns=["supplier", "customer", "weight", "product"][: len(ties[0])])


def test_missing_shares_bound_the_concentration() -> None:
    frame = chokepoints(supplied(("a", "p", 0.5), ("b", "p", None), ("c", "p", None), ("d", "q", None)))
    assert list(frame.loc["p", ["hhi_low", "hhi_high", "largest_share_low", "largest_share_high"]]) == [
        0.375,
        0.5,
        0.5,
        0.5,
    ]
    assert list(frame.loc["q", ["sole_supplier", "largest_supplier", "hhi_low", "hhi_high"]]) == [True, "d", 1, 1]
    assert frame["rank_suppliers"].to_dict() == {"q": 1, "p": 2}


def test_the_largest_region_is_bounded_by_who_is_where() -> None:
    where = {"a": "x", "b": "x", "c": "y"}
    frame = chokepoints(supplied(("a", "p", 0.4), ("b", "p", None), ("c", "p", None), regions=where))
    found = frame.loc["p", ["largest_region", "largest_region_share_low", "largest_region_share_high"]]
    assert list(found) == ["x", 0.5, 1.0]


def test_in_a_diamond_only_the_ends_dominate_but_all_stop_it() -> None:
    diamond = chained("raw>left", "raw>right", "left>end", "right>end", "end>sold", stages=("left>s", "right>s"))
    frame = chokepoints(supplied(("a", "raw", None), ("b", "left", None)), diamond)
    assert frame["dominates"].dropna().to_dict() == {"raw": 1, "left": 0, "right": 0, "end": 1, "sold": 0}
    assert frame["stops"].to_dict() == {"raw": 1, "left": 1, "right": 1, "end": 1, "sold": 0, "s": 1}
    assert frame.attrs["without_suppliers"] == ["right", "end", "sold"]


def test_a_kind_stands_in_until_the_last_is_gone() -> None:
    chain = chained("class>end", kinds=("one>class", "two>class"))
    supply = supplied(("a", "one", None), ("b", "two", None), ("c", "end", 1.0))
    kept = without(supply, chain, organizations=["a"])
    assert kept[kept["stopped"]].index.tolist() == ["one"]
    assert list(kept.loc["end", ["lost_low", "lost_high"]]) == [0.0, 1.0]
    broken = without(supply, chain, organizations=["a", "b"])
    assert broken["because"].to_dict() == {
        "class": "no kind of it left",
        "end": "input stopped: class",
        "one": "no supplier left",
        "two": "no supplier left",
    }
    assert broken.attrs["final_stopped"] == ["end"]


def test_the_lost_share_follows_the_path() -> None:
    supply = supplied(("a", "raw", 0.25), ("b", "raw", 0.75), ("c", "end", 0.5), ("a", "end", 0.5))
    frame = without(supply, chained("raw>end"), organizations=["a"])
    assert list(frame.loc["raw", ["lost_low", "lost_high"]]) == [0.25, 0.25]
    # Half of the makers and a quarter of the input: between 1/2 and 1 - 1/2 * 3/4.
    assert list(frame.loc["end", ["lost_low", "lost_high"]]) == [0.5, 0.625]


def test_a_cycle_is_named_and_counts_as_one_product() -> None:
    chain = chained("raw>a", "a>b", "b>a", "b>end")
    assert cycles(chain)["nodes"].tolist() == [["a", "b"]]
    frame = upstreamness(chain)
    assert frame["upstreamness"].to_dict() == {"raw": 3.0, "a": 2.0, "b": 2.0, "end": 1.0}
    assert frame.attrs["condensed"]
    assert downstreamness(chain)["downstreamness"].to_dict() == {"end": 3.0, "a": 2.0, "b": 2.0, "raw": 1.0}


def test_a_kind_is_as_far_upstream_as_what_it_serves_as() -> None:
    frame = upstreamness(chained("class>end", kinds=("one>class",)), supplied(("a", "one", None), ("a", "end", None)))
    assert frame["upstreamness"].to_dict() == {"class": 2.0, "one": 2.0, "end": 1.0, "a": 1.5}


def test_a_product_that_is_not_where_its_segment_says_disagrees() -> None:
    chain = chained("r1>m", "r2>m", "m>e", stages=("r1>u", "r2>u", "m>d", "e>u"))
    chain.nodes["u"]["segment"], chain.nodes["d"]["segment"] = "upstream", "downstream"
    assert upstreamness(chain)["disagrees"].to_dict() == {"r1": False, "r2": False, "m": False, "e": True}


@pytest.mark.parametrize("cascade", ["linear", "leontief"])
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


TIES = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 6), st.one_of(st.none(), st.integers(1, 9)), st.integers(0, 2)),
    min_size=1,
    max_size=16,
).map(lambda rows: [(f"o{s}", f"o{c}", w, f"p{p}") for s, c, w, p in rows if s != c] or [("o0", "o1", 1, "p0")])


@settings(max_examples=40, deadline=None, derandomize=True)
@given(TIES, st.sampled_from(["linear", "leontief"]))
def test_the_index_grows_with_what_fails_and_bounds_every_weight(rows: list[tuple[Any, ...]], cascade: str) -> None:
    frame = table(*rows)
    names = sorted({*frame["supplier"], *frame["customer"]})
    grown = {str(n): names[:n] for n in range(1, len(names) + 1)}
    found = systemic_risk(frame, cascade=cascade, failures=grown, block=3).loc[list(grown)]
    assert found["risk_low"].between(0, 1).all()
    assert (found["risk_low"] <= found["risk_high"] + 1e-5).all()
    assert found["risk_high"].is_monotonic_increasing or found["risk_high"].diff().min() > -1e-4
    known = frame["weight"].max()
    if pd.isna(known):
        return
    filled = systemic_risk(frame.fillna({"weight": float(known) / 3}), cascade=cascade, failures=grown).loc[list(grown)]
    assert (filled["risk_high"] <= found["risk_high"] + 1e-4).all()
    assert (filled["risk_high"] >= found["risk_low"] - 1e-4).all()


Drawn = tuple[set[tuple[int, int]], set[tuple[int, int]], list[tuple[int, int, float | None]]]
CHAINS = st.tuples(
    st.sets(st.tuples(st.integers(0, 6), st.integers(0, 6)).filter(lambda t: t[0] != t[1]), max_size=10),
    st.sets(st.tuples(st.integers(0, 6), st.integers(0, 6)).filter(lambda t: t[0] != t[1]), max_size=4),
    st.lists(
        st.tuples(st.integers(0, 4), st.integers(0, 6), st.sampled_from([None, 0.1, 0.0])), min_size=1, max_size=9
    ),
)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(CHAINS, st.integers(0, 6))
def test_what_drops_out_besides_never_saves_a_product(drawn: Drawn, kind: int) -> None:
    inputs, kinds, rows = drawn
    chain = chained(*(f"p{u}>p{v}" for u, v in sorted(inputs)), kinds=tuple(f"p{u}>p{v}" for u, v in sorted(kinds)))
    chain.add_node(f"p{kind}", type="Product")
    supply = supplied(*((f"o{o}", f"p{p}", share) for o, p, share in rows))
    first = without(supply, chain, organizations=[f"o{rows[0][0]}"]).sort_index()
    more = without(supply, chain, organizations=[f"o{rows[0][0]}"], products=[f"p{kind}"]).sort_index()
    assert not (first["stopped"] & ~more["stopped"]).any()
    for bound in ("lost_low", "lost_high"):
        assert (first[bound] <= more[bound] + 1e-12).all()
        assert first[bound].between(0, 1).all()
    assert (first["lost_low"] <= first["lost_high"] + 1e-12).all()
    frame = chokepoints(supply, chain)
    assert (frame["hhi_low"].dropna() <= frame["hhi_high"].dropna() + 1e-12).all()
    assert (upstreamness(chain)["upstreamness"] >= 1 - 1e-9).all()


@pytest.mark.parametrize(
    ("supply", "chain", "message"),
    [
        (supplied(("a", "p", 0.7), ("b", "p", 0.4)), None, "'p' add up to 1.1, expected at most 1.*'s0', 's1'"),
        (supplied(("a", "p", -0.1)), None, "row 's0': the share of 'p' is -0.1"),
        (supplied(("a", "p", 60.0)), None, "row 's0': the share of 'p' is 60"),
        (supplied(("a", "p", 1.0)), chained("p>p"), "the product 'p' is its own input"),
    ],
)
def test_impossible_shares_and_inputs_are_refused(
    supply: nx.MultiDiGraph[str], chain: nx.MultiDiGraph[str] | None, message: str
) -> None:
    with pytest.raises(NetworkError, match=message):
        chokepoints(supply, chain)


def test_unknown_names_are_refused() -> None:
    supply = supplied(("a", "p", 1.0))
    with pytest.raises(NetworkError, match="no organization 'z'"):
        without(supply, organizations=["z"])
    with pytest.raises(NetworkError, match="no organization has the region 'z'"):
        without(supply, regions=["z"])
    with pytest.raises(NetworkError, match="no product 'z'"):
        without(supply, products=["z"])
    with pytest.raises(NetworkError, match="nothing drops out"):
        without(supply)
    with pytest.raises(NetworkError, match="its own customer"):
        systemic_risk(table(("a", "a", 1)))
    with pytest.raises(NetworkError, match="expected 0 or more"):
        systemic_risk(table(("a", "b", -1)))
    with pytest.raises(MeasureError, match="linear or leontief"):
        systemic_risk(table(("a", "b", 1)), cascade="cobb")


def test_supplies_without_a_customer_go_to_who_needs_the_product() -> None:
    chain = chained("class>end", kinds=("one>class",))
    frame = trade(supplied(("a", "one", 0.5), ("b", "end", None), ("c", "end", None)), chain)
    assert frame[["supplier", "customer", "weight_low", "implied"]].to_numpy().tolist() == [
        ["a", "b", 0.25, True],
        ["a", "c", 0.25, True],
    ]


def semiconductors(shared: Path, target: Path, level: str) -> tuple[nx.MultiDiGraph[str], nx.MultiDiGraph[str]]:
    source = shared / "data" / "eto-semiconductor"
    if not source.is_dir():
        pytest.skip("the semiconductor data in ../shared is not here")
    place = Path(__file__).resolve().parents[2] / "bench" / "semiconductors.py"
    spec = importlib.util.spec_from_file_location("semiconductors", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.convert(source, target / level, level)
    kg = cg.open(target / level)
    return networks.supply(kg), networks.chain(kg)


def test_in_semiconductors_one_organization_alone_supplies_extreme_ultraviolet_scanners(
    shared: Path, tmp_path: Path
) -> None:
    supply, chain = semiconductors(shared, tmp_path, "organizations")
    frame = chokepoints(supply, chain)
    alone = frame[frame["sole_supplier"]]
    assert alone["label"].tolist() == ["EUV scanners"]
    assert [supply.nodes[node]["label"] for node in alone["largest_supplier"]] == ["ASML"]
    # Only of four lithography tools are the shares of organizations known.
    held = frame[(frame["type"] == "Product") & frame["suppliers"].notna()]
    said = sorted(held.loc[held["known_share"] >= 0.5, "label"])
    assert said == ["ArF immersion scanners", "ArF scanners", "EUV scanners", "Laser lithography tools"]
    assert len(held) - len(said) == 57


def test_the_loss_of_the_united_states_costs_most_final_output_of_semiconductors(shared: Path, tmp_path: Path) -> None:
    supply, chain = semiconductors(shared, tmp_path, "countries")
    regions = sorted({data["region"] for _, data in supply.nodes(data=True) if data.get("region")})
    lost = {}
    for region in regions:
        frame = without(supply, chain, regions=[region])
        lost[region] = round(float(frame.loc[frame["final"], "lost_low"].sum()), 3)
    assert sorted(lost, key=lambda region: -lost[region])[:4] == ["USA", "GBR", "JPN", "CHN"]
    assert lost["USA"] == 4.665
