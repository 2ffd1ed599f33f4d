"""Relatedness and complexity equal py-ecomplexity, EconGeo and plain numpy, and are refused where they do not exist."""

from __future__ import annotations

import json
import warnings
from fractions import Fraction
from importlib.resources import files
from random import Random
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from chaingraph import metrics
from chaingraph.errors import ChaingraphError, MeasureError
from chaingraph.metrics import (
    SmallSampleWarning,
    co_occurrence,
    complexity_outlook,
    diversity,
    eci,
    kci,
    pci,
    proximity,
    rca,
    relatedness,
    relatedness_density,
    ubiquity,
)
from chaingraph.metrics.location._spectrum import DENSE, second_eigenvector

Values = NDArray[np.float64]
GOLDEN: list[dict[str, Any]] = json.loads(
    files("chaingraph.metrics").joinpath("golden_complexity.json").read_text(encoding="utf-8")
)
SMALL = pytest.mark.filterwarnings("ignore::chaingraph.metrics.SmallSampleWarning")
REGIONS = ["R1", "R2", "R3", "R4", "R5"]
INDUSTRIES = ["I1", "I2", "I3", "I4", "I5"]
# EconGeo's documentation matrix, as in the golden file.
ECONGEO = pd.DataFrame(
    [[100, 0, 0, 0, 0], [0, 15, 5, 70, 10], [0, 20, 10, 20, 50], [0, 25, 30, 5, 40], [0, 40, 55, 5, 0]],
    index=REGIONS,
    columns=INDUSTRIES,
)
# The golden file's matrix for the indices of complexity.
COUNTS = pd.DataFrame(
    [[120, 80, 60, 40, 20], [90, 70, 50, 5, 1], [60, 60, 2, 30, 0], [50, 40, 1, 0, 2], [30, 0, 45, 1, 0]],
    index=REGIONS,
    columns=INDUSTRIES,
    dtype=float,
)


@st.composite
def presences(draw: st.DrawFn, least: int = 3) -> Values:
    """Small matrices of 0 and 1 without an empty row or column."""
    shape = draw(st.tuples(st.integers(least, 9), st.integers(least, 9)))
    cells = draw(st.lists(st.booleans(), min_size=shape[0] * shape[1], max_size=shape[0] * shape[1]))
    held = np.array(cells, dtype=np.float64).reshape(shape)
    held[held.sum(axis=1) == 0, 0] = 1
    held[0, held.sum(axis=0) == 0] = 1
    return held


