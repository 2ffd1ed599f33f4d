"""``chaingraph serve``: what each of its options does to the server."""

from __future__ import annotations

import socket
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from chaingraph.store import KnowledgeGraph
from tests.cli.shell import COMMAND, run
from tests.servers import GIVE_UP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import DataSetFolder

ALL = {"query": "SELECT * { ?s ?p ?o }"}
LONG = {"query": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER (?c != ?l) }"}


@pytest.fixture
def roster(data_set: DataSetFolder) -> Path:
    names = "".join(f"o{number},组织{number}\n" for number in range(40))
    return data_set(organizations=f"id,name\n{names}", consortia="id,name\nx,联合体\n")


@pytest.fixture
def server(roster: Path) -> Iterator[httpx.Client]:
    """A server with a value of its own for every option that a request can see."""
    options = ("--port", "0", "--rows", "3", "--deadline", "2.5", "--workers", "1", "--memory", "1")
    allowed = ("--allow-host", "graph.example", "--allow-origin", "https://a.example")
    command = [*COMMAND, "serve", str(roster), *options, *allowed]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        with httpx.Client(base_url=process.stdout.readline().strip(), timeout=GIVE_UP) as client:
            yield client
        process.terminate()
        process.wait(timeout=GIVE_UP)


def test_every_option_of_serve_is_read(server: httpx.Client, roster: Path, data_set: DataSetFolder) -> None:
    answer = server.get("sparql", params=ALL, headers={"Host": "graph.example", "Origin": "https://a.example"})
    assert (answer.status_code, answer.headers["x-truncated"]) == (200, "after 3 rows")
    assert answer.headers["access-control-allow-origin"] == "https://a.example"
    assert server.get("sparql", params=ALL, headers={"Host": "other.example"}).status_code == 421
    assert "2.5" in server.get("sparql", params=LONG).text
    unlisted = data_set("unlisted", consortia="id,name\nx,X\n", memberships="organization,consortium\n甲,x\n")
    kept = unlisted.parent / "kept.csv"
    kept.write_text("联合体名称,负责单位\n甲联合体,甲公司\n", encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        for options, status, words in (
            (("--port", port), 2, f"cannot listen on 127.0.0.1, port {port}"),
            (("--host", "203.0.113.1", "--port", port), 2, "cannot listen on 203.0.113.1"),
            (("--memory", "0.1"), 2, "expected at least 512 MB"),
            (("--workers", "0"), 2, "--workers"),
            (("--encoding", "ascii"), 2, "ascii"),
            (("--create", "--port", port, str(unlisted)), 2, "made 1 organization of names that no row has"),
            (("--column", "负责单位=lead", "--port", port, str(kept)), 2, "负责单位 → lead"),
        ):
            result = run("serve", str(roster), *options)
            assert (result.returncode, words in result.stderr) == (status, True), result.stderr


def test_the_server_of_a_built_store_answers_pages_without_a_library_for_frames_or_networks(
    roster: Path, tmp_path: Path
) -> None:
    path = tmp_path / "served.kg"
    KnowledgeGraph.build(roster, path)
    command = [*COMMAND, "serve", str(path), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        with httpx.Client(base_url=process.stdout.readline().strip(), timeout=GIVE_UP) as client:
            for page in ("", "search?q=x", "thing/served/consortia/x", "question/who-leads", "network", "sparql"):
                assert client.get(page, headers={"Accept": "text/html"}).status_code in {200, 404}, page
            # Each has a compiled part, which the process would have in memory.
            libraries = Path(f"/proc/{process.pid}/maps").read_text(encoding="utf-8")
        process.terminate()
        process.wait(timeout=GIVE_UP)
    assert "/python" in libraries
    assert [name for name in ("numpy", "pandas", "polars", "scipy", "pyarrow") if f"/{name}" in libraries] == []
