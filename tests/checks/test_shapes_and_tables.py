"""Shapes and tables agree: what the one refuses the other reports, or the difference is listed with its reason."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from rdflib import RDF, RDFS

from chaingraph.checks.shapes import shapes, violations
from chaingraph.errors import TableProblemsError
from chaingraph.store import KnowledgeGraph
from chaingraph.tables import contract, read
from chaingraph.vocabulary import CODE, PREFIXES, short_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chaingraph.tables.contract import Column, Table

CASES = Path(__file__).parent / "cases"
BASE = "https://w3id.org/chaingraph/id/rows/"
VERDICTS = {
    r"https?://\S+": ("https://a.cn/x", "www.a.cn"),
    "[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*": ("zh", "zh_CN"),
    "[0-9a-f]{64}": ("0123456789abcdef" * 4, "0123456789ABCDEF" * 4),
    "[A-Z]{3}": ("CNY", "yuan"),
    r"[A-Za-z][A-Za-z0-9-]*:\S.*": ("USCC:91320000", "91320000"),
    contract()["claims"].column("table").pattern: ("regions", "countries"),
}
"""For each pattern of the contract a text that it takes and one that it refuses."""


class Change(NamedTuple):
    """One thing wrong with a row: its cells, and the triples that would say it of its node.

    The properties' triples are taken away, and if there is a ``value``, it takes their place.
    """

    table: str
    column: str
    change: str
    cells: Mapping[str, str]
    properties: tuple[str, ...] = ()
    value: str | None = None
    about: str | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        return self.table, self.column, self.change

    @property
    def node(self) -> str:
        return self.about or f"{self.table}/v"

    def is_about(self, predicate: str, value: str) -> bool:
        """Tell whether a triple comes from the column: several columns say names, each its own."""
        return predicate != f"<{RDFS.label}>" or value.startswith(f'"{self.column} of v"')


def row(table: Table) -> dict[str, str]:
    """Return a row that fills every column of a table; it refers to the rows that have the id ``w``."""
    return {column.name: cell(column, table) for column in table.cells}


def cell(column: Column, table: Table) -> str:
    if column.name == table.identifier:
        return "v"
    if column.codes is not None:
        return column.code_list().codes[1 if table.merge else 0].notation
    if column.is_reference:
        return "v" if column.name in {"right", "parent"} else "w"
    if column.pattern is not None:
        return VERDICTS[column.pattern][0]
    if column.is_date:
        return "2021-10"
    return {"integer": "1", "decimal": "0.5", "boolean": "true"}.get(column.datatype, f"{column.name} of v")


def least(table: Table) -> dict[str, str]:
    """Return the row ``w``, which fills what it must; a sum has its currency, or a shape warns."""
    filled = {**row(table), table.identifier: "w"}
    names = {c.name for c in table.cells if c.required} | set(table.at_least_one_of[:1])
    names |= {table.identifier, "currency"} & filled.keys()
    return {name: text if name in names else "" for name, text in filled.items()}


def wrong_cells(column: Column) -> dict[str, str]:
    """Return, by the name of the change, texts that the column's type refuses."""
    if column.codes is not None:
        return {"code": "nonsense"}
    if column.is_reference:
        return {"reference": "nobody"}
    if column.is_date:
        return {"date": "2021-13"}
    if column.pattern is not None:
        return {"pattern": VERDICTS[column.pattern][1]}
    wrong = {"number": "many"} if column.datatype in {"integer", "decimal"} else {}
    if column.datatype == "integer":
        wrong["fraction"] = "1.5"
    if column.datatype == "boolean":
        wrong["boolean"] = "maybe"
    if column.minimum is not None:
        wrong["minimum"] = str(column.minimum - 1)
    if column.maximum is not None:
        wrong["maximum"] = str(column.maximum + 1)
    return wrong


def changes(table: Table) -> Iterator[Change]:
    """Yield one change for each constraint of a table's contract."""
    yield Change(table.name, table.identifier, "repeated", {})
    for column in table.cells:
        here = (column.property_url,) if column.property_url else ()
        if column.required:
            yield Change(table.name, column.name, "missing", {column.name: ""}, here)
        for change, text in wrong_cells(column).items():
            value = term(column, text) if here else None
            yield Change(table.name, column.name, change, {column.name: text}, here, value)
    if table.at_least_one_of:
        properties = tuple(str(table.column(name).property_url) for name in table.at_least_one_of)
        cells = dict.fromkeys(table.at_least_one_of, "")
        yield Change(table.name, "+".join(table.at_least_one_of), "none", cells, properties)


def misstatements(table: Table) -> Iterator[Change]:
    """Yield what triples can say wrongly and cells cannot: a text for a node, a node for a text, half a date."""
    for column in table.columns:
        if column.property_url in {None, str(RDF.type)}:
            continue
        about = column.about_url and re.sub(r"\{\w+\}", "w", column.about_url)
        wrong = '"in words"@en' if column.value_url else f"<{BASE}a-node>"
        yield Change(table.name, column.name, "form", {}, (str(column.property_url),), wrong, about)
        if column.is_date:
            for suffix in ("Earliest", "Latest"):
                yield Change(table.name, column.name, suffix, {}, (f"{column.property_url}{suffix}",))


def term(column: Column, text: str) -> str:
    """Write as N-Triples what a wrong cell would say if it were let through."""
    if column.codes is not None:
        return f"<{CODE}{column.codes}-{text}>"
    if column.is_reference:
        return f"<{BASE}anything/{text}>"
    return f'"{text}"^^<{PREFIXES["xsd"]}{"gYearMonth" if column.is_date else column.datatype}>'


