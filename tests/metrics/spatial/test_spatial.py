"""Moran's I equals esda, distances the sphere, chance its formula, and gravity the coefficients it was drawn from."""

from __future__ import annotations

import json
import sys
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaingraph import metrics
from chaingraph.errors import MeasureError, UsageError
from chaingraph.metrics import (
    collaboration_distance,
    gravity,
    great_circle,
    local_morans_i,
    morans_i,
)

GOLDEN: list[dict[str, Any]] = json.loads(
    files("chaingraph.metrics").joinpath("golden_spatial.json").read_text(encoding="utf-8")
)
COUNTIES = GOLDEN[0]["arguments"]
needs_extra = pytest.mark.skipif(
    find_spec("esda") is None or find_spec("statsmodels") is None, reason="needs the extra spatial"
)
# A row of six regions on the equator, one degree (111.195 km) apart.
ROW = pd.DataFrame({"latitude": 0.0, "longitude": [0.0, 1, 2, 3, 4, 5]}, index=list("abcdef"))


def flat(expected: object, result: Any) -> list[tuple[float, float]]:  # noqa: ANN401
    """Pair each number that a source gives with ours."""
    if isinstance(expected, dict):
        return [pair for key, value in expected.items() for pair in flat(value, result[key])]
    assert isinstance(expected, (int, float))
    return [(expected, float(result))]


@needs_extra
@pytest.mark.parametrize("entry", GOLDEN, ids=lambda entry: f"{entry['index']}: {entry['source'][:40]}")
def test_every_index_equals_its_source(entry: dict[str, Any]) -> None:
    for expected, ours in flat(entry["expected"], getattr(metrics, entry["index"])(**entry["arguments"])):
        assert abs(expected - ours) <= 1.01 * 10 ** -entry["digits"]


@needs_extra
def test_the_golden_counties_are_those_that_libpysal_brings_and_all_ways_to_give_them_agree() -> None:
    libpysal = pytest.importorskip("libpysal")
    folder = Path(libpysal.examples.get_path("stl.gal")).parent
    rates = pd.read_csv(folder / "stl_hom.csv")["HR8893"]
    assert rates.tolist() == pytest.approx(list(COUNTIES["values"].values()))
    ready = libpysal.weights.W({name: list(others) for name, others in COUNTIES["weights"].items()})
    expected = morans_i(COUNTIES["values"], weights=COUNTIES["weights"])
    for weights in (ready, libpysal.graph.Graph.from_W(ready)):
        assert morans_i(pd.Series(COUNTIES["values"]), weights=weights).equals(expected)
    assert ready.transform == "O", "the caller's weights are as they were"
    turned = pd.Series(COUNTIES["values"]).iloc[::-1]
    assert morans_i(turned, weights=ready, permutations=0)["I"] == pytest.approx(expected["I"])


@needs_extra
def test_a_row_of_regions_by_hand() -> None:
    # Values 0 0 0 1 1 1, the two nearest of each: b's are a and c, the ends' are the next two. Deviations are all
    # 1/2, so I is the mean over regions of the products of signs: (1 + 1 + 0 + 0 + 1 + 1) / 6.
    values = pd.Series([0, 0, 0, 1, 1, 1], index=list("abcdef"))
    result = morans_i(values, ROW, neighbours=2)
    assert result["I"] == pytest.approx(4 / 6)
    assert result["expected"] == pytest.approx(-1 / 5)
    # One degree is 111.195 km: within 112 km an end has one neighbour, an inner region two.
    assert morans_i(values, ROW, band=112)["I"] == pytest.approx(4 / 6)
    local = local_morans_i(values, ROW, neighbours=2)
    # esda divides by n - 1: (n - 1) / n times the product of the standardised.
    assert local["I"].tolist() == pytest.approx([5 / 6, 5 / 6, 0, 0, 5 / 6, 5 / 6])
    assert local["quadrant"].tolist()[:2] == ["low-low", "low-low"]
    assert local["quadrant"].tolist()[4:] == ["high-high", "high-high"]
    # Of the 10 ways to choose the neighbours of a from 0 0 1 1 1: one is 0 0, six 0 1 and three 1 1. The expectation
    # is a mean of 0.6; 0 0 is farthest, 1 1 nearer (0.4), so that p is near 1/10.
    assert local_morans_i(values, ROW, neighbours=2, permutations=9999)["p_permutation"]["a"] == pytest.approx(
        0.1, abs=0.015
    )


