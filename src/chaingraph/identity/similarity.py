"""Which names are alike: the only place that chooses the pairs to compare, so that never all are compared.

Two names are compared if they share enough of their rare pieces (two signs that follow each other in Chinese, three
elsewhere) inside one area; a piece that more than ``_COMMON`` names of the area hold is no reason to compare.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import scipy.sparse as sp
from rapidfuzz import fuzz

from chaingraph.identity.names import HAN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chaingraph.identity.names import Folded

_COMMON = 200
_SHARED = 0.6
"""The least share of rare pieces, by their information, that two names are compared for."""
_MISSPELT = 0.8
"""From this likeness on, words that only one of two names has count as one word misspelt."""
ALIKE, ALIKE_HAN = 0.85, 0.75
_HAN_PREFIX = 2
_HAN_PART = 3


def similar(names: Sequence[Folded], areas: Sequence[str | None]) -> pl.DataFrame:
    """Return the pairs of names that are alike: columns left, right (positions), score, contains; left < right.

    Chinese names: ``score`` is twice the signs in common, in their order, over the signs of both, and at least 0.75; or
    ``contains`` is true: the one begins with the other, or holds it and it has three signs or more. Other names:
    words weigh the logarithm of how rare they are, and ``score`` is the weight of the words in common over all, at
    least 0.85; words that only one of the two has count in part if, put together, they are alike by 0.8 or more. This
    is the soft weighing of words of Cohen, Ravikumar and Fienberg (2003), "A comparison of string distance metrics for
    name-matching tasks", with the indel ratio in place of Jaro-Winkler. Names of the same key, and
    names whose numbers differ, are no pair.

    Args:
        names: The folded names.
        areas: The area in which each is compared, such as a country; a name without one is compared everywhere.

    Example:
        >>> from chaingraph.identity.names import folded
        >>> names = [folded(name) for name in ("华进半导体封装中心", "华进半导体封测中心", "华进半导体", "Bosch")]
        >>> similar(names, ["CN", "CN", None, "DE"]).rows()
        [(0, 1, 0.8888888888888888, False), (0, 2, 0.7142857142857143, True), (1, 2, 0.7142857142857143, True)]
    """
    pairs = _worth_comparing(names, areas)
    compare = _Comparison(names)
    compared = ((a, b, compare.of(a, b)) for a, b in pairs.iter_rows())
    found = [(a, b, *likeness) for a, b, likeness in compared if likeness is not None]
    schema = {"left": pl.Int64, "right": pl.Int64, "score": pl.Float64, "contains": pl.Boolean}
    frame = pl.DataFrame(found, schema=schema, orient="row")
    return frame.sort("left", "right")


class _Comparison:
    """How alike two names are, the words weighed by how few names hold them."""

    def __init__(self, names: Sequence[Folded]) -> None:
        self._names = names
        self._words = [Counter(name.text.split()) for name in names]
        held = Counter(word for words in self._words for word in words)
        self._weights = {word: math.log(1 + len(names) / count) for word, count in held.items()}

    def of(self, left: int, right: int) -> tuple[float, bool] | None:
        """Return the score, and whether the one holds the other, of names that are alike."""
        one, other = self._names[left].key, self._names[right].key
        if one == other or self._names[left].numbers != self._names[right].numbers:
            return None
        if HAN.search(one) and HAN.search(other):
            score, holds = fuzz.ratio(one, other) / 100, _holds(one, other)
            return (score, holds) if holds or score >= ALIKE_HAN else None
        score = self._by_words(self._words[left], self._words[right])
        return (score, False) if score >= ALIKE else None

    def _by_words(self, one: Counter[str], other: Counter[str]) -> float:
        rest, other_rest = one - other, other - one
        total, differing = self._weight(one) + self._weight(other), self._weight(rest) + self._weight(other_rest)
        likeness = fuzz.ratio(_joined(rest), _joined(other_rest)) / 100 if rest and other_rest else 0.0
        return 1 - differing * (1 - likeness if likeness >= _MISSPELT else 1) / total

    def _weight(self, words: Counter[str]) -> float:
        return sum(self._weights[word] * count for word, count in words.items())


def _joined(words: Counter[str]) -> str:
    return "".join(words.elements())


def _holds(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return (len(short) >= _HAN_PREFIX and long.startswith(short)) or (len(short) >= _HAN_PART and short in long)


def _worth_comparing(names: Sequence[Folded], areas: Sequence[str | None]) -> pl.DataFrame:
    pieces = _pieces(names)
    placed = pl.DataFrame({"name": np.arange(len(names)), "area": areas}, schema_overrides={"area": pl.String})
    inside = pieces.join(placed.drop_nulls("area"), on="name").select(
        "name", pl.concat_str("area", "piece", separator="\x1f")
    )
    everywhere = pieces.select("name", pl.col("piece").alias("area"))
    unplaced = placed.filter(pl.col("area").is_null())["name"].to_numpy()
    found = [_sharing(inside, len(names), None)]
    if len(unplaced):
        found.append(_sharing(everywhere, len(names), unplaced))
    return pl.concat(found).unique().sort("left", "right")


def _pieces(names: Sequence[Folded]) -> pl.DataFrame:
    """Return the pieces of each name, each once: columns name (its position) and piece."""
    keys = pl.DataFrame(
        {"name": np.arange(len(names)), "key": [name.key for name in names]}, schema_overrides={"key": pl.String}
    )
    length = pl.when(pl.col("key").str.contains(HAN.pattern)).then(2).otherwise(3)
    count = (pl.col("key").str.len_chars().cast(pl.Int64) - length + 1).clip(lower_bound=1)
    cut = keys.with_columns(length=length, start=pl.int_ranges(0, count)).explode("start")
    return cut.select("name", pl.col("key").str.slice(pl.col("start"), pl.col("length")).alias("piece")).unique()


def _sharing(pieces: pl.DataFrame, count: int, only: np.ndarray | None) -> pl.DataFrame:
    """Return the pairs that share enough of their rare pieces; with ``only``, pairs of one of these and any other."""
    numbered = pieces.with_columns(
        pl.col("area").rank("dense").cast(pl.Int64).alias("column") - 1, pl.len().over("area").alias("holders")
    )
    rare = numbered.filter(pl.col("holders") <= _COMMON)
    if rare.is_empty():
        return pl.DataFrame(schema={"left": pl.Int64, "right": pl.Int64})
    weight = np.log(1 + count / rare["holders"].to_numpy())
    matrix = sp.csr_array(
        (np.sqrt(weight), (rare["name"].to_numpy(), rare["column"].to_numpy())),
        shape=(count, numbered["column"].n_unique()),
    )
    totals = np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel()
    rows = matrix if only is None else matrix[only]
    shared = sp.coo_array(rows @ matrix.T)
    first = shared.row if only is None else only[shared.row]
    least = np.minimum(totals[first], totals[shared.col])
    kept = (shared.data >= _SHARED * least) & (first != shared.col)
    left, right = np.minimum(first, shared.col)[kept], np.maximum(first, shared.col)[kept]
    return pl.DataFrame({"left": left.astype(np.int64), "right": right.astype(np.int64)}).unique()