def written(folder: Path, rows: Mapping[str, list[dict[str, str]]]) -> Path:
    folder.mkdir()
    for name, cells in rows.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, [column.name for column in contract()[name].cells])
            writer.writeheader()
            writer.writerows(cells)
    return folder


def valid_rows() -> dict[str, list[dict[str, str]]]:
    return {name: [least(table), row(table)] for name, table in contract().items()}


@pytest.fixture
def valid(tmp_path: Path) -> KnowledgeGraph:
    return KnowledgeGraph.open(written(tmp_path / "rows", valid_rows()))


@cache
def differences(side: str) -> list[dict[str, str]]:
    with (CASES / "differences.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["refused_by"] == side]


def copies(kg: KnowledgeGraph, made: list[Change], folder: Path) -> KnowledgeGraph:
    """Return the graph with, for each change, a copy of its node whose triples say the wrong thing."""
    kg.export(folder / "valid.nt")
    lines = (folder / "valid.nt").read_text(encoding="utf-8").splitlines()
    statements = [line.removesuffix(" .").split(" ", 2) for line in lines]
    for number, change in enumerate(made):
        said = [(p, o) for s, p, o in statements if s == f"<{BASE}{change.node}>"]
        kept = [(p, o) for p, o in said if p[1:-1] not in change.properties or not change.is_about(p, o)]
        wrong = [(f"<{p}>", change.value) for p in change.properties if change.value is not None]
        lines += [f"<{BASE}{change.node}-{number}> {p} {o} ." for p, o in kept + wrong]
    (folder / "changed.nt").write_text("\n".join(lines), encoding="utf-8")
    return KnowledgeGraph.open(folder / "changed.nt")


def reported(kg: KnowledgeGraph, made: list[Change], folder: Path) -> list[set[str]]:
    """Return for each change the shapes that report a violation of its copy."""
    frame = violations(copies(kg, made, folder))
    found: dict[str, set[str]] = {}
    for focus, shape in frame.loc[frame["severity"] == "violation", ["focus", "shape"]].itertuples(index=False):
        found.setdefault(focus, set()).add(shape)
    return [found.get(short_name(f"{BASE}{change.node}-{number}"), set()) for number, change in enumerate(made)]


def all_changes() -> list[Change]:
    return [change for table in contract().values() for change in changes(table)]


def test_a_row_that_fills_every_column_conforms(valid: KnowledgeGraph) -> None:
    assert violations(valid).to_dict("records") == []


def test_the_tables_refuse_each_change_of_a_row_and_nothing_else(tmp_path: Path) -> None:
    rows = valid_rows()
    place: dict[tuple[str, int], Change] = {}
    for number, change in enumerate(all_changes()):
        table = contract()[change.table]
        name = "v" if change.change == "repeated" else f"v-{number}"
        rows[table.name].append({**row(table), table.identifier: name, **change.cells})
        place[f"{table.name}.csv", len(rows[table.name]) + 1] = change
    with pytest.raises(TableProblemsError) as refused:
        read(written(tmp_path / "rows", rows))
    assert {(problem.place, problem.row) for problem in refused.value.problems} == set(place)


def test_what_the_tables_refuse_a_shape_reports_or_the_difference_is_listed(
    valid: KnowledgeGraph, tmp_path: Path
) -> None:
    made = all_changes()
    shapes_by_change = zip(made, reported(valid, made, tmp_path), strict=True)
    silent = {change.key for change, found in shapes_by_change if not found}
    listed = {(line["table"], line["column"], line["change"]) for line in differences("tables")}
    covering = {key: {key, ("*", *key[1:])} & listed for key in silent}
    assert {key for key, lines in covering.items() if not lines} == set()
    assert listed - set().union(*covering.values()) == set()


def test_what_a_shape_forbids_the_tables_refuse_or_cannot_say_or_the_difference_is_listed(
    valid: KnowledgeGraph, tmp_path: Path
) -> None:
    made = [*all_changes(), *(change for table in contract().values() for change in misstatements(table))]
    by_rows = set().union(*reported(valid, made, tmp_path))
    listed = {line["shape"] for line in differences("shapes")}
    property_shapes = {name for name in shapes() if not name[0].isupper()}
    assert property_shapes - by_rows == listed - {"*"}


def test_no_misstatement_of_a_row_goes_unreported(valid: KnowledgeGraph, tmp_path: Path) -> None:
    made = [change for table in contract().values() for change in misstatements(table)]
    unreported = zip(made, reported(valid, made, tmp_path), strict=True)
    assert [change.key for change, found in unreported if not found] == []


def test_a_listed_row_passes_the_tables_and_is_reported_as_listed(tmp_path: Path) -> None:
    rows, wanted = valid_rows(), set()
    for number, line in enumerate(difference for difference in differences("shapes") if difference["change"]):
        name = f"d-{number}"
        cells = dict(cell.split("=", 1) for cell in line["change"].replace("{id}", name).split(";"))
        table = contract()[line["table"]]
        rows[table.name].append({**row(table), table.identifier: name, **cells})
        wanted.add((f"id:rows/{table.name}/{name}", line["shape"], line["severity"]))
    frame = violations(KnowledgeGraph.open(written(tmp_path / "rows", rows)))
    assert set(frame[["focus", "shape", "severity"]].itertuples(index=False, name=None)) == wanted


def test_every_difference_has_a_reason_and_names_a_shape_as_it_is() -> None:
    assert [line for side in ("tables", "shapes") for line in differences(side) if not line["reason"]] == []
    stated = {line["shape"]: line["severity"] for line in differences("shapes") if line["shape"] != "*"}
    assert stated == {name: shapes()[name].severity for name in stated}
