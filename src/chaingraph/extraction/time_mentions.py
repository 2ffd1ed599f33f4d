"""Dates and amounts of money in a passage, in both languages; a day that the text does not say is never made up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from chaingraph.extraction.documents import MONTHS
from chaingraph.extraction.mentions import Mention, mention
from chaingraph.rosters.amounts import amount_of
from chaingraph.rosters.dates import date_of, number_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_HAN = re.compile(
    r"民国(?P<republic>\d{1,3}|[元〇零○一二三四五六七八九十百]{1,5})年(?:度)?"
    r"(?:(?P<republic_month>\d{1,2}|[一二三四五六七八九十]{1,2})月(?:(?P<republic_day>\d{1,2}|[一二三四五六七八九十]{1,3})日)?)?"
    r"|(?P<year>\d{4})年(?:度(?!.{0,3}第))?(?:(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})日)?)?"
    r"|(?P<dotted>(?<![\d.])(?:19|20)\d{2}[.\-/]\d{1,2}(?:[.\-/]\d{1,2})?(?![\d.]))"
    r"|(?P<words>[〇零○一二三四五六七八九]{4}年[一二三四五六七八九十]{1,3}月(?:[一二三四五六七八九十]{1,3}日)?)"
    r"|(?P<relative>今年|去年|前年|明年|同年|当年)(?:(?P<relative_month>\d{1,2})月)?(?:(?P<relative_day>\d{1,2})日)?"
    r"|(?P<bare_month>\d{1,2})月(?:(?P<bare_day>\d{1,2})日)?(?!电)"
    r"|(?P<near>昨日|昨天|今日|今天|日前的|当天|当日|同日)"
)
_MONTH_NAMES = "|".join(MONTHS)
_ENGLISH = re.compile(
    rf"\b(?:(?P<day>\d{{1,2}})\s+)?(?P<month>{_MONTH_NAMES})(?:\s+(?P<day2>\d{{1,2}}))?(?:,?\s+(?P<year>\d{{4}}))?\b"
    r"|(?<![\d.])(?P<year_only>(?:19|20)\d{2})(?![\d.,]\d|\d)|\b(?P<iso>\d{4}-\d{2}-\d{2})\b",
    re.IGNORECASE,
)
_HAN_MONEY = re.compile(
    r"(?:人民币|新[台臺]币|港币|美金)?\d[\d,，]*(?:\.\d+)?(?:百|千)?(?:万|亿)?(?:美元|欧元|英镑|日元|港元|元人民币|元)"
)
_DIGIT_GROUPS = r"(?<![\d.,])(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_ENGLISH_MONEY = re.compile(
    rf"(?:(?:EUR|USD|GBP|CNY|RMB|CHF|SEK|NOK|DKK|PLN|JPY|TWD|HKD|(?:NT|US|HK)\$|[€$£¥])\s?{_DIGIT_GROUPS}\s?(?:million|billion|thousand|bn|mn|m|k)?\b"
    rf"|{_DIGIT_GROUPS}\s?(?:million|billion|thousand)?\s?(?:euros?|yuan|RMB|pounds|dollars|EUR|USD|GBP|CHF|SEK|NOK|DKK|PLN)\b)",
    re.IGNORECASE,
)
_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_FIRST_OF_REPUBLIC = 1912
"""The year that is the first of the calendar of the Republic of China."""
_RANGE = re.compile(r"\s*(?:—+|–|-|至|到|～|~|to|until)\s*")


@dataclass
class Clock:
    """What dates without a year count from: the day of publication, and the last date that was named."""

    published: str | None
    last: str | None = None

    def year(self, shift: int = 0) -> int | None:
        """Return the year of publication, or one before or after it."""
        return int(self.published[:4]) + shift if self.published else None


def dates(text: str, clock: Clock, *, language: str) -> list[Mention]:
    """Return the dates of a passage; the name of each is the date in ISO form, a year, a month or a day."""
    mentions = []
    for match in (_HAN if language == "zh" else _ENGLISH).finditer(text):
        value = _han_date(match, clock) if language == "zh" else _english_date(match, clock)
        if value is not None:
            mentions.append(mention("date", match.start(), match.end(), value))
            clock.last = value
    return mentions


def _han_date(match: re.Match[str], clock: Clock) -> str | None:
    part = match.groupdict()
    if part["republic"]:
        number = 1 if part["republic"] == "元" else _whole(part["republic"])
        month, day = (
            str(_whole(part[f"republic_{one}"])) if part[f"republic_{one}"] else None for one in ("month", "day")
        )
        return _joined(_FIRST_OF_REPUBLIC + number - 1, month, day) if number else None
    if part["year"]:
        return _joined(int(part["year"]), part["month"], part["day"])
    if part["dotted"] or part["words"]:
        return date_of(match[0]).text
    if part["relative"]:
        shift = {"去年": -1, "前年": -2, "明年": 1}.get(part["relative"], 0)
        year = clock.year(shift)
        if part["relative"] in ("同年", "当年"):
            year = int(clock.last[:4]) if clock.last else None
        return None if year is None else _joined(year, part["relative_month"], part["relative_day"])
    if part["bare_month"]:
        year = clock.year()
        return None if year is None else _joined(year, part["bare_month"], part["bare_day"])
    if part["near"] in ("当天", "当日", "同日"):
        return clock.last
    if clock.published is None:
        return None
    return (date.fromisoformat(clock.published) - timedelta(days=part["near"] in ("昨日", "昨天"))).isoformat()


def _whole(text: str) -> int:
    """Return a number in digits or in Chinese words, 0 where it is none.

    >>> _whole("110"), _whole("一百一十"), _whole("一一〇"), _whole("十八")
    (110, 110, 110, 18)
    """
    digits = text.translate(_DIGITS)
    return int(digits) if digits.isdecimal() and len(digits) > 1 else int(number_of(text) or 0)


def _english_date(match: re.Match[str], clock: Clock) -> str | None:
    part = match.groupdict()
    if part["year_only"] or part["iso"]:
        return match[0]
    if part["month"] == "may" or (part["month"][0].islower()):
        return None
    year = int(part["year"]) if part["year"] else clock.year()
    if year is None or (part["month"] == "May" and not (part["year"] or part["day"] or part["day2"])):
        return None
    return _joined(year, str(MONTHS.index(part["month"].casefold()) + 1), part["day"] or part["day2"])


def _joined(year: int, month: str | None, day: str | None) -> str | None:
    if not 1900 < year < 2200 or (month and not 0 < int(month) < 13) or (day and not 0 < int(day) < 32):
        return None
    return f"{year:04}" + (f"-{int(month):02}" if month else "") + (f"-{int(day):02}" if month and day else "")


def amounts(text: str, *, language: str) -> Iterator[Mention]:
    """Yield the amounts of money of a passage; the name is the number in full, the code its currency."""
    for match in (_HAN_MONEY if language == "zh" else _ENGLISH_MONEY).finditer(text):
        amount = amount_of(match[0].replace("，", ","))
        if amount.text is not None:
            yield mention("money", match.start(), match.end(), amount.text, amount.currency)


def period(text: str, mentions: list[Mention]) -> tuple[str | None, str | None]:
    """Return the two ends of the first period that two dates of a text make, or nothing."""
    for left, right in pairwise(mentions):
        if _RANGE.fullmatch(text[left.end : right.start]):
            return left.name, right.name
    return None, None
