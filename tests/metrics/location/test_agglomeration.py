"""Agglomeration equals its sources and hand-worked cases, keeps its bounds, and refuses what has no answer."""

from __future__ import annotations

import itertools
import json
import math
from dataclasses import astuple
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaingraph import metrics
from chaingraph.errors import ChaingraphError, MeasureError
from chaingraph.metrics import (
    TheilParts,
    cluster_index,
    coagglomeration,
    concentration_gini,
    dissimilarity,
    ellison_glaeser,
    gini,
    hachman,
    herfindahl,
    hoover,
    krugman_pairwise,
    krugman_specialisation,
    location_quotient,
    location_quotient_interval,
    locational_gini,
    maurel_sedillot,
    mean_log_deviation,
    pairwise_coagglomeration,
    shannon,
    specialisation_coefficient,
    theil,
    theil_decomposition,
    weighted_average_location_quotient,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from numpy.typing import NDArray

    Values = NDArray[np.float64]

GOLDEN: list[dict[str, Any]] = json.loads(
    files("chaingraph.metrics").joinpath("golden_agglomeration.json").read_text(encoding="utf-8")
)
BY_ROW: tuple[Callable[[Any], Any], ...] = (
    herfindahl,
    shannon,
    hachman,
    krugman_specialisation,
    specialisation_coefficient,
    weighted_average_location_quotient,
)
BY_COLUMN: tuple[Callable[[Any], Any], ...] = (locational_gini, dissimilarity)
BY_CELL: tuple[Callable[[Any], Any], ...] = (
    location_quotient,
    location_quotient_interval,
    krugman_pairwise,
    cluster_index,
)
OF_CROSSTABS = (*BY_ROW, *BY_COLUMN, *BY_CELL)
OF_VECTORS: tuple[Callable[[Any], Any], ...] = (gini, hoover, theil, mean_log_deviation, herfindahl, shannon)

# EconGeo's documentation matrix, as in the golden file.
ECONGEO = pd.DataFrame(
    [[100, 0, 0, 0, 0], [0, 15, 5, 70, 10], [0, 20, 10, 20, 50], [0, 25, 30, 5, 40], [0, 40, 55, 5, 0]],
    index=["R1", "R2", "R3", "R4", "R5"],
    columns=["I1", "I2", "I3", "I4", "I5"],
)


@st.composite
def crosstabs(draw: st.DrawFn, columns: int = 1) -> Values:
    """Small tables of whole counts without an empty row or column."""
    shape = draw(st.tuples(st.integers(2, 6), st.integers(columns, 6)))
    cells = draw(st.lists(st.integers(0, 30), min_size=shape[0] * shape[1], max_size=shape[0] * shape[1]))
    counts = np.array(cells, dtype=np.float64).reshape(shape)
    counts[:, 0] += counts.sum(axis=1) == 0
    counts[0] += counts.sum(axis=0) == 0
    return counts


VECTORS = st.lists(st.integers(1, 1000), min_size=2, max_size=12)


@st.composite
def plant_tables(draw: st.DrawFn) -> pd.DataFrame:
    """Plants of two or three industries in at least two regions, two plants or more an industry."""
    rows = draw(st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from("xyz"), st.integers(1, 50)), max_size=20))
    always = [("A", "x", 3), ("B", "x", 1), ("A", "y", 2), ("C", "y", 5), ("B", "z", 1), ("B", "z", 2)]
    return pd.DataFrame(always + rows, columns=["region", "industry", "size"])


def flat(expected: object, result: Any) -> list[tuple[float, float]]:  # noqa: ANN401 - a number, or what holds some
    """Pair each number that a source gives with ours."""
    if expected is None:
        return []
    if isinstance(expected, dict):
        return [pair for key, value in expected.items() for pair in flat(value, result[key])]
    if isinstance(expected, list):
        result = result.to_numpy() if isinstance(result, pd.DataFrame | pd.Series) else result
        result = astuple(result) if isinstance(result, TheilParts) else result
        assert len(expected) == len(result)
        return [pair for value, ours in zip(expected, result, strict=True) for pair in flat(value, ours)]
    assert isinstance(expected, (int, float))
    return [(expected, float(result))]


