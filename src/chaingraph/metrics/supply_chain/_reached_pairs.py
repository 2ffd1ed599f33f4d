"""What many failures reach, and a fixed point over that alone: pairs (failure, organization) instead of a full table.

A pair is one number, failure times the count of organizations plus organization, and pairs are sorted, so that those of
one failure stand together. Following failures over pairs costs as much as there are ties between them, whatever the
number of organizations is; a table of all organizations by all failures would grow with its square.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from chaingraph.arrays import Matrix

    Values = NDArray[np.float64]
    Positions = NDArray[np.int64]
    Step = Callable[[Values], Values]
    StepOf = Callable[[Positions], Step]

TOLERANCE = 1e-6
"""A failure has spread once no organization's output changes by this much."""
ROUNDS = 10_000
SHRINK = 0.5
"""Pairs whose failure has spread are dropped once less than this part of all still changes."""


class Links(NamedTuple):
    """For each number its entries: ``targets`` and ``values`` from ``starts`` of the number to that of the next."""

    starts: Positions
    targets: Positions
    values: Values

    @classmethod
    def of_rows(cls, matrix: Matrix) -> Links:
        """Return the entries of each row of a matrix, those of 0 left out."""
        positive = matrix.copy()
        positive.eliminate_zeros()
        return cls(positive.indptr.astype(np.int64), positive.indices.astype(np.int64), positive.data)

    def entries(self, numbers: Positions) -> tuple[Positions, Positions]:
        """Return the entries of all numbers, and for each the place of its number among them."""
        first = self.starts[numbers]
        counts = self.starts[numbers + 1] - first
        before = np.cumsum(counts) - counts
        place = np.repeat(np.arange(len(numbers)), counts)
        return np.arange(len(place)) + (first - before)[place], place


def reached_pairs(failed: Positions, links: Links, size: int, most: int) -> Positions | None:
    """Return the sorted pairs that the links lead to from failed ones, these included; None if they are too many."""
    span = (int(failed.max(initial=-1)) // size + 1) * size
    reached, last = np.zeros(span, dtype=np.bool_), np.empty(span, dtype=np.int32)
    reached[failed] = True
    pairs, frontier, count = [failed], failed, len(failed)
    while len(frontier) and count <= most:
        entry, place = links.entries(frontier % size)
        # Every link is followed once, since a pair is in one frontier only.
        heads = links.targets[entry] + (frontier - frontier % size)[place]
        heads = heads[~reached[heads]]
        numbers = np.arange(len(heads), dtype=np.int32)
        last[heads] = numbers
        frontier = heads[last[heads] == numbers]
        reached[frontier] = True
        pairs.append(frontier)
        count += len(frontier)
    return np.sort(np.concatenate(pairs)) if count <= most else None


class FixedPoint(NamedTuple):
    """The loss of each pair, after how many rounds, and whether they all ended by themselves."""

    values: Values
    rounds: int
    converged: bool


def fixed_point(pairs: Positions, failed: Positions, size: int, step_of: StepOf) -> FixedPoint:
    """Repeat a step until no failure changes.

    ``step_of`` gives the step for some of the pairs, all those of a failure or none. A failure that has spread keeps
    its losses, whatever is followed beside it.
    """
    result, active = np.zeros(len(pairs)), np.arange(len(pairs))
    result[np.searchsorted(pairs, failed)] = 1.0
    loss, moving, failure = result, np.ones(0, dtype=bool), active
    for number in range(1, ROUNDS + 1):
        if number == 1 or moving[failure].mean() < SHRINK:
            result[active] = loss
            active = active if number == 1 else active[moving[failure]]
            step, loss = step_of(pairs[active]), result[active]
            starts, failure = np.unique(pairs[active] // size, return_index=True, return_inverse=True)[1:]
            moving = np.ones(len(starts), dtype=bool)
        new = step(loss[:, None])[:, 0]
        np.minimum(new, 1.0, out=new)
        # Rounding must not let a loss shrink.
        np.maximum(new, loss, out=new)
        change = np.maximum.reduceat(new - loss, starts) if len(starts) else np.zeros(0)
        loss = new if moving.all() else np.where(moving[failure], new, loss)
        moving &= change >= TOLERANCE
        if not moving.any():
            break
    result[active] = loss
    return FixedPoint(result, number, not moving.any())


def fixed_table(failed: Positions, shape: tuple[int, int], step: Step) -> FixedPoint:
    """Repeat a step over all organizations until no failure changes: `fixed_point` for failures that reach most.

    Args:
        failed: The pairs that fail.
        shape: The number of failures and of organizations.
        step: The step for the pairs of one failure; takes a column for each failure.
    """
    cells = np.zeros(shape[0] * shape[1])
    cells[failed] = 1.0
    result = cells.reshape(shape).T.copy()
    active, loss, moving, rounds = np.arange(shape[0]), result, np.ones(shape[0], dtype=bool), 0
    while moving.any() and rounds < ROUNDS:
        rounds += 1
        new = step(loss)
        np.minimum(new, 1.0, out=new)
        np.maximum(new, loss, out=new)
        still = moving & ((new - loss).max(axis=0) >= TOLERANCE)
        spread = moving & ~still
        result[:, active[spread]] = new[:, spread]
        loss, moving = new, still
        if moving.any() and moving.mean() < SHRINK:
            active, loss = active[moving], np.ascontiguousarray(new[:, moving])
            moving = np.ones(len(active), dtype=bool)
    result[:, active[moving]] = loss[:, moving]
    return FixedPoint(result.T.ravel(), rounds, not moving.any())
