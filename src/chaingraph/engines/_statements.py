"""The statements of ``sql/``, and what may be filled into them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

Value = str | float | Sequence[tuple[int, ...]]

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(, [A-Za-z_][A-Za-z0-9_]*)*|\d{4}-\d\d-\d\d", re.ASCII)


def statement(name: str, /, **values: Value) -> str:
    """Return a statement with values in its fields, none of which can be more than a value.

    Args:
        name: Its file in ``sql/``, without the suffix.
        values: Numbers, the names of our own tables and columns, days, and rows of whole numbers.

    Raises:
        ValueError: A value is another text.

    >>> statement("count", table="chaingraph_member")
    'SELECT count(*) AS n FROM chaingraph_member'
    """
    return _text(name).format(**{field: _literal(value) for field, value in values.items()})


@cache
def _text(name: str) -> str:
    return files("chaingraph.engines").joinpath("sql", f"{name}.sql").read_text("utf-8").strip()


def _literal(value: Value) -> str:
    """Return a value as it stands in a statement.

    A number with a point is one of double precision. The numbers of rows are texts, which each engine casts: the least
    whole number cannot be written as one everywhere.
    """
    if not isinstance(value, str | float | int):
        return ", ".join(
            f"({', '.join([str(first), *(repr(str(int(bit))) for bit in rest)])})" for first, *rest in value
        )
    if isinstance(value, float):
        return f"{value:.17e}"
    if isinstance(value, int) or _WORD.fullmatch(value):
        return str(value)
    raise ValueError(value)
