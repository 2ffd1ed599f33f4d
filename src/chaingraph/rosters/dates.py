"""Dates as offices write them: a year, a month or a day, a range, and what says less than a month of a year."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

from chaingraph.rosters.folding import clean, spellings

_SEPARATORS = r"[-/.年．／·,]"
_TEXT = re.compile(rf"(\d{{4}})(?:{_SEPARATORS}(\d{{1,2}})(?:[-/.月．／·,](\d{{1,2}})[日号]?|月?)|年?)")
_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})?")
_DAY_FIRST = re.compile(r"(\d{1,2})[.](\d{1,2})[.](\d{4})")
_MONTH_FIRST = re.compile(r"(\d{1,2})[-/.](\d{4})")
_TWO_WAYS = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_REPUBLIC = re.compile(r"(?:中[华華])?民[国國](\d{1,3})年")
_REMARK = re.compile(r"\s*[（(][^（）()\d]*[)）]$")
_WITH_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?")
_NAMED_MONTH = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th)?[ .-]+)?([a-z]+)\.?[ ,.-]+(?:(\d{1,2})(?:st|nd|rd|th)?[ ,]+)?(\d{4})"
)
_YEAR_AND_MORE = re.compile(r"(\d{4})年?(.+)")
_MONTH_AND_MORE = re.compile(r"(\d{4})[-/.年](\d{1,2})月?份?(.+)")
_NO_YEAR = re.compile(r"[a-z]{3}-\d{2}|\d{1,2}-[a-z]{3}|\d{2}年\d{1,2}月(?:\d{1,2}日)?")
_EARLIEST, _LATEST, _MONTHS = 1000, 2200, 12


@dataclass(frozen=True)
class Date:
    """What a cell of dates says: a date, or the two ends of a range, or why it cannot be read.

    ``note`` is a key of the words in which is said that the cell says more than the date that was read.
    """

    text: str | None = None
    end: str | None = None
    reason: str | None = None
    note: str | None = None

    @property
    def is_range(self) -> bool:
        """Tell whether the cell has two ends."""
        return self.end is not None


@lru_cache(maxsize=50_000)
def date_of(text: str, *, is_number: bool = False) -> Date:
    """Return what a cell of dates says.

    Args:
        text: The cell.
        is_number: The cell is a number that is not formatted as a date. Whole years, months and days written together
            (2022, 202211, 20221105) are dates; 2022.1 is not: it may be January or October.

    >>> [date_of(text).text for text in ("2022.11", "20221105", "二〇二二年十一月", "5 Nov 2022", "2022年底")]
    ['2022-11', '2022-11-05', '2022-11', '2022-11-05', '2022']
    >>> date_of("2022年1月至2024年12月")
    Date(text='2022-01', end='2024-12', reason=None, note=None)
    >>> date_of("25/11/2022").text, date_of("11/2022").text, date_of("05/11/2022").reason
    ('2022-11-25', '2022-11', 'two ways')
    >>> date_of("2022.1", is_number=True).reason, date_of("Nov-22").reason, date_of("44870").reason
    ('number', 'two digits', 'no date')
    """
    plain = _arabic(clean(text).replace("\n", " ").strip(" 。."))
    plain = _REPUBLIC.sub(lambda match: f"{int(match[1]) + 1911}年", plain)
    if is_number and not re.fullmatch(r"\d+", plain):
        return Date(reason="number")
    whole = _date(plain)
    if whole is not None:
        return whole
    if is_number:
        return Date(reason="no date")
    ends = _range(plain)
    if ends is not None:
        return ends
    if _NO_YEAR.fullmatch(plain.casefold()):
        return Date(reason="two digits")
    if (match := _TWO_WAYS.fullmatch(plain)) is not None:
        return _of_two_ways(int(match[1]), int(match[2]), int(match[3]))
    if (remark := _REMARK.search(plain)) is not None and (whole := _date(plain[: remark.start()])) is not None:
        return whole if whole.text is None else Date(whole.text, note="remark")
    return _vague(plain) or Date(reason="no date")


def _date(plain: str) -> Date | None:
    """Return a date that is written in full: a year, a month or a day."""
    bare = re.sub(r"(?<=[\d年月日])\s+(?=[\d年月日])", "", plain)
    with_time = _WITH_TIME.fullmatch(plain)
    match = _TEXT.fullmatch(with_time[1] if with_time else bare.removesuffix("份"))
    parts = list(match.groups()) if match else None
    if parts is None and (match := _DIGITS.fullmatch(bare)):
        parts = list(match.groups())
    if parts is None and (match := _DAY_FIRST.fullmatch(bare)):
        parts = [match[3], match[2], match[1]]
    if parts is None and (match := _MONTH_FIRST.fullmatch(bare)):
        parts = [match[2], match[1]]
    if parts is None and (match := _NAMED_MONTH.fullmatch(plain.casefold())):
        month = _months().get(match[2])
        parts = [match[4], str(month), match[1] or match[3]] if month else None
    return None if parts is None else _checked([int(part) for part in parts if part is not None])


def _of_two_ways(one: int, other: int, year: int) -> Date:
    """Return the day of 25/11/2022 or 11/25/2022; 05/11/2022 may be in May or in November."""
    if one <= _MONTHS and other <= _MONTHS and one != other:
        return Date(reason="two ways")
    return _checked([year, *((other, one) if one > _MONTHS else (one, other))]) or Date(reason="no date")


def _checked(parts: list[int]) -> Date | None:
    if not _EARLIEST <= parts[0] <= _LATEST:
        return None
    try:
        date(*[*parts, 1, 1][:3])
    except ValueError:
        return Date(reason="no such day")
    return Date("-".join([f"{parts[0]:04d}", *(f"{part:02d}" for part in parts[1:])]))


def _range(plain: str) -> Date | None:
    """Return the two ends of a range; the second may leave out its year, or be open."""
    words = spellings()["dates"]
    separators = "|".join(re.escape(word) for word in sorted(words["ranges"], key=len, reverse=True))
    for match in re.finditer(separators, plain, re.IGNORECASE):
        first = _date(plain[: match.start()].strip(" 自从"))
        end = plain[match.end() :].strip(" 止")
        if first is None or first.text is None:
            continue
        if end.casefold() in words["present"] or not end:
            return Date(first.text, "", note="open end")
        last = _date(end) if re.match(r"\d{4}", end) else _date(f"{first.text[:4]}年{end}")
        if last is not None and last.text is not None and first.text[: len(last.text)] <= last.text:
            return Date(first.text, last.text)
    return None


def _vague(plain: str) -> Date | None:
    """Return the year or month of a text that says a part of it, such as its end or a quarter."""
    shorter = re.sub(r"^(自|从|于|在|since|from)\s*", "", plain)
    if shorter != plain:
        return _date(shorter) or _vague(shorter)
    for word in spellings()["dates"]["after"]:
        if plain.endswith(word) and (date_before := _date(plain.removesuffix(word))) is not None:
            return date_before
    quarter = re.fullmatch(r"(Q[1-4])\s*[-/]?\s*(\d{4})", plain, re.IGNORECASE)
    return _part_of_a_month(plain) or _part_of_a_year(plain) or (Date(quarter[2], note="year") if quarter else None)


def _part_of_a_month(plain: str) -> Date | None:
    words, match = spellings()["dates"], _MONTH_AND_MORE.fullmatch(plain)
    month = _checked([int(match[1]), int(match[2])]) if match is not None else None
    if match is None or month is None or month.text is None:
        return None
    rest = match[3].strip(" ，,")
    if rest in words["month only"]:
        return Date(month.text, note="month")
    return month if rest in words["after"] else None


def _part_of_a_year(plain: str) -> Date | None:
    words, match = spellings()["dates"], _YEAR_AND_MORE.fullmatch(plain)
    year = _checked([int(match[1])]) if match is not None else None
    if match is None or year is None:
        return None
    rest = match[2].strip(" ，,-")
    if rest in words["year only"] or rest.upper() in words["year only"]:
        return Date(year.text, note="year")
    return year if rest in {"度", "年度"} else None


@cache
def _months() -> dict[str, int]:
    return {
        word: number for number, words in enumerate(spellings()["dates"]["months"], start=1) for word in words.split()
    }


def _arabic(text: str) -> str:
    """Write the Chinese numerals of a date as digits.

    >>> _arabic("二〇二二年十一月二十五日"), _arabic("二O一二年四月")
    ('2022年11月25日', '2012年4月')
    """
    groups = spellings()["dates"]["digits"]
    digits = {character: str(number) for number, group in enumerate(groups) for character in group}
    if re.match(r"[〇零○一二三四五六七八九][〇零○ＯO0一二三四五六七八九]{3}", text):
        text = "".join(digits.get(character, character) for character in text[:4]) + text[4:]
    return re.sub("[一二三四五六七八九十廿]+(?=[月日])", lambda match: str(number_of(match[0])), text)


@lru_cache(maxsize=10_000)
def number_of(text: str) -> int | None:
    """Return a whole number in digits or Chinese numerals.

    >>> number_of("十二"), number_of("二十"), number_of("一百零五"), number_of("36"), number_of("几")
    (12, 20, 105, 36, None)
    """
    if text.isascii() and text.isdigit():
        return int(text)
    numerals = spellings()["numerals"]
    total, digit = 0, 0
    for character in text:
        value = numerals.get(character)
        if value is None:
            return None
        if value < 10:
            digit = value
        elif value == 20:
            total, digit = total + 20, 0
        else:
            total, digit = total + (digit or 1) * value, 0
    return total + digit
