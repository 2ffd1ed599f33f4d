"""A build in parts by an engine has the lines of a build in one process, or is refused with the reason."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import polars as pl
import pytest
from typer.testing import CliRunner

from chaingraph.cli.main import app
from chaingraph.engines import build_parts
from chaingraph.engines._rules import rule_as_sql
from chaingraph.errors import Problem, QueryError, TableProblemsError, UnreadableError, UsageError
from chaingraph.store import KnowledgeGraph
from chaingraph.tables import read
from chaingraph.tables.contract import contract
from chaingraph.tables.raw import ROW

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

GRAPH = Path(__file__).resolve().parents[2] / "graph"


@pytest.fixture(params=["duckdb", "sail"])
def address(request: pytest.FixtureRequest) -> str:
    return "duckdb" if request.param == "duckdb" else str(request.getfixturevalue("sail"))


def parquet_of(source: Path, target: Path) -> Path:
    """Write a data set's tables in Parquet, their references as ids, without decisions on who is who."""
    target.mkdir()
    for name, frame in read(source).rows.items():
        if contract()[name].merge is None:
            lists = [column for column, dtype in frame.schema.items() if dtype == pl.List(pl.String)]
            rows = frame.drop(ROW).with_columns(pl.col(lists).list.join(";"))
            rows.select(column for column in rows if column.null_count() < rows.height).write_parquet(
                target / f"{name}.parquet"
            )
    shutil.copy(source / "dataset.json", target)
    return target


def tables(folder: Path, **frames: Mapping[str, Sequence[object]]) -> Path:
    folder.mkdir()
    for name, columns in frames.items():
        pl.DataFrame(dict(columns)).write_parquet(folder / f"{name}.parquet")
    return folder


def lines_of_parts(folder: Path) -> list[str]:
    return sorted(line for part in folder.glob("*.nt") for line in part.read_text(encoding="utf-8").splitlines())


def lines_of_one_file(source: Path, target: Path) -> list[str]:
    KnowledgeGraph.build(source, target)
    return target.read_text(encoding="utf-8").splitlines()


def problems(folder: Path, address: str) -> list[str]:
    with pytest.raises(TableProblemsError) as caught:
        build_parts(folder, folder / "parts", engine=address)
    assert not (folder / "parts").exists()
    return [str(problem) for problem in caught.value.problems]


def test_the_parts_have_each_line_of_one_file(address: str, tmp_path: Path) -> None:
    source = parquet_of(GRAPH / "horizon-batteries", tmp_path / "tables")
    parts = build_parts(source, tmp_path / "parts", engine=address)
    lines = lines_of_parts(tmp_path / "parts")
    assert lines == lines_of_one_file(source, tmp_path / "graph.nt")
    assert parts.triples == len(lines)


def test_the_parts_have_each_line_of_a_data_set_with_nearly_all_tables(tmp_path: Path) -> None:
    source = parquet_of(GRAPH / "jiangsu-2022", tmp_path / "tables")
    build_parts(source, tmp_path / "parts", engine="duckdb")
    assert lines_of_parts(tmp_path / "parts") == lines_of_one_file(source, tmp_path / "graph.nt")


def test_a_table_may_be_a_folder_of_files_and_has_typed_cells_tabs_and_ids_from_names(
    address: str, tmp_path: Path
) -> None:
    names: list[object] = [f"Firm\t{number}" for number in range(30)]
    sites: dict[str, list[object]] = {"name": names, "alias": ["蘇大維格@zh-Hant; x y"] * 30, "latitude": [31.5] * 30}
    whole = tables(tmp_path / "whole", organizations=sites)
    several = tmp_path / "several"
    (several / "organizations.parquet").mkdir(parents=True)
    for number, frame in enumerate(pl.DataFrame(sites).iter_slices(10)):
        frame.write_parquet(several / "organizations.parquet" / f"{number}.parquet")
    shutil.copytree(several, tmp_path / "twice" / "whole")
    build_parts(tmp_path / "twice" / "whole", tmp_path / "parts", engine=address)
    lines = lines_of_parts(tmp_path / "parts")
    assert lines == lines_of_one_file(whole, tmp_path / "graph.nt")
    assert sum("Firm\\t" in line for line in lines) == 30


