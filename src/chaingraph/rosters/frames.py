"""A collection as frames of the contract: what `chaingraph.tables.read` takes, and what a folder of tables holds.

Ids are made from names, so that the rosters of two years name the same things alike. A reference is the name of its row
where exactly one row has it and nothing in it separates names, else the id: a person can correct it.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import polars as pl

from chaingraph.tables import contract
from chaingraph.tables.references import identifier

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

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
    for table in contract():
        if table in names:
            frames[table] = _things(table, collection.things[table], names)
        elif table in collection.relations and len(collection.relations[table]):
            relations = collection.relations[table]
            frames[table] = _frame(table, relations.columns, relations.places, names)
    frames |= _quotes(collection)
    return {table: frames[table] for table in contract() if table in frames}


def _things(table: str, things: Mapping[Key, Thing], names: Mapping[str, _Names]) -> pl.DataFrame:
    columns: dict[str, list[Value | None]] = {
        column: [thing.values.get(column) for thing in things.values()]
        for column in dict.fromkeys(column for thing in things.values() for column in thing.values)
    }
    label = [thing.name for thing in things.values()]
    columns["quote"] = [None if (key := _quote(thing)) is None else [key] for thing in things.values()]
    columns["id"] = [names[table].ids[key] for key in things]
    columns["name"] = [own or name for own, name in zip(columns.get("name", label), label, strict=True)]
    return _frame(table, columns, [thing.place for thing in things.values()], names)


def _frame(
    table: str, columns: Mapping[str, Sequence[Value | None]], places: Sequence[Place], names: Mapping[str, _Names]
) -> pl.DataFrame:
    """Return the frame of a table of the columns that some row fills, with the source and the record of each row."""
    texts: dict[str, Sequence[str | None]] = {}
    for column in contract()[table].cells:
        if column.name == "source":
            texts[column.name] = [_source(place.file, place.sheet) for place in places]
        elif column.name == "record":
            texts[column.name] = [None if place.row is None else str(place.row + 1) for place in places]
        else:
            texts[column.name] = _texts(columns.get(column.name, ()), column, names)
    filled = {name: cells for name, cells in texts.items() if any(cell is not None for cell in cells)}
    return pl.DataFrame(filled, schema=dict.fromkeys(filled, pl.String))


def _quotes(collection: Collection) -> dict[str, pl.DataFrame]:
    """Return the table of the quotes of the words of cells that things are stated by, if there are some."""
    quotes = {_quote(thing): thing for table in contract() for thing in collection.things.get(table, {}).values()}
    rows = [
        {
            "id": key,
            "source": _source(thing.place.file, thing.place.sheet),
            "exact": thing.words[1],
            "prefix": thing.words[0],
        }
        for key, thing in quotes.items()
        if thing.words is not None
    ]
    return {"quotes": pl.DataFrame(rows)} if rows else {}


def _quote(thing: Thing) -> str | None:
    """Return the id of the quote of the words that state a thing."""
    return None if thing.words is None else identifier(thing.place.file, thing.place.sheet, thing.place.cell)


@lru_cache(maxsize=1_000)
def _source(file: str, sheet: str) -> str:
    return identifier(file, sheet)


def _sources(collection: Collection) -> list[tuple[str, str]]:
    places = [thing.place for things in collection.things.values() for thing in things.values()]
    places += [place for relations in collection.relations.values() for place in relations.places]
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
    holders = Counter(names.values())
    holders.update(ids[key] for key, name in names.items() if ids[key] != name)
    for key, thing in things.items():
        if isinstance(aliases := thing.values.get("alias"), list):
            holders.update({*map(str, aliases)} - {names[key], ids[key]})
    texts = {
        key: name if holders[name] == 1 and not _SEPARATES.search(name) and name == name.strip() else ids[key]
        for key, name in names.items()
    }
    return _Names(ids, texts)


def _id_of(name: str) -> str:
    """Return the id that is made of a name; an id stays what it is."""
    return name if _ID.fullmatch(name) else identifier(name)


def _texts(values: Sequence[Value | None], column: Column, names: Mapping[str, _Names]) -> Sequence[str | None]:
    """Return the cells of a column: references as texts, lists joined, None where nothing is stated."""
    of = names[column.reference].texts if column.reference is not None and column.reference in names else None

    def joined(several: Iterable[Key]) -> str | None:
        return _JOINED.join(map(str, several) if of is None else (of[key] for key in several if key in of)) or None

    if column.is_list:
        return [None if value is None else joined(value) for value in values]
    if of is None:
        return [str(value) if value else None for value in values]
    return [None if isinstance(value, list) or value is None else of.get(value) for value in values]
