"""The rows of a resource as texts: its dialect, its fields, and each cell in the form that the tables take.

Source: Open Knowledge Foundation, Table Schema 1.0 and CSV Dialect 1.2.
"""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chaingraph.errors import UnreadableError, excerpt
from chaingraph.messages import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from chaingraph.importers.data_packages.package import Package, Resource

_LONGEST_CELL = 2**20
_TEXT_FORMATS = {"csv", "tsv", "txt", ""}
_TRUE, _FALSE = ("true", "True", "TRUE", "1"), ("false", "False", "FALSE", "0")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?%?")


@dataclass
class Rows:
    """The rows of a resource: the names of its fields, each with its title, and cells that are texts or None.

    ``faults`` are the kind, the row (headings are row 1) and the value of what is wrong.
    """

    names: list[str]
    titles: list[str]
    cells: list[list[str | None]] = field(default_factory=list)
    faults: list[tuple[str, int, str]] = field(default_factory=list)


def rows_of(package: Package, resource: Resource) -> Rows:
    """Return the rows of a resource.

    Raises:
        UnreadableError: It is no table of text, is not in its encoding, or a quotation mark is broken.
    """
    schema = package.json(resource.entry.get("schema"))
    fields = [one for one in _values(schema.get("fields"), ()) if isinstance(one, dict) and one.get("name")]
    by_name = {str(one["name"]): one for one in fields}
    dialect = package.json(resource.entry.get("dialect"))
    lines = _inline(resource) if "data" in resource.entry else _parsed(resource, dialect)
    has_heading = "data" in resource.entry or dialect.get("header", True) is not False
    if has_heading and lines:
        names = ["" if cell is None else str(cell).strip() for cell in lines.pop(0)]
    else:
        names = list(by_name)
    entries = [by_name.get(name, {}) for name in names]
    rows = Rows(names, [str(one.get("title") or "") for one in entries])
    missing = {text for text in map(_missing_text, _values(schema.get("missingValues"), ("",))) if text is not None}
    readers = [_reader(one) for one in entries]
    for number, line in enumerate(lines, 2 if has_heading else 1):
        if len(line) != len(names):
            rows.faults.append(
                ("cells", number, tr("{count} cells, expected {width}", count=len(line), width=len(names)))
            )
            continue
        cells: list[str | None] = []
        for name, read, value in zip(names, readers, line, strict=True):
            text = _text(value)
            content = None if text is None or text in missing or not text.strip() else read(text.strip())
            if content is not None and content == "":
                rows.faults.append(("value", number, f"{name}: {text}"))
            cells.append(content or None)
        if any(cell is not None for cell in cells):
            rows.cells.append(cells)
    return rows


def _inline(resource: Resource) -> list[list[Any]]:
    data = resource.entry["data"]
    if isinstance(data, list) and data and all(isinstance(one, dict) for one in data):
        names = list(dict.fromkeys(name for one in data for name in one))
        return [names, *([one.get(name) for name in names] for one in data)]
    if isinstance(data, list) and all(isinstance(one, list) for one in data):
        return [list(one) for one in data]
    raise UnreadableError(resource.name, tr("its data is no list of objects or of rows"))


def _parsed(resource: Resource, dialect: Mapping[str, Any]) -> list[list[str]]:
    """Return the rows of the files of a resource; headings that a later file repeats are left out."""
    nested = dialect.get("csv")
    settings: dict[str, Any] = {**dialect, **(nested if isinstance(nested, dict) else {})}
    paths = resource.entry["path"]
    first_path = paths if isinstance(paths, str) else paths[0]
    form = str(resource.entry.get("format") or first_path.rpartition(".")[2]).lower()
    if form not in _TEXT_FORMATS or resource.entry.get("compression"):
        raise UnreadableError(resource.name, tr("is {form}, expected CSV that is not compressed", form=excerpt(form)))
    quote = settings.get("quoteChar", '"')
    try:
        options: dict[str, Any] = {
            "delimiter": settings.get("delimiter", "\t" if form == "tsv" else ","),
            "quotechar": quote or None,
            "quoting": csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
            "doublequote": bool(settings.get("doubleQuote", True)),
            "escapechar": settings.get("escapeChar"),
            "skipinitialspace": bool(settings.get("skipInitialSpace", False)),
        }
        csv.field_size_limit(_LONGEST_CELL)
        texts = [part.decode(str(resource.entry.get("encoding") or "utf-8-sig")) for part in resource.parts]
        comment = settings.get("commentChar")
        tables = [
            [line for line in csv.reader(io.StringIO(_without_mark(text), newline=""), strict=True, **options) if line]
            for text in texts
        ]
    except (csv.Error, TypeError) as error:
        raise UnreadableError(resource.name, tr("cannot be read by its dialect: {error}", error=error)) from error
    except (LookupError, ValueError) as error:
        raise UnreadableError(
            resource.name, tr("is not in the encoding that is stated: {error}", error=excerpt(str(error)))
        ) from error
    if comment and isinstance(comment, str):
        tables = [[line for line in table if not line[0].startswith(comment)] for table in tables]
    first, *others = tables
    for other in others:
        first += other[1:] if first and other[:1] == first[:1] else other
    return first


def _without_mark(text: str) -> str:
    return text.removeprefix("\ufeff")


def _values(value: object, otherwise: Sequence[Any]) -> Sequence[Any]:
    """Return a list of a descriptor; what is none stands for what holds without it."""
    return value if isinstance(value, list) else otherwise


def _missing_text(value: object) -> str | None:
    """Return a missing value, which version 2 may give with a label."""
    return str(value.get("value", "")) if isinstance(value, dict) else value if isinstance(value, str) else None


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else str(value)


def _reader(entry: Mapping[str, Any]) -> Callable[[str], str]:
    """Return what makes a cell of a field the text that a table takes, empty where it does not have its form."""
    kind, form = entry.get("type", "string"), entry.get("format", "default")
    if kind in ("number", "integer"):
        return lambda text: _number(text, entry)
    if kind == "boolean":
        true, false = _values(entry.get("trueValues"), _TRUE), _values(entry.get("falseValues"), _FALSE)
        return lambda text: "true" if text in true else "false" if text in false else ""
    if kind == "date" and form not in ("default", "any"):
        return lambda text: _date(text, str(form))
    if kind == "datetime":
        return lambda text: text[:10] if form == "default" else _date(text, str(form))
    if kind in ("array", "list"):
        return lambda text: _list(text, str(entry.get("delimiter") or ","))
    return lambda text: text


def _number(text: str, entry: Mapping[str, Any]) -> str:
    """Return a number with a decimal point and nothing between thousands.

    >>> _number("1.234,5 EUR", {"decimalChar": ",", "groupChar": ".", "bareNumber": False})
    '1234.5'
    """
    group, point = entry.get("groupChar"), entry.get("decimalChar", ".")
    if group:
        text = text.replace(str(group), "")
    text = text.replace(str(point), ".")
    if entry.get("bareNumber") is False:
        match = _NUMBER.search(text)
        return match[0] if match else ""
    return text if _NUMBER.fullmatch(text) else ""


def _date(text: str, form: str) -> str:
    try:
        return datetime.strptime(text, form).date().isoformat()
    except ValueError:
        return ""


def _list(text: str, delimiter: str) -> str:
    """Return several values as a cell of a table has them.

    >>> _list('["a", "b"]', ","), _list("a,b", ",")
    ('a;b', 'a;b')
    """
    try:
        values = json.loads(text) if text.startswith("[") else text.split(delimiter)
    except (ValueError, RecursionError):
        return ""
    return ";".join(str(value).strip() for value in values)
