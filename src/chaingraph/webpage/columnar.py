"""Records as columns: the only place that makes a page's data small; data.js makes records of them again."""

from __future__ import annotations

import json
from collections.abc import Sequence

from chaingraph.webpage.attributes import Record

TABLES = ("nodes", "edges", "things", "ties")
"""The lists of records that a page has one of each node or tie of."""
SHARED = ("facts", "quotes")
"""What records hold lists of that repeat: each is written once and then numbered."""


def lean(data: Record) -> Record:
    """Return the data with ``TABLES`` as columns, and what ``SHARED`` names written once.

    A column is ``all`` (one scalar that every record has), ``of`` (a value a record; texts without their common
    beginning ``head``) or ``at`` and ``is`` (the numbers of the records that have it, and their values). Where every
    record's ``id`` is its number, there is no column of it. A name that is the same in both languages stands once.

    >>> made = lean({"nodes": [], "edges": [{"id": 0, "from": 0}, {"id": 1, "from": 2}], "things": [], "ties": []})
    >>> made["edges"]
    {'length': 2, 'columns': {'from': {'of': [0, 2]}}}
    """
    made = dict(data)
    written: dict[str, dict[str, int]] = {name: {} for name in SHARED}
    for table in TABLES:
        records = [dict(record) for record in data[table]]
        for record in records:
            if "name" in record and record["name"][0] == record["name"][1]:
                record["name"] = record["name"][0]
            for name in SHARED:
                if name in record:
                    keys = [json.dumps(value, ensure_ascii=False) for value in record[name]]
                    record[name] = [written[name].setdefault(key, len(written[name])) for key in keys]
        made[table] = _table(records)
    return made | {name: [json.loads(key) for key in keys] for name, keys in written.items()}


def _table(records: Sequence[Record]) -> Record:
    names = sorted({name for record in records for name in record})
    if all(record.get("id") == number for number, record in enumerate(records)):
        names = [name for name in names if name != "id"]
    return {"length": len(records), "columns": {name: _column(records, name) for name in names}}


def _column(records: Sequence[Record], name: str) -> Record:
    at = [number for number, record in enumerate(records) if name in record]
    values = [records[number][name] for number in at]
    if len(at) < len(records):
        return {"at": at, "is": values}
    if not isinstance(values[0], list | dict) and all(value == values[0] for value in values):
        return {"all": values[0]}
    head = _beginning(values) if all(isinstance(value, str) for value in values) else ""
    return {"of": [value[len(head) :] for value in values], "head": head} if head else {"of": values}


def _beginning(texts: Sequence[str]) -> str:
    """What all texts begin with: what the first and the last of them in order do."""
    first, last = min(texts), max(texts)
    return first[: next((place for place, sign in enumerate(first) if sign != last[place]), len(first))]
