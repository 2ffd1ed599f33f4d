"""What an engine refuses, in one line that says what to do; and that hostile text stays text."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import networkx as nx
import polars as pl
import pytest

import chaingraph as cg
from chaingraph.engines import Engine, _connection, connect, table_centrality, table_crosstab
from chaingraph.engines._statements import statement
from chaingraph.errors import ChaingraphError, NetworkError, UnreadableError, UsageError
from tests.cli.shell import run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HOSTILE = ["'; DROP TABLE chaingraph_row; --", '"', "`", "a;b", "江苏大学", "\u202eevil", "\\", "{table}", "%s", "a\nb"]


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    rows = {"organization": ["a", "b"], "consortium": ["x", "x"], "since": ["2021", None]}
    pl.DataFrame(rows).write_parquet(tmp_path / "memberships.parquet")
    return tmp_path


@pytest.fixture
def closed_port() -> Iterator[int]:
    """Yield a port at which nothing listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def test_hostile_names_pass_through_as_they_are(engine: Engine, tmp_path: Path) -> None:
    pl.DataFrame({"member": HOSTILE, "event": ["e"] * len(HOSTILE)}).write_parquet(tmp_path / "rows.parquet")
    frame = table_centrality(tmp_path / "rows.parquet", engine=engine, measures=["degree"])
    assert sorted(frame.index) == sorted(HOSTILE)
    assert sorted(frame["label"]) == sorted(HOSTILE)
    assert set(frame["degree"]) == {len(HOSTILE) - 1}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_columns_are_counted_and_hostile_tables_are_not_there(
    engine: Engine, tmp_path: Path, name: str
) -> None:
    pl.DataFrame({name: ["u", "v"], "x": ["1", "1"]}).write_parquet(tmp_path / "rows.parquet")
    frame = table_crosstab(tmp_path / "rows.parquet", name, "x", engine=engine)
    assert frame.to_dict() == {"1": {"u": 1, "v": 1}}
    with pytest.raises(UsageError):
        table_centrality(name, engine=engine)
    with pytest.raises(ValueError, match=re.escape(name)):
        statement("count", table=name)


def test_a_table_that_the_engine_has_is_measured_by_its_name(engine: Engine) -> None:
    engine.keep("affiliations", "SELECT * FROM (VALUES ('a', 'x'), ('b', 'x'), ('c', 'y')) AS t(member, event)")
    frame = table_centrality("affiliations", engine=engine, measures=["degree", "component"])
    assert frame.to_dict("list") == {"label": ["a", "b", "c"], "degree": [1, 1, 0], "component": [0, 0, 1]}
    with pytest.raises(UsageError, match="there is no file or folder no_such_table, and no such table: "):
        table_centrality("no_such_table", engine=engine)


@pytest.mark.parametrize("content", ["member,event\na,x\n", ""])
def test_a_file_that_is_no_parquet_is_refused_with_what_to_do(engine: Engine, tmp_path: Path, content: str) -> None:
    (tmp_path / "rows.csv").write_text(content, encoding="utf-8")
    with pytest.raises(UnreadableError, match=r"rows\.csv: is no Parquet file; write it so, or leave out the engine"):
        table_centrality(tmp_path / "rows.csv", engine=engine)


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"measures": ["betweenness"]}, NetworkError, "no engine takes betweenness: it needs all ties in the memory"),
        ({"measures": ["constraint"]}, NetworkError, "measure an excerpt of the table without an engine"),
        ({"measures": ["core_number"]}, NetworkError, "no engine takes core_number"),
        ({"measures": ["communities"]}, NetworkError, "label_propagation is another method"),
        ({"measures": ["stability"]}, NetworkError, "no engine takes stability: each of its draws"),
        ({"measures": ["degre"]}, NetworkError, "did you mean degree?"),
        ({"network": "affiliation", "measures": ["pagerank"]}, NetworkError, "there are degree, two_mode_degree"),
        ({"network": "supply"}, UsageError, "'supply' is unknown; expected one of co_membership"),
        ({"weight": "consortia"}, UsageError, "'consortia' is unknown; expected one of own, newman"),
        ({"sources": 0}, UsageError, "distances are searched from 0 members, expected at least 1"),
        ({"at": "yesterday"}, UsageError, "'yesterday' is no date"),
        ({"network": "co_participation"}, UnreadableError, "has no participations.parquet"),
        ({"roll_up": "any"}, UnreadableError, "has no hierarchy.parquet"),
    ],
)
def test_what_no_engine_does_is_refused_with_what_to_do(
    tables: Path, options: dict[str, Any], error: type[ChaingraphError], words: str
) -> None:
    with pytest.raises(error, match=words):
        table_centrality(tables, engine="duckdb", **options)