@pytest.mark.parametrize("entry", GOLDEN, ids=lambda entry: f"{entry['index']}: {entry['source'][:30]}")
def test_every_index_equals_its_source(entry: dict[str, Any]) -> None:
    result = getattr(metrics, entry["index"])(**entry["arguments"])
    pairs = flat(entry["expected"], result)
    assert pairs
    for expected, ours in pairs:
        assert abs(expected - ours) <= 0.5 * 10 ** -entry["digits"] + 1e-12, (expected, ours)


def test_every_entry_of_the_golden_file_has_the_five_fields_and_names_a_public_measure() -> None:
    for entry in GOLDEN:
        assert list(entry) == ["index", "source", "arguments", "expected", "digits"]
        assert entry["index"] in dir(metrics)


def test_every_measure_with_numbers_has_a_golden_entry() -> None:
    modules = {
        *("coagglomeration", "concentration_test", "ellison_glaeser", "inequality", "location_quotient"),
        "specialisation",
    }
    homes = {name: getattr(metrics, name).__module__.rpartition(".")[2] for name in dir(metrics)}
    without = {"Interval", "TheilParts", "cluster_index", "concentration_test", "location_quotient_interval"}
    assert {entry["index"] for entry in GOLDEN} == {name for name in homes if homes[name] in modules} - without


def test_a_frame_gives_its_names_back() -> None:
    quotients = location_quotient(ECONGEO)
    assert quotients.loc["R2", "I4"] == 3.5
    assert quotients.index.equals(ECONGEO.index)
    assert quotients.columns.equals(ECONGEO.columns)
    # EconGeo (R), the same matrix: rounded to two places in its documentation.
    assert locational_gini(ECONGEO).round(9).to_dict() == {"I1": 0.4, "I2": 0.18, "I3": 0.27, "I4": 0.31, "I5": 0.28}
    assert krugman_specialisation(ECONGEO).round(9).to_dict() == {"R1": 1.6, "R2": 1, "R3": 0.6, "R4": 0.7, "R5": 1.1}
    assert krugman_pairwise(ECONGEO).loc["R1", "R2"] == 2


def test_quotients_of_equal_shares_are_exactly_one_so_that_the_threshold_is_safe() -> None:
    # EconGeo: diversity and ubiquity at LQ >= 1, and strictly above 1.
    quotients = location_quotient(ECONGEO)
    assert (quotients >= 1).sum(axis=1).tolist() == [1, 1, 3, 3, 2]
    assert (quotients >= 1).sum(axis=0).tolist() == [1, 3, 2, 2, 2]
    assert (quotients > 1).sum(axis=1).tolist() == [1, 1, 1, 3, 2]
    assert (quotients > 1).sum(axis=0).tolist() == [1, 2, 2, 1, 2]


def test_sweden_against_the_mean_of_its_neighbours_is_krugmans_coefficient_of_reat() -> None:
    # REAT manual, krugman.spec2 (Farhauer and Kröll 2013): 0.1595.
    counts = [
        [45000, 15000, 32000, 10000, 30000],
        [35000, 12000, 30000, 8000, 22000],
        [40000, 10000, 25000, 9000, 18000],
        [30000, 11000, 18000, 3000, 13000],
        [40000, 6000, 11000, 2000, 12000],
    ]
    assert round(krugman_specialisation(counts, against="mean").loc[0], 4) == 0.1595


def test_plants_of_one_worker_give_the_indices_of_pysal() -> None:
    # The doctests of inequality 1.1 (pysal): ellison_glaeser_egg and maurel_sedillot_msg of this table of workers.
    workers = [[10, 13, 13, 49], [19, 29, 31, 46], [33, 16, 34, 34]]
    rows = [
        (region, industry, 1)
        for region, industry in itertools.product(range(3), range(4))
        for _ in range(workers[region][industry])
    ]
    plants = pd.DataFrame(rows, columns=["region", "industry", "size"])
    assert ellison_glaeser(plants)["gamma"].round(6).tolist() == [0.054499, 0.016242, 0.010141, 0.028803]
    assert maurel_sedillot(plants).round(6).tolist() == [0.078583, 0.035977, 0.039374, -0.009049]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(crosstabs(columns=2), st.sampled_from([2, 7, 0.125]))