def test_what_only_all_rows_together_can_tell_is_found_before_anything_is_written(address: str, tmp_path: Path) -> None:
    folder = tables(
        tmp_path / "tables",
        organizations={"id": ["a", "b", "b", "c;d"], "name": ["甲", "乙", "丙", "a"]},
        consortia={"id": ["x"], "name": ["X"], "programme": ["none"]},
        memberships={
            "organization": ["a", "b", "b", "甲", "c;d"],
            "consortium": ["x", "x", "x", "x", "x"],
            "role": ["lead", "member", "member", "member", "head"],
        },
    )
    roles = contract()["memberships"].column("role").code_list().expected()
    no_id = "expected the id of a row of '{}'; with an engine a name is no reference"
    other_row = "which is also the id or the name of another row of 'organizations'; rename one"
    key = ", ".join([*contract()["memberships"].primary_key, *contract()["memberships"].further_key])
    repeat = Problem("memberships", None, key, "b | x |  |  | member |  | ", "which 2 rows have; each row is one thing")
    assert problems(folder, address) == [
        f"memberships: 'role' holds 'head', expected one of {roles}",
        str(repeat),
        "organizations: 'id' holds 'b', which 2 rows have; each row is one thing",
        f"memberships: 'organization' holds 'c', {no_id.format('organizations')}",
        f"memberships: 'organization' holds 'd', {no_id.format('organizations')}",
        f"memberships: 'organization' holds '甲', {no_id.format('organizations')}",
        f"consortia: 'programme' holds 'none', {no_id.format('programmes')}",
        f"memberships: 'organization' holds 'a', {other_row}",
        f"memberships: 'organization' holds 'c;d', {other_row}",
    ]


def test_ids_in_some_files_of_a_table_only_are_a_problem(tmp_path: Path) -> None:
    folder = tmp_path / "tables"
    (folder / "regions.parquet").mkdir(parents=True)
    pl.DataFrame({"id": ["a"], "name": ["A"]}).write_parquet(folder / "regions.parquet" / "0.parquet")
    rows = pl.DataFrame(
        {"id": [None] * 20_000, "name": [f"R{n}" for n in range(20_000)]}, schema_overrides={"id": pl.String}
    )
    rows.write_parquet(folder / "regions.parquet" / "1.parquet", row_group_size=20_000)
    assert all("'id'" in problem and "empty" in problem for problem in problems(folder, "duckdb"))


def test_what_an_engine_cannot_build_is_refused_with_what_to_do(tmp_path: Path) -> None:
    folder = tables(tmp_path / "tables", regions={"name": ["A"]})
    with pytest.raises(UsageError, match=r"no \.nt file; name a folder"):
        build_parts(folder, tmp_path / "graph.nt", engine="duckdb")
    with pytest.raises(UnreadableError, match="is no folder"):
        build_parts(tmp_path / "none", tmp_path / "parts", engine="duckdb")
    with pytest.raises(UsageError, match="is no address of an engine"):
        build_parts(folder, tmp_path / "parts", engine="oracle")
    pl.DataFrame({"name": ["B"]}).write_parquet(folder / "地区.parquet")
    with pytest.raises(UsageError, match="the table is also in"):
        build_parts(folder, tmp_path / "parts", engine="duckdb")
    (folder / "地区.parquet").unlink()
    (folder / "identities.parquet").touch()
    with pytest.raises(UsageError, match="no decisions on who is who are applied"):
        build_parts(folder, tmp_path / "parts", engine="duckdb")
    (folder / "identities.parquet").unlink()
    (folder / "chains.csv").touch()
    with pytest.raises(UsageError, match="tables are in Parquet"):
        build_parts(folder, tmp_path / "parts", engine="duckdb")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["tables"]


def test_the_command_writes_parts_and_refuses_what_does_not_apply(tmp_path: Path) -> None:
    folder = tables(tmp_path / "tables", regions={"name": ["A"]}, teams={"name": ["B"]})
    runner, output = CliRunner(), str(tmp_path / "parts")
    result = runner.invoke(app, ["build", str(folder), "-o", output, "--engine", "duckdb"])
    assert result.exit_code == 0
    assert "teams.parquet is no table of the contract and was left out" in result.stderr
    assert f"5 triples → {output}" in result.stderr
    assert len(lines_of_parts(tmp_path / "parts")) == 5
    for more in (["--create"], [str(folder)]):
        refused = runner.invoke(app, ["build", str(folder), *more, "-o", output, "--engine", "duckdb"])
        assert isinstance(refused.exception, UsageError)


def test_a_rule_runs_as_sql_and_any_other_query_is_refused() -> None:
    rule = "CONSTRUCT { ?a a <urn:Head> . ?b <urn:of> ?a } { ?a <urn:leads> ?b . ?b a <urn:Team> }"
    kind = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    triples = f"(VALUES ('<x>', '<urn:leads>', '<y>'), ('<y>', '{kind}', '<urn:Team>'), ('<z>', '<urn:leads>', '<x>'))"
    sql = rule_as_sql(rule, f"{triples} AS triples(subject, predicate, object)")
    assert duckdb.connect().execute(sql).fetchall() == [("<x>", kind, "<urn:Head>"), ("<y>", "<urn:of>", "<x>")]
    with pytest.raises(QueryError, match="cannot run on an engine"):
        rule_as_sql("CONSTRUCT { ?a a <urn:A> } { ?a <urn:p> 1 }", "triples")
