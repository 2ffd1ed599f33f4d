"""Proof: every index beside the number of the reference implementation that researchers trust."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import astuple, is_dataclass
from importlib.resources import files
from typing import Any, NamedTuple

import pandas as pd

from chaingraph import metrics
from chaingraph.errors import UsageError
from chaingraph.metrics.location._spectrum import SmallSampleWarning

GOLDEN = ("agglomeration", "complexity", "spatial")
"""The modules whose reference numbers stand beside them, in ``golden_NAME.json``."""


class Entry(NamedTuple):
    """One set of numbers of a reference implementation."""

    module: str
    function: str
    source: str
    arguments: dict[str, Any]
    expected: Any
    digits: int


def entries() -> Iterator[Entry]:
    """Yield the reference numbers, in the order of their files."""
    for name in GOLDEN:
        text = files("chaingraph.metrics").joinpath(f"golden_{name}.json").read_text(encoding="utf-8")
        for record in json.loads(text):
            yield Entry(module=name, function=record.pop("index"), **record)


def proofs(references: Iterable[Entry] | None = None) -> pd.DataFrame:
    """Return one row per number of a reference implementation, with ours beside it.

    Ours are computed anew in each call from the arguments that the source gives. What needs the extra ``spatial`` is
    left out where that is not installed, and listed in ``attrs["left_out"]``.

    Args:
        references: The reference numbers; all that are part of the package, if None.

    Returns:
        A frame with ``index`` (the function), ``at`` (where in its result), ``source``, ``expected``, ``ours``,
        ``difference``, and ``equal``: whether the two are equal to the digits that the source prints.
    """
    rows: list[tuple[str, str, str, float, float, float, bool]] = []
    left_out = []
    for entry in entries() if references is None else references:
        function = getattr(metrics, entry.function)
        with warnings.catch_warnings():
            # The matrices of the references are small on purpose.
            warnings.simplefilter("ignore", SmallSampleWarning)
            try:
                result = function(**entry.arguments)
            except UsageError as error:
                left_out.append(f"{entry.function}: {error}")
                continue
        bound = 0.5 * 10**-entry.digits + 1e-12
        for at, expected, mine in _pairs(entry.expected, _plain(result), ""):
            gap = abs(mine - expected)
            rows.append((entry.function, at, entry.source, expected, mine, gap, bool(gap <= bound)))
    frame = pd.DataFrame(rows, columns=["index", "at", "source", "expected", "ours", "difference", "equal"])
    frame.attrs["left_out"] = left_out
    return frame


def _plain(result: Any) -> Any:  # noqa: ANN401 - a number, a frame, a series or a dataclass
    """Return a result as the sources have it: arrays where positions count, mappings where names do."""
    if isinstance(result, pd.DataFrame | pd.Series) and isinstance(result.index, pd.RangeIndex):
        return result.to_numpy()
    return astuple(result) if is_dataclass(result) and not isinstance(result, type) else result


def _pairs(expected: Any, result: Any, at: str) -> Iterator[tuple[str, float, float]]:  # noqa: ANN401 - numbers, nested
    """Pair each number that a source gives with ours, and say where it stands; what a source leaves open is passed."""
    if isinstance(expected, dict):
        for key, value in expected.items():
            yield from _pairs(value, result[key], f"{at}, {key}" if at else str(key))
    elif isinstance(expected, list):
        for number, value in enumerate(expected):
            yield from _pairs(value, result[number], f"{at}, {number + 1}" if at else str(number + 1))
    elif expected is not None:
        yield at, float(expected), float(result)
