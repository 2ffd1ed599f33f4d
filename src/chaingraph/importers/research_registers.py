"""Registers of research organizations: the dumps of ROR (schema 2) and of the institutions of OpenAlex."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chaingraph.importers.records import (
    Collected,
    Imported,
    Register,
    aliases,
    import_register,
    json_records,
    text,
    website,
)
from chaingraph.messages import lazy_tr

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_FAULTS = {
    "no-object": (lazy_tr("a record that is no JSON object"), "非JSON对象的记录"),
    "old-schema": (lazy_tr("a record of ROR's schema 1, which ended in 2025"), "ROR旧版（第1版）记录"),
    "without-name": (lazy_tr("a record without a name"), "记录缺名称"),
    "withdrawn": (lazy_tr("a record that the register has withdrawn"), "登记册已撤销的记录"),
    "unknown-parent": (lazy_tr("a parent that is not among the records"), "上级单位不在记录之列"),
}
ROR = Register(
    "ror",
    {"en": "Research Organization Registry", "zh": "研究机构登记册（ROR）"},
    "https://ror.org/",
    "ROR",
    "CC0-1.0",
    _FAULTS,
)
OPENALEX = Register(
    "openalex",
    {"en": "Institutions of OpenAlex", "zh": "OpenAlex机构"},
    "https://openalex.org/",
    "OurResearch",
    "CC0-1.0",
    _FAULTS,
)
_KINDS = {"education": "university", "company": "enterprise", "facility": "institute", "government": "government"}
_EXTERNAL = {"isni": "ISNI", "wikidata": "WIKIDATA", "grid": "GRID", "fundref": "FUNDREF"}
Parents = list[tuple[int, str, str]]


def import_ror(path: Path, folder: Path, *, name: str | None = None) -> Imported:
    """Write the dump of ROR, a zip or its JSON, as organizations with codes, names, regions and hierarchy.

    Raises:
        UnreadableError: The file cannot be read, or holds no organization.
        UsageError: The folder cannot be written.
    """
    return import_register(path, folder, ROR, _reader(_ror), name=name)


def import_openalex(path: Path, folder: Path, *, name: str | None = None) -> Imported:
    """Write institutions of OpenAlex, JSON lines as in its snapshot, as organizations; see :func:`import_ror`.

    Raises:
        UnreadableError: The file cannot be read, or holds no organization.
        UsageError: The folder cannot be written.
    """
    return import_register(path, folder, OPENALEX, _reader(_openalex), name=name)


def _reader(take: Callable[[int, dict[str, Any], Collected, Parents], None]) -> Callable[[Path, Collected], None]:
    def collect(path: Path, collected: Collected) -> None:
        parents: Parents = []
        for number, record in json_records(path, collected):
            take(number, record, collected, parents)
        organizations = collected.rows.get("organizations", {})
        for number, part, parent in parents:
            if part in organizations and parent in organizations:
                collected.add(
                    "hierarchy",
                    f"{part}\x1f{parent}",
                    organization=part,
                    parent=parent,
                    source=organizations[part]["source"],
                    record=part,
                )
            else:
                collected.fault("unknown-parent", number, part, parent)

    return collect


def _ror(number: int, record: dict[str, Any], collected: Collected, parents: Parents) -> None:
    identifier = (text(record.get("id")) or "").rpartition("/")[2] or f"record {number}"
    names = [one for one in _list(record.get("names")) if isinstance(one, dict) and text(one.get("value"))]
    if not names:
        collected.fault("old-schema" if text(record.get("name")) else "without-name", number, identifier)
        return
    if record.get("status") == "withdrawn":
        collected.fault("withdrawn", number, identifier)
        return
    best = next((one for one in names if "ror_display" in _list(one.get("types"))), names[0])
    by_language = {one.get("lang"): text(one["value"]) for one in names if "label" in _list(one.get("types"))}
    places = [one for one in _list(record.get("locations")) if isinstance(one, dict)]
    details = places[0].get("geonames_details") if places else None
    place = details if isinstance(details, dict) else {}
    links = [one for one in _list(record.get("links")) if isinstance(one, dict) and one.get("type") == "website"]
    codes = [f"ROR:{identifier}"]
    for one in _list(record.get("external_ids")):
        if isinstance(one, dict) and one.get("type") in _EXTERNAL:
            code = text(one.get("preferred")) or next(iter(map(text, _list(one.get("all")))), None)
            codes += [f"{_EXTERNAL[one['type']]}:{code}"] if code else []
    city = text(places[0].get("geonames_id")) if places else None
    collected.add(
        "organizations",
        identifier,
        id=identifier,
        name=text(best["value"]),
        name_zh=by_language.get("zh"),
        name_en=by_language.get("en"),
        alias=aliases([text(one["value"]) for one in names], text(best["value"]) or ""),
        kind=_kind(_list(record.get("types"))),
        region=_region(place, city, collected),
        code=";".join(codes),
        website=website(links[0].get("value")) if links else None,
        latitude=text(place.get("lat")),
        longitude=text(place.get("lng")),
        source=ROR.name,
        record=identifier,
    )
    for one in _list(record.get("relationships")):
        if isinstance(one, dict):
            other = (text(one.get("id")) or "").rpartition("/")[2]
            kind = str(one.get("type")).lower()
            parents += [(number, identifier, other)] if kind == "parent" else []
            parents += [(number, other, identifier)] if kind == "child" else []


def _openalex(number: int, record: dict[str, Any], collected: Collected, parents: Parents) -> None:
    identifier = (text(record.get("id")) or "").rpartition("/")[2] or f"record {number}"
    name = text(record.get("display_name"))
    if name is None:
        collected.fault("without-name", number, identifier)
        return
    international = record.get("international")
    names = international.get("display_name") if isinstance(international, dict) else None
    by_language = names if isinstance(names, dict) else {}
    others = [*_list(record.get("display_name_alternatives")), *_list(record.get("display_name_acronyms"))]
    geo = record.get("geo") if isinstance(record.get("geo"), dict) else {}
    assert isinstance(geo, dict)
    place = {
        "country_code": text(geo.get("country_code")) or text(record.get("country_code")),
        "country_name": geo.get("country"),
        "country_subdivision_name": geo.get("region"),
        "name": geo.get("city"),
    }
    ror = (text(record.get("ror")) or "").rpartition("/")[2]
    codes = [f"OPENALEX:{identifier}", *([f"ROR:{ror}"] if ror else [])]
    collected.add(
        "organizations",
        identifier,
        id=identifier,
        name=name,
        name_zh=text(by_language.get("zh-cn")) or text(by_language.get("zh")),
        name_en=text(by_language.get("en")),
        alias=aliases([text(one) for one in others], name),
        kind=_kind([record.get("type")]),
        region=_region(place, text(geo.get("geonames_city_id")), collected),
        code=";".join(codes),
        website=website(record.get("homepage_url")),
        latitude=text(geo.get("latitude")),
        longitude=text(geo.get("longitude")),
        source=OPENALEX.name,
        record=identifier,
    )
    for one in _list(record.get("associated_institutions")):
        if isinstance(one, dict) and one.get("relationship") == "parent":
            parents.append((number, identifier, (text(one.get("id")) or "").rpartition("/")[2]))


def _kind(types: list[Any]) -> str:
    kinds = [_KINDS[one.lower()] for one in types if isinstance(one, str) and one.lower() in _KINDS]
    return kinds[0] if kinds else "other"


def _region(place: dict[str, Any], city: str | None, collected: Collected) -> str | None:
    """Return the region of a place: its city, in its subdivision, in its country; each as far as it is named."""
    country = (text(place.get("country_code")) or "").upper() or None
    if country is None:
        return None
    collected.add(
        "regions", country, id=country, name=text(place.get("country_name")) or country, code=country, within=None
    )
    region = country
    subdivision = text(place.get("country_subdivision_name"))
    if subdivision:
        code = text(place.get("country_subdivision_code"))
        region = f"{country}-{code}" if code else f"{country}-{subdivision}"
        full_code = region if code else None
        collected.add("regions", region, id=region, name=subdivision, code=full_code, within=country)
    if city and text(place.get("name")):
        collected.add(
            "regions", f"geonames-{city}", id=f"geonames-{city}", name=text(place["name"]), code=None, within=region
        )
        region = f"geonames-{city}"
    return region


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
