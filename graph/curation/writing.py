"""Writing the rows that facts give, divided between the data sets."""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from fact_tables import THINGS, CurationError, FactTables
from facts import (
    CURATION,
    GRAPH,
    Column,
    FactsMissingError,
    Row,
    pinyin_id,
    quote_ids,
    read_csv,
    read_facts,
    read_sources,
)
from rules import apply_rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FACTS = GRAPH.parents[1] / "shared" / "data" / "consortia-facts"
ARTICLE = "000_e5fd94c8487512b0.txt"


def thing_ids(fact_tables: FactTables) -> dict[tuple[str, str], str]:
    """Return the id of every thing; a second thing of one spelling gets ``-2``, in order of first appearance."""
    order = sorted(fact_tables.things, key=lambda key: (key[0], fact_tables.things[key].first))
    counts: dict[tuple[str, str], int] = defaultdict(int)
    ids = {}
    for table, name in order:
        stem = pinyin_id(name)
        counts[(table, stem)] += 1
        count = counts[(table, stem)]
        ids[(table, name)] = stem if count == 1 else f"{stem}-{count}"
    return ids


def rows_of(fact_tables: FactTables) -> dict[str, list[tuple[set[int], dict[str, str]]]]:
    """Return the rows of every table with ids for names and quotes for facts, each with all facts that touch it."""
    ids, quotes = thing_ids(fact_tables), quote_ids(fact_tables.facts.values())
    tables: dict[str, list[tuple[set[int], dict[str, str]]]] = defaultdict(list)
    order = sorted(fact_tables.things.items(), key=lambda item: item[1].first)
    for key, row in order:
        cells = {"id": ids[key]} | with_ids(fact_tables, row, ids) | {"quote": quote_cell(row.evidence, quotes)}
        tables[row.table].append((row.facts | row.quoted | row.mentions | row.touched, cells))
    report_ids: set[str] = set()
    for row in sorted(fact_tables.relations.values(), key=lambda row: min(row.facts)):
        cells = with_ids(fact_tables, row, ids) | {"quote": quote_cell(row.evidence, quotes)}
        if row.table == "reported":
            stem = pinyin_id(row.cells["name"])
            cells = {"id": next(i for i in numbered(stem) if i not in report_ids)} | cells
            report_ids.add(cells["id"])
        tables[row.table].append((row.facts, cells))
    return tables


def with_ids(fact_tables: FactTables, row: Row, ids: Mapping[tuple[str, str], str]) -> dict[str, str]:
    """Return the cells of a row with ids for names."""
    cells = dict(row.cells)
    for column, value in row.cells.items():
        to, separator = fact_tables.columns[row.table][column]
        if row.table in ("claims", "identities") and column in ("subject", "left", "right"):
            to, separator = row.cells["table"], ""
        if row.table == "claims" and column == "value":
            to = fact_tables.columns[row.cells["table"]].get(row.cells["property"], Column("", "")).refers_to
        if to:
            names = value.split(separator) if separator else [value]
            targets = [ids[(to, fact_tables.name(to, name))] for name in names]
            cells[column] = separator.join(targets) if separator else targets[0]
    return cells


def numbered(stem: str) -> Iterable[str]:
    """Yield the stem, then the stem with -2, -3 ..."""
    yield stem
    number = 2
    while True:
        yield f"{stem}-{number}"
        number += 1


def quote_cell(numbers: Iterable[int], quotes: Mapping[int, str]) -> str:
    """Return the quotes of facts for one cell."""
    return ";".join(dict.fromkeys(quotes[n] for n in numbers))


def publication_date(text: str) -> str:
    """Return the year, month or day that ``sources.csv`` gives for the page, not for the event or paper it tells of.

    >>> publication_date("2010 event; page 2020-11"), publication_date("undated (2025 in text)")
    ('2020-11', '')
    >>> publication_date("2025-06-05 (issued); 2025-09-04")
    '2025-09-04'
    """
    if text.startswith("undated"):
        return ""
    for part in text.split(";"):
        date = re.match(r"\s*(?:page )?(\d{4}(?:-\d\d){0,2})", part)
        if date and not re.search(r"event|\(issued\)", part):
            return date[1]
    return ""


def source_rows(folder: Path, used: set[str]) -> list[dict[str, str]]:
    """Return the rows of the sources table; the date of a page that is listed twice is the first that is known."""
    languages = {"s01": "en", "u05": "en", "s18": "ja"}
    rows = []
    for page, listed in read_sources(folder).items():
        if page not in used:
            continue
        dates = filter(None, (publication_date(row["date"]) for row in listed))
        cells = {"id": page, "title": listed[0]["title"], "url": listed[0]["url"], "published": next(dates, "")}
        cells["language"] = languages.get(page, "zh")
        if page == "s01":
            cells |= {"text": ARTICLE, "sha256": hashlib.sha256((folder / ARTICLE).read_bytes()).hexdigest()}
        rows.append(cells)
    return rows


