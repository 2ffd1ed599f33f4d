"""The gazetteer: which region a name or a code stands for, and where that region is.

It has China's provinces, prefectures and county-level cities by the codes of GB/T 2260, and the NUTS regions with the
statistical regions of neighbouring countries by Eurostat's codes. The data are in ``ontology/geography/places.csv``;
``docs/licences.md`` names their sources.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from chaingraph.resources import ontology_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SUB_CODES = re.compile(r"([1-9]\d{5})(?:0{6})?")
"""A code of GB/T 2260, also as the statistical code of twelve digits of the same division."""


class Place(NamedTuple):
    """A region of the gazetteer.

    ``kind`` is ``province``, ``prefecture``, ``county`` (a county-level city) or ``nuts``; ``level`` counts from 0 (a
    country) to 3. ``parent`` is the code of the region above, empty for the highest. ``latitude`` and ``longitude``
    (degrees) are of the seat of the region (``point`` is ``seat``) or the middle of its parts (``middle``); None where
    the gazetteer knows the region and no place for it.
    """

    code: str
    kind: str
    level: int
    name_zh: str
    name_en: str
    aliases: tuple[str, ...]
    parent: str
    latitude: float | None
    longitude: float | None
    point: str

    @property
    def names(self) -> tuple[str, ...]:
        """Everything that the region is called."""
        return tuple(name for name in (self.name_zh, self.name_en, *self.aliases) if name)


class Gazetteer:
    """The regions by code and by name. A name stands for a region only if it is exactly that of one region."""

    def __init__(self, places: Iterable[Place]) -> None:
        self.places = {place.code: place for place in places}
        self._by_name: dict[str, set[str]] = defaultdict(set)
        parts: dict[str, list[str]] = defaultdict(list)
        for place in self.places.values():
            for name in place.names:
                self._by_name[_key(name)].add(place.code)
            if place.kind == "nuts" and place.parent and not place.code.endswith("Z"):
                parts[place.parent].append(place.code)
        self._undivided = {only: above for above, (only, *others) in parts.items() if not others}

    def __iter__(self) -> Iterator[Place]:
        """Go through all regions, in the order of the file."""
        return iter(self.places.values())

    def by_code(self, code: str) -> Place | None:
        """Return the region of a code, of GB/T 2260 (six digits, or twelve) or of NUTS.

        >>> [gazetteer().by_code(code).name_en for code in ("320500", "320500000000", "DE300")]
        ['Suzhou', 'Suzhou', 'Berlin']
        """
        match = _SUB_CODES.fullmatch(code)
        return self.places.get(match.group(1) if match else code)

    def region(self, names: Iterable[str], codes: Iterable[str] = (), within: Place | None = None) -> Place | None:
        """Return the one region that names and codes stand for; None where there is none, or more than one.

        A code decides. Of several names each that the gazetteer has must be one of the same region. Upper and lower
        case are alike. A name that is one of the NUTS codes is taken as such.

        Args:
            names: What the region is called, in any language.
            codes: Its codes.
            within: The region that it lies within: a namesake elsewhere is none.

        >>> places = gazetteer()
        >>> places.region(["苏州", "Suzhou"]).code, places.region(["Suzhou"])
        ('320500', None)
        >>> places.region(["Suzhou"], within=places.by_code("320000")).name_zh
        '苏州市'
        """
        texts = list(names)
        known = {place.code: place for code in (*codes, *texts) if (place := self.by_code(code.strip()))}
        if known:
            return next(iter(known.values())) if len(known) == 1 else None
        sets = [self._by_name[key] for key in map(_key, texts) if key in self._by_name]
        candidates = set.intersection(*sets) if sets else set()
        if within:
            candidates = {code for code in candidates if within.code in self._chain(code)}
        # Where a region has one part only, both are the same land: the region stands for both.
        candidates -= {code for code in candidates if self._undivided.get(code) in candidates}
        return self.places[candidates.pop()] if len(candidates) == 1 else None

    def above(self, place: Place) -> Iterator[Place]:
        """Go through the regions that a region lies within, from the nearest to the highest."""
        for code in self._chain(place.code)[1:]:
            yield self.places[code]

    def located(self, place: Place) -> Place | None:
        """Return the region itself if it has a place, else the nearest above that has one.

        >>> places = gazetteer()
        >>> places.by_code("AT126").latitude is None, places.located(places.by_code("AT126")).code
        (True, 'AT12')
        """
        return next((one for one in (place, *self.above(place)) if one.latitude is not None), None)

    def _chain(self, code: str) -> list[str]:
        chain = []
        while code:
            chain.append(code)
            code = self.places[code].parent
        return chain


@cache
def gazetteer() -> Gazetteer:
    """Return the gazetteer that comes with chaingraph; it is read once."""
    with ontology_file("geography/places.csv").open(encoding="utf-8", newline="") as file:
        return Gazetteer(_place(row) for row in csv.DictReader(file))


def _place(row: dict[str, str]) -> Place:
    latitude, longitude = (float(row[name]) if row[name] else None for name in ("latitude", "longitude"))
    aliases = tuple(filter(None, row["alias"].split(";")))
    return Place(
        row["code"],
        row["kind"],
        int(row["level"]),
        row["name_zh"],
        row["name_en"],
        aliases,
        row["parent"],
        latitude,
        longitude,
        row["point"],
    )


def _key(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).replace("’", "'").split()).casefold()
