"""The texts of single values: numbers and dates as people write them become one canonical form, or are refused.

A number that is kept is one that the store can count: of at most 19 digits before the point (18 where it is whole by
its type) and at most 18 after it. Oxigraph's sums and averages are empty where one ``xsd:decimal`` has more.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from typing import TYPE_CHECKING

from chaingraph.messages import tr

if TYPE_CHECKING:
    from chaingraph.tables.contract import Column

EXACT_DIGITS = 15
"""The digits that a spreadsheet keeps of a number."""
_DECIMALS = 18
_LIMITS = {"integer": Decimal(10) ** 18, "decimal": Decimal(10) ** 19}
_LONGEST = 120
_LEAST_DIGITS = 6
_WIDTHS = {0xFF01 + place: 0x21 + place for place in range(94)} | {0x3000: 0x20}
_DATE = re.compile(r"([0-9]{4})(?:[-/.年]([0-9]{1,2})(?:[-/.月]([0-9]{1,2})日?|月?)|年?)")
SPREADSHEET_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[ T]00:00:00(?:\.0+)?")
"""What a spreadsheet's date is as a text: a time at midnight."""
_NUMBER = re.compile(r"([+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?)\s*([%‰]?)")


class NotOfTypeError(ValueError):
    """A cell's text is not of its column's datatype; the message says what was expected."""


def fold_width(text: str) -> str:
    """Return a text with full-width letters, digits and signs as their usual forms, and nothing else changed.

    A superscript is no digit: it is a mark of a footnote.

    >>> fold_width("２０２１．５％"), fold_width("136¹½")
    ('2021.5%', '136¹½')
    """
    return text if text.isascii() else text.translate(_WIDTHS)


def day_month_or_year(value: str) -> str:
    """Return a date in the form of its precision: ``2021``, ``2021-10`` or ``2021-10-05``.

    >>> [day_month_or_year(text) for text in ("2021", "2021年10月", "2021/10/5", "2021-10-05 00:00:00")]
    ['2021', '2021-10', '2021-10-05', '2021-10-05']

    Raises:
        NotOfTypeError: The text is no such date, or the day does not exist.
    """
    narrow = fold_width(value)
    spreadsheet = SPREADSHEET_DAY.fullmatch(narrow)
    match = _DATE.fullmatch(spreadsheet[1] if spreadsheet else narrow)
    expected = tr("expected a year, month or day such as 2021, 2021-10 or 2021-10-05")
    if match is None or match[1] == "0000":
        raise NotOfTypeError(expected)
    parts = [int(part) for part in match.groups() if part is not None]
    try:
        date(*[*parts, 1, 1][:3])
    except ValueError as error:
        raise NotOfTypeError(f"{expected} ({error})") from error  # noqa: TRY003, EM102
    return "-".join([match[1], *(f"{part:02d}" for part in parts[1:])])


def number(value: str, column: Column) -> str:
    """Return a number in its canonical form; per cent and per mille signs divide, as CSVW has it.

    A number with more than 18 digits after the point is rounded to the 15 digits of a spreadsheet.

    Raises:
        NotOfTypeError: The text is no number, no whole one where one is expected, or out of range.
    """
    expected = _expected(column)
    with localcontext(prec=2 * _LONGEST):
        exact = _exact(value)
        if exact is None:
            raise NotOfTypeError(expected)
        if column.datatype == "integer" and exact.adjusted() <= _DECIMALS and exact != exact.to_integral_value():
            raise NotOfTypeError(expected)
        result = _countable(exact) if abs(exact) < _LIMITS[column.datatype] else None
    if result is None:
        digits = _LIMITS[column.datatype].adjusted()
        message = tr(
            "{expected}, with at most {digits} digits before the point and 18 after it, as no other can be added up",
            expected=expected,
            digits=digits,
        )
        raise NotOfTypeError(message)
    if (column.minimum is not None and exact < column.minimum) or (
        column.maximum is not None and exact > column.maximum
    ):
        raise NotOfTypeError(expected)
    text = f"{result:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text.lstrip("+-").strip("0") == "" else text


def is_rounded(value: str) -> bool:
    """Tell whether `number` keeps a number, but not all of its digits.

    >>> is_rounded("0.0003333333333333333"), is_rounded("1e-3"), is_rounded("x")
    (True, False, False)
    """
    with localcontext(prec=2 * _LONGEST):
        exact = _exact(value)
        return exact is not None and _countable(exact) not in {None, exact}


def _exact(value: str) -> Decimal | None:
    """Return the number that a text is; None where it is none, or longer than any number is."""
    match = _NUMBER.fullmatch(fold_width(value))
    if match is None or len(match[1]) > _LONGEST:
        return None
    return Decimal(match[1]).scaleb(-{"": 0, "‰": 3}.get(match[2], 2))


def _expected(column: Column) -> str:
    expected = tr("expected a whole number") if column.datatype == "integer" else tr("expected a number")
    if column.minimum is not None and column.maximum is not None:
        expected += tr(" from {minimum} to {maximum}", minimum=column.minimum, maximum=column.maximum)
        if column.maximum == 1:
            expected += tr(" (60% is read as 0.6)")
    elif column.minimum is not None:
        expected += tr(" of at least {minimum}", minimum=column.minimum)
    return expected


def _countable(exact: Decimal) -> Decimal | None:
    """Return a number as the store can count it, rounded where it has too many digits; None where that would lose it.

    >>> [_countable(Decimal(text)) for text in ("0.5", "0.0003333333333333333", "1e-19")]
    [Decimal('0.5'), Decimal('0.000333333333333333'), None]
    """
    if not exact:
        return Decimal(0)
    exact = exact.normalize()
    exponent = exact.as_tuple().exponent
    assert isinstance(exponent, int)
    if exponent >= -_DECIMALS:
        return exact
    places = min(EXACT_DIGITS - 1 - exact.adjusted(), _DECIMALS)
    if exact.adjusted() + places < _LEAST_DIGITS - 1:
        return None
    return exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN)
