"""Inequality: how unevenly something is spread over regions, people or parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, overload

import numpy as np
import pandas as pd
from scipy.special import xlogy

from chaingraph.errors import MeasureError
from chaingraph.messages import tr
from chaingraph.metrics.location._counts import element, read_crosstab, read_pair, read_vector

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chaingraph.metrics.location._counts import Counts, List, Table, Values, Vector


@overload
def herfindahl(values: Table, *, normalised: bool = False) -> pd.Series[float]: ...
@overload
def herfindahl(values: List, *, normalised: bool = False) -> float: ...
def herfindahl(values: Counts | Vector, *, normalised: bool = False) -> pd.Series[float] | float:
    """Return the sum of squared shares: a float for one list, one number per row for a crosstab.

    H = sum of s_i^2 with s_i = x_i / sum of x, in [1/n, 1]; 1 where one holds all. Hirschman (1964, Am. Econ. Rev. 54:
    761-762). Normalised it is (H - 1/n) / (1 - 1/n), in [0, 1]; n counts the empty ones too.

    Args:
        values: A list, or a crosstab.
        normalised: Take out the number of parts n.

    Raises:
        MeasureError: A row adds up to zero; normalised, a single part.

    >>> herfindahl([10, 10, 10, 10, 60])
    0.4
    >>> herfindahl([10, 10, 10, 10, 60], normalised=True)
    0.25
    >>> herfindahl([0, 0])  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    chaingraph.errors.MeasureError: herfindahl: the values add up to zero, so that there are no shares; ...
    """

    def of_shares(shares: Values) -> Values:
        index = np.asarray(np.square(shares).sum(axis=1), dtype=np.float64)
        parts = shares.shape[1]
        return (index - 1 / parts) / (1 - 1 / parts) if normalised else index

    return _by_row(values, "herfindahl", of_shares, least=2 if normalised else 1)


@overload
def shannon(values: Table, *, normalised: bool = False) -> pd.Series[float]: ...
@overload
def shannon(values: List, *, normalised: bool = False) -> float: ...
def shannon(values: Counts | Vector, *, normalised: bool = False) -> pd.Series[float] | float:
    """Return the entropy of the shares in bits: a float for one list, one number per row for a crosstab.

    H = - sum of s_i log2 s_i, with 0 log 0 = 0, in [0, log2 n]; 0 where one holds all. Shannon (1948, Bell Syst. Tech.
    J. 27: 379-423). Normalised it is divided by log2 n, in [0, 1] (Pielou 1966); n counts the empty ones too.

    Args:
        values: A list, or a crosstab.
        normalised: Divide by the greatest value possible for n parts.

    Raises:
        MeasureError: A row adds up to zero; normalised, a single part.

    >>> shannon([1, 1, 2])
    1.5
    >>> shannon([7], normalised=True)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    chaingraph.errors.MeasureError: shannon: there is a single part, ...
    """

    def of_shares(shares: Values) -> Values:
        # + 0.0: one that holds all has the entropy 0, not -0.
        bits = -xlogy(shares, shares).sum(axis=1) / np.log(2) + 0.0
        return np.asarray(bits / np.log2(shares.shape[1]) if normalised else bits, dtype=np.float64)

    return _by_row(values, "shannon", of_shares, least=2 if normalised else 1)


def _by_row(
    values: Counts | Vector, measure: str, of_shares: Callable[[Values], Values], least: int
) -> pd.Series[float] | float:
    """Return a function of the shares of one list, or of each row of a crosstab."""
    if not isinstance(values, pd.DataFrame) and np.ndim(np.asarray(values, dtype=object)) == 1:
        vector = read_vector(values, measure, least=1)
        _refuse_single_part(len(vector), measure, least)
        return float(of_shares((vector / vector.sum())[np.newaxis])[0])
    table = read_crosstab(values, measure, filled_columns=False, regions=1)
    _refuse_single_part(table.values.shape[1], measure, least)
    return table.by_row(of_shares(table.row_shares()))


def _refuse_single_part(parts: int, measure: str, least: int) -> None:
    if parts < least:
        reason = tr("there is a single part, whose range is one point and cannot be normalised; use normalised=False")
        raise MeasureError(reason, measure=measure)


def gini(values: Vector, *, normalised: bool = False) -> float:
    """Return the Gini coefficient: twice the area between the Lorenz curve and the diagonal.

    G = sum of (2i - n - 1) x_(i) / (n sum of x) over the values in rising order, in [0, 1 - 1/n]; 0 where all are
    equal. Gini (1912, Variabilità e mutabilità). Normalised it is G n / (n - 1), in [0, 1].

    Raises:
        MeasureError: A negative or missing value, a total of zero, or fewer than two values.

    >>> gini([10, 10, 10, 10, 60])
    0.4
    >>> gini([10, 10, 10, 10, 60], normalised=True)
    0.5
    >>> gini([7])
    Traceback (most recent call last):
    chaingraph.errors.MeasureError: gini: there is a single value; give at least 2
    """
    rising = np.sort(read_vector(values, "gini"))
    size = len(rising)
    rank = 2 * np.arange(1, size + 1) - size - 1
    scale = size - 1 if normalised else size
    return float(rank @ rising / (scale * rising.sum()))


def hoover(values: Vector, reference: Vector | None = None) -> float:
    """Return the share of the whole that would have to move for the values to be spread as the reference is.

    H = 1/2 sum of |x_i / sum of x - r_i / sum of r|, in [0, 1); the reference is equal if None. Hoover (1936, Rev.
    Econ. Stat. 18: 162-171). It is also known as the Robin Hood or Schutz index.

    Args:
        values: One per region.
        reference: Population, area or the like of the same regions.

    Raises:
        MeasureError: As ``gini``; or the names of the two do not match.

    >>> hoover([10, 10, 10, 10, 60])
    0.4
    >>> hoover([1, 3], [1, 3])
    0.0
    >>> hoover([0, 0])  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    chaingraph.errors.MeasureError: hoover: the values add up to zero, so that there are no shares; ...
    """
    if reference is None:
        numbers = read_vector(values, "hoover")
        other = np.ones(len(numbers))
    else:
        numbers, other = read_pair(values, reference, "hoover")
    return float(np.abs(numbers / numbers.sum() - other / other.sum()).sum() / 2)


def theil(values: Vector) -> float:
    """Return Theil's T in nats: the entropy that is missing from an even spread, weighted by what each one has.

    T = sum of s_i ln(n s_i) with 0 ln 0 = 0, in [0, ln n]. Theil (1967, Economics and Information Theory, ch. 4). The
    function of the same name in the R package REAT is the other one, L: see ``mean_log_deviation``.

    Raises:
        MeasureError: As ``gini``.

    >>> round(theil([10, 10, 10, 10, 60]), 7)
    0.3819085
    >>> theil([3, -1])  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    chaingraph.errors.MeasureError: theil: value 1: the count -1 is negative, ...
    """
    return _theil_t(read_vector(values, "theil"))


def mean_log_deviation(values: Vector) -> float:
    """Return Theil's L in nats: the mean of ln(mean / x_i), in which each one counts alike.

    In [0, infinity). Theil (1967, ch. 4). A value of zero makes it infinite, and is refused.

    Raises:
        MeasureError: As ``gini``; or a value of zero.

    >>> round(mean_log_deviation([10, 10, 10, 10, 60]), 7)
    0.3347953
    >>> mean_log_deviation([1, 0])  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    chaingraph.errors.MeasureError: mean_log_deviation: value 1: a value of zero makes the index infinite; ...
    """
    return _theil_l(_above_zero(values, "mean_log_deviation"))


@dataclass(frozen=True)
class TheilParts:
    """An inequality and the two parts that add up to it, in nats."""

    total: float
    within: float
    between: float


def theil_decomposition(values: Vector, groups: Sequence[Any], *, kind: Literal["T", "L"] = "T") -> TheilParts:
    """Return an inequality split in what lies within groups and what lies between their means.

    T: the parts within weigh by what a group has, between is sum of S_g ln(S_g / (n_g / n)) over its share S_g of the
    whole. L: they weigh by the number of its members, between is sum of (n_g / n) ln((n_g / n) / S_g). Shorrocks
    (1980, Econometrica 48: 613-625). A group of one has no inequality within.

    Args:
        values: One per member.
        groups: The group of each, in the same order, such as the province of a city.
        kind: ``"T"`` as ``theil``, ``"L"`` as ``mean_log_deviation``.

    Raises:
        MeasureError: As the two measures; or a member without group, or another number of groups than of members.

    >>> parts = theil_decomposition([1, 1, 3, 3], ["east", "east", "west", "west"])
    >>> round(parts.total, 4), round(parts.within, 4), round(parts.between, 4)
    (0.1308, 0.0, 0.1308)
    >>> theil_decomposition([1, 2], ["east"])  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    chaingraph.errors.MeasureError: theil_decomposition: 2 values stand against 1 group labels; ...
    """
    measure = "theil_decomposition"
    if kind not in ("T", "L"):
        reason = tr("'{kind}' is no kind; choose 'T' or 'L'", kind=kind)
        raise MeasureError(reason, measure=measure)
    numbers = read_vector(values, measure) if kind == "T" else _above_zero(values, measure)
    codes, names = pd.factorize(np.asarray(groups, dtype=object))
    if len(codes) != len(numbers):
        reason = tr(
            "{values} values stand against {labels} group labels; give one label per value",
            values=len(numbers),
            labels=len(codes),
        )
        raise MeasureError(reason, measure=measure)
    if (codes < 0).any():
        reason = tr("the value has no group; name one, or leave the value out")
        raise MeasureError(reason, measure=measure, place=element(values, int(np.argmin(codes))))
    size = np.bincount(codes, minlength=len(names)) / len(numbers)
    share = np.bincount(codes, weights=numbers, minlength=len(names)) / numbers.sum()
    index, weight = (_theil_t, share) if kind == "T" else (_theil_l, size)
    # A group that has nothing weighs nothing, and its own index does not exist.
    within = sum(weight[g] * index(numbers[codes == g]) for g in range(len(names)) if share[g] > 0)
    between = (xlogy(share, share / size) if kind == "T" else size * np.log(size / share)).sum()
    return TheilParts(index(numbers), float(within), float(between))


def _above_zero(values: Vector, measure: str) -> Values:
    numbers = read_vector(values, measure)
    if not numbers.all():
        reason = tr("a value of zero makes the index infinite; use Theil's T (theil), or leave the zeros out")
        raise MeasureError(reason, measure=measure, place=element(values, int(np.argmin(numbers))))
    return numbers


def _theil_t(values: Values) -> float:
    relative = values / values.mean()
    return max(float(xlogy(relative, relative).mean()), 0.0)


def _theil_l(values: Values) -> float:
    return max(float(np.log(values.mean() / values).mean()), 0.0)