def quiet_eci(presence: Values) -> Values | None:
    """Return the index, or None where it is refused."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SmallSampleWarning)
        try:
            return np.asarray(eci(presence), dtype=np.float64)
        except MeasureError:
            return None


def flat(expected: object, result: Any) -> list[tuple[float, float]]:  # noqa: ANN401
    """Pair each number that a source gives with ours."""
    if isinstance(expected, list):
        result = result.to_numpy() if isinstance(result, pd.DataFrame | pd.Series) else result
        return [pair for value, ours in zip(expected, result, strict=True) for pair in flat(value, ours)]
    assert isinstance(expected, (int, float))
    return [(expected, float(result))]


@SMALL
@pytest.mark.parametrize("entry", GOLDEN, ids=lambda entry: f"{entry['index']}: {entry['source'][:30]}")
def test_every_index_equals_its_source(entry: dict[str, Any]) -> None:
    pairs = flat(entry["expected"], getattr(metrics, entry["index"])(**entry["arguments"]))
    assert pairs
    for expected, ours in pairs:
        assert abs(expected - ours) <= 1.01 * 10 ** -entry["digits"]


def test_every_index_has_a_golden_entry() -> None:
    homes = {name: getattr(metrics, name).__module__.rpartition(".")[2] for name in dir(metrics)}
    assert {entry["index"] for entry in GOLDEN} == {
        name for name in homes if homes[name] in ("complexity", "relatedness")
    }


@SMALL
def test_counts_lead_to_the_golden_numbers_by_name() -> None:
    presence = rca(COUNTS, threshold=1)
    # golden.json, complexity_matrix: py-ecomplexity 0.5.3, equal to 6 decimals.
    assert eci(presence).round(6).to_dict() == pytest.approx(
        {"R1": -1.357655, "R2": 0.686015, "R3": 0.042983, "R4": 1.429386, "R5": -0.800728}
    )
    assert pci(presence).round(6).to_dict() == pytest.approx(
        {"I1": 1.702812, "I2": 1.15596, "I3": -0.800728, "I4": -1.069994, "I5": -2.202244}
    )
    near = proximity(presence)
    assert near.loc["I1", ["I2", "I3"]].to_numpy().round(4).tolist() == [0.6667, 0.3333]
    assert near.loc["I4", "I5"] == 0.5
    density = relatedness_density(presence, near)
    assert density.loc["R1"].to_numpy().round(4).tolist() == [0.1667, 0.2857, 0.7143, 0.8462, 1.0]
    assert complexity_outlook(presence).round(4)["R1"] == 1.7821


@SMALL
def test_the_index_is_the_eigenvector_of_the_golden_second_eigenvalue() -> None:
    held = rca(COUNTS, threshold=1).to_numpy()
    total, spread = held.sum(axis=1), held.sum(axis=0)
    index = eci(held).to_numpy()
    centred = index - (total @ index) / total.sum()
    # golden.json, complexity_matrix: eigenvalues 1, 0.61852, 0.397508, 0.150639, 0.
    assert np.allclose((held / total[:, None]) @ (held / spread).T @ centred, 0.61852 * centred, atol=1e-5)


def test_equality_with_the_threshold_counts() -> None:
    # golden.json, econgeo_matrix: the two rules side by side; R3 has 1 in I2 and I4.
    at_least, quotients = rca(ECONGEO, threshold=1), rca(ECONGEO)
    assert diversity(at_least).tolist() == [1, 1, 3, 3, 2]
    assert ubiquity(at_least).tolist() == [1, 3, 2, 2, 2]
    assert (quotients > 1).sum(axis=1).tolist() == [1, 1, 1, 3, 2]
    assert (quotients > 1).sum(axis=0).tolist() == [1, 2, 2, 1, 2]


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    st.lists(st.lists(st.integers(0, 9), min_size=4, max_size=4), min_size=2, max_size=6),
    st.sampled_from([1, 3, 7, 10]),
)
def test_the_threshold_decides_as_exact_fractions_do(counts: list[list[int]], parts: int) -> None:
    whole = np.array(counts)
    whole[:, 0] += whole.sum(axis=1) == 0
    whole[0] += whole.sum(axis=0) == 0
    exact = [
        [
            Fraction(int(cell)) * int(whole.sum()) >= int(row.sum()) * int(column.sum())
            for cell, column in zip(row, whole.T, strict=True)
        ]
        for row in whole
    ]
    assert rca(whole / parts, threshold=1).to_numpy().tolist() == exact


@SMALL
def test_a_disconnected_matrix_is_refused_with_the_part_that_stands_alone() -> None:
    presence = rca(ECONGEO, threshold=1)
    for index in (eci, pci, kci, complexity_outlook):
        with pytest.raises(MeasureError, match=r"row 'R1', column 'I1': presence falls into 2 parts.*measure each"):
            index(presence)


CIRCLE = np.eye(5) + np.roll(np.eye(5), 1, axis=1)
# A path R1 - I1 - R2 - I2 - R3 - I3 - R4 reads the same from both ends.
PATH = np.array([[1, 0, 0], [1, 1, 0], [0, 1, 1], [0, 0, 1]])


@SMALL
@pytest.mark.parametrize(
    ("presence", "reason"),
    [
        (np.ones((5, 4)), r"all rows have the same columns \(rank 1\)"),
        (CIRCLE, "the second eigenvalue 0.654508 stands twice"),
        (PATH, "no sign goes with diversity"),
        (np.array([[1, 0, 0, 1], [1, 1, 1, 0]]), "2 x 4 rows and columns are too few, at least 3"),
        (np.array([[1, 0, 1], [1, 1, 1], [0, 0, 0]]), r"row 2: the counts add up to zero"),
        (np.array([[1, 0, 1], [1, 0, 1], [1, 0, 0]]), r"column 1: the counts add up to zero"),
        (
            np.array([[1, 0.5, 1], [1, 1, 1], [1, 1, 0]]),
            r"row 0, column 1: presence is 0.5.*rca\(counts, threshold=1\)",
        ),
        (np.array([1, 0, 1]), "1 dimension"),
    ],
)
def test_a_degenerate_matrix_is_refused_with_its_reason(presence: Values, reason: str) -> None:
    with pytest.raises(MeasureError, match=reason) as caught:
        eci(presence)
    assert isinstance(caught.value, ChaingraphError)
    assert isinstance(caught.value, ValueError)


@SMALL
def test_a_tie_is_seen_in_a_large_matrix_too() -> None:
    blocks = np.kron(np.eye(3), np.ones((111, 111)))
    presence = np.column_stack([blocks, np.ones(333)])
    with pytest.raises(MeasureError, match="stands twice"):
        eci(presence)


def test_a_large_matrix_has_the_same_second_eigenvector_by_lanczos_and_by_all_eigenvalues() -> None:
    generator = np.random.default_rng(7)
    presence = (generator.random((420, 340)) < np.linspace(0.05, 0.6, 420)[:, None]).astype(float)
    presence[:, 0] = 1
    total, spread = presence.sum(axis=1), presence.sum(axis=0)
    scaled, first = (presence / np.sqrt(np.outer(total, spread))).T, np.sqrt(spread / spread.sum())
    (values, vector), (all_values, dense) = (
        second_eigenvector(scaled, first, dense_up_to=limit) for limit in (300, 1000)
    )
    assert np.allclose(values, all_values, atol=1e-8)
    assert np.allclose(vector * np.sign(vector[0]), dense * np.sign(dense[0]), atol=1e-8)
    assert len(scaled) > DENSE


def test_a_large_matrix_of_two_kinds_of_region_has_two_values() -> None:
    presence = np.ones((400, 350))
    presence[:200, :100] = 0
    assert np.allclose(eci(presence), np.repeat([-1, 1], 200))


def test_few_regions_warn_and_ten_do_not() -> None:
    # A staircase: region i has the first i industries, at least one.
    for size, warned in ((9, True), (10, False)):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            eci(np.tri(size))
            kci(np.tri(size))
        assert [entry.category for entry in caught] == [SmallSampleWarning] * (2 * warned)
        assert all(entry.filename == __file__ for entry in caught)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(presences())
def test_the_indices_equal_the_eigenvectors_of_numpy(held: Values) -> None:
    index = quiet_eci(held)
    if index is None:
        return
    total, spread = held.sum(axis=1), held.sum(axis=0)
    eigenvalues, vectors = np.linalg.eig((held / spread).T @ (held / total[:, None]))
    industries = vectors[:, np.argsort(eigenvalues.real)[-2]].real
    regions = held @ industries / total
    sign = np.sign(np.corrcoef(regions, total)[0, 1])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SmallSampleWarning)
        product = pci(held).to_numpy()
    assert np.allclose(index, sign * (regions - regions.mean()) / regions.std(), atol=1e-5)
    assert np.allclose(product, sign * (industries - regions.mean()) / regions.std(), atol=1e-5)
    assert np.isclose(index.mean(), 0)
    assert np.isclose(index.std(), 1)
    assert np.corrcoef(index, total)[0, 1] > 0
    assert np.allclose(held @ product / total, index, atol=1e-6)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(presences(), st.randoms(use_true_random=False))
def test_the_order_of_regions_and_industries_does_not_matter(held: Values, random: Random) -> None:
    rows, columns = list(range(held.shape[0])), list(range(held.shape[1]))
    random.shuffle(rows)
    random.shuffle(columns)
    mixed = held[np.ix_(rows, columns)]
    before, after = quiet_eci(held), quiet_eci(mixed)
    assert (before is None) == (after is None)
    if before is not None and after is not None:
        assert np.allclose(before[rows], after, atol=1e-5)
    assert np.allclose(proximity(held).loc[columns, columns], proximity(mixed))


@settings(max_examples=100, deadline=None, derandomize=True)
@given(presences(), st.integers(0, 6))
def test_reflections_equal_the_means_of_exact_fractions(held: Values, steps: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SmallSampleWarning)
        try:
            ours = kci(held, steps)
        except MeasureError:
            return
    rows, columns = [[Fraction(int(cell)) for cell in row] for row in held], range(held.shape[1])
    first = regions = [sum(row, Fraction()) for row in rows]
    second = industries = [sum((row[p] for row in rows), Fraction()) for p in columns]
    for _ in range(steps):
        regions, industries = (
            [
                sum((row[p] * industries[p] for p in columns), Fraction()) / d
                for row, d in zip(rows, first, strict=True)
            ],
            [sum((rows[r][p] * regions[r] for r in range(len(rows))), Fraction()) / second[p] for p in columns],
        )
    if steps > 2:
        low, high = min(regions), max(regions)
        regions = [(value - low) / (high - low) * 100 for value in regions]
    assert np.allclose(ours, [float(value) for value in regions], atol=1e-6)


def test_many_reflections_tend_to_the_eigenvector() -> None:
    staircase = np.tri(12)
    index, reflected = eci(staircase), kci(staircase, 60)
    assert np.allclose((index - index.min()) / np.ptp(index) * 100, reflected, atol=1e-6)


def test_reflections_are_refused_below_0() -> None:
    with pytest.raises(MeasureError, match="there are no -1 steps"):
        kci(np.tri(12), -1)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(presences(least=2))
def test_proximity_and_density_keep_their_bounds_and_definitions(held: Values) -> None:
    near = proximity(held).to_numpy()
    assert ((near >= 0) & (near <= 1)).all()
    assert (near == near.T).all()
    assert (np.diag(near) == 1).all()
    for first in range(held.shape[1]):
        for second in range(held.shape[1]):
            both = (held[:, first] * held[:, second]).sum()
            assert near[first, second] == min(both / held[:, first].sum(), both / held[:, second].sum())
    density = relatedness_density(held, near).to_numpy()
    assert ((density >= 0) & (density <= 1 + 1e-12)).all()
    assert np.allclose(density[held.all(axis=1)], 1)


def by_the_book(pairs: Values, method: str) -> Values:
    """Each cell by the formulas of van Eck and Waltman (2009) and of EconGeo's probability index."""
    size, total = pairs.sum(axis=1), pairs.sum()
    result = np.zeros_like(pairs)
    for i, j in zip(*np.nonzero(pairs), strict=True):
        c, p, q = pairs[i, j], size[i] / total, size[j] / total
        result[i, j] = {
            "association": (c / total) / (p * q) if total else 0,
            "probability": c / ((p * size[j] / (total - size[i]) + q * size[i] / (total - size[j])) * (total / 2)),
            "cosine": c / np.sqrt(size[i] * size[j]),
            "jaccard": c / (size[i] + size[j] - c),
        }[method]
    return result


