"""A frame as aligned text: column by column, so that a table of a hundred thousand rows is printed at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from rich.cells import cell_len

from chaingraph.errors import excerpt
from chaingraph.export.cells import cell_text, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

_UNBOUNDED = 10_000
_GAP = "  "


def text_lines(frame: pd.DataFrame) -> Iterator[str]:
    """Yield the heading and one line per row, without spaces at the end; numbers stand at the right of their column.

    A Chinese character is two columns of a terminal wide, and is counted so.

    >>> frame = pd.DataFrame({"名称": ["苏大维格", "a"], "n": [1.5, 20.0]})
    >>> list(text_lines(frame))
    ['名称       n', '苏大维格  1.5', 'a          20']
    """
    columns = [_aligned(str(name), frame.iloc[:, place]) for place, name in enumerate(frame.columns)]
    for cells in zip(*columns, strict=True):
        yield _GAP.join(cells).rstrip()


def is_number_column(column: pd.Series) -> bool:
    """Whether the values of a column are numbers, and no truth values."""
    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)


def cell(value: object) -> str:
    """Return a value as the text of one line; a number with at most four digits after the point.

    >>> cell(0.123456), cell(0.00001234), cell(3.0), cell(None)
    ('0.1235', '1.23e-05', '3', '')
    """
    value = plain(value)
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.4f}".rstrip("0").rstrip(".") if abs(value) >= 1e-4 or value == 0 else f"{value:.2e}"
    return excerpt(cell_text(value), limit=_UNBOUNDED)


def _aligned(name: str, column: pd.Series) -> list[str]:
    texts = [excerpt(name, limit=_UNBOUNDED), *map(cell, column.tolist())]
    lengths = [len(text) if text.isascii() else cell_len(text) for text in texts]
    width = max(lengths)
    if is_number_column(column):
        return [" " * (width - length) + text for text, length in zip(texts, lengths, strict=True)]
    return [text + " " * (width - length) for text, length in zip(texts, lengths, strict=True)]
