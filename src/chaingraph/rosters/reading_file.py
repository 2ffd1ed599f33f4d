"""``reading.toml``: how a roster was read, for a person to see and to correct; read again, it decides.

Of what it holds, ``columns`` (meanings by heading, for all sheets) and of each sheet ``rows`` (the table that its rows
are of) decide the next reading; the rest explains this one.
"""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING, Any

from chaingraph.errors import UnreadableError
from chaingraph.messages import tr
from chaingraph.rosters.columns import LEAVE_OUT, Corrections

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from chaingraph.rosters import Roster
    from chaingraph.rosters.log import Remark

FILE_NAME = "reading.toml"


def corrections_of(path: Path | None, columns: Mapping[str, str]) -> Corrections:
    """Return what a file decides, and what is given beside it, which goes before.

    Raises:
        UnreadableError: The file is no TOML, or holds something else than texts where it decides.
    """
    if path is None:
        return Corrections(dict(columns))
    try:
        entries: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UnreadableError(
            path, tr("cannot be read as TOML ({error}); mend it, or take it away", error=error)
        ) from error
    decided, sheets = entries.get("columns", {}), entries.get("sheet", [])
    is_right = _are_texts(decided) and isinstance(sheets, list) and all(isinstance(one, dict) for one in sheets)
    if not is_right or not all(_are_texts(one.get("columns", {})) for one in sheets):
        reason = tr(
            'expected [columns] with lines such as "负责单位" = "lead", and [[sheet]] with name, rows and columns'
        )
        raise UnreadableError(path, reason)
    return Corrections(
        columns={**decided, **columns},
        sheets={str(one.get("name")): one.get("columns", {}) for one in sheets},
        rows={str(one.get("name")): str(one["rows"]) for one in sheets if one.get("rows")},
    )


def _are_texts(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(one, str) for one in value.values())


def reading_text(roster: Roster) -> str:
    """Return the file's text for a reading."""
    return "\n".join(_lines(roster)) + "\n"


def _lines(roster: Roster) -> Iterator[str]:
    yield "# How the roster was read. Change what a column means, or the table that the rows of a sheet are of, and"
    yield f'# read it again; "{LEAVE_OUT}" leaves a column out. 改动后重新读取即可；"{LEAVE_OUT}" 表示不读该列。'
    yield ""
    yield "[columns]  # for all sheets, whatever they are called"
    for heading, meaning in roster.decided.items():
        yield f"{_text(heading)} = {_text(meaning)}"
    for one in roster.sheets:
        yield from ("", "[[sheet]]", f"file = {_text(one.sheet.file)}", f"name = {_text(one.sheet.name)}")
        if one.reading is None or one.layout is None:
            yield 'rows = ""  # not read'
            continue
        yield f"rows = {_text(one.reading.context.table)}"
        yield f"headings_in_row = {one.layout.heading_row + 1}"
        yield f"rows_read = {one.rows}"
        yield "[sheet.columns]"
        for column in one.reading.columns:
            yield f"{_text(column.heading)} = {_text(column.match.path)}"
        for left_out in one.reading.left_out:
            if left_out.heading:
                choice = f": {' or '.join(left_out.candidates)}" if left_out.candidates else ""
                yield f"# {_text(left_out.heading)} = {_text(LEAVE_OUT)}  # {left_out.reason}{choice}"
    for kind, remarks in (("row", roster.log.rows), ("cell", roster.log.cells), ("note", roster.log.notes)):
        for remark in remarks:
            yield from _remark(kind, remark)
    for left, right in roster.alike:
        yield from ("", "[[look_alike]]", f"names = [{_text(left)}, {_text(right)}]")


def _remark(kind: str, remark: Remark) -> Iterator[str]:
    yield from ("", "[[left_out]]" if kind != "note" else "[[note]]", f"place = {_text(str(remark.place))}")
    if remark.text:
        yield f"text = {_text(remark.text)}"
    yield f"reason = {_text(remark.key)}"
    for key, value in remark.values.items():
        yield f"{key} = {_text(value)}"


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
