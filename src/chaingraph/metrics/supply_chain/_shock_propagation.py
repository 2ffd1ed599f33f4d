"""The shock propagation behind the systemic risk index: many failures at once, in sparse matrices and dense blocks.

The economic systemic risk index of Diem, Borsos, Reisch, Kertesz and Thurner (2022, Sci. Rep. 12: 7719). With the
weight w_ij that i sells to j, the output s_i = sum_j w_ij and the losses 1 - h of the paper, from 0 but for what fails:

- downstream, d_j = max(over essential products k: sum_i of k r_i d_i w_ij / sum_i of k w_ij;
  sum over all other suppliers i: r_i d_i w_ij / sum of all inputs of j), the generalised Leontief production function;
- r_i = min(1, s_i / sum over all l of the same product s_l (1 - d_l)): how hard i is to replace;
- upstream, u_i = sum_j u_j w_ij / s_i, on its own;
- the index is sum_j s_j max(d_j, u_j) / sum_j s_j.

The paper gives each organization one industry, which is its product; these are equal then. What differs:

- An organization may supply several products, and is replaceable in each by what others supply of that one.
- What is essential is given by product, or by product and customer, where the paper has a table of industry by
  industry; the authors' later programs know inputs that do not matter at all as well.
- The iteration stops at changes below 1e-6, not at 1e-2 as in those programs, and finds what that leaves out.
- Where weights are unknown there are a best and a worst case, which the paper does not have.

What holds by proof: losses grow from round to round, since every right side is a growing function of all losses, so
that they converge; the index is from 0 to 1, and grows with the set of what fails. If what a substitute sells becomes
another product, r_i and with it the index of i cannot fall. (If the substitute is left out of the table, the sum of
outputs changes, and the index may fall.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import scipy.sparse as sp

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from chaingraph.arrays import Matrix

    Values = NDArray[np.float64]
    Positions = NDArray[np.int64]

TOLERANCE = 1e-6
"""A failure has spread once no organization's output changes by this much."""
ROUNDS = 10_000
SHRINK = 0.75
"""Columns that no longer change are dropped from a block once less than this part of it still changes."""


class Ties(NamedTuple):
    """Ties between numbered organizations, one per supplier, customer and product; ``low``, ``high`` bound its weight.

    A line is what one supplier sells of one product. A need is what one customer must have: an essential product, or
    all others together. Organizations are numbered by how many needs they have, the most first, and needs by their rank
    within their organization, so that the needs of one rank are one slice and start with organization 0.
    """

    names: list[str]
    supplier: Positions
    customer: Positions
    line: Positions
    need: Positions
    line_supplier: Positions
    line_product: Positions
    need_starts: Positions
    essential: NDArray[np.bool_]
    low: Values
    high: Values


class Result(NamedTuple):
    """The index of each failure, how many organizations it reaches, and how the iteration ended."""

    risk: Values
    reached: Positions
    rounds: int
    converged: bool


class _Case(NamedTuple):
    """The matrices of the worst or of the best case.

    In the worst case a tie has its greatest weight where it does harm and its least where it helps; in the best case
    the other way round. So a line's sales are ``own_sales`` where its own part is measured, ``other_sales`` where
    another's is. ``sales`` and ``product_sales`` sum ``other_sales``, products by organizations and by product.
    ``needs`` has the part of each line in a need, ``demand`` the part of each customer in a supplier's sales, and
    ``weights`` the part of each organization in all sales.
    """

    own_sales: Values
    other_sales: Values
    sales: Matrix
    product_sales: Values
    replaceable: bool
    needs: Matrix
    demand: Matrix
    weights: Values


