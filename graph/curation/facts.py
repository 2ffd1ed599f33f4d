"""Facts about China's innovation consortia: reading them, and giving things their ids and words their quotes.

It reads ``facts.csv`` and the table contract. ``rules.py`` adds the rows of the facts to ``fact_tables.py``,
``writing.py`` divides them between the data sets.
"""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pypinyin import lazy_pinyin

if TYPE_CHECKING:
    from collections.abc import Iterable

CURATION = Path(__file__).resolve().parent
GRAPH = CURATION.parent
CONTRACT = GRAPH.parent / "ontology" / "tables.json"
ID_LENGTH = 60
TABLES_OF_TYPES = {
    "Programme": "programmes",
    "Consortium": "consortia",
    "Alliance": "consortia",
    "Platform": "platforms",
    "Project": "projects",
    "Region": "regions",
    "Product/Stage": "products",
}


class FactsMissingError(Exception):
    """The folder of the facts is not there."""


class Fact(NamedTuple):
    """One row of ``facts.csv``; ``number`` counts from 1, ``listed`` is the id that the file gives its source."""

    number: int
    subject: str
    subject_type: str
    predicate: str
    object: str
    source: str
    quote: str
    note: str
    listed: str

    @property
    def table(self) -> str:
        """The table that the subject belongs to."""
        return TABLES_OF_TYPES.get(self.subject_type, "organizations")


class Column(NamedTuple):
    """What the contract says of a column: the table it refers to, and the sign between several values."""

    refers_to: str
    separator: str


@dataclass
class Row:
    """A row in the making: references are names, lists are tuples, evidence is the numbers of facts."""

    table: str
    cells: dict[str, str] = field(default_factory=dict)
    facts: set[int] = field(default_factory=set)
    quoted: set[int] = field(default_factory=set)
    mentions: set[int] = field(default_factory=set)
    touched: set[int] = field(default_factory=set)

    @property
    def evidence(self) -> list[int]:
        """The facts that state the cells, and the one that names the thing, best in its quote."""
        if self.facts & self.quoted:
            return sorted(self.facts)
        naming = sorted(self.quoted) or sorted(self.mentions)
        return sorted(self.facts | set(naming[:1])) or sorted(self.touched)[:1]

    @property
    def first(self) -> int:
        """The fact in which the thing appears first."""
        return min(self.facts | self.quoted | self.mentions | self.touched)


def read_csv(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_sources(folder: Path) -> dict[str, list[dict[str, str]]]:
    """Return the rows of ``sources.csv`` by the id of the page: an address that is listed twice is one page."""
    pages: dict[str, list[dict[str, str]]] = {}
    for row in read_csv(folder / "sources.csv"):
        pages.setdefault(row["url"], []).append(row)
    return {rows[0]["id"]: rows for rows in pages.values()}


def read_facts(folder: Path) -> list[Fact]:
    """Return the facts in the order of the file, each with the page that its source stands for."""
    if not (folder / "facts.csv").is_file():
        message = f"{folder}: no facts.csv there; give the folder consortia-facts with --facts PATH"
        raise FactsMissingError(message)
    pages = {row["id"]: page for page, rows in read_sources(folder).items() for row in rows}
    rows = enumerate(read_csv(folder / "facts.csv"), 1)
    return [
        Fact(
            n,
            r["subject"],
            r["subject_type"],
            r["predicate"],
            r["object"],
            pages[r["source"]],
            r["quote"],
            r["note"],
            r["source"],
        )
        for n, r in rows
    ]


def quote_ids(facts: Iterable[Fact]) -> dict[int, str]:
    """Return the quote id of each fact: its source and the ordinal of its exact words within that source."""
    seen: dict[str, dict[str, int]] = defaultdict(dict)
    ids = {}
    for fact in facts:
        words = seen[fact.source]
        ids[fact.number] = f"{fact.source}-{words.setdefault(fact.quote, len(words) + 1)}"
    return ids


def pinyin_id(name: str) -> str:
    """Return a readable ASCII id; it need only be stable, not right in tone or word division.

    >>> pinyin_id("江苏省 5G 演进")
    'jiang-su-sheng-5g-yan-jin'
    """
    syllables = [re.sub(r"[^a-z0-9]+", "", s.lower()) for s in lazy_pinyin(name)]
    text = ""
    for syllable in filter(None, syllables):
        longer = f"{text}-{syllable}" if text else syllable
        if len(longer) > ID_LENGTH and text:
            break
        text = longer
    return text


@cache
def sound(words: str) -> str:
    """Return the syllables of words: the same for the simplified and the traditional script.

    >>> sound("苏大维格") in sound("蘇大維格牽頭")
    True
    """
    return "'" + "'".join(s for s in lazy_pinyin(words) if s.strip()) + "'"


def contract() -> dict[str, dict[str, Column]]:
    """Return the columns of each table, in the order of the contract."""
    tables = {}
    for table in json.loads(CONTRACT.read_text(encoding="utf-8"))["tables"]:
        schema = table["tableSchema"]
        keys = {
            k["columnReference"]: k["reference"]["resource"].removesuffix(".csv") for k in schema.get("foreignKeys", [])
        }
        tables[table["url"].removesuffix(".csv")] = {
            c["name"]: Column(keys.get(c["name"], ""), c.get("separator", ""))
            for c in schema["columns"]
            if not c.get("virtual")
        }
    return tables
