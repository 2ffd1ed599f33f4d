"""Whether an industry is in a region more often than chance would bring about, tested by permuting the labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import false_discovery_control, hypergeom

from chaingraph.errors import MeasureError
from chaingraph.messages import tr

Alternative = Literal["greater", "less", "two-sided"]
"""More than by chance, less, or either."""

Side = Literal["greater", "less"]
"""One tail of the distribution."""

Labels = Sequence[Any] | NDArray[Any] | pd.Series
"""One label per organisation."""

_MEASURE = "concentration_test"


class _Organisations(NamedTuple):
    """The region and the industry of each organisation as codes, and the labels of the codes."""

    region: NDArray[np.int64]
    industry: NDArray[np.int64]
    regions: pd.Index[Any]
    industries: pd.Index[Any]

    @property
    def cells(self) -> int:
        return len(self.regions) * len(self.industries)

    @property
    def sizes(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The number of organisations of each region and of each industry."""
        return np.bincount(self.region), np.bincount(self.industry)

    def counts(self, industry: NDArray[np.int64]) -> NDArray[np.int64]:
        """Count organisations by region and industry, row by row, for one permutation of the industries."""
        return np.bincount(self.region * len(self.industries) + industry, minlength=self.cells)


def concentration_test(
    regions: Labels,
    industries: Labels,
    *,
    draws: int | None = None,
    seed: int = 0,
    alternative: Alternative = "greater",
) -> pd.DataFrame:
    """Return for each region and industry how likely its count is if industries fell on organisations at random.

    The labels are permuted over the organisations, so that every region and every industry keeps its total. The count
    of a cell then follows the hypergeometric distribution, and its p-value is exact: Fisher (1935, J. R. Stat. Soc.
    98: 39-82). With ``draws`` it is simulated instead, p = (M + 1) / (R + 1) where M of R permutations reach the
    observed count (Davison and Hinkley 1997, ch. 4); no p is then below 1 / (R + 1), too coarse for many cells. ``q``
    is p corrected over all cells of the table, also those that hold nothing (Benjamini and Hochberg 1995, J. R. Stat.
    Soc. B 57: 289-300): where q <= 0.05 is called concentrated, at most a twentieth of the calls is expected false.

    Args:
        regions: The region of each organisation.
        industries: Its industry, in the same order. An organisation with several rows is not independent
            of itself, and p is too small; give it one row.
        draws: How many permutations to draw; None for the exact distribution.
        seed: Of the random generator.
        alternative: ``"greater"`` than by chance, ``"less"``, or ``"two-sided"`` (twice the smaller, at most 1).

    Returns:
        A frame with the columns region, industry, observed, expected, p and q, one row per cell, sorted by label; its
        ``attrs`` name the method, draws, seed, alternative and number of organisations and of tests.

    Raises:
        MeasureError: A label is missing, the two differ in length or in their index, or there is a single region or
            industry.

    >>> table = concentration_test(["A", "A", "B", "B"], ["x", "x", "y", "y"])
    >>> table[["region", "industry", "observed", "expected", "p"]].round(4)
      region industry  observed  expected       p
    0      A        x         2       1.0  0.1667
    1      A        y         0       1.0  1.0000
    2      B        x         0       1.0  1.0000
    3      B        y         2       1.0  0.1667
    >>> concentration_test(["A", "A"], ["x", "y"])  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    chaingraph.errors.MeasureError: concentration_test: there is a single region, 'A', so that no label could ...
    """
    _check(alternative, draws)
    organisations = _organisations(regions, industries)
    observed = organisations.counts(organisations.industry)
    sides: tuple[Side, ...] = ("greater", "less") if alternative == "two-sided" else (alternative,)
    if draws is None:
        chances = [_exact(organisations, observed, side) for side in sides]
    else:
        chances = _simulated(organisations, observed, sides, draws, seed)
    p = np.clip(np.min(chances, axis=0) * len(sides), 0, 1)
    result = _cells(organisations, observed, p)
    result.attrs.update(
        method="exact, hypergeometric" if draws is None else "permutation of labels",
        draws=draws,
        seed=None if draws is None else seed,
        alternative=alternative,
        organizations=len(organisations.region),
        tests=organisations.cells,
    )
    return result


