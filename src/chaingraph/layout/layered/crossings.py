"""Crossing reduction: the order of the items within the layers."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

Layers: TypeAlias = list[list[int]]
Pairs: TypeAlias = Sequence[tuple[int, int]]

_TURNS = 24
_FEW = 60
"""Up to this number of items in a layer, neighbours that cross less the other way round change places."""


class Layered(NamedTuple):
    """Items by layer, in order, and the ties between each layer and the next."""

    layers: Layers
    ties: list[list[tuple[int, int]]]


def crossings(layered: Layered) -> int:
    """Return how many pairs of ties between neighbouring layers cross (Barth, Juenger, Mutzel 2002, LNCS 2528).

    >>> crossings(Layered([[0, 1], [2, 3]], [[(0, 3), (1, 2)]]))
    1
    """
    total = 0
    for layer, following, ties in zip(layered.layers, layered.layers[1:], layered.ties, strict=False):
        left = {item: place for place, item in enumerate(layer)}
        right = {item: place for place, item in enumerate(following)}
        ends: list[int] = []
        for _, end in sorted((left[tail], right[head]) for tail, head in ties):
            total += len(ends) - bisect_right(ends, end)
            insort(ends, end)
    return total


def crossing_reduction(layered: Layered, groups: Mapping[int, int]) -> Layers:
    """Return the layers in an order with no more crossings than the given one.

    Barycentres in sweeps in both directions (Sugiyama, Tagawa, Toda 1981, IEEE Trans. SMC 11: 109-125), each followed
    by exchanges of neighbours. The best order of all sweeps is returned.

    Args:
        layered: Layers and ties.
        groups: Items of one layer that stay together, by the number of their group; an item without one is a group
            of its own.
    """
    layers = [_group_order(layer, groups) for layer in layered.layers]
    before, after = _neighbours(layered)
    best, least = [list(layer) for layer in layers], crossings(layered._replace(layers=layers))
    failures = 0
    for turn in range(_TURNS):
        forward = turn % 2 == 0
        for number in range(1, len(layers)) if forward else range(len(layers) - 2, -1, -1):
            fixed = layers[number - 1 if forward else number + 1]
            layers[number] = _barycentre_order(layers[number], fixed, before if forward else after, groups)
        _transpose(layers, before, after, groups)
        count = crossings(layered._replace(layers=layers))
        failures += 1
        if count < least:
            best, least, failures = [list(layer) for layer in layers], count, 0
        if failures > 5 or not least:
            break
    return best


def _neighbours(layered: Layered) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    before: dict[int, list[int]] = {}
    after: dict[int, list[int]] = {}
    for ties in layered.ties:
        for tail, head in ties:
            after.setdefault(tail, []).append(head)
            before.setdefault(head, []).append(tail)
    return before, after


def _group_order(layer: list[int], groups: Mapping[int, int]) -> list[int]:
    first: dict[int, int] = {}
    for place, item in enumerate(layer):
        first.setdefault(groups.get(item, -1 - item), place)
    return sorted(layer, key=lambda item: first[groups.get(item, -1 - item)])


def _barycentre_order(
    layer: list[int], fixed: list[int], neighbours: Mapping[int, list[int]], groups: Mapping[int, int]
) -> list[int]:
    """The layer sorted by the mean place of the neighbours of its groups; without neighbours a group stays."""
    place = {item: index / max(len(fixed), 1) for index, item in enumerate(fixed)}
    sums: dict[int, list[float]] = {}
    for item in layer:
        group_places = sums.setdefault(groups.get(item, -1 - item), [])
        group_places += [place[other] for other in neighbours.get(item, [])]
    keys = {}
    for index, item in enumerate(layer):
        group, own = groups.get(item, -1 - item), [place[other] for other in neighbours.get(item, [])]
        all_places = sums[group] = sums[group] or [index / len(layer)]
        keys[item] = (sum(all_places) / len(all_places), group, sum(own) / len(own) if own else 0.5, index)
    return sorted(layer, key=lambda item: keys[item])


def _transpose(
    layers: Layers, before: Mapping[int, list[int]], after: Mapping[int, list[int]], groups: Mapping[int, int]
) -> None:
    """Exchange neighbours within a layer wherever that saves crossings."""
    for number, layer in enumerate(layers):
        if len(layer) > _FEW:
            continue
        ends: list[dict[int, list[int]]] = []
        for other, neighbours in ((number - 1, before), (number + 1, after)):
            place = {item: index for index, item in enumerate(layers[other])} if 0 <= other < len(layers) else {}
            ends.append({item: sorted(place[one] for one in neighbours.get(item, [])) for item in layer})
        better = True
        while better:
            better = False
            for index in range(len(layer) - 1):
                upper, lower = layer[index], layer[index + 1]
                if groups.get(upper, -1 - upper) != groups.get(lower, -1 - lower) and (
                    upper in groups or lower in groups
                ):
                    continue
                current = sum(_crossing_count(side[upper], side[lower]) for side in ends)
                if sum(_crossing_count(side[lower], side[upper]) for side in ends) < current:
                    layer[index], layer[index + 1] = lower, upper
                    better = True


def _crossing_count(upper: list[int], lower: list[int]) -> int:
    """How many ties to those sorted places cross if the first item is above the second."""
    return sum(bisect_left(lower, place) for place in upper)
