"""A build that is stopped leaves what stood there before, and a built store opens without being read through."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

import chaingraph as cg
from chaingraph.store import KnowledgeGraph
from chaingraph.store.cells_to_triples import documents, n_triples
from chaingraph.tables import read
from tests.conftest import DataSetFolder

STOPPED = """
import os, resource, signal, sys
from chaingraph.store import KnowledgeGraph
def stop(line):
    if line.endswith("triples"):
        print("half-way", flush=True)
        os.kill(os.getpid(), signal.{signal})
KnowledgeGraph.build([sys.argv[1]], sys.argv[2], report=stop)
"""
FULL = """
import resource, sys
from chaingraph.cli.main import main
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
sys.argv = ["chaingraph", "build", sys.argv[1], "-o", sys.argv[2]]
main()
"""
OPENED = """
import sys
from pathlib import Path
from chaingraph.store import KnowledgeGraph
def read():
    return int(Path("/proc/self/io").read_text().split()[1])
import pyoxigraph
before = read()
graph = KnowledgeGraph.open(sys.argv[1])
print(read() - before)
assert graph.query("ASK { ?s a cg:Organization }")
"""
unix = pytest.mark.skipif(sys.platform == "win32", reason="signals and limits of Unix")


def python(script: str, *arguments: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", script, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def roster(rows: int) -> str:
    return "id,name\n" + "".join(f"o{number},Organization {number}\n" for number in range(rows))


@pytest.fixture
def old_and_new(data_set: DataSetFolder, tmp_path: Path) -> tuple[Path, Path]:
    """A store of one organization, and a data set of many to build in its place."""
    output = tmp_path / "graph.kg"
    cg.build([data_set("old", organizations="id,name\no,The old one\n")], output)
    return output, data_set("new", organizations=roster(3_000))


def names(store: Path) -> list[str]:
    return [str(name) for name in cg.open(store).select("SELECT ?n { ?o a cg:Organization ; rdfs:label ?n }")["n"]]


def files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@unix
def test_a_build_that_is_killed_half_way_leaves_the_old_store_and_can_be_run_again(
    old_and_new: tuple[Path, Path],
) -> None:
    output, source = old_and_new
    stopped = python(STOPPED.format(signal="SIGKILL"), source, output)
    assert (stopped.returncode, stopped.stdout) == (-signal.SIGKILL, "half-way\n")
    assert names(output) == ["The old one"]
    cg.build([source], output)
    assert len(names(output)) == 3_000


@unix
def test_a_build_that_is_interrupted_leaves_the_old_store_and_nothing_else(old_and_new: tuple[Path, Path]) -> None:
    output, source = old_and_new
    beside = sorted(path.name for path in output.parent.iterdir())
    stopped = python(STOPPED.format(signal="SIGINT"), source, output)
    assert stopped.stdout == "half-way\n"
    assert "KeyboardInterrupt" in stopped.stderr
    assert names(output) == ["The old one"]
    assert sorted(path.name for path in output.parent.iterdir()) == beside


@unix
@pytest.mark.parametrize("suffix", [".kg", ".nt"])
def test_a_full_disk_is_one_line_and_leaves_the_old_output(old_and_new: tuple[Path, Path], suffix: str) -> None:
    store, source = old_and_new
    output = store.with_suffix(suffix)
    if suffix == ".nt":
        cg.build([store], output)
    beside = sorted(path.name for path in output.parent.iterdir())
    full = python(FULL, source, output)
    assert (full.returncode, full.stdout, len(full.stderr.splitlines())) == (2, "", 1), full.stderr
    assert full.stderr.startswith(f"chaingraph: cannot write {output}: ")
    assert names(output) == ["The old one"]
    assert sorted(path.name for path in output.parent.iterdir()) == beside


@pytest.mark.skipif(not Path("/proc/self/io").exists(), reason="counts what Linux says was read")
def test_opening_a_built_store_reads_no_more_of_a_large_one(data_set: DataSetFolder, tmp_path: Path) -> None:
    opened = {}
    for rows in (300, 30_000):
        store = tmp_path / f"{rows}.kg"
        cg.build([data_set(f"of-{rows}", organizations=roster(rows))], store)
        before = files(store)
        done = python(OPENED, store)
        assert done.returncode == 0, done.stderr
        opened[rows] = int(done.stdout)
        assert files(store) == before
    sizes = {rows: sum(path.stat().st_size for path in (tmp_path / f"{rows}.kg").rglob("*.sst")) for rows in opened}
    assert sizes[30_000] > 10 * sizes[300]
    assert opened[30_000] < opened[300] + sizes[30_000] / 20


def test_a_graph_is_written_as_documents_of_bounded_size_that_hold_it_once(data_set: DataSetFolder) -> None:
    found = read(data_set(organizations=roster(45_000)))
    whole = "".join(n_triples(found)).splitlines()
    made = list(documents(found, 1_000_000))
    assert len(made) > 5
    assert max(map(len, made)) < 1_000_000 + 5_000_000
    assert b"".join(made).decode().splitlines() == whole
    assert all(document.endswith(b"\n") for document in made)
    assert len(set(whole)) == len(whole)


def test_a_store_of_many_documents_holds_the_graph_once(
    data_set: DataSetFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = data_set(organizations=roster(2_000))
    whole = KnowledgeGraph.build([source], tmp_path / "one.nt")
    monkeypatch.setattr("chaingraph.store.builder._DOCUMENT", 10_000)
    said: list[str] = []
    graph = KnowledgeGraph.build([source], tmp_path / "many.kg", report=said.append)
    graph.export(tmp_path / "many.nt")
    assert len(said) > 4
    assert said[-1] == f"{source}: {len(whole):,} triples"
    assert (tmp_path / "many.nt").read_bytes() == (tmp_path / "one.nt").read_bytes()


def test_progress_says_the_rows_and_then_the_triples(data_set: DataSetFolder, tmp_path: Path) -> None:
    said: list[str] = []
    source = data_set(organizations="id,name\na,A\nb,B\n")
    graph = KnowledgeGraph.build([source], tmp_path / "out.kg", report=said.append)
    assert said == [f"reading {source}", f"{source}: 2 rows", f"{source}: {len(graph)} triples"]
