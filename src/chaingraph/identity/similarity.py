"""Similar names: a blocker that chooses the pairs to compare, so that never all are compared, and their scores.

Two names are compared if they share enough of their rare n-grams (two characters in Chinese, three elsewhere) inside
one area; an n-gram that more than ``_COMMON`` names of the area have is no reason to compare.
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

    from chaingraph.identity.names import NormalName

_COMMON = 200
_NAMES_AT_ONCE = 2_000
_LEAST_SHARE = 0.6
"""The least share of rare n-grams, by their information, for which two names are compared."""
_MISSPELT = 0.8
"""From this similarity on, words that only one of two names has count as one word with a spelling mistake."""
LEAST_SCORE, LEAST_SCORE_HAN = 0.85, 0.75
_HAN_PREFIX = 2
_HAN_PART = 3


def similar(names: Sequence[NormalName], areas: Sequence[str | None]) -> pl.DataFrame:
    """Return the pairs of similar names: columns left, right (positions), score, contains; left < right.

    Chinese names: ``score`` is twice the characters in common, in their order, over the characters of both, and at
    least 0.75; or ``contains`` is true: one begins with the other, or contains it and it has three characters or more.
    Other names: words weigh the logarithm of their rarity, and ``score`` is the weight of the words in common over all,
    at least 0.85; words that only one of the two has count in part if, put together, they are similar by 0.8 or more.
    This is the soft weighing of words of Cohen, Ravikumar and Fienberg (2003), "A comparison of string distance metrics
    for name-matching tasks", with the indel ratio in place of Jaro-Winkler. Names of the same key, and names whose
    numbers differ, are no pair.

    Args:
        names: The normal names.
        areas: The area in which each is compared, such as a country; a name without one is compared everywhere.

    Example:
        >>> from chaingraph.identity.names import normal_name
        >>> names = [normal_name(name) for name in ("华进半导体封装中心", "华进半导体封测中心", "华进半导体", "Bosch")]
        >>> similar(names, ["CN", "CN", None, "DE"]).rows()
        [(0, 1, 0.8888888888888888, False), (0, 2, 0.7142857142857143, True), (1, 2, 0.7142857142857143, True)]
    """
    scorer = Scorer(names)
    scores = (
        (left, right, scorer.score(names[left], names[right])) for left, right in _block(names, areas).iter_rows()
    )
    rows = [(left, right, *score) for left, right, score in scores if score is not None]
    schema = {"left": pl.Int64, "right": pl.Int64, "score": pl.Float64, "contains": pl.Boolean}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.sort("left", "right")


class Scorer:
    """Scores the similarity of two names; a word weighs the more, the fewer of the ``names`` have it."""

    def __init__(self, names: Sequence[NormalName]) -> None:
        self._counts = {name: Counter(name.text.split()) for name in names}
        holders = Counter(word for name in names for word in self._counts[name])
        self._weights = {word: math.log(1 + len(names) / count) for word, count in holders.items()}
        self._rarest = math.log(1 + len(names))

    def score(self, one: NormalName, other: NormalName) -> tuple[float, bool] | None:
        """Return the similarity, and whether one contains the other, of names that are similar; else None."""
        if one.key == other.key or one.numbers != other.numbers:
            return None
        score, contains = self.similarity(one, other)
        least = LEAST_SCORE_HAN if HAN.search(one.key) and HAN.search(other.key) else LEAST_SCORE
        return (score, contains) if contains or score >= least else None

    def similarity(self, one: NormalName, other: NormalName) -> tuple[float, bool]:
        """Return how similar two names are, from 0 to 1, and whether one of two Chinese names contains the other."""
        if HAN.search(one.key) and HAN.search(other.key):
            return fuzz.ratio(one.key, other.key) / 100, _contains(one.key, other.key)
        return self._by_words(self._words(one), self._words(other)), False

    def _by_words(self, one: Counter[str], other: Counter[str]) -> float:
        rest, other_rest = one - other, other - one
        total, differing = self._weight(one) + self._weight(other), self._weight(rest) + self._weight(other_rest)
        similarity = fuzz.ratio(_joined(rest), _joined(other_rest)) / 100 if rest and other_rest else 0.0
        return 1 - differing * (1 - similarity if similarity >= _MISSPELT else 1) / total if total else 0.0

    def _words(self, name: NormalName) -> Counter[str]:
        return self._counts.get(name) or Counter(name.text.split())

    def _weight(self, words: Counter[str]) -> float:
        return sum(self._weights.get(word, self._rarest) * count for word, count in words.items())


def _joined(words: Counter[str]) -> str:
    return "".join(words.elements())


def _contains(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return (len(short) >= _HAN_PREFIX and long.startswith(short)) or (len(short) >= _HAN_PART and short in long)


def _block(names: Sequence[NormalName], areas: Sequence[str | None]) -> pl.DataFrame:
    """Return the pairs of names to compare: columns left, right."""
    grams = ngrams(names)
    names_of_areas = pl.DataFrame({"name": np.arange(len(names)), "area": areas}, schema_overrides={"area": pl.String})
    inside = grams.join(names_of_areas.drop_nulls("area"), on="name").select(
        "name", pl.concat_str("area", "ngram", separator="\x1f")
    )
    everywhere = grams.select("name", pl.col("ngram").alias("area"))
    without_area = names_of_areas.filter(pl.col("area").is_null())["name"].to_numpy()
    pairs = [_pairs(inside, len(names), None)]
    if len(without_area):
        pairs.append(_pairs(everywhere, len(names), without_area))
    return pl.concat(pairs).unique().sort("left", "right")


def ngrams(names: Sequence[NormalName]) -> pl.DataFrame:
    """Return the n-grams of each name, each once: columns name (its position) and ngram."""
    keys = pl.DataFrame(
        {"name": np.arange(len(names)), "key": [name.key for name in names]}, schema_overrides={"key": pl.String}
    )
    length = pl.when(pl.col("key").str.contains(HAN.pattern)).then(2).otherwise(3)
    count = (pl.col("key").str.len_chars().cast(pl.Int64) - length + 1).clip(lower_bound=1)
    starts = keys.with_columns(length=length, start=pl.int_ranges(0, count)).explode("start")
    return starts.select("name", pl.col("key").str.slice(pl.col("start"), pl.col("length")).alias("ngram")).unique()


def _pairs(grams: pl.DataFrame, count: int, only: np.ndarray | None) -> pl.DataFrame:
    """Return the pairs that share enough of their rare n-grams; with ``only``, pairs of one of these and any other."""
    numbered = grams.with_columns(
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
    names = np.arange(count) if only is None else only
    parts = []
    # Of the products of all names at once nearly all are too small to be kept.
    for some in np.array_split(names, 1 + len(names) // _NAMES_AT_ONCE):
        shared = sp.coo_array(matrix[some] @ matrix.T)
        first = some[shared.row]
        least = np.minimum(totals[first], totals[shared.col])
        enough = (shared.data >= _LEAST_SHARE * least) & (first != shared.col)
        left, right = np.minimum(first, shared.col)[enough], np.maximum(first, shared.col)[enough]
        parts.append(pl.DataFrame({"left": left.astype(np.int64), "right": right.astype(np.int64)}))
    return pl.concat(parts).unique()
