"""Typed frames to N-Triples, as vectorised string expressions driven by the table contract.

A line has the bytes that Oxigraph writes for the same triple, so that what is built in parts, without a store, equals
what a store writes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

import polars as pl

from chaingraph.tables import MERGED, DataSet, contract
from chaingraph.tables.metadata import LANGUAGE_TAG
from chaingraph.vocabulary import CG, CODE, PREFIXES, code_list

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from chaingraph.tables.contract import Column, Table
    from chaingraph.tables.metadata import Description

_TYPE = f"<{PREFIXES['rdf']}type>"
_LABEL = f"<{PREFIXES['rdfs']}label>"
_ALIAS = f"<{PREFIXES['skos']}altLabel>"
_XSD = PREFIXES["xsd"]
_SAFE = r"^[A-Za-z0-9._~-]*$"
_HAN = r"\p{Han}"
_TAGGED = f"^(.*[^@])@({LANGUAGE_TAG.replace('(', '(?:')})$"
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_ROWS = 20_000
"""The most rows that one piece of text is made of, so that it stays small whatever the table's size."""


def n_triples(data_set: DataSet) -> Iterator[str]:
    """Yield the data set's graph as pieces of an N-Triples document, each of some rows of a column.

    The graph has the rows, the classes and short forms of the contract's virtual columns, the labels of the codes in
    use, and the description of the data set. What the ontology's rules derive is added by the store.
    """
    used: dict[str, set[str]] = {}
    for name, frame in data_set.tables.items():
        table = contract()[name]
        for rows in frame.iter_slices(_ROWS):
            for values in table_lines(rows, table, data_set.description):
                yield values.str.join("\n")[0] + "\n"
        for column in table.cells:
            if column.codes is not None:
                used.setdefault(column.codes, set()).update(frame[column.name].drop_nulls())
    yield from code_lines(used)
    yield "".join(data_set_lines(data_set.description))


def documents(data_set: DataSet, size: int) -> Iterator[bytes]:
    """Yield the same graph as N-Triples documents of about ``size`` bytes, each whole in itself."""
    parts: list[bytes] = []
    length = 0
    for piece in n_triples(data_set):
        parts.append(piece.encode())
        length += len(parts[-1])
        if length >= size:
            yield b"".join(parts)
            parts, length = [], 0
    yield b"".join(parts)


def table_lines(frame: pl.DataFrame, table: Table, description: Description) -> Iterator[pl.Series]:
    """Yield the lines that rows of a table make, as a series for each column that makes any.

    Args:
        frame: The rows; each has its id, and references are ids.
        table: The table.
        description: The description of the data set.
    """
    safe = {}
    for column in table.cells:
        cells = frame[column.name]
        if column.is_reference or column.codes is not None or column.name in {table.identifier, *_references(table)}:
            safe[column.name] = _percent_encoding(cells)
    terms = frame.with_columns(**{f"\x00iri {name}": cells for name, cells in safe.items()})
    for column in table.columns:
        for values in _statements(terms, column, table, description):
            lines = values.drop_nulls()
            if len(lines):
                yield lines


def _references(table: Table) -> set[str]:
    return {column.reference_table for column in table.cells if column.reference_table is not None}


def _statements(terms: pl.DataFrame, column: Column, table: Table, description: Description) -> Iterator[pl.Series]:
    if column.property_url is None:
        return
    subject = _iri(column.about_url or table.about_url, description.base)
    predicate = pl.lit(f" <{column.property_url}> ")
    if column.virtual:
        terms = terms.filter(
            pl.all_horizontal(pl.col(name) == value for name, value in column.when.items()) if column.when else True
        )
    if column.value_url is not None:
        names = [column.name, f"\x00iri {column.name}"]
        rows = terms if column.virtual or not column.is_list else terms.explode(names)
        yield rows.select(_line(subject, predicate, _iri(column.value_url, description.base))).to_series()
        return
    rows = terms.explode(column.name) if column.is_list else terms
    rows = rows.filter(pl.col(column.name).is_not_null())
    if column.is_date:
        yield from _dates(rows, subject, column)
    elif column.names_the_row and MERGED in rows.columns:
        yield rows.filter(~pl.col(MERGED)).select(_line(subject, predicate, _literal(column, description))).to_series()
        yield (
            rows.filter(MERGED).select(_line(subject, pl.lit(f" {_ALIAS} "), _literal(column, description))).to_series()
        )
    else:
        yield rows.select(_line(subject, predicate, _literal(column, description))).to_series()


def _line(subject: pl.Expr, predicate: pl.Expr, value: pl.Expr) -> pl.Expr:
    return pl.concat_str(subject, predicate, value, pl.lit(" ."))


def _iri(template: str, base: str) -> pl.Expr:
    """Expand a URI template; a template that names an empty cell yields null."""
    prefix = "" if template.startswith("http") else base
    parts: list[pl.Expr] = [pl.lit(f"<{prefix}")]
    end = 0
    for placeholder in _PLACEHOLDER.finditer(template):
        parts += [pl.lit(template[end : placeholder.start()]), pl.col(f"\x00iri {placeholder[1]}")]
        end = placeholder.end()
    return pl.concat_str(*parts, pl.lit(template[end:] + ">"))


