"""The properties that things of a class can have, as the table contract states them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from chaingraph.queries.node_classes import CLASSES
from chaingraph.tables import contract
from chaingraph.vocabulary import PREFIXES, short_name, term_labels

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chaingraph.tables.contract import Column, Table

_TYPE = f"{PREFIXES['rdf']}type"
_CG = PREFIXES["cg"]
_NUMBERS = frozenset({"decimal", "integer", "nonNegativeInteger", "double", "float"})
_PATHS = {"cg:evidence": "cg:evidence/cg:exact", "cg:source": "cg:source/rdfs:label"}
"""Properties of which the value that a person reads stands one step further."""

Kind = Literal["thing", "code", "text", "number", "boolean", "date"]


@dataclass(frozen=True)
class Property:
    """A property of things of one class.

    Args:
        name: The name of the column that it is filled from, or that of the short form of a relation (``leads``).
        path: The SPARQL path that leads to its values.
        kind: What the values are; a ``code`` is of the list ``codes``, a ``thing`` of the class ``target``.
        language: The language of the values, None where it is open.
        labels: What it is called, by language.
    """

    name: str
    path: str
    kind: Kind
    labels: Mapping[str, str]
    language: str | None = None
    codes: str | None = None
    target: str | None = None


@cache
def properties(class_name: str) -> tuple[Property, ...]:
    """Return the properties of a class: those of its columns, then the short forms of relations.

    >>> [one.name for one in properties("Stage")]
    ['name', 'name_zh', 'name_en', 'alias', 'chain', 'segment', 'follows', 'quote', 'source', 'record']
    >>> {one.name: one.target for one in properties("Organization")}["leads"]
    'Consortium'
    """
    tables = {_class_of(table): table for table in contract().values()}
    if class_name not in tables:
        return ()
    own = tables[class_name]
    columns = [_property(column) for column in own.cells if column.property_url is not None]
    short_forms = [
        _property(column)
        for table in contract().values()
        for column in table.columns
        if column.virtual and (column.about_url or "").startswith(own.about_url.partition("{")[0])
    ]
    return tuple({one.name: one for one in (*columns, *short_forms)}.values())


@cache
def all_properties() -> Mapping[str, tuple[Property, ...]]:
    """Return the properties of all classes of things by their names; those of one name may have several paths.

    >>> [one.path for one in all_properties()["kind"]]
    ['cg:kind', 'cg:platformKind']
    """
    by_name: dict[str, dict[str, Property]] = {}
    for class_name in CLASSES:
        for one in properties(class_name):
            by_name.setdefault(one.name, {}).setdefault(one.path, one)
    return {name: tuple(ones.values()) for name, ones in by_name.items()}


@cache
def relation_classes() -> tuple[str, ...]:
    """Return the classes whose rows relate things or say something of one: those whose tables require no id.

    >>> [name for name in relation_classes() if name in ("Membership", "Site", "Organization")]
    ['Membership', 'Site']
    """
    return tuple(
        _class_of(table)
        for table in contract().values()
        if not any(column.name == "id" and column.required for column in table.columns)
    )


def _property(column: Column) -> Property:
    assert column.property_url is not None
    short = short_name(column.property_url)
    path = _PATHS.get(short, short)
    name = column.name if not column.virtual else column.property_url.removeprefix(_CG)
    target = None if path in _PATHS.values() else _class_at(column.value_url)
    labels = term_labels().get(column.property_url, {}) if column.language is None else {}
    return Property(
        name=name,
        path=path,
        kind="code" if column.codes else "thing" if target else _kind(column, path),
        labels={"zh": column.title_zh or labels.get("zh", name), "en": labels.get("en") or name.replace("_", " ")},
        language=column.language,
        codes=column.codes,
        target=target,
    )


def _kind(column: Column, path: str) -> Kind:
    if path in _PATHS.values() or column.is_reference:
        return "text"
    if column.is_date:
        return "date"
    return "number" if column.datatype in _NUMBERS else "boolean" if column.datatype == "boolean" else "text"


def _class_of(table: Table) -> str:
    """Return the class of a table's rows."""
    types = [column.value_url for column in table.columns if column.property_url == _TYPE and not column.when]
    return next(iri.removeprefix(_CG) for iri in types if iri is not None)


@cache
def _class_at(template: str | None) -> str | None:
    """Return the class of the things that a template of IRIs leads to."""
    match = re.fullmatch(r"(\w+/)\{\w+\}", template or "")
    tables = {table.about_url.partition("{")[0]: table for table in contract().values()}
    return _class_of(tables[match[1]]) if match and match[1] in tables else None