def test_tables_that_an_engine_would_misread_are_refused(tables: Path) -> None:
    def refusal(table: str, **options: Any) -> str:  # noqa: ANN401 - as table_centrality
        with pytest.raises(UnreadableError) as caught:
            table_centrality(tables, engine="duckdb", measures=["degree"], **options)
        (tables / f"{table}.parquet").unlink()
        return caught.value.reason

    pl.DataFrame({"id": ["a"]}).write_parquet(tables / "organizations.parquet")
    assert refusal("organizations").startswith("organizations has no row with the id 'b'")
    pl.DataFrame({"left": ["a"]}).write_parquet(tables / "identities.parquet")
    assert refusal("identities").startswith("has identities.parquet, which no engine reads: build a store")
    pl.DataFrame({"organization": ["a", "b"], "parent": ["b", "a"]}).write_parquet(tables / "hierarchy.parquet")
    assert refusal("hierarchy", roll_up="any").startswith("makes organizations part of themselves")
    rows = pl.DataFrame({"organization": [["a"]], "consortium": ["x"]})
    rows.write_parquet(tables / "memberships.parquet")
    assert refusal("memberships").startswith("column organization holds lists")
    pl.DataFrame({"organization": ["a"], "consortium": ["x"], "until": ["二〇二一"]}).write_parquet(
        tables / "memberships.parquet"
    )
    assert refusal("memberships", at="2021").startswith("'until' holds '二〇二一', expected a year, month or day")


def test_a_network_needs_no_engine_and_a_path_does(tables: Path) -> None:
    with pytest.raises(UsageError, match="expected a network, or engine="):
        cg.centrality(tables)
    with pytest.raises(UsageError, match="an engine measures tables"):
        cg.centrality(nx.path_graph(3), engine="duckdb")
    with pytest.raises(UsageError, match="expected a graph, or engine="):
        cg.crosstab(tables, "region", "kind")


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("postgres", "'postgres' is no address of an engine; expected duckdb"),
        ("duckdb:4", "'4' is no amount of memory; expected duckdb:4GB"),
        ("duckdb:4GB'; SELECT 1", "is no amount of memory"),
        ("sc://", "is no address of an engine"),
        ("sc://127.0.0.1:port", "is no address: Port could not be cast"),
    ],
)
def test_an_address_that_is_none_is_refused(address: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        connect(address)


@pytest.mark.parametrize("scheme", ["sc", "spark"])
def test_a_closed_port_is_one_line_and_status_2(scheme: str, closed_port: int, tables: Path) -> None:
    address = f"{scheme}://127.0.0.1:{closed_port}"
    done = run("measure", "centrality", tables, "--engine", address)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"chaingraph: nothing answers at 127.0.0.1:{closed_port} (")
    assert done.stderr.count("\n") == 1


def test_a_server_of_something_else_is_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(UsageError, match=rf"what answers at sc://127.0.0.1:{port} is no server of Spark Connect"):
            connect(f"sc://127.0.0.1:{port}")


def test_a_missing_package_is_one_line_with_the_extra(monkeypatch: pytest.MonkeyPatch, sail: str) -> None:
    monkeypatch.setattr(_connection, "find_spec", lambda name: None)
    for address, extra in (("duckdb", "duckdb"), (sail, "spark")):
        with pytest.raises(UsageError, match=rf"install it: .*chaingraph\[{extra}\]"):
            connect(address)


def test_a_server_is_reached_from_a_line_of_python_too(sail: str) -> None:
    code = f"from chaingraph.engines import connect; print(connect({sail!r}).ask('SELECT 1 AS n').to_pylist())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[{'n': 1}]\n"


def test_the_driver_of_a_cluster_needs_the_whole_of_spark() -> None:
    if find_spec("py4j") is not None:
        pytest.skip("the whole of Spark is installed")
    with pytest.raises(UsageError, match="needs the whole of Spark, and Java: install pyspark instead of"):
        connect("local[1]")


def test_the_command_says_engine_rounds_and_what_was_left_out(tables: Path, tmp_path: Path) -> None:
    out = tmp_path / "result.parquet"
    done = run("measure", "centrality", tables, "--engine", "duckdb:1GB", "--at", "2022", "-o", out)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.splitlines()[:2] == [
        "engine: DuckDB 2.0.1; rounds: distances: 1, pagerank: 1",
        "note: 1 row has no date and is kept",
    ]
    columns = ["node", "label", "memberships", "degree", "strength", "closeness", "harmonic", "pagerank"]
    assert pl.read_parquet(out).columns == columns


@pytest.mark.parametrize(
    "option",
    [("--only", "role=lead"), ("--no-isolates",), ("--distance", "inverse"), ("--sampled",), ("--encoding", "ascii")],
)
def test_an_option_that_an_engine_does_not_take_is_refused(tables: Path, option: tuple[str, ...]) -> None:
    done = run("measure", "centrality", tables, "--engine", "duckdb", *option)
    assert (done.returncode, done.stdout) == (2, "")
    assert "does not apply: with --engine the tables are measured as they lie there" in done.stderr
