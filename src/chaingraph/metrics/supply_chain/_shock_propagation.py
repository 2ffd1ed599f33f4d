"""The shock propagation behind the systemic risk index: many failures at once, each only where it spreads.

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

An organization that no positive tie leads to from what fails keeps its output, so a failure is followed over what it
reaches and no further: time grows with the ties between reached organizations, summed over the failures, and with the
rounds. That is linear in the organizations where each reaches few; where all hang together it is their square.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import scipy.sparse as sp

from chaingraph.metrics.supply_chain._reached_pairs import TOLERANCE, Links, fixed_point, fixed_table, reached_pairs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from chaingraph.arrays import Matrix
    from chaingraph.metrics.supply_chain._reached_pairs import Step, StepOf

    Values = NDArray[np.float64]
    Positions = NDArray[np.int64]

TABLE_PART = 1 / 8
"""Failures that reach a greater part of all organizations are followed in a table of all."""
TABLE_WIDTH = 32
"""How many failures such a table has: few enough to stay in a processor's cache."""
PAIRS = 60_000
"""At most so many (failure, organization) are followed at once: they stay in a cache; one failure may reach more."""
CELLS = 8_000_000
"""At most so many failures times organizations at once: a byte each tells what is reached."""


class Ties(NamedTuple):
    """Ties between numbered organizations, one per supplier, customer and product; ``low``, ``high`` bound its weight.

    A line is what one supplier sells of one product. A need is what one customer must have: an essential product, or
    all others together. Lines are numbered supplier by supplier, from ``line_starts`` of one to that of the next, and
    needs customer by customer.
    """

    names: list[str]
    supplier: Positions
    customer: Positions
    line: Positions
    need: Positions
    line_starts: Positions
    line_supplier: Positions
    line_product: Positions
    need_customer: Positions
    essential: NDArray[np.bool_]
    low: Values
    high: Values


class Result(NamedTuple):
    """The index of each failure, how many organizations it reaches, and how the iteration ended.

    ``ties_followed`` sums over the failures the ties along which they are followed, upstream and downstream.
    """

    risk: Values
    reached: Positions
    rounds: int
    converged: bool
    ties_followed: int


class _Case(NamedTuple):
    """The matrices of the worst or of the best case.

    In the worst case a tie has its greatest weight where it does harm and its least where it helps; in the best case
    the other way round. So a line's sales are ``own_sales`` where its own part is measured, ``other_sales`` where
    another's is; ``product_sales`` sums the latter. ``needs`` has for each line its part in the needs that it goes
    into, ``demand`` for each customer its part in the sales of its suppliers, and ``customers`` the customers of each
    supplier. ``weights`` is the part of each organization in all sales.
    """

    own_sales: Values
    other_sales: Values
    product_sales: Values
    replaceable: bool
    needs: Links
    customers: Links
    demand: Links
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
    ordered = sorted(names)
    number = pd.Series(np.arange(len(ordered), dtype=np.int64), index=pd.Index(ordered, dtype=object))
    # A need is an essential product of a customer; all others together are one, under a name that no product has.
    frame["n"] = frame["p"].where(frame["e"], "\0rest")
    needs = frame[["c", "n", "e"]].drop_duplicates().sort_values(["c", "n"], kind="stable")
    need_number = pd.Series(np.arange(len(needs)), index=pd.MultiIndex.from_frame(needs[["c", "n"]]))
    lines = frame[["s", "p"]].drop_duplicates().sort_values(["s", "p"], kind="stable")
    line_number = pd.Series(np.arange(len(lines)), index=pd.MultiIndex.from_frame(lines))
    line_supplier = number.loc[lines["s"]].to_numpy(np.int64)
    return Ties(
        names=ordered,
        supplier=number.loc[frame["s"]].to_numpy(np.int64),
        customer=number.loc[frame["c"]].to_numpy(np.int64),
        line=line_number.loc[pd.MultiIndex.from_frame(frame[["s", "p"]])].to_numpy(np.int64),
        need=need_number.loc[pd.MultiIndex.from_frame(frame[["c", "n"]])].to_numpy(np.int64),
        line_starts=np.searchsorted(line_supplier, np.arange(len(ordered) + 1)),
        line_supplier=line_supplier,
        line_product=pd.factorize(lines["p"], sort=True)[0].astype(np.int64),
        need_customer=number.loc[needs["c"]].to_numpy(np.int64),
        essential=needs["e"].to_numpy(bool),
        low=frame["low"].to_numpy(np.float64),
        high=frame["high"].to_numpy(np.float64),
    )