def merged_ties(
    names: list[str],
    supplier: NDArray[np.object_],
    customer: NDArray[np.object_],
    product: NDArray[np.object_],
    essential: NDArray[np.bool_],
    bounds: tuple[Values, Values],
) -> Ties:
    """Return the ties by number, weights of the same supplier, customer and product added up."""
    frame = pd.DataFrame(
        {"s": supplier, "c": customer, "p": product, "e": essential, "low": bounds[0], "high": bounds[1]}
    )
    frame = frame.groupby(["s", "c", "p", "e"], sort=True, as_index=False).sum()
    # A need is an essential product of a customer; all others together are one, under a name that no product has.
    frame["n"] = frame["p"].where(frame["e"], "\0rest")
    needs = frame[["c", "n", "e"]].drop_duplicates().sort_values(["c", "n"], kind="stable")
    counts = needs.groupby("c").size()
    ordered = sorted(names, key=lambda name: (-int(counts.get(name, 0)), name))
    number = pd.Series(np.arange(len(ordered), dtype=np.int64), index=ordered)
    needs["rank"] = needs.groupby("c").cumcount()
    needs["c_number"] = number.loc[needs["c"]].to_numpy()
    needs = needs.sort_values(["rank", "c_number"], kind="stable").reset_index(drop=True)
    need_number = pd.Series(np.arange(len(needs)), index=pd.MultiIndex.from_frame(needs[["c", "n"]]))
    lines = frame[["s", "p"]].drop_duplicates()
    line_number = pd.Series(np.arange(len(lines)), index=pd.MultiIndex.from_frame(lines))
    per_rank = np.bincount(needs["rank"]) if len(needs) else np.zeros(0, dtype=np.int64)
    return Ties(
        names=ordered,
        supplier=number.loc[frame["s"]].to_numpy(np.int64),
        customer=number.loc[frame["c"]].to_numpy(np.int64),
        line=line_number.loc[pd.MultiIndex.from_frame(frame[["s", "p"]])].to_numpy(np.int64),
        need=need_number.loc[pd.MultiIndex.from_frame(frame[["c", "n"]])].to_numpy(np.int64),
        line_supplier=number.loc[lines["s"]].to_numpy(np.int64),
        line_product=pd.factorize(lines["p"], sort=True)[0].astype(np.int64),
        need_starts=np.concatenate([[0], np.cumsum(per_rank)]).astype(np.int64),
        essential=needs["e"].to_numpy(bool),
        low=frame["low"].to_numpy(np.float64),
        high=frame["high"].to_numpy(np.float64),
    )


def risk_index(ties: Ties, failing: Matrix, *, worst: bool, block: int) -> Result:
    """Return the index of each column of ``failing``: the part of all sales lost, with the worst or the best weights.

    Losses only grow from round to round and with every failure, because each is a monotone function of all losses.
    """
    case = _case(ties, worst=worst)
    count = failing.shape[1]
    risk, reached = np.zeros(count), np.zeros(count, dtype=np.int64)
    rounds, converged = 0, True
    for start in range(0, count, block):
        failed = failing[:, start : start + block].toarray()
        down, down_rounds, down_converged = _fixed_point(failed, lambda loss: _downstream(ties, case, loss))
        up, up_rounds, up_converged = _fixed_point(failed, lambda loss: case.demand @ loss)
        loss = np.maximum(down, up)
        risk[start : start + block] = np.minimum(case.weights @ loss, loss.max(axis=0))
        reached[start : start + block] = ((loss > TOLERANCE) & (failed == 0)).sum(axis=0)
        rounds, converged = max(rounds, down_rounds, up_rounds), converged and down_converged and up_converged
    return Result(np.clip(risk, 0.0, 1.0), reached, rounds, converged)


