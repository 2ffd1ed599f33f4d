"""Coordinates of a layered layout, from the order within the layers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.optimize import isotonic_regression

from chaingraph.layout.arrangement import ASPECT, Numbers, Points
from chaingraph.layout.layered.crossings import Layered

_ROOM = 9.0
"""Width of a column besides its nodes, for their names, in mean radii."""
_STEP = 2.4
"""Height below a node, for its name, in mean radii."""
_WIDEST = 2.5
_SWEEPS = 30


class Coordinates(NamedTuple):
    """The centre of each item, and the x at which each layer begins and ends."""

    points: Points
    extents: list[tuple[float, float]]


def layer_coordinates(layered: Layered, reach: Points, unit: float, real: int) -> Coordinates:
    """Return coordinates such that layers are next to each other, nothing overlaps, and ties are nearly straight.

    The y of a layer are those nearest to the mean of the neighbours' that leave each item its room: an isotonic
    regression, exact in one pass. A layer that is much higher than the map is wide takes several columns.

    Args:
        layered: The layers in their order; items are numbers from 0.
        reach: The radius of each item.
        unit: The mean radius of a node.
        real: Items from this number on are dummies: free places for ties that pass a layer.
    """
    layers = layered.layers
    height = np.where(np.arange(len(reach)) < real, 2 * reach + _STEP * unit, 0.8 * unit)
    widest = [2 * float(reach[layer].max(initial=0.0)) + _ROOM * unit for layer in layers]
    tallest = [float(height[[item for item in layer if item < real]].max(initial=0.0)) for layer in layers]
    counts, stretch = _column_counts(layers, height, widest, tallest, real)
    points = np.zeros((len(reach), 2))
    extents, left = [], 0.0
    for number, (layer, folds) in enumerate(zip(layers, counts, strict=True)):
        own = [item for item in layer if item < real]
        if folds > 1:
            height[own] = tallest[number] / folds
        wide = widest[number] * stretch
        points[own, 0] = left + wide / 2 + np.arange(len(own)) % folds * wide
        points[[item for item in layer if item >= real], 0] = left + wide * folds / 2
        extents.append((left, left + wide * folds))
        left += wide * folds
    points[:, 1] = _y_coordinates(layered, height, real)
    middle = (points.max(axis=0) + points.min(axis=0)) / 2
    return Coordinates(
        points - middle, [(start - float(middle[0]), stop - float(middle[0])) for start, stop in extents]
    )


def _column_counts(
    layers: Sequence[list[int]], height: Points, widest: list[float], tallest: list[float], real: int
) -> tuple[list[int], float]:
    """How many columns each layer takes, and the factor that makes the map as wide as screens are."""
    own = [[item for item in layer if item < real] for layer in layers]
    heights = [len(items) * tall for items, tall in zip(own, tallest, strict=True)]
    plain = [float(height[layer].sum()) for layer in layers]
    most = max(plain, default=0.0)
    while True:
        counts = [
            max(1, math.ceil(high / most)) if whole > most else 1 for high, whole in zip(heights, plain, strict=True)
        ]
        width = sum(folds * wide for folds, wide in zip(counts, widest, strict=True))
        if width * _WIDEST >= ASPECT * most or most <= 4 * max(tallest, default=0.0):
            return counts, min(_WIDEST, max(1.0, ASPECT * most / width)) if width else 1.0
        most *= 0.95


def _y_coordinates(layered: Layered, height: Points, real: int) -> Points:
    """The y of each item: each layer follows the layers next to it, in sweeps in both directions."""
    y, offsets = np.zeros(len(height)), []
    for layer in layered.layers:
        half = height[layer] / 2
        offset = np.concatenate([[0.0], np.cumsum(half[1:] + half[:-1])]) if layer else np.zeros(0)
        offsets.append(offset)
        y[layer] = offset - offset.mean() if layer else offset
    pulls = [_pulls(ties, real) for ties in layered.ties]
    last = len(layered.layers) - 1
    for sweep in range(_SWEEPS):
        forward = sweep % 2 == 0
        both = sweep >= _SWEEPS // 2
        for number in range(last + 1) if forward else range(last, -1, -1):
            layer = layered.layers[number]
            if not layer:
                continue
            weight, pull = np.full(len(height), 1e-3), y * 1e-3
            if number and (forward or both):
                tail, head, strength = pulls[number - 1]
                np.add.at(weight, head, strength)
                np.add.at(pull, head, strength * y[tail])
            if number < last and (not forward or both):
                tail, head, strength = pulls[number]
                np.add.at(weight, tail, strength)
                np.add.at(pull, tail, strength * y[head])
            ideal = pull[layer] / weight[layer] - offsets[number]
            y[layer] = isotonic_regression(ideal, weights=weight[layer]).x + offsets[number]
    return y


def _pulls(ties: Sequence[tuple[int, int]], real: int) -> tuple[Numbers, Numbers, Points]:
    """Ends and strengths: strongest between two dummies of one long tie (Gansner et al. 1993, IEEE TSE 19: 214-230)."""
    ends = np.array(ties, dtype=np.int64).reshape(-1, 2)
    passing = (ends >= real).sum(axis=1)
    return ends[:, 0], ends[:, 1], np.array([1.0, 2.0, 8.0])[passing]