def test_counting_in_another_unit_changes_nothing(counts: Values, scale: float) -> None:
    tables: tuple[Callable[[Any], Any], ...] = (location_quotient, krugman_pairwise)
    for measure in (*BY_ROW, *BY_COLUMN, *tables):
        assert np.allclose(measure(counts), measure(counts * scale), atol=1e-12), measure.__name__


@settings(max_examples=60, deadline=None, derandomize=True)
@given(crosstabs())
def test_two_regions_alone_are_compared_as_each_with_the_rest(counts: Values) -> None:
    pairs = krugman_pairwise(counts).to_numpy()
    for one, other in itertools.combinations(range(len(counts)), 2):
        two = counts[[one, other]]
        assert np.allclose(pairs[one, other], krugman_specialisation(two, against="rest"), atol=1e-12)
        assert pairs[one, other] == pairs[other, one]
    assert (np.diag(pairs) == 0).all()


@settings(max_examples=60, deadline=None, derandomize=True)
@given(VECTORS, st.sampled_from([2, 7, 0.125]))
def test_inequality_has_no_unit(values: list[int], scale: float) -> None:
    for measure in OF_VECTORS:
        assert math.isclose(measure(values), measure([value * scale for value in values]), abs_tol=1e-12)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(crosstabs(columns=2), st.randoms(use_true_random=False))
def test_the_order_of_regions_and_industries_does_not_matter(counts: Values, random: Random) -> None:
    rows = random.sample(range(len(counts)), len(counts))
    columns = random.sample(range(counts.shape[1]), counts.shape[1])
    moved = counts[rows][:, columns]
    for measure in BY_ROW:
        assert np.allclose(measure(counts).loc[rows], measure(moved)), measure.__name__
    for measure in BY_COLUMN:
        assert np.allclose(measure(counts).loc[columns], measure(moved)), measure.__name__
    assert np.allclose(location_quotient(counts).loc[rows, columns], location_quotient(moved))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(crosstabs(columns=2))
def test_every_index_keeps_its_bounds(counts: Values) -> None:
    share = counts.sum(axis=1) / counts.sum()
    parts = counts.shape[1]
    close = 1e-9
    frame = pd.DataFrame(counts)
    assert (herfindahl(frame) >= 1 / parts - close).all()
    assert (herfindahl(frame) <= 1 + close).all()
    assert (herfindahl(frame, normalised=True) >= -close).all()
    assert (shannon(frame) >= 0).all()
    assert (shannon(frame, normalised=True) <= 1 + close).all()
    assert (hachman(counts) >= share - close).all()
    assert (hachman(counts) <= 1 + close).all()
    assert np.allclose(weighted_average_location_quotient(counts) * hachman(counts), 1)
    assert (krugman_specialisation(counts) <= 2 * (1 - share) + close).all()
    assert (krugman_specialisation(counts, against="rest") <= 2 + close).all()
    assert np.allclose(krugman_specialisation(counts), 2 * specialisation_coefficient(counts))
    assert (locational_gini(counts) >= 0).all()
    assert (locational_gini(counts) < 0.5).all()
    assert (location_quotient(counts) <= 1 / share[:, np.newaxis] + close).all(axis=None)
    for result in (dissimilarity(counts), specialisation_coefficient(counts)):
        assert ((result >= 0) & (result <= 1 + close)).all()


@settings(max_examples=100, deadline=None, derandomize=True)
@given(VECTORS)
def test_inequalities_keep_their_bounds_and_are_zero_among_equals(values: list[int]) -> None:
    size = len(values)
    assert 0 <= gini(values) <= 1 - 1 / size + 1e-9
    assert 0 <= gini(values, normalised=True) <= 1 + 1e-9
    assert 0 <= hoover(values) < 1
    assert 0 <= theil(values) <= math.log(size) + 1e-9
    assert mean_log_deviation(values) >= 0
    for measure in (gini, hoover, theil, mean_log_deviation):
        assert measure([values[0]] * size) == 0


@settings(max_examples=100, deadline=None, derandomize=True)
@given(VECTORS)
def test_the_gini_is_half_the_mean_difference_over_the_mean(values: list[int]) -> None:
    numbers = np.array(values, dtype=np.float64)
    difference = np.abs(numbers[:, np.newaxis] - numbers).mean()
    assert math.isclose(gini(values), difference / (2 * numbers.mean()), abs_tol=1e-12)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(crosstabs())
