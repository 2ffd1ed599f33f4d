"""The provinces, prefectures and county-level cities of China, with the seat of each as its place."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from pypinyin import lazy_pinyin

from geography.geonames import City, by_name, middle
from geography.row import Row

PROVINCES = {
    "110000": ("北京", "Beijing"),
    "120000": ("天津", "Tianjin"),
    "130000": ("河北", "Hebei"),
    "140000": ("山西", "Shanxi"),
    "150000": ("内蒙古", "Inner Mongolia"),
    "210000": ("辽宁", "Liaoning"),
    "220000": ("吉林", "Jilin"),
    "230000": ("黑龙江", "Heilongjiang"),
    "310000": ("上海", "Shanghai"),
    "320000": ("江苏", "Jiangsu"),
    "330000": ("浙江", "Zhejiang"),
    "340000": ("安徽", "Anhui"),
    "350000": ("福建", "Fujian"),
    "360000": ("江西", "Jiangxi"),
    "370000": ("山东", "Shandong"),
    "410000": ("河南", "Henan"),
    "420000": ("湖北", "Hubei"),
    "430000": ("湖南", "Hunan"),
    "440000": ("广东", "Guangdong"),
    "450000": ("广西", "Guangxi"),
    "460000": ("海南", "Hainan"),
    "500000": ("重庆", "Chongqing"),
    "510000": ("四川", "Sichuan"),
    "520000": ("贵州", "Guizhou"),
    "530000": ("云南", "Yunnan"),
    "540000": ("西藏", "Xizang"),
    "610000": ("陕西", "Shaanxi"),
    "620000": ("甘肃", "Gansu"),
    "630000": ("青海", "Qinghai"),
    "640000": ("宁夏", "Ningxia"),
    "650000": ("新疆", "Xinjiang"),
    "710000": ("台湾", "Taiwan"),
    "810000": ("香港", "Hong Kong"),
    "820000": ("澳门", "Macao"),
}
"""Short names of the 34 provincial divisions."""
_ENGLISH = {"540000": ["Tibet"], "150000": ["Nei Mongol"], "820000": ["Macau"], "810000": ["Hongkong"]}
_SEATS = {"710000": "台北", "810000": "香港", "820000": "澳门"}
_COUNTRIES = {"710000": "TW", "810000": "HK", "820000": "MO"}
_MUNICIPALITIES = ("110000", "120000", "310000", "500000")
_ENDINGS = ("地区", "盟", "市")
_PEOPLES = (
    *("土家族苗族", "藏族羌族", "布依族苗族", "苗族侗族", "哈尼族彝族", "壮族苗族", "傣族景颇族", "蒙古族藏族"),
    *("朝鲜族", "藏族", "彝族", "傣族", "白族", "傈僳族", "回族", "蒙古", "柯尔克孜", "哈萨克"),
)


def rows(packages: Path, seats_file: Path, places: Sequence[City]) -> list[Row]:
    """Return provinces, then prefectures, then county-level cities; one whose seat is not in GeoNames has no place."""
    divisions = json.loads((packages / "node_modules/china-area-data/data.json").read_text(encoding="utf-8"))
    with seats_file.open(encoding="utf-8", newline="") as file:
        by_hand = {row["code"]: row for row in csv.DictReader(file)}
    chinese = by_name(_with_provinces([place for place in places if place.country == "CN"]))
    prefectures = [
        _prefecture(code, name, province, by_hand.get(code, {}), chinese)
        for province in PROVINCES
        for code, name in divisions.get(province, {}).items()
        if province not in _COUNTRIES and not code.endswith("9000") and name not in ("市辖区", "县")
    ]
    counties = list(_counties(divisions, chinese))
    provinces = [_province(code, divisions["86"][code], prefectures, places) for code in PROVINCES]
    return [*provinces, *prefectures, *counties]


def _province(code: str, name: str, prefectures: Sequence[Row], places: Sequence[City]) -> Row:
    short, english = PROVINCES[code]
    parts = [row.place for row in prefectures if row.parent == code and row.place]
    aliases = [short] if short != name else []
    aliases += _ENGLISH.get(code, [])
    if parts:
        return Row(code, "province", 1, name, english, tuple(aliases), "", middle(parts), "middle")
    seat, country = _SEATS.get(code, short), _COUNTRIES.get(code, "CN")
    namesakes = [place for place in places if place.country == country and seat in place.names]
    chief = max(namesakes, key=lambda place: place.population)
    return Row(code, "province", 1, name, english, tuple(aliases), "", chief.place, "seat")


def _prefecture(code: str, name: str, province: str, by_hand: dict[str, str], chinese: dict[str, list[City]]) -> Row:
    short = _short(name)
    seat = by_hand.get("seat") or short
    city = _city(seat, code, chinese, "" if by_hand.get("seat") else "市")
    english = by_hand.get("name_en") or (city.name if city else "")
    if name.endswith("自治州"):
        aliases = [f"{short}州"] if short in {names[0] for names in PROVINCES.values()} else [f"{short}州", short]
    else:
        aliases = [short] if short != name else []
    return Row(
        code, "prefecture", 2, name, _plain(english), tuple(aliases), province, city.place if city else None, "seat"
    )


def _counties(divisions: dict[str, dict[str, str]], chinese: dict[str, list[City]]) -> Iterator[Row]:
    """County-level cities with a place: those without one would add names and nothing else."""
    for prefecture, parts in divisions.items():
        province = f"{prefecture[:2]}0000"
        if province not in PROVINCES or prefecture in PROVINCES or province in _COUNTRIES:
            continue
        parent = province if prefecture.endswith("9000") else prefecture
        for code, name in parts.items():
            city = _city(name[:-1], code, chinese) if name.endswith("市") else None
            if city:
                aliases = (name[:-1],) if len(name) > 2 else ()
                yield Row(code, "county", 3, name, _spelling(name, city), aliases, parent, city.place, "seat")


def _city(name: str, code: str, chinese: dict[str, list[City]], ending: str = "市") -> City | None:
    """The most populous place of that name in the prefecture, else the only one of that ending in the province."""
    namesakes = {place.number: place for text in (name, f"{name}市") for place in chinese.get(text, [])}
    within = [place for place in namesakes.values() if place.second == code[:4]]
    if within:
        return max(within, key=lambda place: (f"{name}市" in place.names, place.population))
    within = [
        place for place in namesakes.values() if place.second[:2] == code[:2] and f"{name}{ending}" in place.names
    ]
    return within[0] if len(within) == 1 else None


def _spelling(name: str, city: City) -> str:
    """The name in Latin letters, where GeoNames has it; the place may be called by the town that is the seat."""
    short = name[:-1] if len(name) > 2 else name
    plain = "".join(lazy_pinyin(short))
    spellings = [text for text in city.names if re.sub("[^a-zü]", "", text.casefold().replace("’", "")) == plain]
    exact = [text for text in spellings if text[0].isupper() and " " not in text]
    return _plain(min(exact, key=lambda text: (len(text), text))) if exact else ""


def _with_provinces(places: Sequence[City]) -> Iterator[City]:
    """Places; one of which GeoNames has the province only gets the first two digits of the official code of that."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for place in places:
        if place.second:
            counts[place.first][place.second[:2]] += 1
    for place in places:
        digits = counts[place.first].most_common(1)
        yield replace(place, second=digits[0][0]) if digits and not place.second else place


def _short(name: str) -> str:
    if name.endswith("自治州"):
        name = name.removesuffix("自治州")
        people = next((text for text in sorted(_PEOPLES, key=len, reverse=True) if name.endswith(text)), "")
        return name.removesuffix(people)
    ending = next((text for text in _ENDINGS if name.endswith(text)), "")
    return name.removesuffix(ending)


def _plain(name: str) -> str:
    return name.replace("’", "'").removesuffix(" Shi")
