"""A document: its text as it is archived, and where its tables and pages stand in that text."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from functools import cached_property

from chaingraph.rosters.folding import has_han

_FULL_DATE = re.compile(r"(\d{4})\s*[-年/.]\s*(\d{1,2})\s*[-月/.]\s*(\d{1,2})")
_HAN_DATE = re.compile(r"[〇零○一二三四五六七八九]{4}年[一二三四五六七八九十]{1,3}月[一二三四五六七八九十]{1,3}日")
_MONTH = "|".join(calendar.month_name[1:])
_ENGLISH_DATE = re.compile(rf"\b(\d{{1,2}})\s+({_MONTH})\s+(\d{{4}})|\b({_MONTH})\s+(\d{{1,2}}),?\s+(\d{{4}})")
_DATELINE = re.compile(
    rf"(?:[A-Z][\w.'’ -]{{1,30}}[,:]? )?\(?(?:\d{{1,2}} (?:{_MONTH})|(?:{_MONTH}) \d{{1,2}}),? \d{{4}}\)?,? ?[-–—:/(]"
)
"""The place and the day with which a release begins: Aberlour, 14 May 2024 - ..."""
MONTHS = tuple(month.casefold() for month in calendar.month_name[1:])
_HEAD, _TAIL = 600, 300
_MOST_DATELINES, _LONGEST_DATELINE = 6, 70


@dataclass(frozen=True)
class Cell:
    """A cell of a table: its text, and where it stands; a cell that spans rows stands in each of them."""

    text: str
    start: int
    end: int


Row = tuple[Cell, ...]


@dataclass(frozen=True)
class Document:
    """The text of a document.

    ``tables`` are rows of cells; ``pages`` the places at which its pages begin, empty where it has none; ``noise``
    what belongs to the site it was taken from.
    """

    name: str
    text: str
    tables: tuple[tuple[Row, ...], ...] = ()
    pages: tuple[int, ...] = ()
    noise: tuple[tuple[int, int], ...] = ()

    @cached_property
    def language(self) -> str:
        """``zh`` if at least a twentieth of its letters are Chinese, else ``en``."""
        letters = [character for character in self.text if character.isalpha()]
        return "zh" if sum(map(has_han, letters)) * 20 > len(letters) else "en"

    @cached_property
    def published(self) -> str | None:
        """The day on which it was published, as its head or its end says; None where neither does."""
        head, tail = self.text[:_HEAD], self.text[-_TAIL:]
        lines = [
            line for line in head.split("\n") if re.search(r"来源|时间|日期|发布|(?i:update|published|\bby\b)", line)
        ]
        first = [line.strip() for line in head.split("\n")[:_MOST_DATELINES]]
        lines += [line for line in first if len(line) <= _LONGEST_DATELINE or _DATELINE.match(line)]
        for text in (*lines, *reversed(tail.split("\n")), head.split("\n", 6)[-1] if "\n" in head else ""):
            if (day := _day(text)) is not None:
                return day
        return None

    @cached_property
    def table_spans(self) -> list[tuple[int, int]]:
        """Where each row of a table begins and ends in the text."""
        rows = [row for table in self.tables for row in table if row]
        return [(min(cell.start for cell in row), max(cell.end for cell in row) + 1) for row in rows]

    def page(self, offset: int) -> int | None:
        """Return the number of the page on which a character stands."""
        return sum(start <= offset for start in self.pages) or None


def _day(text: str) -> str | None:
    from chaingraph.rosters.dates import date_of

    if (match := _FULL_DATE.search(text)) is not None:
        return _iso(int(match[1]), int(match[2]), int(match[3]))
    if (match := _HAN_DATE.search(text)) is not None:
        return date_of(match[0]).text
    if (match := _ENGLISH_DATE.search(text)) is not None:
        day, month, year = (match[1], match[2], match[3]) if match[1] else (match[5], match[4], match[6])
        return _iso(int(year), MONTHS.index(month.casefold()) + 1, int(day))
    return None


def _iso(year: int, month: int, day: int) -> str | None:
    return f"{year:04}-{month:02}-{day:02}" if 1900 < year < 2200 and 0 < month < 13 and 0 < day < 32 else None
