"""A sheet as a grid of cells: what every cell holds, what it shows, and what a person who looks at it does not see.

A reader of some format gives its cells as a long frame, one row per cell that is not empty (`CELLS`); `grid_of` bounds
the area that they span, fills merged ranges and makes one column of each column of the sheet. Rows and columns count
from 0 here; `address` names a cell as a spreadsheet does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl

from chaingraph.errors import UnreadableError
from chaingraph.messages import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    import numpy.typing as npt

CELLS = {"row": pl.UInt32, "column": pl.UInt16, "kind": pl.UInt8, "value": pl.String, "style": pl.UInt16}
"""The columns of a long frame of cells. ``style`` means something to the reader alone, which knows what it shows."""
MOST_CELLS = 20_000_000
"""The most cells of the area of a sheet, from A1 to the last row and the last column that have a value."""
LONGEST_TEXT = 2**29
"""The most bytes of text of a sheet, a shared text counted in each cell that has it."""
MOST_ROWS, MOST_COLUMNS = 2**20, 2**14
_ADDRESS = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")


class Kind(IntEnum):
    """What a cell holds.

    A number's value has no exponent and at most 15 digits after its sign where it is below 10^15, which is what a
    spreadsheet keeps; a date's is a day or a time in ISO form. A formula without a value was never computed; an
    unreadable cell has a value that its kind cannot have, such as a date before all dates.
    """

    EMPTY = 0
    TEXT = 1
    NUMBER = 2
    DATE = 3
    BOOLEAN = 4
    ERROR = 5
    FORMULA = 6
    UNREADABLE = 7


class Visibility(Enum):
    """Whether a sheet is seen, can be made seen by everybody, or by a program alone."""

    VISIBLE = "visible"
    HIDDEN = "hidden"
    VERY_HIDDEN = "very hidden"


class Area(NamedTuple):
    """A range of cells, its last row and column included."""

    row: int
    column: int
    last_row: int
    last_column: int


@dataclass(frozen=True)
class Grid:
    """One sheet, from A1 to the last row and column with a value.

    Args:
        values: A column of texts per column of the sheet, named by its letters; null where a cell is empty. The value
            of a merged range stands in all rows of its first column.
        kinds: The kind of each cell, in the same shape.
        merged: The merged ranges of more than one cell.
        hidden_rows: The rows with a value that are hidden.
        hidden_columns: The columns with a value that are hidden.
        struck: The cells with a value that are struck out, or a part of them is.
        covered: The cells whose value no one sees, because a merged range with another value covers them.
        computed: The number of cells whose value a formula gave.
        formulas_stale: The workbook says that its formulas are to be computed again when it is opened.
        displayed: What the cells show, of the columns in which that is not always their value.
    """

    title: str
    values: pl.DataFrame
    kinds: pl.DataFrame
    merged: tuple[Area, ...] = ()
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    struck: tuple[tuple[int, int], ...] = ()
    covered: tuple[tuple[int, int], ...] = ()
    computed: int = 0
    formulas_stale: bool = False
    displayed: pl.DataFrame = field(default_factory=pl.DataFrame)

    @property
    def is_empty(self) -> bool:
        """Tell whether no cell has a value."""
        return self.values.is_empty()

    def shown(self, letters: str) -> pl.Series:
        """Return what the cells of a column show; null where that cannot be told, or would not show the whole value."""
        return (self.displayed if letters in self.displayed.columns else self.values)[letters]

    def cells_of_kind(self, *kinds: Kind) -> list[tuple[int, int]]:
        """Return the rows and columns of the cells of some kinds, row by row."""
        cells = []
        for column, name in enumerate(self.kinds.columns):
            rows = self.kinds[name].is_in([int(kind) for kind in kinds]).arg_true()
            cells += [(row, column) for row in rows]
        return sorted(cells)


def letters(column: int) -> str:
    """Return the letters of a column.

    >>> letters(0), letters(25), letters(26), letters(16383)
    ('A', 'Z', 'AA', 'XFD')
    """
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def address(row: int, column: int) -> str:
    """Return the name of a cell.

    >>> address(0, 0), address(1048575, 16383)
    ('A1', 'XFD1048576')
    """
    return f"{letters(column)}{row + 1}"


def place(text: str) -> tuple[int, int] | None:
    """Return the row and column of a cell's name; None if it is none.

    >>> place("B3"), place("$XFD$1048576"), place("XFE1"), place("A0")
    ((2, 1), (1048575, 16383), None, None)
    """
    match = _ADDRESS.fullmatch(text)
    if match is None:
        return None
    column = 0
    for letter in match[1].upper():
        column = 26 * column + ord(letter) - ord("A") + 1
    row = int(match[2])
    return (row - 1, column - 1) if 1 <= row <= MOST_ROWS and column <= MOST_COLUMNS else None


def area(text: str) -> Area | None:
    """Return the range of a name such as ``B2:D5``; None if it is none."""
    first, _, last = text.partition(":")
    start, end = place(first), place(last or first)
    if start is None or end is None:
        return None
    (top, bottom), (left, right) = (sorted(pair) for pair in zip(start, end, strict=True))
    return Area(top, left, bottom, right)


def grid_of(
    where: str,
    title: str,
    cells: pl.DataFrame,
    *,
    merged: Sequence[Area] = (),
    hidden_rows: Collection[int] = (),
    hidden_columns: Collection[int] = (),
    struck: Sequence[tuple[int, int]] = (),
    computed: int = 0,
    formulas_stale: bool = False,
    show: Callable[[pl.Series, pl.Series, pl.Series], pl.Series] | None = None,
) -> Grid:
    """Return a grid of a long frame of cells (`CELLS`).

    Args:
        where: The file and sheet in messages.
        title: The sheet's title.
        cells: The cells that are not empty, in any order.
        merged: The merged ranges; they may reach beyond the cells.
        hidden_rows: Rows that are hidden, with or without values.
        hidden_columns: Columns that are hidden, with or without values.
        struck: Cells that are struck out.
        computed: The number of cells whose value a formula gave.
        formulas_stale: The formulas are to be computed again.
        show: Returns what cells show, of their values, kinds and styles.

    Raises:
        UnreadableError: The area is too large, the texts are too long, or a cell stands twice.
    """
    height, width = _bounded_area(where, cells)
    _check_cells(where, cells)
    cells, covered = _filled(where, cells, merged, height, width)
    if int(cells["value"].str.len_bytes().cast(pl.UInt64).sum()) > LONGEST_TEXT:
        raise UnreadableError(
            where,
            tr(
                "its cells hold more than {longest_text} MiB of text; save it as CSV",
                longest_text=LONGEST_TEXT // 2**20,
            ),
        )
    names = [letters(column) for column in range(width)]
    at = np.full((width, height), cells.height, dtype=np.uint32)
    at[cells["column"].to_numpy(), cells["row"].to_numpy()] = np.arange(cells.height, dtype=np.uint32)
    values, kinds = _columns(cells, at, names, "value"), _columns(cells, at, names, "kind")
    displayed = []
    if show is not None:
        styles = _columns(cells, at, names, "style")
        columns = [show(values[name], kinds[name], styles[name]) for name in names]
        displayed = [column for column in columns if column.ne_missing(values[column.name]).any()]
    return Grid(
        title,
        values,
        kinds,
        merged=tuple(merged),
        hidden_rows=_present(cells["row"], hidden_rows),
        hidden_columns=_present(cells["column"], hidden_columns),
        struck=tuple(sorted(struck)),
        covered=covered,
        computed=computed,
        formulas_stale=formulas_stale,
        displayed=pl.DataFrame(displayed),
    )


def _present(of_cells: pl.Series, numbers: Collection[int]) -> tuple[int, ...]:
    return tuple(sorted(set(of_cells.unique()).intersection(numbers))) if numbers else ()


def _bounded_area(where: str, cells: pl.DataFrame) -> tuple[int, int]:
    """Return the height and width of the area of the cells."""
    if cells.is_empty():
        return 0, 0
    height, width = (int(cells[name].to_numpy().max()) + 1 for name in ("row", "column"))
    if height * width > MOST_CELLS:
        last = cells.filter((pl.col("row") == height - 1) | (pl.col("column") == width - 1)).row(0, named=True)
        reason = tr(
            "reaches to {corner}, which makes {count:,} cells, more than the {most_cells:,} that "
            "a sheet may have; delete the stray cell {row}, and save it again",
            corner=address(height - 1, width - 1),
            count=height * width,
            most_cells=MOST_CELLS,
            row=address(last["row"], last["column"]),
        )
        raise UnreadableError(where, reason)
    return height, width


def _check_cells(where: str, cells: pl.DataFrame) -> None:
    keys = cells.select(pl.col("row").cast(pl.UInt64) * MOST_COLUMNS + pl.col("column")).to_series()
    if keys.n_unique() < len(keys):
        row, column = divmod(int(keys.filter(keys.is_duplicated())[0]), MOST_COLUMNS)
        raise UnreadableError(
            where, tr("holds the cell {row} twice; open it and save it again", row=address(row, column))
        )


def _filled(
    where: str, cells: pl.DataFrame, merged: Sequence[Area], height: int, width: int
) -> tuple[pl.DataFrame, tuple[tuple[int, int], ...]]:
    """Return the cells with the value of each merged range in all rows of its first column, and the covered cells."""
    ranges = [
        (row, column, min(last_row, height - 1), min(last_column, width - 1))
        for row, column, last_row, last_column in merged
        if row < height and column < width and (last_row > row or last_column > column)
    ]
    if not ranges:
        return cells, ()
    bounds = np.array(ranges, dtype=np.int64)
    heights, widths = bounds[:, 2] - bounds[:, 0] + 1, bounds[:, 3] - bounds[:, 1] + 1
    sizes = heights * widths
    if int(sizes.sum()) > MOST_CELLS:
        raise UnreadableError(
            where,
            tr("its merged ranges have more than {most_cells:,} cells; take the merging back", most_cells=MOST_CELLS),
        )
    of = np.repeat(np.arange(len(ranges)), sizes)
    offset = np.arange(len(of)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    parts = pl.DataFrame(
        {
            "row": (bounds[of, 0] + offset // widths[of]).astype(np.uint32),
            "column": (bounds[of, 1] + offset % widths[of]).astype(np.uint16),
            "first row": bounds[of, 0].astype(np.uint32),
            "first column": bounds[of, 1].astype(np.uint16),
        }
    ).filter(pl.lit(offset > 0))
    failed = pl.col("kind").is_in([int(Kind.ERROR), int(Kind.FORMULA), int(Kind.UNREADABLE)])
    first = cells.filter(~failed).rename({"row": "first row", "column": "first column"})
    parts = parts.unique(["row", "column"], keep="first", maintain_order=True).join(
        first, on=["first row", "first column"], how="inner", maintain_order="left"
    )
    under = cells.join(parts.select("row", "column", pl.col("value").alias("seen")), on=["row", "column"], how="inner")
    covered = under.filter(pl.col("value").ne_missing(pl.col("seen"))).select("row", "column").sort("row", "column")
    rest = cells.join(parts, on=["row", "column"], how="anti", maintain_order="left")
    down = parts.filter(pl.col("column") == pl.col("first column")).select(list(CELLS))
    return pl.concat([rest, down]), tuple((row, column) for row, column in covered.iter_rows())


def _columns(cells: pl.DataFrame, at: npt.NDArray[np.uint32], names: list[str], of: str) -> pl.DataFrame:
    """Return one of the columns of a long frame of cells as a column per column of the sheet.

    Args:
        cells: The cells.
        at: By column and row of the sheet, the place of its cell among them, or their number where it is empty.
        names: The names of the columns.
        of: What is returned of the cells.
    """
    of_cells = cells[of]
    empty = pl.Series([None if of == "value" else 0], dtype=of_cells.dtype)
    ends = pl.concat([of_cells, empty.alias(of)], rechunk=True)
    return pl.DataFrame([ends.gather(at[column]).alias(name) for column, name in enumerate(names)])