@needs_extra
def test_the_permutations_find_the_exact_p_value() -> None:
    # Of the 20 ways to place three ones on six regions, I is as far from -1/5 as 2/3 only for 000111 and 111000.
    values = pd.Series([0, 0, 0, 1, 1, 1], index=list("abcdef"))
    assert morans_i(values, ROW, neighbours=2, permutations=9999)["p_permutation"] == pytest.approx(0.1, abs=0.015)


@needs_extra
def test_the_same_seed_gives_the_same_and_leaves_the_shared_generator_alone() -> None:
    values = pd.Series([3.0, 1, 4, 1, 5, 9], index=list("abcdef"))
    before = str(np.random.get_state())
    first = morans_i(values, ROW, neighbours=2, seed=5), local_morans_i(values, ROW, neighbours=2, seed=5)
    second = morans_i(values, ROW, neighbours=2, seed=5), local_morans_i(values, ROW, neighbours=2, seed=5)
    assert str(np.random.get_state()) == before
    assert first[0].equals(second[0])
    assert first[1].equals(second[1])
    assert first[0].attrs == {"islands": [], "permutations": 999, "seed": 5}
    other = local_morans_i(values, ROW, neighbours=2, seed=6)
    assert not other["p_permutation"].equals(first[1]["p_permutation"])


@needs_extra
def test_the_local_indices_add_up_to_the_global_and_agree_with_esda() -> None:
    esda, libpysal = pytest.importorskip("esda"), pytest.importorskip("libpysal")
    local = local_morans_i(COUNTIES["values"], weights=COUNTIES["weights"])
    size = len(local)
    total = morans_i(COUNTIES["values"], weights=COUNTIES["weights"])
    assert local["I"].sum() / (size - 1) == pytest.approx(total["I"])
    ready = libpysal.weights.W(COUNTIES["weights"], id_order=list(COUNTIES["weights"]))
    peer = esda.Moran_Local(np.array(list(COUNTIES["values"].values())), ready, permutations=0)
    assert local["I"].tolist() == pytest.approx(peer.Is.tolist())
    assert (local["p_adjusted"] >= local["p_permutation"] - 1e-12).all()
    assert local["p_permutation"].between(1 / 1000, 1).all()


@needs_extra
def test_a_region_without_neighbours_is_named_and_has_no_local_index() -> None:
    places = pd.concat([ROW, pd.DataFrame({"latitude": [60.0], "longitude": [90.0]}, index=["far"])])
    values = pd.Series([0, 0, 1, 1, 2, 3, 9], index=places.index)
    result = morans_i(values, places, band=150)
    assert result.attrs["islands"] == ["far"]
    # The island counts for nothing: all is as without it.
    assert result.to_dict() == morans_i(values.drop("far"), ROW, band=150).to_dict()
    assert result["n"] == 6
    local = local_morans_i(values, places, band=150)
    assert local.index[local["I"].isna()].tolist() == ["far"]
    assert local.index[local["p_permutation"].isna()].tolist() == ["far"]
    assert local.index[local["quadrant"].isna()].tolist() == ["far"]
    assert local.drop("far").equals(local_morans_i(values.drop("far"), ROW, band=150))


@needs_extra
def test_values_that_differ_on_islands_only_are_refused() -> None:
    places = pd.concat([ROW, pd.DataFrame({"latitude": [60.0], "longitude": [90.0]}, index=["far"])])
    values = pd.Series([1, 1, 1, 1, 1, 1, 9], index=places.index)
    with pytest.raises(MeasureError, match="all regions that have neighbours have the value 1"):
        morans_i(values, places, band=150)


