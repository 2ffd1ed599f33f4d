"""The test of concentration is exact, agrees with its simulation, and is corrected over its table."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import fisher_exact, hypergeom

from chaingraph.errors import MeasureError
from chaingraph.metrics.location.concentration_test import Alternative, Labels, concentration_test

if TYPE_CHECKING:
    from random import Random

ORGANISATIONS = st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from("xyz")), max_size=25).map(
    lambda drawn: [("A", "x"), ("B", "y"), *drawn]
)


def labels(organisations: list[tuple[str, str]]) -> tuple[list[str], list[str]]:
    return [region for region, _ in organisations], [industry for _, industry in organisations]


@settings(max_examples=100, deadline=None, derandomize=True)
@given(ORGANISATIONS, st.sampled_from(["greater", "less"]))
def test_each_cell_is_fishers_exact_test_of_its_four_counts(
    organisations: list[tuple[str, str]], alternative: Alternative
) -> None:
    regions, industries = labels(organisations)
    for row in concentration_test(regions, industries, alternative=alternative).to_dict("records"):
        here = [region == row["region"] for region in regions]
        this = [industry == row["industry"] for industry in industries]
        both = sum(a and b for a, b in zip(here, this, strict=True))
        four = [[both, sum(here) - both], [sum(this) - both, len(regions) - sum(here) - sum(this) + both]]
        assert row["observed"] == both
        assert math.isclose(row["p"], fisher_exact(np.array(four), alternative=alternative).pvalue, rel_tol=1e-9)
        assert math.isclose(row["expected"], sum(here) * sum(this) / len(regions))


def test_six_organisations_are_counted_by_hand() -> None:
    # Of the 720 ways to lay three x and three y on six organisations, one in twenty puts all x in A.
    regions, industries = list("AAABBB"), list("xxxyyy")
    table = concentration_test(regions, industries).set_index(["region", "industry"])
    assert table["observed"].tolist() == [3, 0, 0, 3]
    assert table["p"].round(12).tolist() == [0.05, 1, 1, 0.05]
    assert table["q"].round(12).tolist() == [0.1, 1, 1, 0.1]
    found = [
        sum(region == "A" and industry == "x" for region, industry in zip(regions, placed, strict=True)) >= 3
        for placed in itertools.permutations(industries)
    ]
    assert np.mean(found) == 0.05


def test_two_sided_is_twice_the_smaller_side() -> None:
    regions, industries = list("AAABBB"), list("xxxyyy")
    assert concentration_test(regions, industries, alternative="two-sided")["p"].round(12).tolist() == [0.1] * 4


def random_labels(size: int = 300) -> tuple[list[str], list[str]]:
    generator = np.random.default_rng(11)
    regions = generator.choice(list("ABCDE"), size, p=[0.4, 0.3, 0.15, 0.1, 0.05])
    industries = generator.choice(list("uvwx"), size)
    industries[(regions == "C") & (generator.random(size) < 0.5)] = "w"
    return regions.tolist(), industries.tolist()


@pytest.mark.parametrize("alternative", ["greater", "less", "two-sided"])
def test_the_simulation_agrees_with_the_exact_distribution(alternative: Alternative) -> None:
    regions, industries = random_labels()
    exact = concentration_test(regions, industries, alternative=alternative)
    drawn = concentration_test(regions, industries, draws=4999, alternative=alternative)
    error = np.sqrt(exact["p"] * (1 - exact["p"]) / 5000)
    assert (np.abs(exact["p"] - drawn["p"]) < 5 * error + 2 / 5000).all()
    assert exact[["region", "industry", "observed", "expected"]].equals(
        drawn[["region", "industry", "observed", "expected"]]
    )


def test_the_concentrated_industry_is_found_and_no_other() -> None:
    table = concentration_test(*random_labels())
    found = table[table["q"] <= 0.05]
    assert list(zip(found["region"], found["industry"], strict=True)) == [("C", "w")]


def test_labels_at_random_are_seldom_called_concentrated() -> None:
    generator = np.random.default_rng(3)
    regions, industries = generator.integers(0, 5, 200), generator.integers(0, 5, 200)
    called = 0
    for _ in range(100):
        called += bool((concentration_test(regions, generator.permutation(industries))["q"] <= 0.05).any())
    assert called <= 9  # at most 5 in 100 expected; 10 or more has a chance of 3 in 100


def test_the_simulation_counts_the_observed_placing_and_repeats_with_its_seed() -> None:
    regions, industries = random_labels(60)
    first = concentration_test(regions, industries, draws=99)
    assert first["p"].min() >= 0.01
    assert ((first["p"] * 100).round(9) % 1 == 0).all()
    pd.testing.assert_frame_equal(first, concentration_test(regions, industries, draws=99))
    assert not first["p"].equals(concentration_test(regions, industries, draws=99, seed=1)["p"])


@settings(max_examples=50, deadline=None, derandomize=True)
@given(ORGANISATIONS, st.randoms(use_true_random=False))
def test_the_order_of_organisations_does_not_matter(organisations: list[tuple[str, str]], random: Random) -> None:
    moved = random.sample(organisations, len(organisations))
    pd.testing.assert_frame_equal(concentration_test(*labels(organisations)), concentration_test(*labels(moved)))


@settings(max_examples=50, deadline=None, derandomize=True)
@given(ORGANISATIONS)
def test_q_is_benjamini_and_hochbergs_by_its_definition(organisations: list[tuple[str, str]]) -> None:
    table = concentration_test(*labels(organisations))
    p = table["p"].to_numpy()
    for position in range(len(p)):
        steps = [len(p) * p[other] / (p <= p[other]).sum() for other in range(len(p)) if p[other] >= p[position]]
        assert math.isclose(table["q"][position], min(1, *steps))


def test_many_cells_that_repeat_are_each_given_their_own_value() -> None:
    generator = np.random.default_rng(7)
    regions, industries = generator.integers(0, 40, 500), generator.integers(0, 30, 500)
    table = concentration_test(regions, industries)
    by_region, by_industry = np.bincount(regions), np.bincount(industries)
    expected = hypergeom.sf(
        table["observed"] - 1, 500, by_region[table["region"].tolist()], by_industry[table["industry"].tolist()]
    )
    assert len(table) == 1200
    assert np.allclose(table["p"], expected, rtol=1e-12)


def test_the_result_says_how_it_came_about() -> None:
    regions, industries = list("AABB"), list("xxyy")
    assert concentration_test(regions, industries).attrs == {
        "method": "exact, hypergeometric",
        "draws": None,
        "seed": None,
        "alternative": "greater",
        "organizations": 4,
        "tests": 4,
    }
    drawn = concentration_test(regions, industries, draws=9, seed=4).attrs
    assert (drawn["method"], drawn["draws"], drawn["seed"]) == ("permutation of labels", 9, 4)


@pytest.mark.parametrize(
    ("regions", "industries", "options", "said"),
    [
        (["A", None], ["x", "y"], {}, "organisation '1': it has no region; leave it out"),
        (["A", "B"], ["x", math.nan], {}, "organisation '1': it has no industry; leave it out"),
        (["A", "B"], ["x"], {}, "2 regions stand against 1 industries"),
        (["A", "A"], ["x", "y"], {}, "there is a single region, 'A', so that no label could fall elsewhere"),
        (["A", "B"], ["x", "x"], {}, "there is a single industry, 'x', so that"),
        ([], [], {}, "there is no region so that"),
        (["A", "B"], ["x", "y"], {"draws": 0}, "0 draws give no p-value"),
        (["A", "B"], ["x", "y"], {"alternative": "more"}, "choose 'greater', 'less' or 'two-sided'"),
        (pd.Series(["A", "B"]), pd.Series(["x", "y"], index=[1, 0]), {}, "give both the same index"),
    ],
)
def test_labels_that_carry_no_test_are_refused(
    regions: Labels, industries: Labels, options: dict[str, Any], said: str
) -> None:
    with pytest.raises(MeasureError, match=said):
        concentration_test(regions, industries, **options)
