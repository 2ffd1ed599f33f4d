"""The table contract: ``ontology/tables.json`` as Python objects, parsed once.

The file is W3C CSVW metadata (https://www.w3.org/TR/tabular-metadata/). Beyond CSVW it uses annotations of our own,
absolute IRIs in the ontology's namespace:

- ``when``: a virtual column makes its triple only for rows whose cells have these values;
- ``precision``: the column has dates, each a year, a month or a day;
- ``textLanguage``: the text's language is that of the data set (``dataset``) or follows from its script (``detect``);
- ``each``: every value of a separated cell makes a row of its own;
- ``referenceTable``: the column refers to the table that another column of the row names;
- ``atLeastOneOf``: at least one of these columns must be filled;
- ``furtherKey``: columns that came into the key after a release: they count where they are filled, so that the rows of
  that release keep their nodes;
- ``merges``: a row of this table may declare two rows of another table to be one.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from chaingraph.resources import ontology_file
from chaingraph.vocabulary import CODE, PREFIXES, CodeList, code_list

if TYPE_CHECKING:
    from collections.abc import Mapping

_CG = PREFIXES["cg"]
_LABEL = PREFIXES["rdfs"] + "label"
_ALIAS = PREFIXES["skos"] + "altLabel"


@dataclass(frozen=True)
class Column:
    """One column of a table; a ``virtual`` one has no cells and makes one triple per row."""

    name: str
    titles: tuple[str, ...] = ()
    title_zh: str = ""
    datatype: str = "string"
    pattern: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    required: bool = False
    separator: str | None = None
    property_url: str | None = None
    value_url: str | None = None
    about_url: str | None = None
    language: str | None = None
    text_language: str | None = None
    virtual: bool = False
    when: Mapping[str, str] = field(default_factory=dict)
    is_date: bool = False
    each: bool = False
    reference: str | None = None
    reference_table: str | None = None
    codes: str | None = None

    @property
    def is_reference(self) -> bool:
        """Tell whether the cells name rows of another table."""
        return self.reference is not None or self.reference_table is not None

    @property
    def is_list(self) -> bool:
        """Tell whether a typed cell has several values."""
        return self.separator is not None and not self.each

    @property
    def names_the_row(self) -> bool:
        """Tell whether a reference may be this column's text in place of the id."""
        return self.property_url in {_LABEL, _ALIAS}

    def code_list(self) -> CodeList:
        """Return the code list that the cells come from."""
        assert self.codes is not None
        return code_list(self.codes)


@dataclass(frozen=True)
class Merge:
    """How a row declares two rows of another table to be one: the statements about ``drop`` go to ``keep``."""

    table: str
    keep: str
    drop: str
    when: Mapping[str, str]


@dataclass(frozen=True)
class Table:
    """One table: its names, key and columns."""

    name: str
    titles: tuple[str, ...]
    title_zh: str
    about_url: str
    primary_key: tuple[str, ...]
    columns: tuple[Column, ...]
    at_least_one_of: tuple[str, ...] = ()
    further_key: tuple[str, ...] = ()
    merge: Merge | None = None

    @cached_property
    def cells(self) -> tuple[Column, ...]:
        """The columns that a person fills."""
        return tuple(column for column in self.columns if not column.virtual)

    @cached_property
    def identifier(self) -> str:
        """The column that names the row's node."""
        placeholder = re.search(r"\{(\w+)\}", self.about_url)
        assert placeholder is not None
        return placeholder[1]

    @cached_property
    def label(self) -> str | None:
        """The column of the row's own name, if the table is one of named things."""
        labels = [c.name for c in self.cells if c.property_url == _LABEL and c.language is None]
        return labels[0] if labels else None

    @cached_property
    def is_of_things(self) -> bool:
        """Whether a row is a thing with a name of its own, and no relation, which its cells tell from others."""
        return self.label is not None and self.primary_key == (self.identifier,)

    def column(self, name: str) -> Column:
        """Return the column of that name."""
        return self._by_name[name]

    @cached_property
    def _by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    def by_title(self) -> dict[str, Column]:
        """Return the columns by every title that a heading may have, without case, width and spacing."""
        return {heading_key(title): column for column in self.cells for title in (column.name, *column.titles)}


def heading_key(title: str) -> str:
    """Return a heading without case, width and spacing, as headings are compared.

    >>> heading_key(" Input_of　"), heading_key("ＩＤ")
    ('input of', 'id')
    """
    import unicodedata

    return " ".join(unicodedata.normalize("NFKC", title).replace("_", " ").split()).casefold()


@cache
def contract() -> Mapping[str, Table]:
    """Return the tables of ``ontology/tables.json`` by name, in the file's order.

    >>> contract()["memberships"].column("role").code_list().spellings["牵头单位"]
    'lead'
    """
    document = json.loads(ontology_file("tables.json").read_text(encoding="utf-8"))
    tables = [_table(entry) for entry in document["tables"]]
    return {table.name: table for table in tables}


def _table(entry: Mapping[str, Any]) -> Table:
    schema = entry["tableSchema"]
    key = schema["primaryKey"]
    references = {
        foreign["columnReference"]: foreign["reference"]["resource"].removesuffix(".csv")
        for foreign in schema.get("foreignKeys", [])
    }
    merge = entry.get(_CG + "merges")
    titles = tuple(title["@value"] for title in entry["dc:title"])
    return Table(
        name=entry["url"].removesuffix(".csv"),
        titles=titles,
        title_zh=next(title["@value"] for title in entry["dc:title"] if title["@language"] == "zh"),
        about_url=schema["aboutUrl"],
        primary_key=(key,) if isinstance(key, str) else tuple(key),
        columns=tuple(_column(column, references.get(column["name"])) for column in schema["columns"]),
        at_least_one_of=tuple(entry.get(_CG + "atLeastOneOf", ())),
        further_key=tuple(schema.get(_CG + "furtherKey", ())),
        merge=Merge(**merge) if merge else None,
    )


def _column(entry: Mapping[str, Any], reference: str | None) -> Column:
    datatype = entry.get("datatype", "string")
    derived: Mapping[str, Any] = {"base": datatype} if isinstance(datatype, str) else datatype
    titles: Mapping[str, list[str]] = entry.get("titles", {})
    return Column(
        name=entry["name"],
        titles=tuple(title for spellings in titles.values() for title in spellings),
        title_zh=titles.get("zh", [""])[0],
        datatype=derived["base"],
        pattern=derived.get("format"),
        minimum=derived.get("minimum"),
        maximum=derived.get("maximum"),
        required=entry.get("required", False),
        separator=entry.get("separator"),
        property_url=None if entry.get("suppressOutput") else entry["propertyUrl"],
        value_url=entry.get("valueUrl"),
        about_url=entry.get("aboutUrl"),
        language=entry.get("lang"),
        text_language=entry.get(_CG + "textLanguage"),
        virtual=entry.get("virtual", False),
        when=entry.get(_CG + "when", {}),
        is_date=_CG + "precision" in entry,
        each=entry.get(_CG + "each", False),
        reference=reference,
        reference_table=entry.get(_CG + "referenceTable"),
        codes=_code_list_name(entry),
    )


def _code_list_name(entry: Mapping[str, Any]) -> str | None:
    template = re.fullmatch(re.escape(str(CODE)) + r"([\w-]+)-\{\w+\}", entry.get("valueUrl", ""))
    return template[1] if template else None