@needs_extra
@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    st.lists(st.integers(-9, 9), min_size=5, max_size=12),
    st.integers(1, 4),
    st.integers(0, 10**6),
)
def test_moran_does_not_see_scale_order_or_where_longitude_starts(values: list[int], nearest: int, seed: int) -> None:
    if len(set(values)) == 1 or nearest == len(values) - 1:
        return
    generator = np.random.default_rng(seed)
    size = len(values)
    places = pd.DataFrame({"latitude": generator.uniform(-60, 60, size), "longitude": generator.uniform(-60, 60, size)})
    series = pd.Series(values, dtype=float)
    expected = morans_i(series, places, neighbours=nearest, permutations=0)["I"]
    order = generator.permutation(size)
    shifted = places.assign(longitude=places["longitude"] + 100)
    assert morans_i(series.iloc[order], places, neighbours=nearest, permutations=0)["I"] == pytest.approx(expected)
    assert morans_i(3 - 2 * series, shifted, neighbours=nearest, permutations=0)["I"] == pytest.approx(expected)


VALUES = pd.Series([1.0, 2, 3, 4, 5, 7], index=list("abcdef"))


@needs_extra
@pytest.mark.parametrize(
    ("values", "coordinates", "arguments", "reason"),
    [
        (VALUES * 0 + 2, ROW, {"neighbours": 2}, "all regions have the value 2"),
        (VALUES[:3], ROW, {"neighbours": 2}, "there are 3 regions, at least 4"),
        (VALUES.replace(3, np.nan), ROW, {"neighbours": 2}, "row 'c': the value is nan"),
        (VALUES, ROW[:4], {"neighbours": 2}, r"row 'e': the latitude is missing \(2 such regions\)"),
        (VALUES, ROW.replace(5, 200), {"neighbours": 2}, "row 'f': the longitude is 200, beyond 180"),
        (VALUES, ROW[["latitude"]], {"neighbours": 2}, "no column 'longitude'"),
        (VALUES, pd.concat([ROW, ROW[:1]]), {"neighbours": 2}, "row 'a': the region has two rows"),
        (pd.concat([VALUES, VALUES[:1]]), ROW, {"neighbours": 2}, "row 'a': the region stands twice"),
        (VALUES, ROW, {"neighbours": 6}, "6 nearest neighbours of 6 regions do not exist; take 1 to 5"),
        (VALUES, ROW, {"neighbours": 5}, "every region is a neighbour of every other alike"),
        (VALUES, ROW, {"band": 50}, "no region has a neighbour"),
        (VALUES.to_numpy()[:5], ROW, {"band": 150}, "5.* values stand against 6 regions"),
        (VALUES, None, {"weights": {"a": ["b"], "b": ["a"]}}, "row 'c': the region stands in only one"),
        (VALUES, None, {"weights": {n: ["z"] for n in "abcdef"}}, "row 'z': the region stands in only one"),
        (VALUES, None, {"weights": {n: ["a"] for n in "abcdef"}}, "row 'a': a weight is negative"),
    ],
)
def test_values_without_an_index_are_refused(
    values: Any,  # noqa: ANN401
    coordinates: pd.DataFrame | None,
    arguments: dict[str, Any],
    reason: str,
) -> None:
    with pytest.raises(MeasureError, match=f"morans_i: .*{reason}"):
        morans_i(values, coordinates, **arguments)
    with pytest.raises(MeasureError, match=f"local_morans_i: .*{reason}"):
        local_morans_i(values, coordinates, **arguments)


def test_what_neighbours_are_must_be_said_once() -> None:
    for arguments in ({}, {"neighbours": 2, "band": 100.0}):
        with pytest.raises(UsageError, match="exactly one of neighbours=, band= and weights="):
            morans_i(VALUES, ROW, **arguments)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="need coordinates"):
        morans_i(VALUES, neighbours=2)
    with pytest.raises(UsageError, match="at least 1"):
        local_morans_i(VALUES, ROW, neighbours=2, permutations=0)


def test_without_the_extra_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("esda", "libpysal", "libpysal.weights", "statsmodels", "statsmodels.api"):
        monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(UsageError, match=r'this needs esda; install it by .* "chaingraph\[spatial\]"'):
        morans_i(VALUES, ROW, neighbours=2)
    with pytest.raises(UsageError, match=r'this needs statsmodels; install it by .* "chaingraph\[spatial\]"'):
        gravity(drawn_ties(5, 1, 0.5, -1), places(5), masses(5))