def offsets(exact: str, text: str) -> dict[str, str]:
    """Return where words stand in a text, if they stand there once.

    >>> offsets("136", "a total of 136 subjects"), offsets("a", "a total"), offsets("154", "a total of 136")
    ({'start': '11', 'end': '14'}, {}, {})
    """
    if text.count(exact) != 1:
        return {}
    start = text.index(exact)
    return {"start": str(start), "end": str(start + len(exact))}


def selection(fact_tables: FactTables, numbers: set[int]) -> dict[str, list[dict[str, str]]]:
    """Return the rows that one of these facts touches, and every thing that they refer to."""
    tables = rows_of(fact_tables)
    index = {(t, cells["id"]): cells for t, rows in tables.items() for _, cells in rows if "id" in cells}
    selected = {id(cells) for rows in tables.values() for facts, cells in rows if facts & numbers}
    queue = [(t, cells) for t, rows in tables.items() for _, cells in rows if id(cells) in selected]
    while queue:
        table, cells = queue.pop()
        for target in references(fact_tables, table, cells):
            row = index[target]
            if id(row) not in selected:
                selected.add(id(row))
                queue.append((target[0], row))
    return {t: [c for _, c in rows if id(c) in selected] for t, rows in tables.items()}


def references(fact_tables: FactTables, table: str, cells: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the things that a row refers to, as table and id."""
    targets = []
    for column, value in cells.items():
        to, separator = fact_tables.columns[table][column]
        if table in ("claims", "identities") and column in ("subject", "left", "right"):
            to = cells["table"]
        if table == "claims" and column == "value":
            to, separator = fact_tables.columns[cells["table"]].get(cells["property"], Column("", ""))
            separator = ""
        if to in THINGS:
            targets += [(to, v) for v in (value.split(separator) if separator else [value])]
    return targets


def csv_text(columns: Iterable[str], rows: list[dict[str, str]]) -> str:
    """Return a table as CSV, with the columns that have content."""
    filled = [c for c in columns if any(row.get(c) for row in rows)]
    text = io.StringIO()
    writer = csv.DictWriter(text, filled, lineterminator="\n", extrasaction="ignore", restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def assignment() -> dict[str, str]:
    """Return the data set that each source's facts go to."""
    return {r["source"]: r["dataset"] for r in read_csv(CURATION / "assignment.csv")}


def data_set(folder: Path, name: str) -> dict[str, str]:
    """Return the files of a data set: name and text."""
    facts = read_facts(folder)
    fact_tables = FactTables(facts)
    fact_tables.load()
    apply_rules(fact_tables)
    fact_tables.complete()
    used = set().union(*(r.facts for r in (*fact_tables.things.values(), *fact_tables.relations.values())))
    if unused := [f.number for f in facts if f.number not in used]:
        message = f"facts without a row: {unused}"
        raise CurationError(message)
    sets = assignment()
    tables = selection(fact_tables, {f.number for f in facts if sets[f.listed] == name})
    quotes = quote_ids(facts)
    quoted = {q for rows in tables.values() for row in rows for q in row["quote"].split(";")}
    words = {quotes[f.number]: f for f in reversed(facts)}
    texts = {"s01": (folder / ARTICLE).read_text(encoding="utf-8")}
    tables["quotes"] = [
        {"id": q, "source": f.source, "exact": f.quote} | offsets(f.quote, texts.get(f.source, ""))
        for q, f in sorted(words.items(), key=lambda item: item[1].number)
        if q in quoted
    ]
    tables["sources"] = source_rows(folder, {row["source"] for row in tables["quotes"]})
    return {f"{t}.csv": csv_text(fact_tables.columns[t], tables[t]) for t in fact_tables.columns if tables.get(t)}


def make(name: str) -> int:
    """Write the folder of a data set; the exit status is 2 when the facts are not there."""
    parser = argparse.ArgumentParser(description=f"Write the data set {name}.")
    parser.add_argument("--facts", type=Path, default=FACTS, help="the folder that holds facts.csv")
    parser.add_argument("-o", "--output", type=Path, default=GRAPH / name, help="the folder to write to")
    arguments = parser.parse_args()
    try:
        files = data_set(arguments.facts, name)
    except FactsMissingError as error:
        print(error, file=sys.stderr)
        return 2
    about = next(a for a in json.loads((CURATION / "datasets.json").read_text(encoding="utf-8")) if a["name"] == name)
    listed = csv.DictReader(io.StringIO(files["sources.csv"]))
    sources = [{"title": r["title"], "url": r["url"], "licence": "quotation"} for r in listed]
    files["dataset.json"] = json.dumps({**about, "sources": sources}, ensure_ascii=False, indent=2) + "\n"
    arguments.output.mkdir(parents=True, exist_ok=True)
    for file, text in files.items():
        (arguments.output / file).write_bytes(text.encode())
    return 0
