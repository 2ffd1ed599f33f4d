"""Terms of an answer as cells of a table on a page, and as JSON."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chaingraph import languages
from chaingraph.endpoint.pages.terms import words
from chaingraph.languages import LANGUAGES, text_in
from chaingraph.vocabulary import PREFIXES, short_name, term_labels

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chaingraph.endpoint.pages.page_queries import Names, Row, Term

_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_NUMERIC = tuple(PREFIXES["xsd"] + name for name in ("integer", "decimal", "double", "float", "int", "long", "short"))
_NO_PATH = re.compile(r"(?:^|/)\.{0,2}(?:/|$)|\.(?:json|csv|ttl|jsonld)$")
_MAX_TEXT = 300


@dataclass(frozen=True)
class Cell:
    """What a table shows of a term: a text, its language, its translation into the other language, and a link.

    ``href`` leads to a page of ours, or is None. ``external`` is an address elsewhere that is safe to follow, or None.
    ``rest`` is what a long text has after ``text``.
    """

    text: str
    language: str = ""
    translation: str = ""
    href: str | None = None
    external: str | None = None
    number: bool = False
    rest: str = ""


@dataclass(frozen=True)
class Column:
    """A column of a table: the variable, and its words."""

    name: str
    words: str
    number: bool


def format_number(number: int) -> str:
    """Return a number with commas between its thousands.

    >>> format_number(12345)
    '12,345'
    """
    return f"{number:,}"


def thing_path(iri: str) -> tuple[str, dict[str, str]]:
    """Return the path and the parameters of the page of a thing, unescaped.

    >>> thing_path("https://w3id.org/chaingraph/id/cn/regions/wu-xi")
    ('/thing/cn/regions/wu-xi', {})
    >>> thing_path("https://example.org/a")
    ('/thing', {'iri': 'https://example.org/a'})
    """
    rest = iri.removeprefix(PREFIXES["id"])
    if rest == iri or _NO_PATH.search(rest) or rest.count("/") < 2:
        return "/thing", {"iri": iri}
    return f"/thing/{rest}", {}


def safe_address(text: str) -> str | None:
    """Return an address that a page may link to, only http and https, or None.

    >>> safe_address("https://example.org/a?b"), safe_address("javascript:alert(1)"), safe_address("//example.org")
    ('https://example.org/a?b', None, None)
    """
    return text if re.fullmatch(r"https?://[^\s\x00-\x20\x7f\\]+", text, re.IGNORECASE) else None


def cell_of(term: Term | None, names: Names, language: str, link: Callable[[str], str]) -> Cell:
    """Return what a table shows of a term.

    Args:
        term: A term of an answer; None where there is none.
        names: The names of IRIs; one without a name is shown by its short name.
        language: The language of the table.
        link: Returns the address of the page of a thing by its IRI.
    """
    if term is None:
        return Cell("")
    value = term["value"]
    if term["type"] == "uri":
        if value in term_labels():
            return Cell(text_in(term_labels()[value], language), language)
        texts = names.get(value, {})
        text = text_in(texts, language) or short_name(value)
        start, rest = _split(text)
        translation = texts.get(languages.other(language), "")
        ours = bool(texts) or value.startswith(PREFIXES["id"])
        return Cell(
            start,
            language=next((one for one in LANGUAGES if texts.get(one) == text), ""),
            translation=_split(translation)[0] if translation != text else "",
            href=link(value) if ours else None,
            external=None if ours else safe_address(value),
            rest=rest,
        )
    if term["type"] in {"bnode", "triple"}:
        return Cell(f"_:{value}" if term["type"] == "bnode" else str(value))
    text, rest = _split(value)
    number = term.get("datatype", "") in _NUMERIC and _NUMBER.fullmatch(value) is not None
    return Cell(text, language=term.get("xml:lang", ""), external=safe_address(value), number=number, rest=rest)


def _split(text: str) -> tuple[str, str]:
    """Return the part of a text that a table shows, and the rest."""
    return text[:_MAX_TEXT], text[_MAX_TEXT:]


def table_of(
    columns: Sequence[str], rows: Sequence[Row], names: Names, language: str, link: Callable[[str], str]
) -> tuple[list[Column], list[list[Cell]]]:
    """Return the columns and the cells of a table of an answer.

    The columns ``x``, ``x_zh`` and ``x_en`` are one column of the table: a thing with its names. ``x`` may be missing.

    Args:
        columns: The variables of the answer.
        rows: Its rows.
        names: The names of the things in it.
        language: The language of the table.
        link: Returns the address of the page of a thing by its IRI.
    """
    stems = list(dict.fromkeys(re.sub(r"_(zh|en)$", "", name) for name in columns))
    lines = [[_cell_of_columns(stem, row, names, language, link) for stem in stems] for row in rows]
    numeric = [
        any(line[i].number for line in lines) and all(line[i].number or not line[i].text for line in lines)
        for i in range(len(stems))
    ]
    return [Column(stem, column_words(stem, language), n) for stem, n in zip(stems, numeric, strict=True)], lines


def _cell_of_columns(stem: str, row: Row, names: Names, language: str, link: Callable[[str], str]) -> Cell:
    """Return the cell of a column ``stem`` and of the columns of its names."""
    texts = {one: row[f"{stem}_{one}"]["value"] for one in LANGUAGES if f"{stem}_{one}" in row}
    term = row.get(stem)
    if term is None and texts:
        text = text_in(texts, language)
        start, rest = _split(text)
        translation = texts.get(languages.other(language), "")
        return Cell(start, translation="" if translation == text else _split(translation)[0], rest=rest)
    if term and any(texts.values()):
        names = names | {term["value"]: texts}
    return cell_of(term, names, language, link)


def column_words(name: str, language: str) -> str:
    """Return the heading of a column: its own words, else the label of the ontology's term of that name, else its name.

    >>> column_words("since", "zh"), column_words("n", "zh")
    ('起始时间', 'n')
    """
    if f"column_{name}" in words(language):
        return words(language)[f"column_{name}"]
    for local in (name, name[:1].upper() + name[1:]):
        labels = term_labels().get(PREFIXES["cg"] + local)
        if labels:
            return text_in(labels, language)
    return name.replace("_", " ")


def plain(row: Row, columns: Sequence[str]) -> dict[str, Any]:
    """Return a row for JSON: a number as a number, everything else as its text, null where missing.

    >>> two = {"type": "literal", "value": "2", "datatype": "http://www.w3.org/2001/XMLSchema#integer"}
    >>> plain({"a": two}, ["a", "b"])
    {'a': 2, 'b': None}
    """
    return {name: _plain(row.get(name)) for name in columns}


def _plain(term: Term | None) -> object:
    if term is None:
        return None
    kind = term.get("datatype", "").removeprefix(PREFIXES["xsd"])
    if kind == "boolean":
        return term["value"] in {"true", "1"}
    if kind in {"integer", "int", "long", "short"} and re.fullmatch(r"[+-]?[0-9]{1,15}", term["value"]):
        return int(term["value"])
    if kind in {"decimal", "double", "float"} and re.fullmatch(r"[+-]?[0-9]{1,15}(\.[0-9]{1,15})?", term["value"]):
        return float(term["value"])
    return term["value"]