@settings(max_examples=100, deadline=None, derandomize=True)
@given(*[st.floats(-1, 1)] * 4)
def test_the_great_circle_equals_the_angle_between_vectors(a: float, b: float, c: float, d: float) -> None:
    lat1, lon1, lat2, lon2 = 90 * a, 180 * b, 90 * c, 180 * d
    first, second = (
        np.array([np.cos(p) * np.cos(q), np.cos(p) * np.sin(q), np.sin(p)])
        for p, q in (np.radians((lat1, lon1)), np.radians((lat2, lon2)))
    )
    angle = np.arctan2(np.linalg.norm(np.cross(first, second)), first @ second)
    assert great_circle(lat1, lon1, lat2, lon2) == pytest.approx(6371.0088 * angle, abs=1e-3)
    assert great_circle(lat2, lon2, lat1, lon1) == pytest.approx(great_circle(lat1, lon1, lat2, lon2))
    assert great_circle(lat1, lon1, lat1, lon1) == 0


def towns() -> nx.Graph[str]:
    """Five organizations in two regions one degree apart; one has no place, one no region."""
    network: nx.Graph[str] = nx.Graph([("a", "b"), ("a", "c"), ("b", "c"), ("c", "d"), ("d", "e"), ("a", "a")])
    nx.set_node_attributes(network, {"a": "x", "b": "x", "c": "y", "d": "y"}, "region")
    nx.set_node_attributes(network, dict.fromkeys("abcd", 0.0), "latitude")
    nx.set_node_attributes(network, {"a": 0.0, "b": 0.0, "c": 1.0, "d": 1.0}, "longitude")
    return network


def test_the_distance_of_ties_by_hand() -> None:
    degree = 6371.0088 * np.pi / 180
    assert collaboration_distance(towns()).to_dict() == pytest.approx(
        {
            "mean_km": degree / 2,
            "median_km": degree / 2,
            "ties": 5,
            "no_coordinates": 1,
            "within_region": 0.5,
            "no_region": 1,
        }
    )
    assert collaboration_distance(nx.DiGraph(towns())).equals(collaboration_distance(towns()))


def test_ties_without_places_have_no_distance() -> None:
    with pytest.raises(MeasureError, match="none of 3 ties has latitude and longitude"):
        collaboration_distance(nx.path_graph(4))
    with pytest.raises(MeasureError, match="none of 0 ties"):
        collaboration_distance(nx.empty_graph(4))


def places(size: int) -> pd.DataFrame:
    generator = np.random.default_rng(11)
    index = [f"r{number:02}" for number in range(size)]
    return pd.DataFrame(
        {"latitude": generator.uniform(25, 45, size), "longitude": generator.uniform(100, 120, size)}, index=index
    )


def masses(size: int) -> pd.Series[float]:
    return pd.Series(np.random.default_rng(12).lognormal(3, 0.7, size), index=places(size).index)


def drawn_ties(size: int, constant: float, mass: float, distance: float, *, directed: bool = False) -> pd.DataFrame:
    """Draw Poisson ties from known coefficients; the target's mass counts half as much if directed."""
    generator, where, size_of = np.random.default_rng(13), places(size), masses(size)
    rows = []
    for i, first in enumerate(where.index):
        for j, second in enumerate(where.index):
            if i == j or (j < i and not directed):
                continue
            far = great_circle(*where.loc[first], *where.loc[second])
            share = 0.5 if directed else 1.0
            rate = (
                np.exp(constant + distance * np.log(far)) * size_of[first] ** mass * size_of[second] ** (share * mass)
            )
            rows.append((first, second, float(generator.poisson(rate))))
    return pd.DataFrame(rows, columns=["source", "target", "ties"])


@needs_extra
def test_gravity_finds_the_coefficients_that_the_ties_were_drawn_from() -> None:
    ties = drawn_ties(50, 1.5, 0.8, -0.9)
    result = gravity(ties, places(50), masses(50))
    assert result.index.tolist() == ["constant", "log_mass", "log_distance"]
    off = np.abs(result["coefficient"] - [1.5, 0.8, -0.9])
    assert (off < 3 * result["standard_error"]).all()
    assert (result["standard_error"].iloc[1:] < 0.1).all()
    assert result.attrs["n"] == 50 * 49 / 2
    assert result.attrs["zeros"] == (ties["ties"] == 0).sum()
    assert 0.8 < result.attrs["dispersion"] < 1.2
    assert 0 < result.attrs["pseudo_r2"] < 1


