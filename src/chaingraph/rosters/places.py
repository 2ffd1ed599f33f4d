"""Names of regions as offices write them: a place, or a line of places from the largest to the smallest."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from chaingraph.rosters.folding import has_han, name_of, spellings

if TYPE_CHECKING:
    from collections.abc import Mapping

_SEPARATORS = re.compile(r"\s*[-－—/／>＞·|｜]\s*|\s+")
_SEVERAL = re.compile(r"[、，；;\n]|,(?=\S)")


@cache
def provinces() -> Mapping[str, str]:
    """Return the short name of each province of China by its short and its full name."""
    full = {f"{short}{suffix}": short for short, suffix in spellings()["provinces"].items()}
    return full | {short: short for short in spellings()["provinces"]}


@cache
def province_of_city() -> Mapping[str, str]:
    """Return the short name of the province of each of its cities, by the city's name without 市, 州 or 盟."""
    return {city: province for province, cities in spellings()["cities"].items() for city in cities.split()}


def short_place(name: str) -> str:
    """Return a place without the word for what it is, as places are compared: 江苏省, 苏州市.

    >>> [short_place(place) for place in ("江苏省", "苏州市", "宁夏回族自治区", "沧州", "沙市")]
    ['江苏', '苏州', '宁夏', '沧州', '沙市']
    """
    if name in provinces():
        return provinces()[name]
    for suffix in spellings()["region suffixes"]:
        rest = name.removesuffix(suffix)
        if rest != name and len(rest) > 1 and (suffix not in "州盟" or name in province_of_city()):
            return str(rest)
    return name


@lru_cache(maxsize=50_000)
def is_place(text: str) -> bool:
    """Tell whether a text is the name of a region and nothing else, as far as its words or the list of cities tell.

    >>> is_place("江苏"), is_place("苏州"), is_place("密云区"), is_place("华为"), is_place("高新区")
    (True, True, True, False, False)
    """
    name = name_of(text)
    if name in provinces() or short_place(name) in province_of_city():
        return True
    return len(name) > 2 and name[-1] in "省市县区州盟旗" and not name.endswith(tuple(spellings()["names"]["clusters"]))


@lru_cache(maxsize=50_000)
def line_of(text: str) -> tuple[str, ...] | None:
    """Return the places of a cell from the largest to the smallest; None where it names several side by side.

    >>> line_of("江苏省苏州市"), line_of("辽宁大连"), line_of("江苏-苏州"), line_of("甲州市")
    (('江苏省', '苏州市'), ('辽宁', '大连'), ('江苏', '苏州'), ('甲州市',))
    >>> line_of("北京市"), line_of("北京市海淀区"), line_of("Berlin"), line_of("苏州市、无锡市")
    (('北京市',), ('北京市', '海淀区'), ('Berlin',), None)
    """
    name = name_of(text)
    if not has_han(name):
        return None if ";" in name or "\n" in text.strip() else (name,)
    if _SEVERAL.search(name) or (("\n" in text.strip()) and not _is_line(text.split())):
        return None
    parts = [part for part in _SEPARATORS.split(name) if part]
    line: list[str] = []
    for part in parts:
        line += _of_one_text(part)
    return tuple(dict.fromkeys(line))


def _is_line(parts: list[str]) -> bool:
    return name_of(parts[0]) in provinces()


def _of_one_text(name: str) -> list[str]:
    """Cut a place that begins with a province, and after it with a city, into them."""
    province = max((one for one in provinces() if name.startswith(one)), key=len, default="")
    rest = name[len(province) :]
    if not province or len(rest) < 2:
        return [name]
    if rest[0] in "省市" or (
        short_place(rest) == rest and rest not in province_of_city() and rest[-1] not in "市县区州盟旗镇乡"
    ):
        return [name]
    match = re.match(r"(.{2,7}?(?:市|自治州|州|盟|地区))(.{2,}[县区市旗镇乡街道园])$", rest)
    if match and match[1] != rest and (short_place(match[1]) in province_of_city() or match[1].endswith("市")):
        return [province, match[1], match[2]]
    return [province, rest]
