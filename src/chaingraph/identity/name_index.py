"""Many names, made ready so that those nearest to a text are known without a comparison with all."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl
import scipy.sparse as sp
from rapidfuzz import fuzz

from chaingraph.identity.names import NormalName, normal_name, simplified
from chaingraph.identity.similarity import LEAST_SCORE_HAN, Scorer, ngrams
from chaingraph.languages import pinyin

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_COMPARED = 20
"""How many names, those with the most n-grams in common, are compared with a text in full."""
_PINYIN = 0.9
"""The score of a name that a text spells in Pinyin: one spelling stands for several names."""
_OTHER_NUMBERS = 0.8
"""What a score is multiplied by where two names have different numbers, as two plants of one company do."""
_LEAST = 0.3
"""The least score of a name that is returned."""
_BATCH = 64


class NameMatch(NamedTuple):
    """A name that is near a text: its position, its score from 0 to 1, and whether both have one normal form.

    ``pinyin`` is true where the text spells the name in Hanyu Pinyin, or nearly so.
    """

    position: int
    score: float
    equal: bool
    pinyin: bool


class NameIndex:
    """Names by their n-grams, their beginnings and their Pinyin.

    Args:
        names: The names; a thing of several names has several positions.

    Example:
        >>> index = NameIndex(["苏州苏大维格科技集团股份有限公司", "维信诺", "Bosch GmbH"])
        >>> [(best.position, best.score) for best, *_ in index.nearest(["苏大维格", "BOSCH", "weixinnuo"])]
        [(0, 0.75), (2, 1.0), (1, 0.9)]
        >>> index.beginning_with("wxn", 5)
        [1]
    """

    def __init__(self, names: Sequence[str]) -> None:
        self._texts = [_folded(name) for name in names]
        self._forms = [normal_name(name) for name in names]
        spellings = [(position, pinyin(form.key).split()) for position, form in enumerate(self._forms)]
        self._spellings = [(position, texts[0], texts[1]) for position, texts in spellings if texts]
        # Who searches types the whole name, of which the normal form leaves out what all of its kind have in common.
        whole = [(position, simplified(names[position])) for position, *_ in self._spellings]
        self._whole_spellings = [(position, [text, *pinyin(text).split()]) for position, text in whole]
        forms = [*self._forms, *(NormalName(full, full, ()) for _, full, _ in self._spellings)]
        self._positions = [*range(len(names)), *(position for position, _, _ in self._spellings)]
        self._keys = [form.key for form in forms]
        self._rows_by_key: dict[str, list[int]] = defaultdict(list)
        for row, key in enumerate(self._keys):
            self._rows_by_key[key].append(row)
        self._scorer = Scorer(forms)
        grams = ngrams(forms)
        holders = grams.group_by("ngram").len("holders").sort("ngram").with_row_index("column")
        self._columns = holders.with_columns(weight=(1 + len(forms) / pl.col("holders")).log().sqrt())
        matrix, self._totals = self._weighed(grams, len(forms))
        self._names_by_ngram = sp.csr_array(matrix.T)
        self._beginnings = sorted(set(self._texts_to_type()))

    def nearest(self, texts: Sequence[str], count: int = _COMPARED) -> list[list[NameMatch]]:
        """Return for each text the names nearest to it, the best first, each once, at most ``count``.

        Of equal scores the name that is spelt like the text comes first.
        The score is that of :func:`chaingraph.identity.similarity.similar`; a Chinese name that contains the text, or
        is contained in it, has at least 0.75, one that the text spells in Pinyin has 0.9, and different numbers cost a
        fifth. Names of a score below 0.3 are left out.
        """
        results: list[list[NameMatch]] = []
        for start in range(0, len(texts), _BATCH):
            batch = texts[start : start + _BATCH]
            forms = [normal_name(text) for text in batch]
            candidates = zip(batch, forms, self._rows_in_common(forms), strict=True)
            results += [self._ranked(_folded(text), form, rows)[:count] for text, form, rows in candidates]
        return results

    def beginning_with(self, text: str, count: int) -> list[int]:
        """Return the positions of names that begin with a text, or whose Pinyin or initials do, in their order."""
        positions: dict[int, None] = {}
        for prefix in dict.fromkeys((_folded(text), normal_name(text).key)):
            start = bisect_left(self._beginnings, (prefix, -1)) if prefix else len(self._beginnings)
            for place in range(start, len(self._beginnings)):
                beginning, position = self._beginnings[place]
                if not beginning.startswith(prefix) or len(positions) >= count:
                    break
                positions[position] = None
        return list(positions)

    def with_spelling(self, text: str) -> list[tuple[int, int, int]]:
        """Return the Chinese names that contain a text in simplified characters, in Pinyin, or by its initials.

        Returns:
            For each its position, its rank (0: it is the text, 1: it begins with it, 2: it contains it), and the length
            of the spelling, in the order of the positions.

        >>> NameIndex(["蘇州大學", "Soochow"]).with_spelling("szdx")
        [(0, 0, 4)]
        """
        typed = simplified(text)
        found: dict[int, tuple[int, int]] = {}
        for position, spellings in self._whole_spellings if typed else ():
            for spelling in spellings:
                if typed in spelling:
                    rank = 0 if spelling == typed else 1 if spelling.startswith(typed) else 2
                    found[position] = min((rank, len(spelling)), found.get(position, (rank, len(spelling))))
        return [(position, rank, length) for position, (rank, length) in found.items()]

    def _texts_to_type(self) -> Iterator[tuple[str, int]]:
        for position, (text, form) in enumerate(zip(self._texts, self._forms, strict=True)):
            yield text, position
            yield form.key, position
        for position, full, initials in self._spellings:
            yield full, position
            yield initials, position

    def _ranked(self, text: str, form: NormalName, rows: Sequence[int]) -> list[NameMatch]:
        best: dict[int, NameMatch] = {}
        for row in (*self._rows_by_key.get(form.key, ()), *rows):
            match = self._match(form, row)
            if match.score >= _LEAST and (match.position not in best or best[match.position].score < match.score):
                best[match.position] = match
        return sorted(
            best.values(), key=lambda match: (-match.score, self._texts[match.position] != text, match.position)
        )

    def _match(self, form: NormalName, row: int) -> NameMatch:
        position = self._positions[row]
        if row >= len(self._forms):
            return NameMatch(position, _PINYIN * fuzz.ratio(form.key, self._keys[row]) / 100, equal=False, pinyin=True)
        other = self._forms[position]
        if form.key == other.key:
            return NameMatch(position, 1.0, equal=True, pinyin=False)
        score, contains = self._scorer.similarity(form, other)
        score = max(score, LEAST_SCORE_HAN) if contains else score
        factor = _OTHER_NUMBERS if form.numbers != other.numbers else 1.0
        return NameMatch(position, factor * score, equal=False, pinyin=False)

    def _rows_in_common(self, forms: Sequence[NormalName]) -> list[list[int]]:
        """Return for each form the rows that share most of their n-grams with it, by the weight of these."""
        texts, totals = self._weighed(ngrams(forms), len(forms))
        common = sp.csr_array(texts @ self._names_by_ngram)
        rows = []
        for line, total in enumerate(totals):
            start, end = common.indptr[line : line + 2]
            own = common.indices[start:end]
            shares = common.data[start:end] / (total + self._totals[own])
            rows.append(own[_greatest(shares)].tolist())
        return rows

    def _weighed(self, grams: pl.DataFrame, height: int) -> tuple[sp.csr_array, np.ndarray]:
        """Return n-grams as a matrix of names by n-grams, and the weight of each name; rare n-grams weigh more."""
        cells = grams.join(self._columns, on="ngram")
        matrix = sp.csr_array(
            (
                cells["weight"].cast(pl.Float32).to_numpy(),
                (cells["name"].to_numpy(), cells["column"].cast(pl.Int32).to_numpy()),
            ),
            shape=(height, self._columns.height),
        )
        return matrix, np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel()


def _greatest(shares: np.ndarray) -> np.ndarray:
    """Return the positions of the greatest shares, in their order; of equal ones the first."""
    closest = np.arange(len(shares))
    if len(shares) > _COMPARED:
        # Only those that may be among them are sorted: a common n-gram makes thousands of names that are a little near.
        closest = np.flatnonzero(shares >= np.partition(shares, -_COMPARED)[-_COMPARED])
    return closest[np.argsort(-shares[closest], kind="stable")[:_COMPARED]]


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