def _fixed_point(failed: Values, step: Callable[[Values], Values]) -> tuple[Values, int, bool]:
    """Repeat a step until no column changes; a column that has converged keeps its value, whatever is in the block."""
    result, active, loss = failed.copy(), np.arange(failed.shape[1]), failed.copy()
    moving = np.ones(len(active), dtype=bool)
    for number in range(1, ROUNDS + 1):
        new = step(loss)
        np.minimum(new, 1.0, out=new)
        # Rounding must not let a loss shrink.
        np.maximum(new, loss, out=new)
        np.subtract(new, loss, out=loss)
        still_moving = moving & (loss.max(axis=0, initial=0.0) >= TOLERANCE)
        converged, loss = moving & ~still_moving, new
        moving = still_moving
        if converged.any():
            result[:, active[converged]] = new[:, converged]
            if not moving.any():
                return result, number, True
            # Columns that have converged leave the block once that saves more than it costs.
            if moving.mean() < SHRINK:
                active, loss = active[moving], np.ascontiguousarray(new[:, moving])
                moving = np.ones(len(active), dtype=bool)
    result[:, active[moving]] = loss[:, moving]
    return result, ROUNDS, False


def _downstream(ties: Ties, case: _Case, loss: Values) -> Values:
    """Return what each organization loses by the inputs that it lacks, one round further."""
    missing = loss[ties.line_supplier]
    if case.replaceable:
        left = (case.product_sales[:, None] - case.sales @ loss)[ties.line_product]
        if case.own_sales is not case.other_sales:
            own_left = 1 - missing
            left = np.maximum(left - case.other_sales[:, None] * own_left, 0.0) + case.own_sales[:, None] * own_left
        # All else of it lost: hard to replace to the full. Lines that sell nothing must not divide 0 by 0.
        own = np.maximum(case.own_sales, np.finfo(np.float64).tiny)[:, None]
        np.maximum(left, own, out=left)
        missing *= np.divide(own, left, out=left)
    short = case.needs @ missing
    result = np.zeros_like(loss)
    # The needs of one rank are those of organizations 0 to their number: the maximum over needs, slice by slice.
    starts = ties.need_starts
    for start, stop in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True):
        np.maximum(result[: stop - start], short[start:stop], out=result[: stop - start])
    return result


def _sums(groups: Positions, values: Values, size: int) -> Values:
    return np.bincount(groups, weights=values, minlength=size).astype(np.float64)


def _parts(groups: Positions, own: Values, other: Values, total: Values) -> Values:
    """Return the part of each tie in the total of its group: the tie with its own weight, all else with the other."""
    whole = own + np.maximum(total[groups] - other, 0.0)
    return np.divide(own, whole, out=np.zeros_like(own), where=whole > 0)


def _case(ties: Ties, *, worst: bool) -> _Case:
    size, lines, needs = len(ties.names), len(ties.line_supplier), len(ties.essential)
    own, other = (ties.high, ties.low) if worst else (ties.low, ties.high)
    own_sales = _sums(ties.line, own, lines)
    other_sales = own_sales if (ties.low == ties.high).all() else _sums(ties.line, other, lines)
    products = int(ties.line_product.max(initial=-1)) + 1
    ends = (ties.line_product, ties.line_supplier)
    # What is not essential is measured by all inputs of its customer, what is essential by those of its product.
    essential = _parts(ties.need, own, other, _sums(ties.need, other, needs))
    inessential = _parts(ties.customer, own, other, _sums(ties.customer, other, size))
    input_part = np.where(ties.essential[ties.need], essential, inessential)
    sales_part = _parts(ties.supplier, own, other, _sums(ties.supplier, other, size))
    high = _sums(ties.supplier, own, size)
    low = _sums(ties.supplier, other, size)
    whole = high + np.maximum(low.sum() - low, 0.0)
    return _Case(
        own_sales=own_sales,
        other_sales=other_sales,
        sales=sp.csr_array(sp.coo_array((other_sales, ends), shape=(products, size))),
        product_sales=_sums(ties.line_product, other_sales, products),
        replaceable=products < lines,
        needs=sp.csr_array(sp.coo_array((input_part, (ties.need, ties.line)), shape=(needs, lines))),
        demand=sp.csr_array(sp.coo_array((sales_part, (ties.supplier, ties.customer)), shape=(size, size))),
        weights=np.divide(high, whole, out=np.zeros(size), where=whole > 0),
    )
