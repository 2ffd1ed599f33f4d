"""One value of a cell for a column of the contract that refers to no other table, or why there is none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chaingraph.rosters.amounts import Unit, amount_of, share_of, whole_of
from chaingraph.rosters.codes import boolean_of, code_of
from chaingraph.rosters.dates import date_of
from chaingraph.rosters.folding import clean, name_of, spellings
from chaingraph.tables.sheets import Kind

if TYPE_CHECKING:
    from chaingraph.rosters.meanings import Meaning
    from chaingraph.tables.contract import Column

_WEBSITE = re.compile(r"https?://\S+", re.I)
_BARE_WEBSITE = re.compile(r"(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?(?:/\S*)?", re.I)
_CREDIT_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9-]*:\S.*")
_MOST_DIGITS = 15
_NO_UNIT = Unit()


@dataclass(frozen=True)
class CellValue:
    """What a cell says for a column: a text, the end of a period, a currency, a qualifier.

    ``reason`` is the key of the words for why there is no value, ``note`` of what was assumed.
    """

    text: str | None = None
    end: str | None = None
    currency: str | None = None
    qualifier: str | None = None
    reason: str | None = None
    note: str | None = None


def value_of(text: str, kind: int, column: Column, table: str, meaning: Meaning, unit: Unit = _NO_UNIT) -> CellValue:
    """Return what a cell says.

    Args:
        text: The cell's text, as it is shown.
        kind: Its kind (`chaingraph.tables.sheets.Kind`).
        column: The column of the contract.
        table: The table of the column.
        meaning: What the heading means.
        unit: The unit of amounts that the heading or the title gives.
    """
    if column.is_date:
        return _date(text, kind)
    if meaning.flag is not None:
        truth = boolean_of(text)
        return CellValue(meaning.flag if truth == "true" else None, reason=None if truth else "no truth value")
    if column.codes is not None:
        notation = code_of(text, column.codes, table)
        return CellValue(notation, reason=None if notation else "no code")
    if column.datatype == "boolean":
        truth = boolean_of(text)
        return CellValue(truth, reason=None if truth else "no truth value")
    if column.datatype == "anyURI":
        return _website(text)
    if column.datatype in {"decimal", "integer"}:
        return _number(text, column, unit)
    if meaning.scheme is not None or column.name == "code":
        return _code(text, kind, column, meaning)
    if column.name == "currency":
        plain = clean(text)
        plain = spellings()["amounts"]["currencies"].get(plain, plain)
    else:
        plain = name_of(text) if column.names_the_row else clean(text)
    if column.pattern is not None and not re.fullmatch(column.pattern, plain):
        return CellValue(reason="no such text")
    return CellValue(plain)


def _date(text: str, kind: int) -> CellValue:
    date = date_of(text, is_number=kind == Kind.NUMBER)
    reason = {
        "number": "number for a date",
        "two digits": "year of two digits",
        "two ways": "day or month",
        "no such day": "no such day",
    }
    if date.text is None:
        return CellValue(reason=reason.get(date.reason or "", "no date"))
    note = {"year": "year only", "month": "month only", "remark": "without remark"}.get(date.note or "")
    return CellValue(date.text, end=date.end or None, note=note)


def _website(text: str) -> CellValue:
    plain = clean(text).replace("：", ":").strip(" 。,，;；")
    if _WEBSITE.fullmatch(plain):
        return CellValue(plain)
    if _BARE_WEBSITE.fullmatch(plain):
        return CellValue(f"http://{plain}", note="http assumed")
    return CellValue(reason="no address")


def _number(text: str, column: Column, unit: Unit) -> CellValue:
    if column.datatype == "integer":
        whole = whole_of(text)
        return CellValue(reason="no number") if whole is None else CellValue(str(whole[0]), qualifier=whole[1])
    if column.name == "share":
        share = share_of(text)
        return CellValue(share, reason=None if share else "no share")
    if column.minimum is not None and column.minimum < 0:
        return _coordinate(text, column)
    amount = amount_of(text, unit)
    if amount.text is None:
        return CellValue(reason="no amount")
    return CellValue(amount.text, currency=amount.currency, qualifier=amount.qualifier)


def _coordinate(text: str, column: Column) -> CellValue:
    match = re.fullmatch(r"([-+]?\d{1,3}(?:\.\d+)?)\s*°?\s*([NSEW北南东西]?)[纬经]?", clean(text), re.I)
    if match is None or column.minimum is None or column.maximum is None:
        return CellValue(reason="no coordinate")
    sign = -1 if match[2].upper() in {"S", "W", "南", "西"} and match[2] else 1
    if not column.minimum <= sign * float(match[1]) <= column.maximum:
        return CellValue(reason="no coordinate")
    return CellValue(f"-{match[1]}" if sign < 0 else match[1].lstrip("+"))


def _code(text: str, kind: int, column: Column, meaning: Meaning) -> CellValue:
    plain = re.sub(r"\s", "", clean(text))
    if kind == Kind.NUMBER and len(plain) > _MOST_DIGITS:
        return CellValue(reason="digits lost")
    if column.pattern is None:
        return CellValue(plain)
    if meaning.scheme == "USCC" or (meaning.scheme is None and _CREDIT_CODE.fullmatch(plain.upper())):
        is_code = _CREDIT_CODE.fullmatch(plain.upper().removeprefix("USCC:"))
        return CellValue(f"USCC:{is_code[0]}") if is_code else CellValue(reason="no credit code")
    if meaning.scheme is not None:
        return CellValue(plain if _SCHEME.fullmatch(plain) else f"{meaning.scheme}:{plain}")
    return CellValue(plain) if _SCHEME.fullmatch(plain) else CellValue(reason="no scheme")
