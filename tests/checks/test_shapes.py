"""Shapes: each has a case that passes and one that fails; they agree with the tables; their silence can be trusted."""

from __future__ import annotations

import csv
import re
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pyshacl
import pytest
from pyshacl.constraints.core.string_based_constraints import PatternConstraintComponent
from rdflib import RDF, RDFS, SH, Graph, Literal
from rdflib.collection import Collection

from chaingraph.checks.shapes import SHAPE, shapes, violations
from chaingraph.errors import TableProblemsError, UsageError
from chaingraph.resources import SAMPLES, ontology_file, sample
from chaingraph.store import KnowledgeGraph
from chaingraph.tables import contract, read
from chaingraph.vocabulary import CG, CODE, PREFIXES, code_list, short_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd
    from rdflib.term import Node

    from chaingraph.tables.contract import Column, Table

CASES = Path(__file__).parent / "cases"
FOLDERS = sorted(path.name for path in CASES.iterdir() if path.is_dir())
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


@cache
def graph() -> Graph:
    return Graph().parse(ontology_file("shapes.ttl"))


def opened(shape: str, kind: str) -> KnowledgeGraph:
    """Open a case with the code lists beside it, as a build would have them."""
    codes = [] if shape == "Code" else [ontology_file("codes.ttl")]
    return KnowledgeGraph.open(CASES / shape / f"{kind}.ttl", *codes)


@cache
def findings(shape: str) -> pd.DataFrame:
    """Return what is reported of a failing case."""
    return violations(opened(shape, "fail"))


def expected(shape: str) -> set[tuple[str, str, str]]:
    """Return what the comments of a failing case say must be reported: focus, path and severity."""
    text = (CASES / shape / "fail.ttl").read_text(encoding="utf-8")
    found = [line.split()[2:] for line in text.splitlines() if line.startswith("# expect: ")]
    return {(focus.replace("x:", "id:case/"), path.strip("-"), severity) for focus, path, severity in found}


def test_every_shape_and_no_other_has_its_cases() -> None:
    node_shapes = {name for name in shapes() if name[0].isupper()}
    assert set(FOLDERS) == node_shapes
    assert {path.name for folder in FOLDERS for path in (CASES / folder).iterdir()} == {"pass.ttl", "fail.ttl"}


@pytest.mark.parametrize("shape", FOLDERS)
def test_a_passing_case_passes(shape: str) -> None:
    assert violations(opened(shape, "pass")).to_dict("records") == []


@pytest.mark.parametrize("shape", FOLDERS)
def test_a_failing_case_reports_what_it_says_and_nothing_else(shape: str) -> None:
    frame = findings(shape)
    assert set(frame[["focus", "path", "severity"]].itertuples(index=False, name=None)) == expected(shape)


def test_every_property_shape_fails_in_some_case() -> None:
    reported = {name for shape in FOLDERS for name in findings(shape)["shape"]}
    assert set(shapes()) - reported == set()


def test_a_finding_names_the_thing_and_says_what_to_do_in_both_languages() -> None:
    frame = findings("Supply")
    row = frame[frame["focus"] == "id:case/share-in-per-cent"].iloc[0]
    assert row.to_dict() == {
        "focus": "id:case/share-in-per-cent",
        "label": "晶圆 · 甲公司",
        "shape": "share",
        "path": "cg:share",
        "value": "60",
        "severity": "violation",
        "message_en": "A share must be a number from 0 to 1: write 60% or 0.6, not 60.",
        "message_zh": "“份额”须为 0 到 1 的数：请写 60% 或 0.6，不要写 60。",
    }


def test_the_worst_findings_come_first_and_always_in_the_same_order() -> None:
    first, second = findings("Organization"), violations(opened("Organization", "fail"))
    assert list(dict.fromkeys(first["severity"])) == ["violation", "warning"]
    assert first.equals(second)


def test_a_constraint_tells_what_is_wrong_and_what_to_do_once_in_each_language() -> None:
    constrained = {*graph().subjects(RDF.type, SH.NodeShape), *graph().subjects(RDF.type, SH.PropertyShape)}
    for shape in constrained:
        messages = [text for text in graph().objects(shape, SH.message) if isinstance(text, Literal)]
        assert sorted(str(text.language) for text in messages) == ["en", "zh"], shape
        assert graph().value(shape, SH.severity) in {SH.Violation, SH.Warning}, shape
    for found in shapes().values():
        assert re.fullmatch(r"[A-Z].+: .+\.", found.message_en), found.name
        assert re.fullmatch(r".+：.+。", found.message_zh), found.name


def test_a_message_names_columns_as_the_tables_do() -> None:
    columns = [column for table in contract().values() for column in table.cells]
    names, titles = {column.name for column in columns}, {title for column in columns for title in column.titles}
    said_en = {name for found in shapes().values() for name in re.findall(r"'(\w+)'", found.message_en)}
    said_zh = {name for found in shapes().values() for name in re.findall(r"“(\w+)”列", found.message_zh)}
    said_zh |= {name for found in shapes().values() for name in re.findall(r"“(\w+)”(?=.*填一项)", found.message_zh)}
    assert (said_en - names, said_zh - titles) == (set(), set())


