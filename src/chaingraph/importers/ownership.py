"""Ownership statements: entities of FollowTheMoney, and statements of the Beneficial Ownership Data Standard (BODS)."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
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
    from collections.abc import Iterable
    from pathlib import Path

_FAULTS = {
    "no-object": (lazy_tr("a line that is no JSON object"), "非JSON对象的行"),
    "without-name": (lazy_tr("an organization without a name"), "单位缺名称"),
    "person": (
        lazy_tr("an owner that is a person: the model has shares of organizations only"),
        "股东为自然人，未导入",
    ),
    "unknown-end": (lazy_tr("a share whose owner or company is not among the organizations"), "股东或公司不在单位之列"),
    "share": (lazy_tr("a share that is no number from 0 to 100, or a range"), "持股比例不是0至100的数，或为区间"),
    "no-shares": (lazy_tr("an interest of another kind than shares"), "非股权类权益"),
    "ended": (lazy_tr("a statement that has ended"), "已终止的陈述"),
    "repeated": (lazy_tr("the same owner and company again"), "同一股东与公司重复"),
}
REGISTER = Register(
    "ownership",
    {"en": "Ownership statements", "zh": "股权陈述"},
    "https://www.openownership.org/",
    "as the file states",
    "as the file states",
    _FAULTS,
)
_KINDS = {"Company": "enterprise", "PublicBody": "government"}
_ORGANIZATIONS = {"Company", "Organization", "LegalEntity", "PublicBody", "Asset"}
_CODES = {"leiCode": "LEI", "vatCode": "VAT", "registrationNumber": "REG", "uscCode": "USCC", "wikidataId": "WIKIDATA"}
_SHARES = {"shareholding", "share-ownership"}
_SCHEME = re.compile(r"[^A-Za-z0-9-]")


def import_ownership(path: Path, folder: Path, *, name: str | None = None) -> Imported:
    """Write ownership statements as organizations, shareholdings and hierarchy; the kind of file is recognized.

    FollowTheMoney: entities as JSON lines, of them companies and ``Ownership``; a ``parent`` becomes hierarchy.
    BODS: statements of versions 0.2 to 0.4, as an array or as lines; of several interests the shares.
    Persons are no organizations and are left out; every fault and what was left out is in the result.

    Raises:
        UnreadableError: The file cannot be read, or holds no organization.
        UsageError: The folder cannot be written.
    """
    return import_register(path, folder, REGISTER, _collect, name=name)


def _collect(path: Path, collected: Collected) -> None:
    ownerships: list[tuple[int, str, str, str, object]] = []
    parents: list[tuple[int, str, str]] = []
    persons: set[str] = set()
    for number, record in json_records(path, collected):
        if isinstance(record.get("schema"), str):
            _entity(number, record, collected, ownerships, parents, persons)
        else:
            _statement(number, record, collected, ownerships, persons)
    organizations = collected.rows.get("organizations", {})
    for number, identifier, owner, company, share in ownerships:
        if owner in persons:
            collected.fault("person", number, identifier, owner)
        elif owner not in organizations or company not in organizations:
            collected.fault("unknown-end", number, identifier, f"{owner} → {company}")
        elif not collected.add(
            "shareholdings",
            f"{owner}\x1f{company}",
            shareholder=owner,
            organization=company,
            share=_share(number, identifier, share, collected),
            source=REGISTER.name,
            record=identifier,
        ):
            collected.fault("repeated", number, identifier, f"{owner} → {company}")
    for number, company, parent in parents:
        if company in organizations and parent in organizations:
            cells = {"organization": company, "parent": parent, "kind": "subsidiary"}
            collected.add("hierarchy", f"{company}\x1f{parent}", **cells, source=REGISTER.name, record=company)
        else:
            collected.fault("unknown-end", number, company, parent)


def _entity(
    number: int,
    record: dict[str, Any],
    collected: Collected,
    ownerships: list[tuple[int, str, str, str, object]],
    parents: list[tuple[int, str, str]],
    persons: set[str],
) -> None:
    """Take an entity of FollowTheMoney, whose properties are lists of texts."""
    properties = record.get("properties")
    values = {key: _texts(several) for key, several in properties.items()} if isinstance(properties, dict) else {}
    identifier, schema = text(record.get("id")) or f"line {number}", record["schema"]
    if schema == "Person":
        persons.add(identifier)
    elif schema == "Ownership":
        for owner in values.get("owner", []):
            for company in values.get("asset", []):
                share: object = next(iter(values.get("percentage", [])), None)
                if values.get("endDate"):
                    collected.fault("ended", number, identifier, values["endDate"][0])
                else:
                    ownerships.append((number, identifier, owner, company, share))
    elif schema in _ORGANIZATIONS:
        names = [*values.get("name", []), *values.get("alias", []), *values.get("previousName", [])]
        codes = [f"{scheme}:{code}" for key, scheme in _CODES.items() for code in values.get(key, [])]
        countries = [*values.get("jurisdiction", []), *values.get("country", [])]
        addresses = values.get("website", [])
        _organization(
            number,
            identifier,
            names,
            codes,
            countries,
            collected,
            kind=_KINDS.get(schema),
            address=next(iter(addresses), None),
        )
        parents += [(number, identifier, parent) for parent in values.get("parent", [])]


def _statement(
    number: int,
    record: dict[str, Any],
    collected: Collected,
    ownerships: list[tuple[int, str, str, str, object]],
    persons: set[str],
) -> None:
    """Take a statement of BODS: 0.4 has a record with details, earlier versions have all on one level."""
    details = record.get("recordDetails")
    kind = str(record.get("recordType") or record.get("statementType") or "")
    of_0_4 = isinstance(details, dict)
    body: dict[str, Any] = details if isinstance(details, dict) else record
    identifier = text(record.get("recordId") if of_0_4 else record.get("statementID")) or f"statement {number}"
    if record.get("recordStatus") == "closed":
        collected.fault("ended", number, identifier)
    elif kind.startswith("person"):
        persons.add(identifier)
    elif kind.startswith("entity"):
        identifiers = [one for one in _list(body.get("identifiers")) if isinstance(one, dict)]
        codes = [
            f"{_SCHEME.sub('-', str(one.get('scheme') or one.get('schemeName') or 'REG'))}:{one['id']}"
            for one in identifiers
            if text(one.get("id"))
        ]
        names = [text(body.get("name")), *map(text, _list(body.get("alternateNames")))]
        places = [body.get("jurisdiction"), body.get("incorporatedInJurisdiction")]
        countries = [str(one["code"]) for one in places if isinstance(one, dict) and text(one.get("code"))]
        _organization(number, identifier, names, codes, countries, collected)
    elif kind in ("relationship", "ownershipOrControlStatement"):
        owner, company = _end(body.get("interestedParty")), _end(body.get("subject"))
        interests = [one for one in _list(body.get("interests")) if isinstance(one, dict)]
        shares = [one for one in interests if _kind_of(one) in _SHARES and not text(one.get("endDate"))]
        if not shares:
            collected.fault("no-shares", number, identifier, ", ".join(_kind_of(one) for one in interests))
        elif owner and company:
            ownerships.append((number, identifier, owner, company, shares[0].get("share")))
        else:
            collected.fault("unknown-end", number, identifier, body.get("interestedParty"))


def _organization(
    number: int,
    identifier: str,
    names: Iterable[str | None],
    codes: list[str],
    countries: list[str],
    collected: Collected,
    *,
    kind: str | None = None,
    address: str | None = None,
) -> None:
    known_names = [one for one in names if one]
    if not known_names:
        collected.fault("without-name", number, identifier)
        return
    country = countries[0].upper()[:2] if countries else None
    if country:
        collected.add("regions", country, id=country, name=country, code=country)
    collected.add(
        "organizations",
        identifier,
        id=identifier,
        name=known_names[0],
        alias=aliases(known_names, known_names[0]),
        kind=kind,
        region=country,
        code=aliases(codes, ""),
        website=website(address),
        source=REGISTER.name,
        record=identifier,
    )


def _share(number: int, identifier: str, share: object, collected: Collected) -> str | None:
    """Return a share from 0 to 1 as text, of a percentage or of BODS' object; None where it is none, or a range."""
    exact = share.get("exact") if isinstance(share, dict) else share
    if exact is None:
        if share is not None:
            collected.fault("share", number, identifier, share)
        return None
    try:
        part = Decimal(str(exact).strip().removesuffix("%").strip().replace(",", ".")) / 100
    except InvalidOperation:
        part = Decimal(-1)
    if not 0 <= part <= 1:
        collected.fault("share", number, identifier, exact)
        return None
    return f"{part.normalize():f}"


def _end(value: object) -> str | None:
    """Return the statement or record that an end of a relationship refers to."""
    if isinstance(value, dict):
        return text(value.get("describedByEntityStatement") or value.get("describedByPersonStatement"))
    return text(value)


def _kind_of(interest: dict[str, Any]) -> str:
    return str(interest.get("type") or "").strip()


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _texts(value: object) -> list[str]:
    several = value if isinstance(value, list) else [value]
    return [one for one in map(text, several) if one]
