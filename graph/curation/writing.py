"""Writing the rows that facts give: one body of rows divided between the data sets."""

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
from rules import THINGS, Body, CurationError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FACTS = GRAPH.parents[1] / "shared" / "data" / "consortia-facts"
ARTICLE = "000_e5fd94c8487512b0.txt"


def thing_ids(body: Body) -> dict[tuple[str, str], str]:
    """Return the id of every thing; a second thing of one spelling gets ``-2``, in order of first appearance."""
    order = sorted(body.things, key=lambda key: (key[0], body.things[key].first))
    taken: dict[tuple[str, str], int] = defaultdict(int)
    ids = {}
    for table, name in order:
        stem = pinyin_id(name)
        taken[(table, stem)] += 1
        count = taken[(table, stem)]
        ids[(table, name)] = stem if count == 1 else f"{stem}-{count}"
    return ids


def finished(body: Body) -> dict[str, list[tuple[set[int], dict[str, str]]]]:
    """Return the rows of every table with ids for names and quotes for facts, each with all facts that touch it."""
    ids, quotes = thing_ids(body), quote_ids(body.facts.values())
    tables: dict[str, list[tuple[set[int], dict[str, str]]]] = defaultdict(list)
    order = sorted(body.things.items(), key=lambda item: item[1].first)
    for key, row in order:
        cells = {"id": ids[key]} | with_ids(body, row, ids) | {"quote": quote_cell(row.evidence, quotes)}
        tables[row.table].append((row.facts | row.quoted | row.mentions | row.touched, cells))
    taken: set[str] = set()
    for row in sorted(body.relations.values(), key=lambda row: min(row.facts)):
        cells = with_ids(body, row, ids) | {"quote": quote_cell(row.evidence, quotes)}
        if row.table == "reported":
            stem = pinyin_id(row.cells["name"])
            cells = {"id": next(i for i in numbered(stem) if i not in taken)} | cells
            taken.add(cells["id"])
        tables[row.table].append((row.facts, cells))
    return tables


def with_ids(body: Body, row: Row, ids: Mapping[tuple[str, str], str]) -> dict[str, str]:
    """Return the cells of a row with ids for names."""
    cells = dict(row.cells)
    for column, value in row.cells.items():
        to, separator = body.columns[row.table][column]
        if row.table in ("claims", "identities") and column in ("subject", "left", "right"):
            to, separator = row.cells["table"], ""
        if row.table == "claims" and column == "value":
            to = body.columns[row.cells["table"]].get(row.cells["property"], Column("", "")).refers_to
        if to:
            names = value.split(separator) if separator else [value]
            found = [ids[(to, body.name(to, name))] for name in names]
            cells[column] = separator.join(found) if separator else found[0]
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


def chosen(body: Body, numbers: set[int]) -> dict[str, list[dict[str, str]]]:
    """Return the rows that one of these facts touches, and every thing that they refer to."""
    tables = finished(body)
    index = {(t, cells["id"]): cells for t, rows in tables.items() for _, cells in rows if "id" in cells}
    wanted = {id(cells) for rows in tables.values() for facts, cells in rows if facts & numbers}
    queue = [(t, cells) for t, rows in tables.items() for _, cells in rows if id(cells) in wanted]
    while queue:
        table, cells = queue.pop()
        for target in references(body, table, cells):
            row = index[target]
            if id(row) not in wanted:
                wanted.add(id(row))
                queue.append((target[0], row))
    return {t: [c for _, c in rows if id(c) in wanted] for t, rows in tables.items()}


def references(body: Body, table: str, cells: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the things that a row refers to, as table and id."""
    found = []
    for column, value in cells.items():
        to, separator = body.columns[table][column]
        if table in ("claims", "identities") and column in ("subject", "left", "right"):
            to = cells["table"]
        if table == "claims" and column == "value":
            to, separator = body.columns[cells["table"]].get(cells["property"], Column("", ""))
            separator = ""
        if to in THINGS:
            found += [(to, v) for v in (value.split(separator) if separator else [value])]
    return found


def csv_text(columns: Iterable[str], rows: list[dict[str, str]]) -> str:
    """Return a table as CSV, with the columns that have content."""
    kept = [c for c in columns if any(row.get(c) for row in rows)]
    text = io.StringIO()
    writer = csv.DictWriter(text, kept, lineterminator="\n", extrasaction="ignore", restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def assignment() -> dict[str, str]:
    """Return the data set that each source's facts go to."""
    return {r["source"]: r["dataset"] for r in read_csv(CURATION / "assignment.csv")}


def data_set(folder: Path, name: str) -> dict[str, str]:
    """Return the files of a data set: name and text."""
    facts = read_facts(folder)
    body = Body(facts)
    used = set().union(*(r.facts for r in (*body.things.values(), *body.relations.values())))
    if unused := [f.number for f in facts if f.number not in used]:
        message = f"facts without a row: {unused}"
        raise CurationError(message)
    sets = assignment()
    tables = chosen(body, {f.number for f in facts if sets[f.listed] == name})
    quotes = quote_ids(facts)
    quoted = {q for rows in tables.values() for row in rows for q in row["quote"].split(";")}
    words = {quotes[f.number]: f for f in reversed(facts)}
    tables["quotes"] = [
        {"id": q, "source": f.source, "exact": f.quote}
        for q, f in sorted(words.items(), key=lambda item: item[1].number)
        if q in quoted
    ]
    tables["sources"] = source_rows(folder, {row["source"] for row in tables["quotes"]})
    return {f"{t}.csv": csv_text(body.columns[t], tables[t]) for t in body.columns if tables.get(t)}


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
