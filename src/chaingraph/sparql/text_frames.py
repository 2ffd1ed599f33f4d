r"""The rows of a SELECT query as frames of text, by way of TSV, in which every kind of term has marks of its own.

Oxigraph's CSV does not quote IRIs, and an IRI may hold a comma; its TSV escapes every tab and line end of a text.
"""

from __future__ import annotations

import io
import re

import polars as pl
import pyoxigraph as ox

_ESCAPE = re.compile(r"\\(.)")
_CHARACTERS = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}


def text_frame(solutions: ox.QuerySolutions) -> pl.DataFrame:
    """Return solutions as a column of texts per variable, null where it is unbound or the text is empty."""
    names = [variable.value for variable in solutions.variables]
    content = solutions.serialize(format=ox.QueryResultsFormat.TSV)
    assert content is not None
    if not names:
        return pl.DataFrame()
    # A row of one unbound variable is an empty line, which a reader of CSV may pass over.
    lines = content.split(b"\n", 1)[1] if len(names) > 1 else content.split(b"\n", 1)[1].replace(b"\n", b"\t\n")
    cells = pl.read_csv(
        io.BytesIO(lines),
        has_header=False,
        new_columns=[*names, *([""] if len(names) == 1 else [])],
        infer_schema=False,
        separator="\t",
        quote_char=None,
        raise_if_empty=False,
    )
    if cells.is_empty():
        return pl.DataFrame(schema=dict.fromkeys(names, pl.String))
    return pl.DataFrame([_texts(cells[name]) for name in names])


def _texts(terms: pl.Series) -> pl.Series:
    """Return the texts of terms in Turtle: of an IRI without its brackets, of a literal without quotes and datatype."""
    term = pl.col(terms.name)
    text = (
        pl.when(term.str.starts_with('"'))
        .then(term.str.extract('^"(.*)"'))
        .when(term.str.starts_with("<") & ~term.str.starts_with("<<"))
        .then(term.str.slice(1, term.str.len_chars() - 2))
        .otherwise(term)
    )
    texts = terms.to_frame().select(text.replace("", None)).to_series()
    escaped = (terms.str.starts_with('"') & texts.str.contains("\\", literal=True)).fill_null(value=False).arg_true()
    return texts.scatter(escaped, [_unescaped(one) for one in texts.gather(escaped)]) if len(escaped) else texts


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda match: _CHARACTERS.get(match[1], match[1]), text)
