"""SPARQL solutions as pandas frames with typed columns; a part of the store, and like it at home with Oxigraph."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyoxigraph as ox

from chaingraph.vocabulary import PREFIXES, short_name

if TYPE_CHECKING:
    from collections.abc import Callable

    Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

_XSD = PREFIXES["xsd"]
_INTEGERS = {_XSD + name for name in ("integer", "int", "long", "short", "nonNegativeInteger", "positiveInteger")}
_NUMBERS = {_XSD + name for name in ("decimal", "double", "float")}


def frame_of_solutions(solutions: ox.QuerySolutions, *, short: bool) -> pd.DataFrame:
    """Return the solutions as a frame: one column a variable, in the query's order, typed as its values are."""
    names = [variable.value for variable in solutions.variables]
    columns: list[list[Any]] = [[] for _ in names]
    for solution in solutions:
        for column, term in zip(columns, solution, strict=True):
            column.append(term)
    return pd.DataFrame({name: _series(column, short=short) for name, column in zip(names, columns, strict=True)})


def _series(terms: list[Any], *, short: bool) -> pd.Series[Any]:
    datatypes = {term.datatype.value if isinstance(term, ox.Literal) else "" for term in terms if term is not None}
    convert: Callable[[str], Any]
    if datatypes and datatypes <= _INTEGERS:
        convert, dtype = int, "Int64"
    elif datatypes and datatypes <= _INTEGERS | _NUMBERS:
        convert, dtype = float, "Float64"
    elif datatypes == {_XSD + "boolean"}:
        convert, dtype = lambda text: text in {"true", "1"}, "boolean"
    elif datatypes == {_XSD + "date"}:
        convert, dtype = date.fromisoformat, "object"
    else:
        return pd.Series([_text(term, short=short) for term in terms], dtype="str")
    try:
        values = [None if term is None else convert(term.value) for term in terms]
        return pd.Series(values, dtype="datetime64[s]" if datatypes == {_XSD + "date"} else dtype)
    except (ValueError, OverflowError):
        return pd.Series([_text(term, short=short) for term in terms], dtype="str")


def _text(term: Term | None, *, short: bool) -> str | None:
    if term is None:
        return None
    if isinstance(term, ox.NamedNode):
        return short_name(term.value) if short else term.value
    return str(term.value) if isinstance(term, ox.Literal) else str(term)
