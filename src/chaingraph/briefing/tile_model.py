"""What a tile map shows: tiles with their numbers, the steps of colour, and sentences in both languages."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chaingraph.briefing.words import TileWords, words
from chaingraph.errors import UsageError, excerpt
from chaingraph.geography.gazetteer import gazetteer
from chaingraph.geography.tiles import GRIDS, Grid, grid
from chaingraph.languages import LANGUAGES
from chaingraph.messages import tr

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from chaingraph.geography.gazetteer import Place
    from chaingraph.webpage.words import Text

MOST_STEPS = 5
ZERO = 0
UNKNOWN = -1
_MOST_NAMES = 6


@dataclass(frozen=True, slots=True)
class Tile:
    """A region: its place in the grid, its names, its number as text and the step of its colour."""

    code: str
    column: int
    row: int
    letters: str
    name: Text
    full_name: Text
    number: str
    step: int


@dataclass(frozen=True, slots=True)
class Step:
    """A step of colour, and what it stands for; ``UNKNOWN`` and ``ZERO`` are steps too."""

    number: int
    text: Text


@dataclass(frozen=True, slots=True)
class TileMap:
    """A tile map. ``ranking`` are the tiles with a number, largest first."""

    title: Text
    unit: Text
    notes: tuple[Text, ...]
    columns: int
    tiles: tuple[Tile, ...]
    ranking: tuple[Tile, ...]
    legend: tuple[Step, ...]
    words: Mapping[str, Mapping[str, str]]


def tile_model(values: pd.Series[float], area: str | None, title: Text | None, unit: Text | None) -> TileMap:
    """Return what a tile map of numbers by region shows.

    Raises:
        UsageError: A region has no tile, or two of them the same.
    """
    notes = values.attrs
    regions = {str(name): gazetteer().region([str(name)]) for name in values.index}
    cells = grid(_area(area or notes.get("area"), regions))
    numbers = _numbers(values, regions, cells)
    known = {code: number for code, number in numbers.items() if not math.isnan(number)}
    steps = _steps([number for number in known.values() if number])
    tiles = tuple(_tile(code, cells, known.get(code), steps) for code in cells.cells)
    texts = words()["tiles"]
    own_title, own_notes = _sentences(notes, texts, cells.name, known)
    is_index = bool(notes.get("index"))
    return TileMap(
        title=title or own_title,
        unit=unit or {one: texts["texts"][one]["unit_index" if is_index else "unit_count"] for one in LANGUAGES},
        notes=(*own_notes, {one: texts["texts"][one]["how"] for one in LANGUAGES}),
        columns=1 + max(column for column, _ in cells.cells.values()),
        tiles=tuple(sorted(tiles, key=lambda tile: (tile.row, tile.column))),
        ranking=tuple(
            sorted((tile for tile in tiles if tile.step != UNKNOWN), key=lambda tile: (-known[tile.code], tile.code))
        ),
        legend=_legend(steps, tiles, texts, is_index=is_index),
        words=texts["texts"],
    )


def _area(area: str | None, regions: Mapping[str, Place | None]) -> str:
    if area is None:
        first = next((place for place in regions.values() if place), None)
        return "europe" if first and first.kind == "nuts" else "china"
    if area not in GRIDS:
        message = tr("{name} is '{given}', expected one of {names}", name="area", given=area, names=", ".join(GRIDS))
        raise UsageError(message)
    return area


def _numbers(values: pd.Series[float], regions: Mapping[str, Place | None], cells: Grid) -> dict[str, float]:
    """The number of each tile, by code."""
    strange = [name for name, place in regions.items() if place is None or place.code not in cells.cells]
    if strange:
        message = tr(
            "no tile of '{area}' is called {names}; give numbers by province or by country, or count a graph with "
            "chaingraph.indicators.tile_values",
            area=cells.name,
            names=excerpt(", ".join(strange)),
        )
        raise UsageError(message)
    numbers: dict[str, float] = {}
    for name, number in zip(map(str, values.index), values.to_numpy(dtype="float64").tolist(), strict=True):
        place = regions[name]
        if place is None or place.code in numbers:
            message = tr("the tile '{name}' has two numbers; give one per region", name=excerpt(name))
            raise UsageError(message)
        numbers[place.code] = number
    return numbers


def _steps(numbers: Sequence[float]) -> list[list[float]]:
    """The different numbers in at most five steps, each with as many; where they are few, one each.

    >>> _steps([1, 1, 2, 3]), [len(step) for step in _steps(range(1, 13))]
    ([[1], [2], [3]], [3, 3, 2, 2, 2])
    """
    different = sorted(set(numbers))
    count = min(MOST_STEPS, len(different))
    size, rest = divmod(len(different), count) if count else (0, 0)
    steps, start = [], 0
    for number in range(count):
        end = start + size + (number < rest)
        steps.append(different[start:end])
        start = end
    return steps


def _tile(code: str, cells: Grid, number: float | None, steps: Sequence[Sequence[float]]) -> Tile:
    place = gazetteer().places[code]
    step = UNKNOWN if number is None else ZERO
    if number:
        step = _spread(next(position for position, one in enumerate(steps) if one[0] <= number <= one[-1]), len(steps))
    return Tile(
        code,
        *cells.cells[code],
        cells.letters[code],
        {"zh": place.aliases[0] if place.kind == "province" else place.name_zh, "en": place.name_en},
        {"zh": place.name_zh, "en": place.name_en},
        "" if number is None else _text(number),
        step,
    )


def _spread(position: int, count: int) -> int:
    """The colour of a step of so many: the last is always the strongest.

    >>> [_spread(position, 3) for position in range(3)], _spread(0, 1)
    ([1, 3, 5], 5)
    """
    return MOST_STEPS if count == 1 else 1 + round(position * (MOST_STEPS - 1) / (count - 1))


def _text(number: float) -> str:
    """A number: whole, or with three digits that count.

    >>> _text(1234.0), _text(0.45678), _text(12.3456)
    ('1,234', '0.457', '12.3')
    """
    return f"{number:,.0f}" if number == round(number) else f"{number:,.3g}"


def _legend(
    steps: Sequence[Sequence[float]], tiles: Sequence[Tile], texts: TileWords, *, is_index: bool
) -> tuple[Step, ...]:
    entries = []
    if any(tile.step == ZERO for tile in tiles):
        entries.append(Step(ZERO, {one: texts["texts"][one]["zero"] for one in LANGUAGES}))
    for position, step in enumerate(steps):
        low, high = _text(step[0]), _text(step[-1])
        text = low if low == high else f"{low}–{high}"
        entries.append(Step(_spread(position, len(steps)), dict.fromkeys(LANGUAGES, text)))
    key = "undefined" if is_index else "unknown"
    return (*entries, Step(UNKNOWN, {one: texts["texts"][one][key] for one in LANGUAGES}))


def _sentences(
    notes: Mapping[Any, Any], texts: TileWords, area: str, numbers: Mapping[str, float]
) -> tuple[Text, list[Text]]:
    """The heading, and what could not be placed, of numbers that come with notes on what they count."""
    if "count" not in notes:
        return {one: texts["texts"][one]["grid"] for one in LANGUAGES}, []
    title: dict[str, str] = {}
    lines: dict[str, list[str]] = {}
    for one in LANGUAGES:
        own = texts["texts"][one]
        parts = {"area": texts["areas"][area][one], "what": texts["counts"][notes["count"]][one]}
        if notes["index"]:
            parts |= {
                "index": texts["indices"][notes["index"]][one],
                "columns": texts["columns"][notes["columns"]][one],
            }
        title[one] = own["index" if notes["index"] else "count"].format(**parts)
        outside = sum(notes["without_tile"].values())
        missing = {
            "without_region": notes["without_region"],
            "without_column": notes["things"] - notes["placed"] - notes["without_region"] - outside,
        }
        lines[one] = [own["placed"].format(**parts, things=f"{notes['things']:,}", placed=f"{notes['placed']:,}")]
        lines[one] += [own[key].format(**parts, count=f"{count:,}") for key, count in missing.items() if count > 0]
        if notes["without_tile"]:
            lines[one].append(own["without_tile"].format(names=_listed(notes["without_tile"], own)))
        if not notes["index"] and sum(numbers.values()) > notes["placed"]:
            lines[one].append(own["several"])
    return title, [{one: own["space"].join(lines[one]) for one, own in texts["texts"].items()}]


def _listed(counts: Mapping[str, int], own: Mapping[str, str]) -> str:
    """Names with their counts, the first few, and how many there are more."""
    text = own["comma"].join(f"{name} ({count:,})" for name, count in list(counts.items())[:_MOST_NAMES])
    further = len(counts) - _MOST_NAMES
    return text + (own["more"].format(count=f"{further:,}") if further > 0 else "")