@settings(max_examples=100, deadline=None, derandomize=True)
@given(presences(least=2))
def test_relatedness_equals_the_formulas_cell_by_cell(held: Values) -> None:
    pairs = co_occurrence(held).to_numpy()
    assert (np.diag(pairs) == 0).all()
    if not pairs.any():
        with pytest.raises(MeasureError, match="no two industries co-occur"):
            relatedness(pairs) if pairs.sum() else relatedness(pairs + np.eye(len(pairs)))
        return
    for method in ("probability", "association", "cosine", "jaccard"):
        related = relatedness(pairs, method).to_numpy()
        assert np.allclose(related, by_the_book(pairs, method))
        assert np.allclose(related, related.T)
        assert np.allclose(relatedness(3 * pairs, method), related), "scale does not matter"
        assert np.allclose(relatedness(pairs + np.diag(held.sum(axis=0)), method), related), "nor does the diagonal"
    assert relatedness(pairs, "cosine").to_numpy().max() <= 1 + 1e-12
    assert relatedness(pairs, "jaccard").to_numpy().max() <= 1


@pytest.mark.parametrize(
    ("pairs", "method", "reason"),
    [
        (np.array([[0, 1], [2, 0]]), "cosine", "expected a symmetric matrix"),
        (np.array([[0, 1, 2], [1, 0, 2]]), "cosine", "expected a symmetric matrix"),
        (np.array([[0, 1], [1, 0]]), "lift", "there is no method 'lift'; there are probability, association"),
        (pd.DataFrame([[0, 1], [1, 0]], index=["a", "b"], columns=["a", "c"]), "cosine", "by the same industries"),
    ],
)
def test_pairs_without_relatedness_are_refused(pairs: Any, method: Any, reason: str) -> None:  # noqa: ANN401
    with pytest.raises(MeasureError, match=reason):
        relatedness(pairs, method)


