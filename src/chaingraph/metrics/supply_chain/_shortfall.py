"""How far products fall short once suppliers or products are gone: what stops, what is lost at least and at most."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import networkx as nx
import numpy as np

from chaingraph.metrics.supply_chain.supplies import flow, kinds_closed, stopped, supplier_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chaingraph.metrics.supply_chain.supplies import Flags, Goods, Holders, Supplies, Values


class Outcome(NamedTuple):
    """What becomes of each product in each scenario, products by scenarios."""

    left: Values
    empty: Flags
    stopped: Flags
    low: Values
    high: Values


def outcome_of(held: Supplies, chained: Goods, scenarios: Sequence[set[str]], removed: Flags) -> Outcome:
    """Follow each scenario: a set of organizations that drop out, beside products that can no longer be had."""
    columns: dict[str, list[int]] = {}
    for column, members in enumerate(scenarios):
        for name in members:
            columns.setdefault(name, []).append(column)
    gone = np.zeros(removed.shape)
    direct = np.zeros((*removed.shape, 2))
    had = np.zeros(len(chained.products))
    for number, node in enumerate(chained.products):
        names = supplier_names(held, node)
        had[number] = len(names)
        for column in {column for name in names for column in columns.get(name, ())}:
            gone[number, column] = sum(name in scenarios[column] for name in names)
            direct[number, column] = _direct(held.holders[node], scenarios[column])
    direct[removed] = 1.0
    left = had[:, None] - gone
    empty, supplied = (left == 0) & (gone > 0), had > 0
    ends = stopped(chained, removed, empty, supplied, kinds_closed(chained))[0]
    low = _least(chained, direct[..., 0], supplied, removed)
    high = np.where(removed, 1.0, _most(chained, direct[..., 1], supplied))
    return Outcome(left, empty, ends, low, np.where(ends, 1.0, high))


def _direct(holders: Holders, gone: set[str]) -> tuple[float, float]:
    """Bound the share of a product that is lost with some of its suppliers."""
    lost = math.fsum(share for name, share in holders.known.items() if name in gone)
    away = [name for name in holders.open if name in gone]
    if holders.open:
        least = holders.rest if len(away) == len(holders.open) else 0.0
        return min(1.0, lost + least), min(1.0, lost + (holders.rest if away else 0.0))
    return min(1.0, lost), 1.0 if all(name in gone for name in holders.known) else min(1.0, lost)


def _least(held: Goods, direct: Values, supplied: Flags, removed: Flags) -> Values:
    """Return the least that is lost of each product: the scarcest of what it needs, or what its best kind loses."""
    size = len(held.products)
    inputs, kinds = _incoming(held.inputs, size), _incoming(held.kinds, size)
    closed = kinds_closed(held)
    made = [supplied[node] or not kinds[node] for node in range(size)]
    ways = [
        [way for way in closed.indices[start:stop].tolist() if made[way]] for start, stop in pairwise(closed.indptr)
    ]
    lost = np.zeros_like(direct)
    while True:
        own = np.array([np.maximum(direct[node], lost[inputs[node]].max(axis=0, initial=0.0)) for node in range(size)])
        # Of a circle of kinds that nobody supplies none can be had.
        now = np.array([own[ways[node]].min(axis=0, initial=1.0) for node in range(size)]).reshape(direct.shape)
        now[removed] = 1.0
        if (now == lost).all():
            return now
        lost = now


def _most(held: Goods, direct: Values, supplied: Flags) -> Values:
    """Return the most that is lost of each product, in the order of the chain; a cycle is one product."""
    inputs, kinds = _incoming(held.inputs, len(held.products)), _incoming(held.kinds, len(held.products))
    lost = np.zeros_like(direct)
    condensed = nx.condensation(flow(held))
    for component in nx.topological_sort(condensed):
        members = sorted(condensed.nodes[component]["members"])
        own = 1 - np.prod(1 - direct[members], axis=0)
        outside = [[way for node in members for way in found[node] if way not in members] for found in (inputs, kinds)]
        needed, served = (lost[ways].max(axis=0, initial=0.0) for ways in outside)
        worst = 1 - (1 - own) * (1 - needed)
        if len(members) == 1 and kinds[members[0]] and not supplied[members[0]]:
            worst = np.zeros_like(worst)
        lost[members] = np.maximum(worst, served)
    return lost


def _incoming(ties: Sequence[tuple[int, int]], size: int) -> list[list[int]]:
    incoming: list[list[int]] = [[] for _ in range(size)]
    for tail, head in ties:
        incoming[head].append(tail)
    return incoming
