"""Amounts and numbers as offices write them: 500万元, 0.5亿, ￥1,200, about 3 million EUR, 60%."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache

from chaingraph.rosters.dates import number_of
from chaingraph.rosters.folding import clean, fold, folded_words, spellings

_NUMBER = r"\d{1,3}(?:[,，' ]\d{3})+(?:\.\d+)?|\d+(?:[.．]\d+)?|\.\d+"
_HAN_NUMBER = re.compile(r"(?<![\d.零〇一二两三四五六七八九十百千])[零〇一二两三四五六七八九十百千]+(?=[万亿元])")
_CAPITALS = str.maketrans("壹贰貳叁參肆伍陆陸柒捌玖拾佰仟萬億圆圓", "一二二三三四五六六七八九十百千万亿元元")
"""The numerals of cheques, in which no stroke can be added."""
_UNIT = re.compile(r"[（(\[【]([^（）()\[\]【】]*)[)）\]】]")


@dataclass(frozen=True)
class Amount:
    """What a cell of amounts says; ``text`` is the number in full, and None where it cannot be read."""

    text: str | None = None
    currency: str | None = None
    qualifier: str | None = None


@dataclass(frozen=True)
class Unit:
    """The unit that a heading or a title gives: what its numbers are multiplied by, and a currency."""

    scale: int = 1
    currency: str | None = None


_NO_UNIT = Unit()


@lru_cache(maxsize=50_000)
def amount_of(text: str, unit: Unit = _NO_UNIT) -> Amount:
    """Return what a cell of amounts says.

    Args:
        text: The cell.
        unit: That of its heading, for cells that give none.

    >>> amount_of("500万元"), amount_of("0.5亿元").text, amount_of("￥1,200").text
    (Amount(text='5000000', currency='CNY', qualifier=None), '50000000', '1200')
    >>> amount_of("约500"), amount_of("五百").text
    (Amount(text='500', currency=None, qualifier='about'), None)
    >>> amount_of("三千二百万元").text, amount_of("人民币伍佰万元整").text, amount_of("5千万元").text
    ('32000000', '5000000', '50000000')
    >>> amount_of("3", Unit(10000, "CNY"))
    Amount(text='30000', currency='CNY', qualifier=None)
    """
    plain = re.sub("[()（）]", " ", clean(text).replace("\n", " ")).strip(" 。")
    plain, qualifier = _without_qualifier(plain.translate(_CAPITALS).removesuffix("整"))
    plain = _HAN_NUMBER.sub(lambda numeral: str(number_of(numeral[0])), plain)
    match = re.search(_NUMBER, plain)
    if match is None:
        return Amount()
    before, after = plain[: match.start()].strip(), plain[match.end() :].strip()
    scale, currency, rest = _scale_and_currency(before, after)
    more = re.sub(r"[余多+]", "", rest)
    if more != rest:
        rest, qualifier = more, qualifier or "more-than"
    if rest:
        return Amount()
    number = Decimal(re.sub("[,，' ]", "", match[0]).replace("．", "."))
    if scale is None:
        scale = unit.scale
    return Amount(_plain(number * scale), currency or unit.currency, qualifier)


def _scale_and_currency(before: str, after: str) -> tuple[int | None, str | None, str]:
    """Return the scale and the currency of the words around a number, and what of them is neither."""
    scale: int | None = None
    currency: str | None = None
    rest = ""
    for words in (before, after):
        while words:
            word = next((w for w in _units() if words.casefold().startswith(w.casefold())), None)
            if word is None:
                rest, words = rest + words[0], words[1:].lstrip()
                continue
            scales, currencies = spellings()["amounts"]["scales"], spellings()["amounts"]["currencies"]
            if word in scales and (scale is None or scale == 1):
                scale = scales[word]
            currency = currency or currencies.get(word) or ("CNY" if word.endswith("元") else None)
            words = words[len(word) :].lstrip()
    return scale, currency, rest


@cache
def _units() -> list[str]:
    amounts = spellings()["amounts"]
    return sorted({*amounts["scales"], *amounts["currencies"]}, key=len, reverse=True)


def _without_qualifier(plain: str) -> tuple[str, str | None]:
    low = plain.casefold()
    for word, qualifier in _qualifiers():
        if low.startswith(word) and len(plain) > len(word):
            return plain[len(word) :].strip(), qualifier
        if low.endswith(word) and len(plain) > len(word):
            return plain[: -len(word)].strip(), qualifier
    return plain, None


@cache
def _qualifiers() -> list[tuple[str, str]]:
    """Return the words that qualify an amount, those of a qualifier from the longest to the shortest."""
    words = spellings()["amounts"]["qualifiers"]
    return [(w, q) for q in words for w in sorted(words[q], key=len, reverse=True) if w not in {"余", "多"}]


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def unit_of(words: str) -> Unit | None:
    """Return the unit that a heading or a title gives, in brackets or after a colon; None where it gives none.

    >>> unit_of("总投资（万元）"), unit_of("单位：亿元"), unit_of("经费/万元"), unit_of("成员单位（家）")
    (Unit(scale=10000, currency='CNY'), Unit(scale=100000000, currency='CNY'), Unit(scale=10000, currency='CNY'), None)
    """
    plain = clean(words)
    candidates = [match[1] for match in _UNIT.finditer(plain)]
    candidates += [part for mark in (":", "：", "/", "，", ",") for part in plain.split(mark)[1:]]
    for candidate in candidates:
        scale, currency, rest = _scale_and_currency("", candidate.strip("）) "))
        if not rest and (scale is not None or currency is not None):
            return Unit(scale or 1, currency)
    return None


def share_of(text: str) -> str | None:
    """Return a share as a number from 0 to 1; per cent and per mille signs, and 成, divide.

    >>> share_of("60%"), share_of("0.35"), share_of("约六成"), share_of("45")
    ('0.6', '0.35', None, None)
    """
    plain = clean(text).replace("％", "%").replace(" ", "")
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([%‰]?)", plain)
    if match is None:
        return None
    try:
        share = Decimal(match[1]) / {"": 1, "%": 100, "‰": 1000}[match[2]]
    except InvalidOperation:
        return None
    return _plain(share) if share <= 1 else None


def whole_of(text: str) -> tuple[int, str | None] | None:
    """Return a whole number of things, with its qualifier: 12家, 20余个, 约十五.

    >>> whole_of("12家"), whole_of("20余个"), whole_of("约15"), whole_of("3.5")
    ((12, None), (20, 'more-than'), (15, 'about'), None)
    """
    plain, qualifier = _without_qualifier(clean(text).replace(",", "").strip(" 。"))
    match = re.fullmatch(r"(\d+|[零〇一二两三四五六七八九十百千]+)(?:\.0+)?\s*([余多]?)\s*(\w{0,4})", plain)
    if match is None or (value := number_of(match[1])) is None:
        return None
    if match[3] and not fold(match[3]).startswith(tuple(folded_words("names", "counters"))):
        return None
    return value, "more-than" if match[2] else qualifier
