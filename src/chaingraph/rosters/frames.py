"""A collection as frames of the contract: what `chaingraph.tables.read` takes, and what a folder of tables holds.

Ids are made from names, so that the rosters of two years name the same things alike. A reference is the name of its row
where exactly one row has it and nothing in it separates names, else the id: a person can correct it.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import polars as pl

from chaingraph.tables import contract
from chaingraph.tables.references import identifier

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chaingraph.rosters.collection import Collection, Key, Thing, Value
    from chaingraph.rosters.sheet import Place
    from chaingraph.tables.contract import Column

_SEPARATES = re.compile(r"[;；、\n]")
_JOINED = ";"
_ID = re.compile("[0-9a-f]{16}")


@dataclass(frozen=True)
class _Names:
    """The id and the text of a reference of each thing of a table."""

    ids: Mapping[Key, str]
    texts: Mapping[Key, str]


def frames_of(collection: Collection) -> dict[str, pl.DataFrame]:
    """Return the frames by table, in the contract's order, with only the columns that some row fills."""
    names = {table: _names(table, things) for table, things in collection.things.items() if things}
    sources = _sources(collection)
    frames: dict[str, pl.DataFrame] = {}
    if sources:
        frames["sources"] = pl.DataFrame(
            {
                "id": [identifier(*where) for where in sources],
                "title": [", ".join(filter(None, where)) for where in sources],
            }
        )
    quotes: dict[str, dict[str, str]] = {}
    for table in contract():
        rows: list[dict[str, str]] = []
        if table in names:
            rows = [
                {
                    "id": names[table].ids[key],
                    "name": thing.name,
                    **_texts(table, thing.values, names),
                    **_record(thing.place),
                    **_words(thing, quotes),
                }
                for key, thing in collection.things[table].items()
            ]
        elif table in collection.relations:
            rows = [
                {**_texts(table, relation.values, names), **_record(relation.place)}
                for relation in collection.relations[table].values()
            ]
        if rows:
            frames[table] = _frame(table, rows)
    if quotes:
        frames["quotes"] = _frame("quotes", list(quotes.values()))
    return {table: frames[table] for table in contract() if table in frames}


def _frame(table: str, rows: list[dict[str, str]]) -> pl.DataFrame:
    filled = {column for row in rows for column in row}
    columns = [column.name for column in contract()[table].cells if column.name in filled]
    return pl.DataFrame(
        {column: [row.get(column) for row in rows] for column in columns}, schema=dict.fromkeys(columns, pl.String)
    )


def _record(place: Place) -> dict[str, str]:
    source = _source(place.file, place.sheet)
    return {"source": source} if place.row is None else {"source": source, "record": str(place.row + 1)}


def _words(thing: Thing, quotes: dict[str, dict[str, str]]) -> dict[str, str]:
    """Return the quote of a thing that the words of a cell state, which is added to the quotes by id."""
    if thing.words is None:
        return {}
    heading, exact = thing.words
    place = thing.place
    key = identifier(place.file, place.sheet, place.cell)
    quotes[key] = {"id": key, "source": _source(place.file, place.sheet), "exact": exact, "prefix": heading}
    return {"quote": key}


@lru_cache(maxsize=1_000)
def _source(file: str, sheet: str) -> str:
    return identifier(file, sheet)


def _sources(collection: Collection) -> list[tuple[str, str]]:
    places = [thing.place for things in collection.things.values() for thing in things.values()]
    places += [relation.place for relations in collection.relations.values() for relation in relations.values()]
    return list(dict.fromkeys((place.file, place.sheet) for place in places))


def _names(table: str, things: Mapping[Key, Thing]) -> _Names:
    """Return ids from names, from the whole line of places where several regions have one name."""
    last = {key: key[-1] if isinstance(key, tuple) else things[key].known_as or key for key in things}
    several = Counter(last.values())
    ids = {
        key: _id_of(last[key]) if several[last[key]] == 1 or isinstance(key, str) else identifier(*key)
        for key in things
    }
    names = {key: thing.name for key, thing in things.items()}
    holders: Counter[str] = Counter()
    for key, thing in things.items():
        aliases = thing.values.get("alias")
        for name in {names[key], ids[key], *(map(str, aliases) if isinstance(aliases, list) else ())}:
            holders[name] += 1
    texts = {
        key: name if holders[name] == 1 and not _SEPARATES.search(name) and name == name.strip() else ids[key]
        for key, name in names.items()
    }
    return _Names(ids, texts)


def _id_of(name: str) -> str:
    """Return the id that is made of a name; an id stays what it is."""
    return name if _ID.fullmatch(name) else identifier(name)


@cache
def _columns(table: str) -> Mapping[str, Column]:
    return {column.name: column for column in contract()[table].cells}


def _texts(table: str, values: Mapping[str, Value], names: Mapping[str, _Names]) -> dict[str, str]:
    """Return the cells of a row: references as texts, lists joined, names that a list would split left whole."""
    texts: dict[str, str] = {}
    columns = _columns(table)
    for name, value in values.items():
        column = columns.get(name)
        if column is None or value == []:
            continue
        listed: Iterable[Key] = value if isinstance(value, list) else [value]
        if column.reference is not None and column.reference in names:
            of = names[column.reference].texts
            texts[name] = _JOINED.join(of[key] for key in listed if key in of)
        else:
            texts[name] = _JOINED.join(str(one) for one in listed)
    return {name: text for name, text in texts.items() if text}