def test_merging_two_regions_of_the_same_shares_changes_no_industry(counts: Values) -> None:
    apart = np.vstack([counts, counts[0] * 2])
    together = np.vstack([counts[0] * 3, counts[1:]])
    assert np.allclose(locational_gini(apart), locational_gini(together), atol=1e-12)
    assert np.allclose(location_quotient(apart)[:-1], location_quotient(together))
    for measure in (krugman_specialisation, hachman, specialisation_coefficient, weighted_average_location_quotient):
        assert np.allclose(measure(apart)[:-1], measure(together)), measure.__name__


@settings(max_examples=60, deadline=None, derandomize=True)
@given(crosstabs(columns=2))
def test_dividing_a_region_in_two_of_the_same_shares_does_not_change_dissimilarity(counts: Values) -> None:
    halves = np.vstack([counts[0] / 2, counts[0] / 2, counts[1:]])
    assert np.allclose(dissimilarity(counts), dissimilarity(halves))


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.integers(1, 100), st.sampled_from("abc")), min_size=2, max_size=12))
def test_inequality_within_and_between_groups_adds_up(members: list[tuple[int, str]]) -> None:
    values, groups = [value for value, _ in members], [group for _, group in members]
    t, low = theil_decomposition(values, groups), theil_decomposition(values, groups, kind="L")
    assert math.isclose(t.total, theil(values))
    assert math.isclose(t.within + t.between, t.total, abs_tol=1e-12)
    assert math.isclose(low.total, mean_log_deviation(values))
    assert math.isclose(low.within + low.between, low.total, abs_tol=1e-12)
    # Between is the inequality left when each has the mean of its group.
    mean = pd.Series(values, dtype=float).groupby(groups).transform("mean")
    assert math.isclose(t.between, theil(mean), abs_tol=1e-12)
    assert math.isclose(low.between, mean_log_deviation(mean), abs_tol=1e-12)


def test_a_group_that_has_nothing_does_not_count_within() -> None:
    parts = theil_decomposition([0, 0, 1, 1], ["poor", "poor", "rich", "rich"])
    assert [round(part, 6) for part in astuple(parts)] == [round(math.log(2), 6), 0, round(math.log(2), 6)]


def test_the_continuity_correction_adds_to_every_cell_and_draws_towards_one() -> None:
    counts = np.array([[9, 0], [1, 10]])
    assert np.allclose(location_quotient(counts, continuity=0.5), location_quotient(counts + 0.5))
    assert (location_quotient(counts, continuity=0.5) > 0).all(axis=None)
    assert np.allclose(location_quotient([[0, 0], [1, 2]], continuity=0.5).loc[0].sum(), 2.0833333)


def test_the_bootstrap_repeats_with_its_seed_and_whatever_the_memory() -> None:
    first = location_quotient_interval(ECONGEO, draws=200)
    assert location_quotient_interval(ECONGEO, draws=200).lower.equals(first.lower)
    assert not location_quotient_interval(ECONGEO, draws=200, seed=1).lower.equals(first.lower)
    assert location_quotient_interval(ECONGEO, draws=200, block=600).upper.equals(first.upper)
    quotients = location_quotient(ECONGEO)
    assert (first.lower <= quotients).all(axis=None)
    assert (first.upper >= quotients).all(axis=None)


def test_the_bootstrap_covers_the_true_quotient_about_as_often_as_it_says() -> None:
    # 400 things drawn from known shares; the quotient of the first cell is 0.3 / (0.5 * 0.5) = 1.2.
    generator = np.random.default_rng(5)
    covered = 0
    for _ in range(100):
        counts = generator.multinomial(400, [0.3, 0.2, 0.2, 0.3]).reshape(2, 2)
        interval = location_quotient_interval(counts, draws=199, level=0.9)
        covered += bool(interval.lower.to_numpy()[0, 0] <= 1.2 <= interval.upper.to_numpy()[0, 0])
    assert 80 <= covered <= 98