def risk_index(ties: Ties, failing: Matrix, *, worst: bool, block: int) -> Result:
    """Return the index of each column of ``failing``: the part of all sales lost, with the worst or the best weights.

    Losses only grow from round to round and with every failure, because each is a monotone function of all losses.
    At most ``block`` failures are followed at once, fewer where they reach much.
    """
    case, size, count = _case(ties, worst=worst), len(ties.names), failing.shape[1]
    directions: tuple[tuple[Links, StepOf], ...] = (
        (case.customers, partial(_Downstream, ties, case)),
        (case.demand, partial(_Upstream, ties, case)),
    )
    tie_counts = [np.diff(links.starts) for links, _ in directions]
    organization, column = failing.tocoo().coords
    keys = np.unique(column.astype(np.int64) * size + organization)
    risk, reached = np.zeros(count), np.zeros(count, dtype=np.int64)
    rounds, converged, followed, start, width = 0, True, 0, 0, block
    table_steps: list[Step] = []
    while start < count:
        width = max(1, min(width, count - start, CELLS // size))
        failed = keys[slice(*np.searchsorted(keys, [start * size, (start + width) * size]))] - start * size
        most = int(width * size * TABLE_PART)
        most = most if width <= TABLE_WIDTH else min(most, PAIRS)
        reach = [pairs for links, _ in directions if (pairs := reached_pairs(failed, links, size, most)) is not None]
        if len(reach) == len(directions):
            ends = [fixed_point(pairs, failed, size, step) for pairs, (_, step) in zip(reach, directions, strict=True)]
            pairs, loss = _greatest(reach, [end.values for end in ends])
        elif width > TABLE_WIDTH:
            width //= 2
            continue
        else:
            # They reach so much that following all organizations in a table takes less than following pairs.
            pairs = np.arange(width * size)
            reach = [pairs] * len(directions)
            table_steps = table_steps or [step(np.arange(size)) for _, step in directions]
            ends = [fixed_table(failed, (width, size), step) for step in table_steps]
            loss = np.maximum(*(end.values for end in ends))
        failure, place = np.divmod(pairs, size)
        risk[start : start + width] = _sums(failure, case.weights[place] * loss, width)
        others = loss > TOLERANCE
        others[np.searchsorted(pairs, failed)] = False
        reached[start : start + width] = np.bincount(failure[others], minlength=width)
        rounds, converged = max(rounds, *(end.rounds for end in ends)), converged and all(end.converged for end in ends)
        followed += sum(int(counts[some % size].sum()) for counts, some in zip(tie_counts, reach, strict=True))
        start += width
        if max(map(len, reach)) < PAIRS // 4 and len(reach[0]) < width * size:
            width = min(2 * width, block)
    return Result(np.clip(risk, 0.0, 1.0), reached, rounds, converged, followed)


def _greatest(pairs: list[Positions], losses: list[Values]) -> tuple[Positions, Values]:
    """Return all pairs, sorted, and the greatest loss of each."""
    union = np.sort(np.concatenate(pairs))
    union = union[np.diff(union, prepend=-1) > 0]
    result = np.zeros(len(union))
    for some, loss in zip(pairs, losses, strict=True):
        place = np.searchsorted(union, some)
        result[place] = np.maximum(result[place], loss)
    return union, result


class _Upstream:
    """What each pair's organization loses of its sales, one round further; losses have a column or several."""

    def __init__(self, ties: Ties, case: _Case, pairs: Positions) -> None:
        size = len(ties.names)
        entry, customer = case.demand.entries(pairs % size)
        supplier = np.searchsorted(pairs, case.demand.targets[entry] + (pairs - pairs % size)[customer])
        ends = (case.demand.values[entry], (supplier, customer))
        self._demand = sp.csr_array(sp.coo_array(ends, shape=(len(pairs), len(pairs))))

    def __call__(self, loss: Values) -> Values:
        return np.asarray(self._demand @ loss)


class _Downstream:
    """What each pair's organization loses by the inputs that it lacks, one round further; as `_Upstream`."""

    def __init__(self, ties: Ties, case: _Case, pairs: Positions) -> None:
        size, products, needs = len(ties.names), len(case.product_sales), len(ties.need_customer)
        failure = pairs // size
        own_lines = Links(ties.line_starts, ties.line_product, case.own_sales)
        line, self._pair = own_lines.entries(pairs % size)
        self._replaceable, self._differ = case.replaceable, case.own_sales is not case.other_sales
        if case.replaceable:
            groups = failure[self._pair] * products + ties.line_product[line]
            groups, self._group = np.unique(groups, return_inverse=True)
            self._product_sales = case.product_sales[groups % products][:, None]
            self._other_sales = case.other_sales[line][:, None]
            # Lines that sell nothing must not divide 0 by 0.
            self._own_sales = np.maximum(case.own_sales[line], np.finfo(np.float64).tiny)[:, None]
            ends = (case.other_sales[line], (self._group, np.arange(len(line))))
            self._sales = sp.csr_array(sp.coo_array(ends, shape=(len(groups), len(line))))
        entry, input_line = case.needs.entries(line)
        need = failure[self._pair[input_line]] * needs + case.needs.targets[entry]
        need, row = np.unique(need, return_inverse=True)
        ends = (case.needs.values[entry], (row, input_line))
        self._needs = sp.csr_array(sp.coo_array(ends, shape=(len(need), len(line))))
        # Needs are numbered customer by customer, so that those of a pair stand together.
        customers = (need // needs) * size + ties.need_customer[need % needs] if needs else need
        customers, self._starts = np.unique(customers, return_index=True)
        self._customers = np.searchsorted(pairs, customers)

    def __call__(self, loss: Values) -> Values:
        missing = loss[self._pair]
        if self._replaceable:
            # What is left of the product: of all others at their weight, and of this line at its own.
            left = (self._product_sales - self._sales @ missing)[self._group]
            if self._differ:
                own_left = 1 - missing
                left -= self._other_sales * own_left
                np.maximum(left, 0.0, out=left)
                left += self._own_sales * own_left
            # All else of it lost: hard to replace to the full.
            np.maximum(left, self._own_sales, out=left)
            missing *= np.divide(self._own_sales, left, out=left)
        result = np.zeros(loss.shape)
        if len(self._starts):
            result[self._customers] = np.maximum.reduceat(np.asarray(self._needs @ missing), self._starts, axis=0)
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
        product_sales=_sums(ties.line_product, other_sales, products),
        replaceable=products < lines,
        needs=_links(ties.line, ties.need, input_part, (lines, needs)),
        customers=_links(ties.supplier, ties.customer, input_part, (size, size)),
        demand=_links(ties.customer, ties.supplier, sales_part, (size, size)),
        weights=np.divide(high, whole, out=np.zeros(size), where=whole > 0),
    )


def _links(tails: Positions, heads: Positions, values: Values, shape: tuple[int, int]) -> Links:
    return Links.of_rows(sp.csr_array(sp.coo_array((values, (tails, heads)), shape=shape)))