def test_the_shapes_are_shapes_by_the_standard() -> None:
    conforms, _, report = pyshacl.validate(Graph(), shacl_graph=graph(), meta_shacl=True)
    assert conforms, report


def test_every_class_of_the_contract_has_a_shape() -> None:
    type_columns = [c for t in contract().values() for c in t.columns if c.property_url == str(RDF.type)]
    classes = {str(column.value_url) for column in type_columns}
    derived = {str(CG[name]) for name in ("LeadingEnterprise", "UpstreamSubject", "MidstreamSubject")}
    targets = {str(target) for target in graph().objects(None, SH.targetClass)}
    assert (classes | derived | {str(CG.DownstreamSubject)}) - targets == set()


def test_the_codes_of_a_shape_are_those_of_a_list() -> None:
    lists = {column.codes for table in contract().values() for column in table.cells if column.codes is not None}
    known = {frozenset(code.iri for code in code_list(name).codes) for name in lists}
    used = {
        frozenset(str(code) for code in Collection(graph(), codes))
        for shape, codes in graph().subject_objects(SH["in"])
        if "canary" not in str(shape)
    }
    assert used == known


def test_the_three_samples_conform() -> None:
    kg = KnowledgeGraph.open(*(sample(name) for name in SAMPLES))
    frame = violations(kg)
    assert frame[frame["severity"] == "violation"].to_dict("records") == []


def test_many_faults_are_all_told(tmp_path: Path) -> None:
    lines = [f'<{BASE}{number}> <{CG.share}> "60" ; a <{CG.Supply}> .' for number in range(1000)]
    (tmp_path / "faults.ttl").write_text("\n".join(lines), encoding="utf-8")
    kg = KnowledgeGraph.open(tmp_path / "faults.ttl")
    assert violations(kg).groupby("shape").size().to_dict() == dict.fromkeys(
        ("share", "supply-product", "supply-supplier"), 1000
    )


class TestCanary:
    """No report is believed that leaves out a fault which is surely there."""

    def test_each_kind_of_constraint_and_path_in_use_has_a_canary(self) -> None:
        structural = {SH.property, SH.path, SH.message, SH.severity, SH.targetClass}
        targets = {SH.targetSubjectsOf, SH.targetObjectsOf}
        used: dict[bool, set[Node]] = {True: set(), False: set()}
        for shape, predicate in graph().subject_predicates():
            if str(predicate).startswith(str(SH)):
                used[self.belongs_to_the_canary(shape)].add(predicate)
        assert used[False] - structural - targets - used[True] == set()

    def belongs_to_the_canary(self, node: Node) -> bool:
        """Follow a blank node to the shape that it is written in."""
        while not str(node).startswith(SHAPE):
            node = next(graph().subjects(None, node))
        return "canary" in str(node).lower()

    def test_a_validator_that_says_nothing_is_found_out(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(pyshacl, "validate", lambda *_, **__: (True, Graph(), ""))
        with pytest.raises(UsageError, match=r"passes over faults .*\(alternative, class, datatype, .*was not checked"):
            violations(opened("Chain", "pass"))

    def test_a_validator_that_leaves_out_one_kind_of_constraint_is_found_out(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(PatternConstraintComponent, "evaluate", lambda *_: (True, []))
        with pytest.raises(UsageError, match=r"passes over faults .*\(pattern\)"):
            violations(opened("Chain", "pass"))

    def test_it_leaves_no_trace_in_the_graph(self) -> None:
        kg = opened("Chain", "pass")
        before = len(kg)
        violations(kg)
        assert (len(kg), kg.query(f"ASK {{ ?s a <{SHAPE.Canary}> }}")) == (before, False)

    def test_a_missing_validator_is_named_with_what_to_install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "pyshacl", None)
        with pytest.raises(UsageError, match="pip install pyshacl"):
            violations(opened("Chain", "pass"))

    def test_a_validator_that_fails_is_no_report(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(pyshacl, "validate", lambda *_, **__: (False, None, "Validation Failure - odd"))
        with pytest.raises(UsageError, match="cannot hold the graph against the shapes: Validation Failure - odd"):
            violations(opened("Chain", "pass"))


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
        return "v" if column.name == "right" else "w"
    if column.pattern is not None:
        return VERDICTS[column.pattern][0]
    if column.is_date:
        return "2021-10"
    return {"integer": "1", "decimal": "0.5", "boolean": "true"}.get(column.datatype, f"{column.name} of v")


def least(table: Table) -> dict[str, str]:
    """Return the row ``w``, which fills what it must."""
    filled = {**row(table), table.identifier: "w"}
    names = {c.name for c in table.cells if c.required} | set(table.at_least_one_of[:1]) | {table.identifier}
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