def test_a_draw_that_empties_a_row_is_left_out_of_its_interval() -> None:
    interval = location_quotient_interval(np.array([[1, 0], [3, 4]]), draws=500)
    assert np.isfinite(interval.lower).all(axis=None)
    assert np.isfinite(interval.upper).all(axis=None)
    assert interval.lower.to_numpy()[0, 0] >= 1  # the only thing of the first region is of the first industry


@settings(max_examples=100, deadline=None, derandomize=True)
@given(crosstabs(columns=2))
def test_the_locational_gini_is_half_the_mean_difference_of_quotients_weighted_by_regions(counts: Values) -> None:
    quotients = location_quotient(counts).to_numpy()
    weight = counts.sum(axis=1) / counts.sum()
    for column in range(counts.shape[1]):
        apart = np.abs(quotients[:, column][:, np.newaxis] - quotients[:, column])
        assert math.isclose(locational_gini(counts)[column], weight @ apart @ weight / 4, abs_tol=1e-12)


def test_the_concentration_gini_of_equal_regions_is_twice_the_locational_gini() -> None:
    assert np.allclose(
        [concentration_gini(ECONGEO[name], ECONGEO.sum(axis=1)) for name in ECONGEO], 2 * locational_gini(ECONGEO)
    )


def test_series_are_matched_by_name_and_not_by_place() -> None:
    income, people = pd.Series({"A": 3, "B": 1}), pd.Series({"B": 1, "A": 3})
    assert hoover(income, people) == 0
    assert dissimilarity(income, people) == 0


@settings(max_examples=25, deadline=None, derandomize=True)
@given(plant_tables())
def test_maurel_and_sedillot_count_the_pairs_of_plants_that_share_a_region(plants: pd.DataFrame) -> None:
    totals = plants.groupby("region")["size"].sum()
    random = float(((totals / totals.sum()) ** 2).sum())
    for name, part in plants.groupby("industry"):
        stands = list(zip(part["region"].tolist(), part["size"].tolist(), strict=True))
        pairs = list(itertools.permutations(stands, 2))
        weight = sum(one[1] * other[1] for one, other in pairs)
        shared = sum(one[1] * other[1] for one, other in pairs if one[0] == other[0]) / weight
        assert math.isclose(maurel_sedillot(plants)[name], (shared - random) / (1 - random), abs_tol=1e-9)


@pytest.mark.parametrize("sizes", [(1, 1, 1), (5, 2, 1), (3, 3, 0.5)])
def test_plants_on_random_regions_have_the_mean_and_the_spread_that_z_takes_away(sizes: tuple[float, ...]) -> None:
    totals = {"A": 5, "B": 3, "C": 2}
    chance, raw, z, gamma = [], [], [], []
    for places in itertools.product(totals, repeat=3):
        found = ellison_glaeser({"region": places, "industry": ["x"] * 3, "size": sizes}, totals=totals).loc["x"]
        chance.append(math.prod(totals[place] / 10 for place in places))
        raw.append(found["G"])
        z.append(found["z"])
        gamma.append(found["gamma"])
    weights = np.array(chance)
    herfindahl_of_plants = float(herfindahl(sizes))
    assert math.isclose(weights @ np.array(raw), (1 - 0.38) * herfindahl_of_plants)
    assert math.isclose(weights @ np.array(gamma), 0, abs_tol=1e-12)
    assert math.isclose(weights @ np.array(z), 0, abs_tol=1e-12)
    assert math.isclose(weights @ np.square(z), 1)


def test_plants_that_all_fall_together_beyond_chance_have_gamma_of_their_region() -> None:
    # s = (1, 0), x = (1/2, 1/2): G = 1/2, H = 1/2, gamma = (1/2 - 1/4) / (1/4) = 1.
    plants: dict[str, list[Any]] = {"region": ["A", "A"], "industry": ["x", "x"], "size": [7, 7]}
    assert ellison_glaeser(plants, totals={"A": 1, "B": 1})["gamma"].tolist() == [1.0]
    assert maurel_sedillot(plants, totals={"A": 1, "B": 1}).tolist() == [1.0]


