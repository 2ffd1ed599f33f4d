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
- What is essential is said by product, or by product and customer, where the paper has a table of industry by industry;
  the authors' later programs know inputs that do not matter at all as well.
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
    Places = NDArray[np.int64]

TOLERANCE = 1e-6
"""A failure has spread once no organization's output changes by this much."""
ROUNDS = 10_000
LEAVE = 0.75


class Ties(NamedTuple):
    """Ties between numbered organizations, one a supplier, customer and product; ``low`` and ``high`` bound its weight.

    A line is what one supplier sells of one product. A need is what one customer must have: an essential product, or
    all others together. Organizations stand in the order of how many needs they have, the most first, and needs in the
    order of their rank within their organization, so that the needs of one rank lie side by side.
    """

    names: list[str]
    supplier: Places
    customer: Places
    line: Places
    need: Places
    line_supplier: Places
    line_product: Places
    need_starts: Places
    need_customer: Places
    essential: NDArray[np.bool_]
    low: Values
    high: Values


class Run(NamedTuple):
    """The index of each failure, how many organizations it reaches, and how the iteration ended."""

    risk: Values
    reached: Places
    rounds: int
    converged: bool


class _Side(NamedTuple):
    """The matrices of the worst or of the best case."""

    own: Values
    own_there: Values
    there: Matrix
    all_there: Values
    replaceable: bool
    needs: Matrix
    demand: Matrix
    weights: Values


def merged(
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
    places = pd.Series(np.arange(len(needs)), index=pd.MultiIndex.from_frame(needs[["c", "n"]]))
    lines = frame[["s", "p"]].drop_duplicates()
    line_places = pd.Series(np.arange(len(lines)), index=pd.MultiIndex.from_frame(lines))
    per_rank = np.bincount(needs["rank"]) if len(needs) else np.zeros(0, dtype=np.int64)
    return Ties(
        names=ordered,
        supplier=number.loc[frame["s"]].to_numpy(np.int64),
        customer=number.loc[frame["c"]].to_numpy(np.int64),
        line=line_places.loc[pd.MultiIndex.from_frame(frame[["s", "p"]])].to_numpy(np.int64),
        need=places.loc[pd.MultiIndex.from_frame(frame[["c", "n"]])].to_numpy(np.int64),
        line_supplier=number.loc[lines["s"]].to_numpy(np.int64),
        line_product=pd.factorize(lines["p"], sort=True)[0].astype(np.int64),
        need_starts=np.concatenate([[0], np.cumsum(per_rank)]).astype(np.int64),
        need_customer=needs["c_number"].to_numpy(np.int64),
        essential=needs["e"].to_numpy(bool),
        low=frame["low"].to_numpy(np.float64),
        high=frame["high"].to_numpy(np.float64),
    )


def _sum(place: Places, values: Values, size: int) -> Values:
    return np.bincount(place, weights=values, minlength=size).astype(np.float64)


def index(ties: Ties, failing: Matrix, *, worst: bool, block: int) -> Run:
    """Return the index of each column of ``failing``: the part of all sales lost, with the worst or the best weights.

    Losses only grow from round to round and with every failure, because each is a monotone function of all losses.
    """
    side = _side(ties, worst=worst)
    count = failing.shape[1]
    risk, reached = np.zeros(count), np.zeros(count, dtype=np.int64)
    most, settled = 0, True
    for start in range(0, count, block):
        failed = failing[:, start : start + block].toarray()
        down, first, done = _fixed(failed, lambda lost: _downstream(ties, side, lost))
        up, second, also = _fixed(failed, lambda lost: side.demand @ lost)
        lost = np.maximum(down, up)
        risk[start : start + block] = np.minimum(side.weights @ lost, lost.max(axis=0))
        reached[start : start + block] = ((lost > TOLERANCE) & (failed == 0)).sum(axis=0)
        most, settled = max(most, first, second), settled and done and also
    return Run(np.clip(risk, 0.0, 1.0), reached, most, settled)


def _fixed(failed: Values, step: Callable[[Values], Values]) -> tuple[Values, int, bool]:
    """Repeat a step until no column changes; each keeps what it is once it is done, whatever is in the block."""
    result, active, lost = failed.copy(), np.arange(failed.shape[1]), failed.copy()
    moving = np.ones(len(active), dtype=bool)
    for taken in range(1, ROUNDS + 1):
        new = step(lost)
        np.minimum(new, 1.0, out=new)
        # Rounding must not let a loss shrink.
        np.maximum(new, lost, out=new)
        np.subtract(new, lost, out=lost)
        still = moving & (lost.max(axis=0, initial=0.0) >= TOLERANCE)
        done, lost = moving & ~still, new
        moving = still
        if done.any():
            result[:, active[done]] = new[:, done]
            if not moving.any():
                return result, taken, True
            # Columns that are done leave the block once that saves more than it costs.
            if moving.mean() < LEAVE:
                active, lost = active[moving], np.ascontiguousarray(new[:, moving])
                moving = np.ones(len(active), dtype=bool)
    result[:, active[moving]] = lost[:, moving]
    return result, ROUNDS, False


def _downstream(ties: Ties, side: _Side, lost: Values) -> Values:
    missing = lost[ties.line_supplier]
    if side.replaceable:
        total = (side.all_there[:, None] - side.there @ lost)[ties.line_product]
        if side.own is not side.own_there:
            left = 1 - missing
            total = np.maximum(total - side.own_there[:, None] * left, 0.0) + side.own[:, None] * left
        # All else of it gone: hard to replace to the full. Lines that sell nothing must not divide 0 by 0.
        own = np.maximum(side.own, np.finfo(np.float64).tiny)[:, None]
        np.maximum(total, own, out=total)
        missing *= np.divide(own, total, out=total)
    short = side.needs @ missing
    result = np.zeros_like(lost)
    starts = ties.need_starts
    for start, stop in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True):
        np.maximum(result[: stop - start], short[start:stop], out=result[: stop - start])
    return result


