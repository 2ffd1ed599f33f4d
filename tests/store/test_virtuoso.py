"""Another maker's triple store gives the same frames: a real Virtuoso server, started here and loaded with our data."""

from __future__ import annotations

import os
import runpy
import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import networkx as nx
import pytest
from pandas.testing import assert_frame_equal

import chaingraph as cg
from chaingraph import networks
from chaingraph.sparql.questions import questions
from chaingraph.store import KnowledgeGraph

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0
settings = runpy.run_path(str(ROOT / "bench" / "virtuoso_settings.py"))["settings"]


class Both(NamedTuple):
    """The same graph in a store of our own and in the server."""

    own: KnowledgeGraph
    remote: KnowledgeGraph


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def answers(process: subprocess.Popen[bytes], port: int) -> bool:
    end = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return True
    return False


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int, Path]]:
    """The address of an empty server on loopback that cuts answers after 900 rows, its SQL port, and its folder."""
    program = shutil.which("virtuoso-t")
    if program is None or shutil.which("isql-vt") is None:
        reason = "no Virtuoso server is here (Debian: apt-get install virtuoso-opensource-7-bin)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("virtuoso")
    sql, http = free_port(), free_port()
    (folder / "virtuoso.ini").write_text(settings(folder, sql, http, rows=900, buffers=10_000), encoding="ascii")
    with (folder / "out.txt").open("wb") as out:
        command = [program, "-f", "-c", "virtuoso.ini"]
        process = subprocess.Popen(command, cwd=folder, stdout=out, stderr=subprocess.STDOUT)
        try:
            assert answers(process, http), (folder / "out.txt").read_text(encoding="utf-8", errors="replace")
            yield f"http://127.0.0.1:{http}/sparql", sql, folder
        finally:
            process.terminate()
            process.wait()


def loaded(server: tuple[str, int, Path], name: str) -> Both:
    """Put a data set into a graph of the server by its own loader, and open it there and here."""
    address, sql, folder = server
    own = cg.open(ROOT / "graph" / name)
    own.export(folder / f"{name}.nt")
    graph = f"https://graph.example/{name}"
    load = f"DB.DBA.TTLP(file_to_string_output('{folder / name}.nt'), '', '{graph}');checkpoint;"
    done = subprocess.run(
        ["isql-vt", f"127.0.0.1:{sql}", "dba", "dba", f"EXEC={load}"], capture_output=True, text=True, check=False
    )
    assert "Error" not in done.stdout + done.stderr
    return Both(own, cg.open(f"{address}?default-graph-uri={graph}"))


@pytest.fixture(scope="module")
def jiangsu(server: tuple[str, int, Path]) -> Both:
    return loaded(server, "jiangsu-2022")


@pytest.fixture(scope="module")
def china(server: tuple[str, int, Path]) -> Both:
    return loaded(server, "china-consortia")


@pytest.mark.parametrize("name", ["jiangsu", "china"])
def test_every_question_has_the_same_answer(name: str, request: pytest.FixtureRequest) -> None:
    own, remote = request.getfixturevalue(name)
    asked = 0
    for question in questions():
        arguments = question.arguments if "jiangsu-2022" in question.samples and name == "jiangsu" else {}
        if any(parameter.required and parameter.name not in arguments for parameter in question.parameters):
            continue
        assert_frame_equal(remote.ask(question.name, **arguments), own.ask(question.name, **arguments))
        asked += 1
    assert asked > 20


@pytest.mark.parametrize("name", ["affiliation", "co_participation", "supply", "chain", "whole"])
def test_a_network_is_the_same(jiangsu: Both, name: str) -> None:
    drawn = [nx.node_link_data(getattr(networks, name)(kg, quotes=True), edges="edges") for kg in jiangsu]
    assert drawn[0] == drawn[1]


@pytest.mark.parametrize("name", ["jiangsu", "china"])
def test_measures_coverage_checks_and_pages_are_the_same(name: str, request: pytest.FixtureRequest) -> None:
    own, remote = request.getfixturevalue(name)
    assert len(remote) == len(own)
    assert_frame_equal(cg.coverage(remote), cg.coverage(own))
    assert_frame_equal(cg.check(remote).frame, cg.check(own).frame)
    assert_frame_equal(cg.crosstab(remote, "region", "industry"), cg.crosstab(own, "region", "industry"))
    assert_frame_equal(cg.centrality(cg.co_membership(remote)), cg.centrality(cg.co_membership(own)))
    pages = [cg.page(cg.affiliation(kg, quotes=True)) for kg in (own, remote)]
    assert pages[0].html == pages[1].html


def test_all_triples_come_through_an_endpoint_that_cuts_without_a_word(jiangsu: Both, tmp_path: Path) -> None:
    for name, kg in zip(("own", "remote"), jiangsu, strict=True):
        kg.export(tmp_path / f"{name}.ttl")
    assert (tmp_path / "own.ttl").read_bytes() == (tmp_path / "remote.ttl").read_bytes()
    text = "CONSTRUCT { ?o cg:x ?l } WHERE { ?o a cg:Organization ; rdfs:label ?l }"
    assert jiangsu.remote.construct_turtle(text) == jiangsu.own.construct_turtle(text)
    assert jiangsu.remote.query("ASK { ?s a cg:Consortium }") is True
    assert jiangsu.remote.query("ASK { ?s a cg:Nothing }") is False