def test_the_columns_of_plants_may_have_other_names() -> None:
    plants = pd.DataFrame({"city": ["A", "B"] * 2, "sector": ["x"] * 4, "staff": [1, 2, 3, 4]})
    named = plants.rename(columns={"city": "region", "sector": "industry", "staff": "size"})
    found = ellison_glaeser(plants, region="city", industry="sector", size="staff")
    assert np.allclose(found, ellison_glaeser(named))


@settings(max_examples=25, deadline=None, derandomize=True)
@given(plant_tables(), st.randoms(use_true_random=False))
def test_the_order_of_plants_does_not_matter(plants: pd.DataFrame, random: Random) -> None:
    moved = plants.iloc[random.sample(range(len(plants)), len(plants))]
    pd.testing.assert_frame_equal(ellison_glaeser(plants), ellison_glaeser(moved))
    tenfold = plants.assign(size=plants["size"] * 10)
    pd.testing.assert_frame_equal(ellison_glaeser(plants), ellison_glaeser(tenfold))


@settings(max_examples=25, deadline=None, derandomize=True)
@given(plant_tables())
def test_coagglomeration_is_the_printed_formula_of_ellison_and_glaeser(plants: pd.DataFrame) -> None:
    counts = plants.pivot_table(index="region", columns="industry", values="size", aggfunc="sum", fill_value=0)
    alone = ellison_glaeser(plants)
    share = counts.sum(axis=1) / counts.sum().sum()
    diversity = 1 - float((share**2).sum())
    weight = counts.sum() / counts.sum().sum()
    group = ellison_glaeser(plants.assign(industry="all"), totals=counts.sum(axis=1)).to_dict("records")[0]
    assert math.isclose(group["HHI"], float((weight**2 * alone["HHI"]).sum()))
    inside = float((alone["gamma"] * weight**2 * (1 - alone["HHI"])).sum())
    printed = (group["G"] / diversity - group["HHI"] - inside) / (1 - float((weight**2).sum()))
    assert math.isclose(coagglomeration(counts), printed, abs_tol=1e-9)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(crosstabs(columns=2))
def test_a_group_of_two_has_the_coagglomeration_of_the_pair(counts: Values) -> None:
    totals = counts.sum(axis=1).tolist()
    if np.count_nonzero(totals) < 2:
        return
    pairs = pairwise_coagglomeration(counts, totals=totals).to_numpy()
    assert np.allclose(pairs, pairs.T, equal_nan=True)
    assert np.isnan(np.diag(pairs)).all()
    assert math.isclose(coagglomeration(counts, [0, 1]), pairs[0, 1], abs_tol=1e-12)


def test_a_region_without_a_row_counts_in_the_totals_of_coagglomeration() -> None:
    counts = pd.DataFrame({"x": [3, 1], "y": [1, 1]}, index=["A", "B"])
    wide = pd.DataFrame({"x": [3, 1, 0], "y": [1, 1, 0]}, index=["A", "B", "C"])
    totals = {"C": 5, "A": 3, "B": 2}
    assert coagglomeration(counts, totals=totals) == pytest.approx(coagglomeration(wide, totals=totals))
    assert pairwise_coagglomeration(counts, totals=totals).loc["x", "y"] == pytest.approx(
        (0.75 - 0.3) * (0.5 - 0.3) / 0.62 + (0.25 - 0.2) * (0.5 - 0.2) / 0.62 + 0.25 / 0.62
    )


def test_the_default_shares_of_a_pair_are_the_mean_over_industries() -> None:
    # Ellison, Glaeser and Kerr: x is the mean of the industries' shares, whatever their size.
    counts = np.array([[3, 10], [1, 30]])
    first, second = pairwise_coagglomeration(counts), pairwise_coagglomeration(counts * [10, 1])
    assert math.isclose(first.to_numpy()[0, 1], second.to_numpy()[0, 1])


@pytest.mark.parametrize("measure", OF_CROSSTABS, ids=lambda measure: measure.__name__)
@pytest.mark.parametrize(
    ("value", "said"),
    [(-3.0, "the count -3 is negative"), (math.nan, r"the count is missing \(NaN\)"), (math.inf, "is infinite")],
)
def test_a_bad_count_is_named_with_its_row_and_column(measure: Callable[[Any], Any], value: float, said: str) -> None:
    counts = ECONGEO.astype(float)
    counts.loc["R3", "I2"] = value
    with pytest.raises(MeasureError, match=f"{measure.__name__}: row 'R3', column 'I2': .*{said}") as got:
        measure(counts)
    assert (got.value.measure, got.value.place) == (measure.__name__, "row 'R3', column 'I2'")
    assert isinstance(got.value, ChaingraphError)
    assert isinstance(got.value, ValueError)