def _percent_encoding(cells: pl.Series) -> pl.Series:
    """Encode what a URI template must (RFC 6570, simple expansion): all but unreserved characters."""
    is_list = cells.dtype == pl.List(pl.String)
    texts = (cells.explode() if is_list else cells).drop_nulls().unique()
    unsafe = texts.filter(~texts.str.contains(_SAFE))
    if unsafe.is_empty():
        return cells
    encoded = {text: quote(text, safe="") for text in unsafe}
    if not is_list:
        return cells.replace(encoded)
    return cells.to_frame("cells").select(pl.col("cells").list.eval(pl.element().replace(encoded))).to_series()


def _literal(column: Column, description: Description) -> pl.Expr:
    text = pl.col(column.name)
    if column.language is not None:
        return pl.concat_str(_string_literal(text), pl.lit(f"@{column.language.lower()}"))
    if column.text_language is not None:
        language = description.language if column.text_language == "dataset" else None
        default_tag = (
            pl.lit(f"@{language.lower()}")
            if language
            else pl.when(text.str.contains(_HAN)).then(pl.lit("@zh")).otherwise(pl.lit(""))
        )
        if not column.is_list:
            return pl.concat_str(_string_literal(text), default_tag)
        tag = pl.concat_str(pl.lit("@"), text.str.extract(_TAGGED, 2).str.to_lowercase())
        return pl.concat_str(
            _string_literal(pl.coalesce(text.str.extract(_TAGGED, 1), text)), pl.coalesce(tag, default_tag)
        )
    if column.datatype == "string":
        return _string_literal(text)
    return pl.concat_str(_string_literal(text), pl.lit(f"^^<{_XSD}{column.datatype}>"))


def _string_literal(text: pl.Expr) -> pl.Expr:
    escaped = text.str.replace_many(list(_ESCAPES), list(_ESCAPES.values()))
    return pl.concat_str(pl.lit('"'), escaped, pl.lit('"'))


def _dates(rows: pl.DataFrame, subject: pl.Expr, column: Column) -> Iterator[pl.Series]:
    """Yield the triples of a date as the source has it, and of the earliest and the latest day that it can be."""
    text = pl.col(column.name)
    length = text.str.len_chars()
    year, month = 4, 7
    datatype = (
        pl.when(length == year)
        .then(pl.lit("gYear"))
        .when(length == month)
        .then(pl.lit("gYearMonth"))
        .otherwise(pl.lit("date"))
    )
    literal = pl.concat_str(_string_literal(text), pl.lit(f"^^<{_XSD}"), datatype, pl.lit(">"))
    yield rows.select(_line(subject, pl.lit(f" <{column.property_url}> "), literal)).to_series()
    earliest = pl.concat_str(
        text,
        pl.when(length == year).then(pl.lit("-01-01")).when(length == month).then(pl.lit("-01")).otherwise(pl.lit("")),
    )
    full = pl.concat_str(
        text,
        pl.when(length == year).then(pl.lit("-12-01")).when(length == month).then(pl.lit("-01")).otherwise(pl.lit("")),
    )
    last_of_month = full.str.to_date("%Y-%m-%d").dt.month_end().dt.strftime("%Y-%m-%d")
    latest = pl.when(length == year + 6).then(text).otherwise(last_of_month)
    for suffix, day in (("Earliest", earliest), ("Latest", latest)):
        day_literal = pl.concat_str(_string_literal(day), pl.lit(f"^^<{_XSD}date>"))
        yield rows.select(_line(subject, pl.lit(f" <{column.property_url}{suffix}> "), day_literal)).to_series()


def code_lines(used: Mapping[str, Collection[str]]) -> Iterator[str]:
    """Yield the lines of the codes in use, so that a query can return their labels.

    Args:
        used: The notations in use, by code list.
    """
    for name in sorted(used):
        codes = code_list(name)
        for code in codes.codes:
            if code.notation in used[name]:
                yield (
                    f"<{code.iri}> {_TYPE} <{PREFIXES['skos']}Concept> .\n"
                    f"<{code.iri}> <{PREFIXES['skos']}inScheme> <{CODE}{codes.name}> .\n"
                    f"<{code.iri}> <{PREFIXES['skos']}notation> {_text(code.notation)} .\n"
                    f"<{code.iri}> {_LABEL} {_text(code.label_en, 'en')} .\n"
                    f"<{code.iri}> {_LABEL} {_text(code.label_zh, 'zh')} .\n"
                )


def data_set_lines(description: Description) -> Iterable[str]:
    """Yield the lines of the data set's own node."""
    terms = PREFIXES["dcterms"]
    node = f"<{description.iri}>"
    yield f"{node} {_TYPE} <{PREFIXES['dcat']}Dataset> .\n"
    yield f"{node} <{terms}identifier> {_text(description.name)} .\n"
    if not description.title:
        yield f"{node} {_LABEL} {_text(description.name)} .\n"
    for predicates, texts in (
        ((f"<{terms}title>", _LABEL), description.title),
        ((f"<{terms}description>",), description.description),
        ((f"<{CG.attribution}>",), description.attribution),
    ):
        for predicate in predicates:
            for language, words in sorted(texts.items()):
                yield f"{node} {predicate} {_text(words, language)} .\n"
    if description.licence is not None:
        yield f"{node} <{terms}license> {_text(description.licence)} .\n"
    for source in description.sources:
        words = ", ".join(source[key] for key in ("title", "url") if source.get(key))
        if words:
            yield f"{node} <{terms}source> {_text(words)} .\n"


def _text(words: str, language: str = "") -> str:
    escaped = words.translate({ord(character): escape for character, escape in _ESCAPES.items()})
    return f'"{escaped}"' + (f"@{language.lower()}" if language else "")
