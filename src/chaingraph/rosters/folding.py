"""Texts of rosters in a form in which they can be compared: headings, words of code lists, and names.

The words themselves are data: ``ontology/headings.json`` and ``ontology/spellings.json``, which only this room reads.
"""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from chaingraph.resources import ontology_file

if TYPE_CHECKING:
    from collections.abc import Mapping

HAN = "[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff〇○]"
"""A Chinese character, or one of the two circles that stand for zero."""
_HAN = re.compile(HAN)
_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufff9-\ufffb]"
)
_SPACE = re.compile("[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_WORD = re.compile(r"[^\W_]+")
_HAN_ALONE = re.compile("[\u4e00-\u9fff]+")
"""A text of the commonest Chinese characters alone is clean, and a name, as it is."""
_LONG = re.compile("[\u4e00-\u9fff]{6}")
"""No word for nothing, or for the same again, has so many Chinese characters in a row."""
_UNCLEAN = re.compile(
    "[\u0000-\u001f\u007f\u00a0\u00ad\u1680\u2000-\u200f\u202a-\u202f\u205f-\u2064\u3000\ufeff\ufff9-\ufffb"
    r"\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff06]|^\s|\s\s|\s$"
)
"""One of these is in each text that `clean` changes, but for a character in a form that is not normal."""
_CAMEL = re.compile("(?<=[a-z])(?=[A-Z])")
_WIDE = {
    code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B), 0xFF06)
}
_DOTS = str.maketrans("•・‧∙⋅●", "······")
_NARROW = str.maketrans("（）【】［］", "()[][]")
_BRACKET_AFTER_HAN = str.maketrans("()", "（）")
_BETWEEN_HAN = re.compile(f"(?<={HAN}|[（）]) +(?=[{HAN[1:-1]}（）])|(?<=[（）]) +| +(?=[（）])")
_ENDS = " 　,，、;；。:：|"


@cache
def headings_data() -> Mapping[str, Any]:
    """Return what ``ontology/headings.json`` holds: the titles that offices use for columns."""
    data: Mapping[str, Any] = json.loads(ontology_file("headings.json").read_text(encoding="utf-8"))
    return data


@cache
def spellings() -> Mapping[str, Any]:
    """Return what ``ontology/spellings.json`` holds: how offices write what a cell holds."""
    data: Mapping[str, Any] = json.loads(ontology_file("spellings.json").read_text(encoding="utf-8"))
    return data


@cache
def _simplified() -> dict[int, str]:
    pairs = headings_data()["characters"]
    return {ord(pairs[at]): pairs[at + 1] for at in range(0, len(pairs), 2)}


@lru_cache(maxsize=50_000)
def fold(text: str) -> str:
    """Return a heading or a word as it is compared: without case, width, script, spaces, punctuation and spelling.

    >>> fold("成 員 單 位*"), fold("Organisation_Name"), fold("统一社会信用代码（必填）"), fold("—")
    ('成员单位', 'organizationname', '统一社会信用代码必填', '')
    """
    if _HAN_ALONE.fullmatch(text) and _simplified().keys().isdisjoint(map(ord, text)):
        return str(headings_data()["spelling"].get(text, text))
    if text.isascii() and text.isdecimal():
        return text
    narrow = _CAMEL.sub(" ", unicodedata.normalize("NFKC", text)).casefold().translate(_simplified())
    spelling = headings_data()["spelling"]
    return "".join(spelling.get(word, word) for word in _WORD.findall(_INVISIBLE.sub("", narrow)))


def has_han(text: str) -> bool:
    """Tell whether a text has a Chinese character."""
    return _HAN.search(text) is not None


@lru_cache(maxsize=5_000)
def clean(text: str) -> str:
    r"""Return a cell's text without what nobody sees: one form of each character and of spaces; lines stay lines.

    >>> clean(" ２０２２　年\u200b 11月 \r\n首批 ")
    '2022 年 11月\n首批'
    """
    if _UNCLEAN.search(text) is None and unicodedata.is_normalized("NFC", text):
        return text
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")))
    lines = (_SPACE.sub(" ", line).strip() for line in plain.translate(_WIDE).split("\n"))
    return "\n".join(line for line in lines if line)


@lru_cache(maxsize=50_000)
def name_of(text: str) -> str:
    """Return a name in the one form under which it is kept: width, brackets, spaces and dots folded.

    >>> name_of("东山机电(甲州) 有限公司"), name_of("甲州　大学，"), name_of("Acme  Ｇmb H (Berlin)")
    ('东山机电（甲州）有限公司', '甲州大学', 'Acme Gmb H (Berlin)')
    """
    if _HAN_ALONE.fullmatch(text):
        return text
    name = clean(text).translate(_DOTS)
    name = name.replace("\n", "" if has_han(name) else " ")
    if not has_han(name):
        return name.translate(_NARROW).strip(_ENDS)
    return _BETWEEN_HAN.sub("", name.translate(_BRACKET_AFTER_HAN)).strip(_ENDS + ".")


@cache
def folded_words(*path: str) -> frozenset[str]:
    """Return a list of words of ``spellings.json`` as they are compared.

    >>> "小计" in folded_words("totals")
    True
    """
    words: Any = spellings()
    for key in path:
        words = words[key]
    return frozenset(filter(None, map(fold, words)))


@lru_cache(maxsize=5_000)
def is_nothing(text: str) -> bool:
    """Tell whether a cell says that there is nothing: 无, —, N/A.

    >>> [is_nothing(text) for text in ("", " / ", "暂无", "n/a", "无锡市")]
    [True, True, True, True, False]
    """
    if _LONG.search(text) is not None:
        return False
    key = fold(text)
    return key == "" or key in folded_words("nothing")


@lru_cache(maxsize=5_000)
def is_ditto(text: str) -> bool:
    """Tell whether a cell says that it repeats the one above: 同上, 〃."""
    if _LONG.search(text) is not None:
        return False
    return text.strip() in spellings()["ditto"] or fold(text) in folded_words("ditto")