def test_density_matches_industries_by_name() -> None:
    presence = pd.DataFrame([[1, 1], [1, 0]], index=["r", "s"], columns=["a", "b"])
    near = proximity(presence)
    turned = near.loc[["b", "a"], ["b", "a"]]
    assert relatedness_density(presence, turned).equals(relatedness_density(presence, near))
    with pytest.raises(MeasureError, match="column 'a', 'c': it stands in only one of presence and phi"):
        relatedness_density(presence, near.rename(index={"a": "c"}, columns={"a": "c"}))
    with pytest.raises(MeasureError, match=r"phi has the shape \(1, 1\), expected 2 industries"):
        relatedness_density(presence.to_numpy(), np.ones((1, 1)))
    with pytest.raises(MeasureError, match="column 'b': phi relates it to no industry"):
        relatedness_density(presence, pd.DataFrame([[1, 0], [0, 0]], index=["a", "b"], columns=["a", "b"]))


@pytest.mark.parametrize(
    ("counts", "reason"),
    [
        ([[1, -2], [3, 4]], "row 'r', column 'b': the count -2 is negative"),
        ([[1, np.nan], [3, 4]], "row 'r', column 'b': the count is missing"),
        ([[0, 0], [3, 4]], "row 'r': the counts add up to zero"),
        ([[1, 0], [3, 0]], "column 'b': the counts add up to zero"),
        ([[0, 0], [0, 0]], "all counts are zero"),
        ([[1, 2]], "there is a single region"),
    ],
)
def test_counts_without_advantage_are_refused_with_the_row(counts: list[list[float]], reason: str) -> None:
    with pytest.raises(MeasureError, match=f"rca: .*{reason}"):
        rca(pd.DataFrame(counts, index=["r", "s"][: len(counts)], columns=["a", "b"]))


