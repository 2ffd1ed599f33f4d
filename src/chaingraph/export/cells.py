"""What one value becomes in a table, in every form of file and on every way out: one cell is written in one way.

- a missing value (None, NaN, NaT): nothing in CSV and Excel, null in JSON and Parquet;
- a number: digits that mean exactly it; one without bound: ``INF`` or ``-INF``, as XML Schema writes it;
- a truth value: ``true`` or ``false``;
- a day: ``2022-11-08``; a time: ``2022-11-08T09:30:00``;
- a text: itself, its line breaks as LF, what UTF-8 cannot hold as ``?``.

CSV is what spreadsheets open, and a spreadsheet computes a text that begins like a formula. Such a text gets an
apostrophe before it (:mod:`chaingraph.export.formulas`), unless it is a plain number such as ``-1e5``.
In Excel files a text is a cell of the type text, whatever it begins with, and needs no apostrophe.
The script of the page (``exports.js``) follows the same rule; a test writes the same cells both ways.
"""

from __future__ import annotations

import json
import math
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Scalar = str | bool | int | float

_MISSING = ("NAType", "NaTType")
"""The types of pandas' missing values; by their names, so that who has no frame need not load pandas."""


def plain(value: object) -> Any:  # noqa: ANN401 - None, a truth value, a number, a text, or a list or mapping of them
    """Return a value as JSON holds it, None where it is missing.

    >>> plain(float("nan")), plain(float("-inf")), plain(date(2022, 11, 8))
    (None, '-INF', '2022-11-08')
    """
    if isinstance(value, str):
        return _storable(value)
    if hasattr(value, "tolist"):
        # A number or an array of numpy.
        value = value.tolist()
    if isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None if math.isnan(value) else "INF" if value > 0 else "-INF"
    if value is None or type(value).__name__ in _MISSING:
        return None
    if isinstance(value, datetime):
        is_day = value.time() == datetime.min.time() and value.tzinfo is None
        return value.date().isoformat() if is_day else value.isoformat()
    if isinstance(value, dict):
        return {str(name): plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    return value.isoformat() if isinstance(value, date) else _storable(str(value))


def _storable(text: str) -> str:
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode()
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def cell_text(value: object) -> str:
    """Return a value as a text; several values are joined by ``"; "``, and what is missing is empty.

    >>> cell_text(1.0), cell_text(True), cell_text(["甲", "乙"]), cell_text(None)
    ('1.0', 'true', '甲; 乙', '')
    """
    value = plain(value)
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "; ".join(map(cell_text, value))
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)


def scalars(attributes: Mapping[Any, Any]) -> Iterator[tuple[str, Scalar]]:
    """Yield the attributes that one cell holds; lists of texts are joined, mappings and what is missing are left out.

    >>> dict(scalars({"label": "a", "alias": ["b", "c"], "score": float("nan"), "reported": {}}))
    {'label': 'a', 'alias': 'b; c'}
    """
    for name, value in attributes.items():
        content = plain(value)
        if isinstance(content, list) and not any(isinstance(part, list | dict) for part in content):
            content = cell_text(content)
        if content is not None and not isinstance(content, list | dict):
            yield str(name), content
