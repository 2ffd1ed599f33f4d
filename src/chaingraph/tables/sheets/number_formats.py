"""Number formats of spreadsheets (ECMA-376, part 1, 18.8.30 and 18.8.31): whether a number is a date, and how it shows.

Only what shows the whole of a number is rendered: padding, literal text, grouping, per cent. For anything else, and
where rounding would hide digits, there is no text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache

BUILT_IN = {
    0: "General",
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "yyyy-mm-dd",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "yyyy-mm-dd h:mm",
    # What East Asian versions have under these numbers differs by language in its words alone.
    **dict.fromkeys((27, 36, 50, 52, 57), 'yyyy"年"m"月"'),
    **dict.fromkeys((28, 29, 51, 53, 54, 58), 'm"月"d"日"'),
    30: "m-d-yy",
    31: 'yyyy"年"m"月"d"日"',
    **dict.fromkeys((32, 34, 55), 'h"时"mm"分"'),
    **dict.fromkeys((33, 35, 56), 'h"时"mm"分"ss"秒"'),
    37: "#,##0 ;(#,##0)",
    38: "#,##0 ;(#,##0)",
    39: "#,##0.00;(#,##0.00)",
    40: "#,##0.00;(#,##0.00)",
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mmss.0",
    48: "##0.0E+0",
    49: "@",
}
"""The formats that a workbook may name by number without defining them."""

_LONGEST = 255
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_(?P<space>.)|\*(?P<fill>.)|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>General)|(?P<noon>AM/PM|A/P|上午/下午)|(?P<letters>(?P<letter>[A-Za-z])(?P=letter)*)|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_CURRENCY = re.compile(r"\$([^-]*)(?:-[0-9A-Fa-f]+)?")
_COLOUR = re.compile(
    r"black|blue|cyan|green|magenta|red|white|yellow|color ?\d+|[黑蓝绿红白黄]色?|青色?|洋红", re.IGNORECASE
)
_ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)
_FIRST_DAY = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}
_LAST_SERIAL = 2_958_466
_MILLISECONDS = 86_400_000


@dataclass(frozen=True)
class DateFormat:
    """What a date format shows of a date; one with none of them shows a time of day alone."""

    year: bool
    month: bool
    day: bool


@dataclass(frozen=True)
class _Token:
    """A piece of a format: a literal text, or a symbol that stands for something."""

    text: str
    is_literal: bool


def _sections(code: str) -> list[list[_Token]] | None:
    """Return the sections of a format; None where it has a condition or another thing that is not supported."""
    sections: list[list[_Token]] = [[]]
    for match in _TOKEN.finditer(code[:_LONGEST]):
        kind = str(match.lastgroup)
        text = match[0]
        if kind in {"quoted", "escaped"}:
            sections[-1].append(_Token(match[kind], is_literal=True))
        elif kind == "space":
            sections[-1].append(_Token(" ", is_literal=True))
        elif kind == "bracket":
            currency = _CURRENCY.fullmatch(match[kind])
            if currency is not None:
                sections[-1].append(_Token(currency[1], is_literal=True))
            elif _ELAPSED.fullmatch(match[kind]):
                sections[-1].append(_Token(match[kind].lower(), is_literal=False))
            elif _COLOUR.fullmatch(match[kind]) is None:
                return None
        elif text == ";":
            sections.append([])
        elif kind != "fill":
            sections[-1].append(_Token(text, is_literal=False))
    return sections


@lru_cache(4096)
def date_format(code: str) -> DateFormat | None:
    """Return what a format shows of a date; None if it is none of dates or times.

    >>> date_format('yyyy"年"m"月"'), date_format("0.00E+00"), date_format("h:mm")
    (DateFormat(year=True, month=True, day=False), None, DateFormat(year=False, month=False, day=False))
    """
    if code.casefold() == "general":
        return None
    units: list[str] = []
    noon = False
    for match in _TOKEN.finditer(code[:_LONGEST]):
        if match[0] == ";":
            break
        if match["general"] or (match["other"] in {"0", "#", "?", "@"} and not units):
            return None
        noon = noon or match["noon"] is not None
        if match["letters"]:
            units.append(match["letter"].lower())
        elif match["bracket"] is not None and _ELAPSED.fullmatch(match["bracket"]):
            units.append(match["bracket"][0].lower())
    if not noon and not set(units) & set("ymdhse"):
        return None
    months = [
        unit == "m" and units[place - 1 : place] != ["h"] and units[place + 1 : place + 2] != ["s"]
        for place, unit in enumerate(units)
    ]
    return DateFormat("y" in units or "e" in units, any(months), "d" in units)


def date_text(number: str, *, is_1904: bool) -> str | None:
    """Return the day, or the time, of a serial number; None if no spreadsheet has a date for it.

    Two numbers have days that never were, which spreadsheets show all the same: 0 and 60 of the years from 1900 on.

    >>> [date_text(number, is_1904=False) for number in ("44470", "1", "44470.75", "0.5", "60", "-1")]
    ['2021-10-01', '1900-01-01', '2021-10-01 18:00:00', '12:00:00', '1900-02-29', None]
    """
    serial = float(number)
    if not 0 <= serial < _LAST_SERIAL:
        return None
    if not is_1904 and (serial == 0 or 60 <= serial < 61):
        return "1900-01-00" if serial == 0 else "1900-02-29"
    days = serial + 1 if not is_1904 and serial < 60 else serial
    try:
        moment = _FIRST_DAY[is_1904] + timedelta(milliseconds=round(days * _MILLISECONDS))
    except OverflowError:
        return None
    if serial < 1 and not is_1904:
        return moment.time().isoformat("seconds")
    is_day = moment.time() == datetime.min.time()
    return moment.date().isoformat() if is_day else moment.isoformat(" ", "seconds")


@lru_cache(65_536)
def number_shown(number: str, code: str) -> str | None:
    """Return how a number shows in a format; None where that is not known, or does not show all of it.

    >>> number_shown("10100", "000000"), number_shown("0.6", "0%"), number_shown("1.1", "00.00")
    ('010100', '60%', '01.10')
    >>> number_shown("1.6", "0"), number_shown("5", "[>3]0")
    (None, None)
    """
    value = Decimal(number)
    sections = _sections(code)
    if sections is None or len(sections) > 4:
        return None
    if value < 0 and len(sections) > 1:
        section, value, sign = sections[1], -value, ""
    elif value == 0 and len(sections) > 2:
        section, sign = sections[2], ""
    else:
        section, sign = sections[0], "-" if value < 0 else ""
        value = abs(value)
    symbols = "".join(token.text for token in section if not token.is_literal)
    if symbols.casefold() in {"general", "@"}:
        body = "".join(token.text if token.is_literal else f"{value:f}" for token in section)
        return (sign + body).strip()
    if re.fullmatch(r"[-+ ()%]*[0#?,]*(?:\.[0#?]*)?[-+ ()%]*|", symbols.replace("-", "")) is None:
        return None
    shown = _digits_shown(value.scaleb(2 * symbols.count("%")), section)
    return None if shown is None else (sign + shown).strip()


def text_shown(text: str, code: str) -> str:
    """Return how a text shows in a format: the fourth section says it, or a section with ``@`` alone.

    >>> text_shown("甲", '@"公司"'), text_shown("甲", "0.00"), text_shown("甲", ';;;"无"')
    ('甲公司', '甲', '无')
    """
    sections = _sections(code) or [[]]
    symbols = [[token.text for token in section if not token.is_literal] for section in sections]
    if len(sections) == 4:
        section = sections[3]
    elif "@" in symbols[-1]:
        section = sections[-1]
    else:
        return text
    return "".join(token.text if token.is_literal else text if token.text == "@" else token.text for token in section)


def _digits_shown(value: Decimal, section: list[_Token]) -> str | None:
    """Return a number of no sign in the digit places of a section; None where it has more decimals than places."""
    places = [place for place, token in enumerate(section) if not token.is_literal and token.text[0] in "0#?"]
    if not places:
        # A section without places shows its words alone: of the number nothing can be seen.
        return None
    point = next((n for n, token in enumerate(section) if not token.is_literal and token.text == "."), len(section))
    whole, _, fraction = f"{value:f}".partition(".")
    fraction = fraction.rstrip("0")
    groups = any(not token.is_literal and token.text == "," for token in section[: places[-1]])
    if any(not token.is_literal and token.text == "," for token in section[places[-1] + 1 :]):
        return None  # a comma after the last place divides by a thousand
    before = [place for place in places if place < point]
    after = [place for place in places if place > point]
    if len(fraction) > len(after):
        return None
    # Between two noughts, every place shows a digit.
    zeros = [place for place in places if section[place].text == "0"]
    shown = {place: "0" if zeros and zeros[0] <= place <= zeros[-1] else "" for place in places}
    shown |= {place: "0" for place in before if zeros and place >= zeros[0]}
    digits = list(whole.lstrip("0"))
    for count, place in enumerate(reversed(before)):
        shown[place] = digits.pop() if digits else shown[place]
        if groups and count and count % 3 == 0 and shown[place]:
            shown[place] += ","
    if before:
        rest = "".join(digits)
        grouped = _grouped(rest, len(before)) if groups and rest else rest
        shown[before[0]] = grouped + shown[before[0]]
    elif digits:
        return None
    shown |= {place: "" for place in after if not zeros or place > zeros[-1]}
    shown |= dict(zip(after, fraction, strict=False))
    return "".join(
        shown.get(place, "" if not token.is_literal and token.text == "," else token.text)
        for place, token in enumerate(section)
    )


def _grouped(digits: str, below: int) -> str:
    """Return digits with a comma after each that has a multiple of three digits below it, ``below`` others included."""
    return "".join(
        digit + ("," if (below + len(digits) - 1 - place) % 3 == 0 else "") for place, digit in enumerate(digits)
    )