@pytest.mark.parametrize("measure", OF_CROSSTABS, ids=lambda measure: measure.__name__)
def test_a_table_of_zeros_or_of_text_has_no_index(measure: Callable[[Any], Any]) -> None:
    with pytest.raises(MeasureError, match="all counts are zero"):
        measure(ECONGEO * 0)
    with pytest.raises(MeasureError, match="no number"):
        measure(pd.DataFrame({"x": ["many", "few"]}))
    with pytest.raises(MeasureError, match="the table has no cells"):
        measure(ECONGEO.iloc[:0])
    with pytest.raises(MeasureError, match="row 'R1': the name stands twice"):
        measure(pd.concat([ECONGEO, ECONGEO]))


@pytest.mark.parametrize(
    "measure", [measure for measure in OF_CROSSTABS if measure not in (herfindahl, shannon)], ids=lambda m: m.__name__
)
def test_a_single_region_is_compared_with_nothing(measure: Callable[[Any], Any]) -> None:
    with pytest.raises(MeasureError, match="row 'R2': there is a single region"):
        measure(ECONGEO.loc[["R2"]].loc[:, "I2":])


@pytest.mark.parametrize("measure", [*BY_ROW, location_quotient, cluster_index], ids=lambda m: m.__name__)
def test_an_empty_row_is_named(measure: Callable[[Any], Any]) -> None:
    counts = ECONGEO.copy()
    counts.loc["R4"] = 0
    with pytest.raises(MeasureError, match=r"row 'R4': the counts add up to zero.*leave it out"):
        measure(counts)


@pytest.mark.parametrize("measure", [*BY_COLUMN, location_quotient, hachman, coagglomeration], ids=lambda m: m.__name__)
def test_an_empty_column_is_named(measure: Callable[[Any], Any]) -> None:
    with pytest.raises(MeasureError, match=r"column 'I3': the counts add up to zero.*leave it out"):
        measure(ECONGEO.assign(I3=0))


@pytest.mark.parametrize("measure", OF_VECTORS, ids=lambda measure: measure.__name__)
def test_a_bad_value_of_a_list_is_named(measure: Callable[[Any], Any]) -> None:
    with pytest.raises(MeasureError, match=f"{measure.__name__}: row 'B': the count -1 is negative"):
        measure(pd.Series({"A": 1, "B": -1}))
    with pytest.raises(MeasureError, match="value 1: the count is missing"):
        measure([1, math.nan])
    with pytest.raises(MeasureError, match="add up to zero"):
        measure([0, 0])


@pytest.mark.parametrize("measure", [gini, hoover, theil, mean_log_deviation], ids=lambda measure: measure.__name__)
def test_inequality_needs_two_values(measure: Callable[[Any], Any]) -> None:
    with pytest.raises(MeasureError, match="there is a single value; give at least 2"):
        measure([5])
    with pytest.raises(MeasureError, match="expected a single list of values, got 2 dimensions"):
        measure([[1, 2], [3, 4]])


def test_names_that_do_not_match_are_named() -> None:
    with pytest.raises(MeasureError, match="hoover: row 'B': the name does not stand in the second series"):
        hoover(pd.Series({"A": 1, "B": 2}), pd.Series({"A": 1, "C": 2}))
    with pytest.raises(MeasureError, match="row 'C': the name does not stand in the first series"):
        concentration_gini(pd.Series({"A": 1}), pd.Series({"A": 1, "C": 2}))
    with pytest.raises(MeasureError, match="2 values stand against 3"):
        hoover([1, 2], [1, 2, 3])
    with pytest.raises(MeasureError, match="region 'B': the region does not stand in the totals"):
        pairwise_coagglomeration(pd.DataFrame({"x": [1, 1]}, index=["A", "B"]), totals={"A": 1})
    with pytest.raises(MeasureError, match="industry 'w': the table has no such column"):
        coagglomeration(ECONGEO, ["I1", "w"])


