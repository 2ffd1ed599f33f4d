"""Facilities of Open Supply Hub: production sites with their places and the companies above them."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from chaingraph.importers.records import Collected, Imported, Register, csv_records, import_register, text
from chaingraph.messages import lazy_tr
from chaingraph.tables.references import identifier as name_identifier

if TYPE_CHECKING:
    from pathlib import Path

_FAULTS = {
    "cells": (lazy_tr("a row with too many or too few cells"), "单元格数目不符的行"),
    "without-name": (lazy_tr("a facility without a number or a name"), "缺编号或名称的设施"),
    "coordinates": (lazy_tr("coordinates that are none"), "不成立的坐标"),
    "closed": (lazy_tr("a facility that is closed"), "已关闭的设施"),
    "repeated": (lazy_tr("the same facility again"), "重复的设施"),
}
REGISTER = Register(
    "open-supply-hub",
    {"en": "Facilities of Open Supply Hub", "zh": "Open Supply Hub设施"},
    "https://opensupplyhub.org/",
    "Open Supply Hub",
    "CC-BY-SA-4.0",
    _FAULTS,
)
_CLOSED = {"true", "closed", "yes", "1"}


def import_facilities(path: Path, folder: Path, *, name: str | None = None) -> Imported:
    """Write a download of Open Supply Hub (CSV) as organizations, their sites, and the companies above them.

    A facility is an organization with one site, a plant; of several parent companies (separated by ``|``) each is one
    organization by its name.

    Raises:
        UnreadableError: The file cannot be read, or lacks ``os_id``, ``name``, ``address`` or ``country_code``.
        UsageError: The folder cannot be written.
    """
    return import_register(path, folder, REGISTER, _collect, name=name)


def _collect(path: Path, collected: Collected) -> None:
    for number, record in csv_records(path, ("os_id", "name", "address", "country_code"), collected):
        identifier, name = text(record["os_id"]), text(record["name"])
        if identifier is None or name is None:
            collected.fault("without-name", number, identifier or "", record["address"])
            continue
        if record.get("is_closed", "").lower() in _CLOSED:
            collected.fault("closed", number, identifier, name)
            continue
        country = record["country_code"].upper() or None
        if country:
            country_name = text(record.get("country_name")) or country
            collected.add("regions", country, id=country, name=country_name, code=country)
        row = {"id": identifier, "name": name, "kind": "enterprise", "region": country, "code": f"OSHUB:{identifier}"}
        origin = {"source": REGISTER.name, "record": identifier}
        if not collected.add("organizations", identifier, **row, **origin):
            collected.fault("repeated", number, identifier, name)
            continue
        latitude, longitude = _place(number, identifier, record, collected)
        place = {"region": country, "address": text(record["address"]), "latitude": latitude, "longitude": longitude}
        if any(place.values()):
            collected.add("sites", identifier, organization=identifier, kind="plant", **place, **origin)
        for parent in filter(None, map(text, record.get("parent_company", "").split("|"))):
            key = f"company-{name_identifier(parent)}"
            above = {"id": key, "name": parent, "kind": "enterprise", "region": None, "code": None}
            collected.add("organizations", key, **above, **origin)
            collected.add("hierarchy", f"{identifier}\x1f{key}", organization=identifier, parent=key, **origin)


def _place(number: int, identifier: str, record: dict[str, str], collected: Collected) -> tuple[str | None, str | None]:
    """Return latitude and longitude, both or neither."""
    latitude, longitude = record.get("lat", ""), record.get("lng", "")
    with suppress(ValueError):
        if abs(float(latitude)) <= 90 and abs(float(longitude)) <= 180:
            return latitude, longitude
    if latitude or longitude:
        collected.fault("coordinates", number, identifier, f"{latitude}, {longitude}")
    return None, None
