"""Cells: the only place that turns terms of an answer into what a table shows, and into safe JSON and CSV."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chaingraph import languages
from chaingraph.endpoint.pages.terms import term_names, words
from chaingraph.export.files import not_a_formula
from chaingraph.languages import LANGUAGES, text_in
from chaingraph.vocabulary import PREFIXES, short_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from chaingraph.endpoint.pages.page_queries import Names, Row, Term

_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_NUMERIC = tuple(PREFIXES["xsd"] + name for name in ("integer", "decimal", "double", "float", "int", "long", "short"))
_NO_PATH = re.compile(r"(?:^|/)\.{0,2}(?:/|$)|\.(?:json|csv|ttl|jsonld)$")
_LONGEST = 300


@dataclass(frozen=True)
class Cell:
    """What a table shows of a term: a text, in which language it is, what it is called in the other, and a link.

    ``href`` leads to a page of ours, or is None. ``away`` is an address elsewhere that is safe to follow, or None.
    ``rest`` is what a long text has beyond the shown one.
    """

    text: str
    language: str = ""
    also: str = ""
    href: str | None = None
    away: str | None = None
    number: bool = False
    rest: str = ""


@dataclass(frozen=True)
class Column:
    """A column of a table: the variable, and its words."""

    name: str
    words: str
    number: bool


def formatted(number: int) -> str:
    """Return a number with its thousands set apart.

    >>> formatted(12345)
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
        names: What IRIs are called; one without a name is shown by its short name.
        language: In which language.
        link: The address of the page of a thing by its IRI.
    """
    if term is None:
        return Cell("")
    value = term["value"]
    if term["type"] == "uri":
        if value in term_names():
            return Cell(text_in(term_names()[value], language), language)
        known = names.get(value, {})
        text = text_in(known, language) or short_name(value)
        other = known.get(languages.other(language), "")
        ours = bool(known) or value.startswith(PREFIXES["id"])
        return Cell(
            *_cut(text)[:1],
            language=next((one for one in LANGUAGES if known.get(one) == text), ""),
            also=_cut(other)[0] if other != text else "",
            href=link(value) if ours else None,
            away=None if ours else safe_address(value),
            rest=_cut(text)[1],
        )
    if term["type"] == "triple":
        return Cell(json.dumps(value, ensure_ascii=False))
    text, rest = _cut(value)
    number = term.get("datatype", "") in _NUMERIC and _NUMBER.fullmatch(value) is not None
    return Cell(text, language=term.get("xml:lang", ""), away=safe_address(value), number=number, rest=rest)


def _cut(text: str) -> tuple[str, str]:
    return (text, "") if len(text) <= _LONGEST else (text[:_LONGEST], text[_LONGEST:])


def table_of(
    columns: Sequence[str], rows: Sequence[Row], names: Names, language: str, link: Callable[[str], str]
) -> tuple[list[Column], list[list[Cell]]]:
    """Return the columns and the cells of a table of an answer.

    A column ``x`` whose names stand beside it in ``x_zh`` and ``x_en`` takes them in; so does a pair without ``x``.
    """
    stems = list(dict.fromkeys(re.sub(r"_(zh|en)$", "", name) for name in columns))
    cells = []
    for row in rows:
        line = []
        for stem in stems:
            beside = {one: row[f"{stem}_{one}"]["value"] for one in LANGUAGES if f"{stem}_{one}" in row}
            term = row.get(stem)
            if term is None and beside:
                text = text_in(beside, language)
                other = beside.get(languages.other(language), "")
                shown, rest = _cut(text)
                line.append(Cell(shown, also="" if other == text else _cut(other)[0], rest=rest))
            else:
                known = names | {term["value"]: beside} if term and beside and any(beside.values()) else names
                line.append(cell_of(term, known, language, link))
        cells.append(line)
    numeric = [
        any(line[i].number for line in cells) and all(line[i].number or not line[i].text for line in cells)
        for i in range(len(stems))
    ]
    return [Column(stem, column_words(stem, language), n) for stem, n in zip(stems, numeric, strict=True)], cells


def column_words(name: str, language: str) -> str:
    """Return what a column is called: as the ontology calls the term of that name, else its name.

    >>> column_words("since", "zh"), column_words("n", "zh")
    ('起始时间', 'n')
    """
    if f"column_{name}" in words(language):
        return words(language)[f"column_{name}"]
    for local in (name, name[:1].upper() + name[1:]):
        known = term_names().get(PREFIXES["cg"] + local)
        if known:
            return text_in(known, language)
    return name.replace("_", " ")


def as_csv(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> str:
    r"""Return rows as CSV in which no text can become a formula of a spreadsheet; a missing value is empty.

    >>> as_csv(["name", "n"], [{"name": "=1+1", "n": -1}, {"name": "-2"}])
    "name,n\r\n'=1+1,-1\r\n-2,\r\n"
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([_text(name) for name in columns])
    writer.writerows([_text(row.get(name)) for name in columns] for row in rows)
    return out.getvalue()


def _text(value: object) -> str:
    if value is None:
        return ""
    text = str(value)
    return text if _NUMBER.fullmatch(text) else not_a_formula(text)


def as_json(value: object) -> str:
    """Return a value as JSON with its characters as they are, ending in a line break."""
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def plain(row: Row, columns: Sequence[str]) -> dict[str, Any]:
    """Return a row as JSON holds it: a number as a number, everything else as its text, null where missing.

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