def _check(alternative: str, draws: int | None) -> None:
    if alternative not in ("greater", "less", "two-sided"):
        reason = tr(
            "'{alternative}' is no alternative; choose 'greater', 'less' or 'two-sided'", alternative=alternative
        )
        raise MeasureError(reason, measure=_MEASURE)
    if draws is not None and draws < 1:
        reason = tr(
            "{draws} draws give no p-value; draw at least once, or leave draws out for the exact one", draws=draws
        )
        raise MeasureError(reason, measure=_MEASURE)


def _cells(organisations: _Organisations, observed: NDArray[np.int64], p: NDArray[np.float64]) -> pd.DataFrame:
    by_region, by_industry = organisations.sizes
    return pd.DataFrame(
        {
            "region": np.repeat(organisations.regions, len(by_industry)),
            "industry": np.tile(organisations.industries, len(by_region)),
            "observed": observed,
            "expected": np.outer(by_region, by_industry).ravel() / len(organisations.region),
            "p": p,
            "q": false_discovery_control(p),
        }
    )


def _exact(organisations: _Organisations, observed: NDArray[np.int64], side: Side) -> NDArray[np.float64]:
    """Return the chance of at least, or of at most, the observed count of each cell.

    The two totals of a cell may change places, and most cells repeat others: each combination is computed once.
    """
    by_region, by_industry = organisations.sizes
    result = np.ones(organisations.cells)
    # At least nothing is certain, and most cells are empty.
    cells = np.flatnonzero(observed) if side == "greater" else np.arange(organisations.cells)
    row_total, column_total = by_region[cells // len(by_industry)], by_industry[cells % len(by_industry)]
    total = len(organisations.region)
    # Ranks of totals rather than totals, which keeps the code of a combination far inside 64 bits.
    totals, rank = np.unique(np.concatenate([row_total, column_total]), return_inverse=True)
    ranks = rank[: len(row_total)], rank[len(row_total) :]
    pairs = np.minimum(*ranks) * np.int64(len(totals)) + np.maximum(*ranks)
    unique, inverse = np.unique(pairs * np.int64(total + 1) + observed[cells], return_inverse=True)
    pair, count = np.divmod(unique, np.int64(total + 1))
    first, second = totals[pair // len(totals)], totals[pair % len(totals)]
    if side == "greater":
        tail = hypergeom.sf(count - 1, total, first, second)
    else:
        tail = hypergeom.cdf(count, total, first, second)
    result[cells] = tail[inverse]
    return result


def _simulated(
    organisations: _Organisations, observed: NDArray[np.int64], sides: tuple[Side, ...], draws: int, seed: int
) -> list[NDArray[np.float64]]:
    """Return the same by permutation, the observed counts being one of the draws."""
    generator = np.random.default_rng(seed)
    reached = [np.ones(organisations.cells) for _ in sides]
    for _ in range(draws):
        counts = organisations.counts(generator.permutation(organisations.industry))
        for side, times in zip(sides, reached, strict=True):
            times += counts >= observed if side == "greater" else counts <= observed
    return [times / (draws + 1) for times in reached]


def _organisations(regions: Labels, industries: Labels) -> _Organisations:
    if len(regions) != len(industries):
        reason = tr(
            "{regions} regions stand against {industries} industries; give one of each per organisation",
            regions=len(regions),
            industries=len(industries),
        )
        raise MeasureError(reason, measure=_MEASURE)
    if (
        isinstance(regions, pd.Series)
        and isinstance(industries, pd.Series)
        and not regions.index.equals(industries.index)
    ):
        reason = tr("the two series name other organisations, or in another order; give both the same index")
        raise MeasureError(reason, measure=_MEASURE)
    columns = []
    for kind, labels in (("region", regions), ("industry", industries)):
        codes, names = pd.factorize(np.asarray(labels, dtype=object), sort=True)
        if (codes < 0).any():
            position = int(np.argmin(codes))
            name = regions.index[position] if isinstance(regions, pd.Series) else position
            reason = tr("it has no {kind}; leave it out, and say how many were", kind=kind)
            raise MeasureError(reason, measure=_MEASURE, place=f"organisation '{name}'")
        if len(names) < 2:
            only = f"a single {kind}, '{names[0]}'," if len(names) else f"no {kind}"
            reason = tr("there is {only} so that no label could fall elsewhere; give at least two", only=only)
            raise MeasureError(reason, measure=_MEASURE)
        columns.append((codes.astype(np.int64), pd.Index(names)))
    (region, region_names), (industry, industry_names) = columns
    return _Organisations(region, industry, region_names, industry_names)