@needs_extra
def test_gravity_does_not_see_unnamed_zeros_turned_pairs_or_ties_inside() -> None:
    ties = drawn_ties(20, 1.5, 0.8, -0.9)
    expected = gravity(ties, places(20), masses(20))
    bare = ties[ties["ties"] > 0]
    turned = bare.rename(columns={"source": "target", "target": "source"})
    halves = pd.concat([bare.assign(ties=bare["ties"] / 2), turned.assign(ties=turned["ties"] / 2)])
    inside = pd.DataFrame({"source": ["r00"], "target": ["r00"], "ties": [7.0]})
    result = gravity(pd.concat([halves, inside], ignore_index=True), places(20), masses(20))
    assert np.allclose(result, expected)
    assert (result.attrs["within_region"], expected.attrs["within_region"]) == (7, 0)


@needs_extra
def test_directed_gravity_tells_source_from_target() -> None:
    result = gravity(drawn_ties(40, 2.0, 0.8, -0.8, directed=True), places(40), masses(40), directed=True)
    assert result.index.tolist() == ["constant", "log_mass_source", "log_mass_target", "log_distance"]
    off = np.abs(result["coefficient"] - [2.0, 0.8, 0.4, -0.8])
    assert (off < 3.5 * result["standard_error"]).all()
    assert result.attrs["n"] == 40 * 39


@needs_extra
def test_a_network_is_counted_by_the_regions_of_its_ends() -> None:
    where = places(12)
    generator = np.random.default_rng(5)
    network: nx.Graph[int] = nx.gnp_random_graph(150, 0.05, seed=5)
    for node in network:
        if node:
            network.nodes[node]["region"] = where.index[int(generator.integers(12) * generator.random())]
    labels = nx.get_node_attributes(network, "region")
    ties = pd.DataFrame(
        [(labels[u], labels[v], 1.0) for u, v in network.edges if u in labels and v in labels],
        columns=["source", "target", "ties"],
    )
    sizes = pd.Series(labels).value_counts().astype(float)
    result = gravity(network, where)
    assert np.allclose(result, gravity(ties, where, sizes))
    assert result.attrs["no_region"] == network.degree(0)
    assert result.attrs["within_region"] == (ties["source"] == ties["target"]).sum()
    both = gravity(nx.DiGraph(network), where, directed=True)
    assert both["coefficient"]["log_mass_source"] == pytest.approx(both["coefficient"]["log_mass_target"])
    assert both["coefficient"]["log_distance"] == pytest.approx(result["coefficient"]["log_distance"])


TIES = pd.DataFrame({"source": ["r00", "r01"], "target": ["r01", "r02"], "ties": [3.0, 1.0]})


@needs_extra
@pytest.mark.parametrize(
    ("ties", "where", "mass", "reason"),
    [
        (TIES, places(6), None, "give masses= by region"),
        (TIES, places(6), masses(6).replace(masses(6).iloc[2], 0), "row 'r02': the mass is 0"),
        (TIES, places(2), masses(6), r"row 'r02': the latitude is missing \(4 such regions\)"),
        (TIES, places(6).assign(latitude=30.0, longitude=110.0), masses(6), "rows 'r00', 'r01': they have the same"),
        (TIES.assign(ties=0.0), places(6), masses(6), "there are no ties between two regions"),
        (TIES.assign(ties=-1.0), places(6), masses(6), "row '0': the number of ties is -1"),
        (TIES.assign(target="zz"), places(6), masses(6), "row 'zz': ties name the region, but it has no mass"),
        (TIES[["source", "ties"]], places(6), masses(6), "no column 'target'"),
        (TIES, places(6), masses(6) * 0 + 1, "15 pairs do not tell constant, log_mass, log_distance apart"),
        (TIES, places(6), pd.concat([masses(6), masses(1)]), "row 'r00': the region has two masses"),
        (nx.path_graph(4), places(6), masses(6), "there are no ties between two regions"),
    ],
)
def test_ties_without_a_model_are_refused(
    ties: pd.DataFrame | nx.Graph[Any], where: pd.DataFrame, mass: pd.Series[float] | None, reason: str
) -> None:
    with pytest.raises(MeasureError, match=f"gravity: .*{reason}"):
        gravity(ties, where, mass)
