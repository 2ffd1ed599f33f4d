"""Answers of bounded size: a page of rows, what they rest on, whether there are more, and where these begin."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, overload

from chaingraph.errors import UsageError, excerpt
from chaingraph.export.cells import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import pandas as pd

Basis = Literal["known", "reported", "unknown"]
"""What an answer rests on: things known by name, what sources report without naming it, or nothing in the graph."""

MAX_BYTES = 16_000
"""Bytes of one answer."""

DEFAULT_ROWS, MAX_ROWS = 20, 100
MAX_TEXT = 1000
_UNKNOWN = "The graph states nothing on this. That is no denial: say that it is unknown."
_EVIDENCE = ("quotes", "quote", "record", "exact", "evidence")


class SlicedRows(Sequence["Mapping[str, Any]"]):
    """Rows of which only those that are asked for are made.

    Args:
        count: How many there are.
        between: Returns those from a position up to, and without, another.

    >>> rows = SlicedRows(1000, lambda start, end: [{"n": place} for place in range(start, end)])
    >>> len(rows), rows[998:2000]
    (1000, [{'n': 998}, {'n': 999}])
    """

    def __init__(self, count: int, between: Callable[[int, int], Sequence[Mapping[str, Any]]]) -> None:
        self._count = count
        self._between = between

    def __len__(self) -> int:
        """Return how many rows there are."""
        return self._count

    @overload
    def __getitem__(self, place: int) -> Mapping[str, Any]: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Mapping[str, Any]]: ...

    def __getitem__(self, place: int | slice) -> Mapping[str, Any] | Sequence[Mapping[str, Any]]:
        """Return a row, or those of a slice."""
        places = range(self._count)[place]
        if isinstance(places, int):
            return self._between(places, places + 1)[0]
        return self._between(places.start, places.stop)


def answer(
    rows: Sequence[Mapping[str, Any]],
    basis: Basis,
    *,
    cursor: str = "",
    limit: int = DEFAULT_ROWS,
    notes: Iterable[str] = (),
    **values: object,
) -> str:
    """Return an answer as JSON: as many of the rows from a cursor on as its size allows, with what was left out.

    Args:
        rows: All rows.
        basis: What they rest on; without any row it is unknown.
        cursor: The ``next_cursor`` of the answer before; empty for the first.
        limit: The greatest number of rows.
        notes: What else must be said, one sentence each.
        **values: What the answer has beside its rows.

    Raises:
        UsageError: The cursor or the limit is none.

    >>> answer([{"name": "A"}, {"name": "B"}], "known", limit=1)
    '{"basis": "known", "total": 2, "rows": [{"name": "A"}], "truncated": true, "next_cursor": "1"}'
    >>> answer([], "known").startswith('{"basis": "unknown", "total": 0, "rows": []')
    True
    """
    start = _start(cursor, len(rows))
    if not 1 <= limit <= MAX_ROWS:
        message = f"'limit' is {limit}, expected 1 to {MAX_ROWS}"
        raise UsageError(message)
    content = [_compact(row) for row in rows[start : start + limit]]
    all_notes = [*notes, *([] if rows else [_UNKNOWN])]
    while True:
        end = start + len(content)
        document: dict[str, Any] = {"basis": basis if rows else "unknown", **values, "total": len(rows)}
        document |= {"rows": content, "truncated": end < len(rows)}
        if end < len(rows):
            document["next_cursor"] = str(end)
        if all_notes:
            document["notes"] = all_notes
        text = json.dumps(document, ensure_ascii=False)
        if len(text.encode("utf-8", "replace")) <= MAX_BYTES or len(content) <= 1:
            return text
        content = content[: max(1, len(content) * 3 // 4)]


def rows_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table, without what is missing.

    >>> import pandas as pd
    >>> rows_of(pd.DataFrame({"name": ["A", "B"], "since": ["2022", None]}))
    [{'name': 'A', 'since': '2022'}, {'name': 'B'}]
    """
    names = list(map(str, frame.columns))
    return [
        {name: value for name, value in zip(names, map(plain, values), strict=True) if value is not None}
        for values in frame.itertuples(index=False, name=None)
    ]


def sliced(frame: pd.DataFrame) -> SlicedRows:
    """Return the rows of a table that may be long, without what is missing."""
    return SlicedRows(len(frame), lambda start, end: rows_of(frame.iloc[start:end]))


def count_with_evidence(frame: pd.DataFrame) -> int:
    """Return how many rows carry the words or the record that state them.

    >>> import pandas as pd
    >>> count_with_evidence(pd.DataFrame({"name": ["A", "B"], "quote": ["the words", None]}))
    1
    """
    texts = frame[[name for name in _EVIDENCE if name in frame.columns]]
    return int((texts.notna() & (texts != "")).any(axis=1).sum())


def _start(cursor: str, count: int) -> int:
    if not cursor:
        return 0
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 12 and int(cursor) <= count):
        message = f"'cursor' is '{excerpt(cursor)}', expected the 'next_cursor' of the answer before"
        raise UsageError(message)
    return int(cursor)


def _compact(value: Any) -> Any:  # noqa: ANN401 - a JSON value
    """Return a value of a row for JSON, without empty parts; a long text is cut, and says so."""
    if isinstance(value, dict):
        return {name: _compact(one) for name, one in value.items() if one not in (None, "", [], {})}
    if isinstance(value, list | tuple):
        return [_compact(one) for one in value]
    if isinstance(value, str):
        return value if len(value) <= MAX_TEXT else f"{value[:MAX_TEXT]}… [cut; {len(value):,} characters in all]"
    return value if isinstance(value, int | float | bool) or value is None else str(value)
