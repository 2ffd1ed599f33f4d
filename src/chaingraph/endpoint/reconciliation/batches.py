"""What clients ask of the reconciliation service: batches of queries and data extensions, in both versions of the API.

A batch that does not fit the API is refused whole, with the query and the field that do not.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chaingraph.endpoint.engine import RefusedError
from chaingraph.errors import excerpt
from chaingraph.messages import tr
from chaingraph.queries.node_classes import CLASSES
from chaingraph.queries.properties import all_properties

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MAX_BATCH = 1000
"""Queries, or things, of one batch."""

DEFAULT_LIMIT, MAX_LIMIT = 10, 50
"""Candidates of one query."""

MAX_TEXT = 500
_MAX_VALUES = 20
_QUANTIFIERS = ("any", "all", "none")


@dataclass(frozen=True)
class Condition:
    """Values that a property of a candidate should have: ``any`` of them, ``all``, or ``none``."""

    property: str
    values: tuple[str, ...]
    quantifier: str = "any"
    required: bool = False


@dataclass(frozen=True)
class Query:
    """What a candidate is called, which IRIs and properties it has, and of which classes it is; all where empty."""

    names: tuple[str, ...] = ()
    iris: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    name_required: bool = False
    limit: int = DEFAULT_LIMIT


@dataclass(frozen=True)
class Extension:
    """The things, and the properties whose values are asked for."""

    iris: tuple[str, ...]
    properties: tuple[str, ...]


def queries_of_0_2(text: str) -> dict[str, Query]:
    """Return the queries of a batch in version 0.2 of the API, by their keys.

    >>> queries_of_0_2('{"q0": {"query": "甲公司", "type": "Organization", "limit": 3}}')["q0"].classes
    ('Organization',)

    Raises:
        RefusedError: With status 400 or 413; the batch is no JSON, or a query does not fit the API.
    """
    batch = _object(_parsed(text), tr("the batch"))
    _check_size(batch)
    return {key: _query_of_0_2(_object(record, f"query '{excerpt(key)}'"), key) for key, record in batch.items()}


def _query_of_0_2(record: Mapping[str, Any], key: str) -> Query:
    where = f"query '{excerpt(key)}'"
    names = (_text(record["query"], f"{where}, 'query'"),) if "query" in record else ()
    properties = _list(record.get("properties", []), f"{where}, 'properties'")
    if not names and not properties:
        raise RefusedError(400, tr("{where} has neither 'query' nor 'properties'", where=where))
    types = record.get("type", [])
    classes = tuple(_class(one, where) for one in (types if isinstance(types, list) else [types]) if one is not None)
    if record.get("type_strict", "any") == "all" and len(set(classes)) > 1:
        raise RefusedError(
            400, tr("{where}: every thing is of one type, 'type_strict' is 'all' and 'type' has several", where=where)
        )
    conditions = []
    for one in properties:
        pair = _object(one, f"{where}, 'properties'")
        conditions.append(Condition(_property(pair.get("pid"), where), _values(pair.get("v"), where)))
    return Query(names, (), classes, tuple(conditions), limit=_limit(record, where))


def queries_of_1_0(text: str) -> list[Query]:
    """Return the queries of a batch in version 1.0 of the API.

    Raises:
        RefusedError: With status 400 or 413; the batch is no JSON, or a query does not fit the API.
    """
    batch = _list(_object(_parsed(text), tr("the batch")).get("queries"), "'queries'")
    _check_size(batch)
    return [_query_of_1_0(_object(one, f"query {place}"), f"query {place}") for place, one in enumerate(batch)]


def _query_of_1_0(record: Mapping[str, Any], where: str) -> Query:
    names: list[str] = []
    iris: list[str] = []
    conditions: list[Condition] = []
    name_required = False
    records = [
        _object(one, f"{where}, 'conditions'") for one in _list(record.get("conditions"), f"{where}, 'conditions'")
    ]
    if not records:
        raise RefusedError(400, tr("{where} has no 'conditions', expected at least one", where=where))
    for one in records:
        kind, values = one.get("matchType"), _values(one.get("propertyValue"), where)
        quantifier, required = one.get("matchQuantifier", "any"), one.get("required", False)
        if quantifier not in _QUANTIFIERS or not isinstance(required, bool):
            reason = tr(
                "{where}: expected 'matchQuantifier' to be {quantifiers}, 'required' true or false",
                where=where,
                quantifiers=", ".join(_QUANTIFIERS),
            )
            raise RefusedError(400, reason)
        if "matchQualifier" in one:
            raise RefusedError(400, tr("{where}: this service knows no 'matchQualifier'; leave it out", where=where))
        if kind == "property":
            conditions.append(Condition(_property(one.get("propertyId"), where), values, quantifier, required))
        elif kind in ("name", "id") and quantifier == "any":
            (names if kind == "name" else iris).extend(values)
            name_required = name_required or (required and kind == "name")
        else:
            reason = tr(
                "{where}: expected 'matchType' name or id (with 'matchQuantifier' any), or property", where=where
            )
            raise RefusedError(400, reason)
    classes = (_class(record["type"], where),) if record.get("type") is not None else ()
    return Query(tuple(names), tuple(iris), classes, tuple(conditions), name_required, _limit(record, where))


def extension_of(text: str) -> Extension:
    """Return a data extension; both versions of the API have the same.

    Raises:
        RefusedError: With status 400 or 413; it is no JSON, or does not fit the API.
    """
    record = _object(_parsed(text), tr("the data extension"))
    iris = [_text(one, "'ids'") for one in _list(record.get("ids"), "'ids'")]
    _check_size(iris)
    names = []
    for one in _list(record.get("properties"), "'properties'"):
        entry = _object(one, "'properties'")
        names.append(_property(entry.get("id"), tr("the data extension")))
        if entry.get("settings"):
            raise RefusedError(400, tr("the properties of this service have no settings; leave 'settings' out"))
    if len(names) > _MAX_VALUES:
        raise RefusedError(
            413,
            tr(
                "{count} properties are asked for, expected at most {max_values}",
                count=len(names),
                max_values=_MAX_VALUES,
            ),
        )
    return Extension(tuple(dict.fromkeys(iris)), tuple(dict.fromkeys(names)))


def class_of(name: object) -> str:
    """Return the class of a type's identifier, with or without its prefix.

    Raises:
        RefusedError: There is no such type.
    """
    return _class(name, tr("the request"))


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RefusedError(400, tr("the batch is no JSON: {error}", error=excerpt(str(error)))) from error


def _object(value: object, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise RefusedError(400, tr("{what}: expected a JSON object", what=what))
    return value


def _list(value: object, what: str) -> list[Any]:
    if not isinstance(value, list):
        raise RefusedError(400, tr("{what}: expected a JSON array", what=what))
    return value


def _text(value: object, what: str) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > MAX_TEXT:
        raise RefusedError(
            400, tr("{what}: expected a text of 1 to {max_text} characters", what=what, max_text=MAX_TEXT)
        )
    return value


def _check_size(batch: Sequence[object] | Mapping[str, object]) -> None:
    if len(batch) > MAX_BATCH:
        raise RefusedError(
            413,
            tr(
                "the batch has {count:,} entries, expected at most {max_batch:,}", count=len(batch), max_batch=MAX_BATCH
            ),
        )


def _limit(record: Mapping[str, Any], where: str) -> int:
    limit = record.get("limit", DEFAULT_LIMIT)
    if isinstance(limit, bool) or not isinstance(limit, int | float) or not limit >= 1:
        raise RefusedError(400, tr("{where}: expected 'limit' to be a number above 0", where=where))
    return int(min(limit, MAX_LIMIT))


def _class(value: object, where: str) -> str:
    name = value.get("id") if isinstance(value, dict) else value
    name = name.removeprefix("cg:") if isinstance(name, str) else name
    if name not in CLASSES:
        raise RefusedError(
            400,
            tr(
                "{where}: unknown type '{name}', expected one of {classes}",
                where=where,
                name=excerpt(str(name)),
                classes=", ".join(CLASSES),
            ),
        )
    return str(name)


def _property(value: object, where: str) -> str:
    if not isinstance(value, str) or value not in all_properties():
        raise RefusedError(
            400,
            tr(
                "{where}: unknown property '{value}', expected one of {all_properties}",
                where=where,
                value=excerpt(str(value)),
                all_properties=", ".join(all_properties()),
            ),
        )
    return value


def _values(value: object, where: str) -> tuple[str, ...]:
    """Return values as text; an entity is given by its identifier."""
    texts = []
    for one in value if isinstance(value, list) else [value]:
        entry = one.get("id") if isinstance(one, dict) else one
        if isinstance(entry, bool):
            entry = str(entry).lower()
        elif isinstance(entry, int | float):
            entry = f"{entry:g}" if isinstance(entry, float) else str(entry)
        texts.append(_text(entry, tr("{where}, the value of a condition", where=where)))
    if not 1 <= len(texts) <= _MAX_VALUES:
        raise RefusedError(
            400,
            tr(
                "{where}: a condition has {count} values, expected 1 to {max_values}",
                where=where,
                count=len(texts),
                max_values=_MAX_VALUES,
            ),
        )
    return tuple(texts)