PLANTS: dict[str, list[Any]] = {"region": ["A", "B", "A"], "industry": ["x", "x", "y"], "size": [1.0, 2.0, 3.0]}


@pytest.mark.parametrize("measure", [ellison_glaeser, maurel_sedillot], ids=lambda measure: measure.__name__)
@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"size": [1, None, 3]}, "row '1', column 'size': the value is missing"),
        ({"size": [1, -2, 3]}, "row '1', column 'size': the size -2 is negative or infinite"),
        ({"size": ["a", "b", "c"]}, "column 'size': a size is no number"),
        ({"size": [0, 0, 3]}, "industry 'x': the sizes of its plants add up to zero"),
        ({"region": ["A", None, "B"]}, "row '1', column 'region': the value is missing"),
        ({"region": ["A", "A", "A"]}, "region 'A': all activity stands in a single region"),
        ({"region": [], "industry": [], "size": []}, "there are no plants"),
    ],
)
def test_plants_that_carry_no_index_are_refused(
    measure: Callable[[Any], Any], change: dict[str, Any], said: str
) -> None:
    with pytest.raises(MeasureError, match=f"{measure.__name__}: {said}"):
        measure(PLANTS | change)


def test_missing_sizes_are_answered_with_what_needs_none() -> None:
    with pytest.raises(MeasureError, match=r"no column 'size'.*use locational_gini on their number"):
        ellison_glaeser({"region": ["A", "B"], "industry": ["x", "x"]})


@pytest.mark.parametrize(
    ("totals", "said"),
    [
        ({"A": 1}, "region 'B': the region does not stand in the totals"),
        ({"A": 1, "B": -1}, "region 'B': its total is -1"),
        ({"A": 0, "B": 0}, "the totals of the regions add up to zero"),
        ({"A": 5, "B": 0}, "region 'A': all activity stands in a single region"),
        ({"A": "many", "B": 1}, "a total of a region is no number"),
    ],
)
def test_totals_that_carry_no_index_are_refused(totals: dict[str, Any], said: str) -> None:
    with pytest.raises(MeasureError, match=said):
        ellison_glaeser(PLANTS, totals=totals)


def test_an_industry_of_one_plant_has_no_gamma_and_the_others_keep_theirs() -> None:
    found = ellison_glaeser(PLANTS)
    assert found["gamma"].isna().tolist() == [False, True]
    assert found["plants"].tolist() == [2, 1]
    reason = "the industry has a single plant, whose place cannot be told from concentration"
    assert found.attrs == {"undefined": {"gamma": reason}}
    assert maurel_sedillot(PLANTS).attrs == {"undefined": {"maurel_sedillot": reason}}


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: location_quotient(ECONGEO, continuity=-1), "continuity correction -1"),
        (lambda: krugman_specialisation(ECONGEO, against="best"), "choose 'total', 'rest' or 'mean'"),  # type: ignore[arg-type]
        (lambda: theil_decomposition([1, 2], ["a", "b"], kind="M"), "choose 'T' or 'L'"),  # type: ignore[arg-type]
        (lambda: theil_decomposition([1, 2], ["a", None]), "value 1: the value has no group"),
        (lambda: location_quotient_interval(ECONGEO, draws=0), "0 draws"),
        (lambda: location_quotient_interval(ECONGEO, level=1), "a level between 0 and 1"),
        (lambda: coagglomeration(ECONGEO, ["I1", "I1"]), "needs two industries, and this has 1"),
        (lambda: coagglomeration(ECONGEO, ["I1", "I2", "I1"]), "named twice"),
        (lambda: pairwise_coagglomeration([[1, 2], [3, 4]], totals=[1]), "1 totals stand against 2 rows"),
        (lambda: herfindahl([3], normalised=True), "a single part"),
    ],
)
def test_an_option_out_of_range_is_refused(call: Callable[[], Any], said: str) -> None:
    with pytest.raises(MeasureError, match=said):
        call()


def test_the_callers_numbers_stay_as_they_were() -> None:
    counts, before = ECONGEO.astype(float), ECONGEO.astype(float)
    for measure in OF_CROSSTABS:
        measure(counts)
    assert counts.equals(before)