@pytest.mark.parametrize("threshold", [0, -1, float("nan"), float("inf")])
def test_a_threshold_that_decides_nothing_is_refused(threshold: float) -> None:
    with pytest.raises(MeasureError, match="expected a number above 0"):
        rca(ECONGEO, threshold=threshold)


@SMALL
def test_the_outlook_takes_another_nearness_and_the_plain_sum() -> None:
    presence = rca(COUNTS, threshold=1)
    plain = complexity_outlook(presence, standardised=False)
    assert np.allclose((plain - plain.mean()) / plain.std(ddof=0), complexity_outlook(presence))
    related = relatedness(co_occurrence(presence))
    assert complexity_outlook(presence, related).index.tolist() == REGIONS
    assert not np.allclose(complexity_outlook(presence, related), complexity_outlook(presence))


@SMALL
def test_counts_are_read_as_what_is_present_at_a_quotient_of_at_least_one() -> None:
    # The golden matrix of py-ecomplexity, in counts.
    counts = np.array(
        [[120, 80, 60, 40, 20], [90, 70, 50, 5, 1], [60, 60, 2, 30, 0], [50, 40, 1, 0, 2], [30, 0, 45, 1, 0]]
    )
    present = rca(counts.astype(float), threshold=1)
    assert eci(counts).tolist() == eci(present).tolist()
    assert pci(counts).tolist() == pci(present).tolist()
    assert diversity(counts).tolist() == diversity(present).tolist()
