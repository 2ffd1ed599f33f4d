"""Values of cells as texts: numbers as a spreadsheet holds them, and what cells show in their formats."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from math import isinf
from typing import TYPE_CHECKING

import polars as pl

from chaingraph.tables.sheets.grid import Kind
from chaingraph.tables.sheets.number_formats import date_format, number_shown, text_shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?", re.ASCII)
"""What a number is in the XML of a workbook."""
_PLAIN_FORMATS = frozenset({"general", "@", ""})


def number_value(raw: str) -> str | None:
    """Return a number as a spreadsheet holds it: at most 15 digits, except in numbers that are larger; None for none.

    >>> number_value("0.30000000000000004"), number_value("1E-7"), number_value("9.132059412345679e+17")
    ('0.3', '0.0000001', '913205941234567900')
    >>> number_value("9007199254740993"), number_value("NaN"), number_value("1e999")
    ('9007199254740993', None, None)
    """
    text = raw.strip()
    if NUMBER.fullmatch(text) is None:
        return None
    value = float(text)
    if not -1e15 < value < 1e15:
        if isinf(value):
            return None
        exact = Decimal(text)
        return f"{exact if len(exact.as_tuple().digits) <= 17 else Decimal(repr(value)):f}".partition(".")[0]
    rounded = f"{value:.15g}"
    plain = f"{Decimal(rounded):f}" if "e" in rounded else rounded
    return "0" if plain == "-0" else plain


def styles_by_format(codes: Sequence[str]) -> tuple[frozenset[int], dict[int, str]]:
    """Return the styles in which a number is a date, and the formats of those in which a cell may show otherwise.

    Args:
        codes: The number formats of the styles, by the number of the style.
    """
    dates = frozenset(style for style, code in enumerate(codes) if date_format(code) is not None)
    formats = {
        style: code for style, code in enumerate(codes) if style not in dates and code.casefold() not in _PLAIN_FORMATS
    }
    return dates, formats


@dataclass(frozen=True)
class FormattedCells:
    """Says what cells show, by the formats of their styles."""

    formats: Mapping[int, str]

    def __call__(self, values: pl.Series, kinds: pl.Series, cell_styles: pl.Series) -> pl.Series:
        """Return what cells show; null where that is not known, or not their whole value."""
        frame = pl.DataFrame({"value": values, "kind": kinds, "style": cell_styles})
        has_format = pl.col("style").is_in(list(self.formats)) & pl.col("kind").is_in(
            [int(Kind.NUMBER), int(Kind.TEXT)]
        )
        distinct = frame.filter(has_format).unique()
        if distinct.is_empty():
            return values
        texts = [
            (number_shown if kind == int(Kind.NUMBER) else text_shown)(value, self.formats[style])
            for value, kind, style in distinct.iter_rows()
        ]
        shown = frame.join(
            distinct.with_columns(pl.Series("shown", texts, pl.String)),
            on=["value", "kind", "style"],
            how="left",
            maintain_order="left",
        )
        return shown.select(pl.when(has_format).then("shown").otherwise("value").alias(values.name)).to_series()
