"""What a column of a roster can mean: ``ontology/headings.json`` with the titles of the table contract, as objects.

A roster is read in a context: what its rows are about, which is a table of the contract. In a context a heading means a
column of that table, or something named beside the subject of the row (the lead of a consortium), which makes a row of
another table, or something of what another column names (the region of the lead).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from chaingraph.rosters.folding import fold, has_han, headings_data
from chaingraph.tables import contract

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chaingraph.tables.contract import Column

_PROVENANCE = ("id", "quote", "source", "record")
NAME = "name"


@dataclass(frozen=True)
class Makes:
    """The row of another table that a cell makes: ``subject`` is the column of the row's subject, ``cell`` the cell's.

    ``fixed`` are the values of further columns, such as the role.
    """

    table: str
    subject: str
    cell: str
    fixed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Meaning:
    """What a heading means in a context.

    Args:
        name: What ``--column`` calls it.
        column: The column of the context's table, or of the table that ``makes`` names.
        makes: The row of another table that a cell makes; None where the cell fills the subject's own row.
        fixed: Values of further columns of the subject's row.
        level: The level of a region, 0 for countries; None where the heading gives none.
        scheme: The scheme of a code, such as USCC.
        displaces: By a meaning what it means instead where this one is there too.
        of: The meaning whose things the cell describes, where it is not the subject.
        flag: The notation that a cell stands for which says yes.
        until: The column of the end of a period, ``column`` being that of its start.
        unless: The meaning beside which this one is left out.
        leave: Why such a column is left out.
    """

    name: str
    column: str
    makes: Makes | None = None
    fixed: Mapping[str, str] = field(default_factory=dict)
    level: int | None = None
    scheme: str | None = None
    displaces: Mapping[str, str] = field(default_factory=dict)
    of: str | None = None
    flag: str | None = None
    until: str | None = None
    unless: str | None = None
    leave: str | None = None


@dataclass(frozen=True)
class Context:
    """What the rows of a roster can be about.

    Args:
        table: The table whose rows they are.
        meanings: By name what a column can mean.
        titles: By title, as it is compared, what it means.
        weak: Titles that mean so only where the cells bear it out.
        ambiguous: Titles that can mean several things, with the names of the meanings.
        about: The meaning that describes the thing of further columns: in a list of members, the organization.
        chinese: By name of a meaning its first Chinese title.
        sheets: What sheets and titles call such rosters.
        only_by_name: Whether a roster is one of these only where its sheet, its title or its file is called so, because
            its headings are those of lists of other things.
    """

    table: str
    meanings: Mapping[str, Meaning]
    titles: Mapping[str, Meaning]
    weak: Mapping[str, Meaning]
    ambiguous: Mapping[str, tuple[str, ...]]
    about: str | None
    chinese: Mapping[str, str]
    sheets: tuple[str, ...]
    only_by_name: bool = False

    def table_of(self, meaning: Meaning, of: str | None = None) -> str:
        """Return the table whose row a cell fills; ``of`` is the meaning whose things it describes, if any."""
        described = of or meaning.of
        if described is not None:
            return self.target(self.meanings[described]).reference or self.table
        return meaning.makes.table if meaning.makes else self.table

    def target(self, meaning: Meaning, of: str | None = None) -> Column:
        """Return the column of the contract that holds what a cell says."""
        table = contract()[self.table_of(meaning, of)]
        if table.name == "regions" and meaning.level is not None:
            return table.column("within")
        return table.column(meaning.makes.cell if meaning.makes else meaning.column)

    def names_organizations(self, meaning: Meaning) -> bool:
        """Tell whether the cells of a meaning name organizations."""
        if meaning.leave is not None:
            return False
        column = self.target(meaning)
        if column.reference == "organizations":
            return True
        return self.table == "organizations" and meaning.makes is None and meaning.column == NAME


@cache
def contexts() -> Mapping[str, Context]:
    """Return what the rows of a roster can be about, by table.

    >>> context = contexts()["consortia"]
    >>> context.titles[fold("牵头企业")].makes.fixed, context.ambiguous[fold("负责单位")]
    ({'role': 'lead'}, ('lead', 'operator'))
    """
    entries = headings_data()["contexts"]
    return {name: _context(name, entries.get(name, {})) for name in contract()}


def _context(name: str, entry: Mapping[str, Any]) -> Context:
    table = contract()[name]
    meanings: dict[str, Meaning] = {}
    titles: dict[str, Meaning] = {}
    weak: dict[str, Meaning] = {}
    attributes = headings_data()["attributes"]
    given = {**entry.get("columns", {}), **{key: attributes[key] for key in entry.get("attributes", [])}}
    for key, value in given.items():
        meaning = meanings[key] = _meaning(key, value)
        titles |= {fold(title): meaning for title in value["titles"]}
        weak |= {fold(title): meaning for title in value.get("weak", [])}
    chinese = {key: text for key, value in given.items() for text in value["titles"][::-1] if has_han(text)}
    ambiguous = {fold(title): tuple(candidates) for title, candidates in entry.get("ambiguous", {}).items()}
    generic = {fold(title) for title in headings_data()["generic names"]}
    for column in table.cells:
        if column.name in _PROVENANCE and (entry or column.name == table.identifier):
            continue
        meaning = meanings.setdefault(column.name, Meaning(column.name, column.name))
        chinese.setdefault(column.name, column.title_zh)
        for title in (column.name, *column.titles):
            key = fold(title)
            if key not in generic and key not in ambiguous:
                titles.setdefault(key, meaning)
    if table.label is not None:
        weak |= dict.fromkeys(generic, meanings[table.label])
    weak = {title: meaning for title, meaning in weak.items() if title not in titles and title not in ambiguous}
    sheets, only_by_name = tuple(entry.get("sheets", ())), entry.get("only by name", False)
    return Context(name, meanings, titles, weak, ambiguous, entry.get("about"), chinese, sheets, only_by_name)


def _meaning(key: str, value: Mapping[str, Any]) -> Meaning:
    makes = value.get("makes")
    relation = Makes(makes["table"], makes["subject"], makes["cell"], makes["set"]) if makes else None
    return Meaning(
        name=key,
        column=value.get("column", relation.cell if relation else key),
        makes=relation,
        fixed=value.get("set", {}),
        level=value.get("level"),
        scheme=value.get("scheme"),
        displaces=value.get("displaces", {}),
        of=value.get("of"),
        flag=value.get("flag"),
        until=value.get("until"),
        unless=value.get("instead of"),
        leave=value.get("leave"),
    )


def title_of(path: str, context: Context) -> str:
    """Return what a meaning is called in Chinese; one of another thing with the name of that before it.

    >>> title_of("lead", contexts()["consortia"]), title_of("lead.region", contexts()["consortia"])
    ('牵头单位', '牵头单位.地区')
    """
    of, dot, name = path.partition(".")
    attributes = contexts()["organizations"].chinese
    if not dot:
        return context.chinese.get(path) or attributes.get(path) or path
    return f"{context.chinese.get(of, of)}.{attributes.get(name, name)}"


def name_of(title: str, context: Context) -> str:
    """Return the name of the meaning that a Chinese title stands for; what stands for none as it is."""
    return next((name for name, text in context.chinese.items() if text == title), title)


@cache
def left_out_titles() -> Mapping[str, str]:
    """Return why the columns of some titles are left out in every context, by title as it is compared.

    >>> left_out_titles()[fold("序 号")], left_out_titles()[fold("联系电话")]
    ('number', 'contact')
    """
    reasons = headings_data()["left out"]
    return {fold(title): reason for reason, titles in reasons.items() for title in titles}


@cache
def known_titles() -> frozenset[str]:
    """Return every title that means something in some context, or is left out in all."""
    titles = set(left_out_titles())
    for context in contexts().values():
        titles |= context.titles.keys() | context.weak.keys() | context.ambiguous.keys()
    return frozenset(titles)