def _parts(place: Places, size: int, ties: Ties, *, worst: bool, of: Values | None = None) -> Values:
    """Return what part each tie is of all at its place: the most that it can be, or the least."""
    mine, theirs = (ties.high, ties.low) if worst else (ties.low, ties.high)
    total = _sum(place, theirs, size) if of is None else of
    others = np.maximum(total[place] - theirs, 0.0)
    whole = mine + others
    return np.divide(mine, whole, out=np.zeros_like(mine), where=whole > 0)


def _side(ties: Ties, *, worst: bool) -> _Side:
    size, lines, needs = len(ties.names), len(ties.line_supplier), len(ties.need_customer)
    mine, theirs = (ties.high, ties.low) if worst else (ties.low, ties.high)
    own = _sum(ties.line, mine, lines)
    own_there = own if (ties.low == ties.high).all() else _sum(ties.line, theirs, lines)
    products = int(ties.line_product.max(initial=-1)) + 1
    there = sp.csr_array(sp.coo_array((own_there, (ties.line_product, ties.line_supplier)), shape=(products, size)))
    # What is not essential is measured by all inputs of its customer, what is essential by those of its product.
    bought = _sum(ties.customer, theirs, size)
    essential = _parts(ties.need, needs, ties, worst=worst)
    other = _parts(ties.customer, size, ties, worst=worst, of=bought)
    part = np.where(ties.essential[ties.need], essential, other)
    sold = _parts(ties.supplier, size, ties, worst=worst)
    high = _sum(ties.supplier, mine, size)
    low = _sum(ties.supplier, theirs, size)
    whole = high + np.maximum(low.sum() - low, 0.0)
    return _Side(
        own=own,
        own_there=own_there,
        there=there,
        all_there=_sum(ties.line_product, own_there, products),
        replaceable=products < lines,
        needs=sp.csr_array(sp.coo_array((part, (ties.need, ties.line)), shape=(needs, lines))),
        demand=sp.csr_array(sp.coo_array((sold, (ties.supplier, ties.customer)), shape=(size, size))),
        weights=np.divide(high, whole, out=np.zeros(size), where=whole > 0),
    )
