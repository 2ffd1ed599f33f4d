"""``chaingraph serve`` as a person meets it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from typer.testing import CliRunner

from chaingraph.cli.main import app
from chaingraph.endpoint.server import listening_socket
from chaingraph.errors import ChaingraphError
from tests.servers import GIVE_UP, LONG

if TYPE_CHECKING:
    from tests.conftest import DataSetFolder

COMMAND = [sys.executable, "-c", "from chaingraph.cli.main import main; main()", "serve"]
NO_DEADLINE = ["--deadline", str(LONG)]
DATA = Path(__file__).resolve().parents[2] / "graph" / "jiangsu-2022"


def started(folder: Path, *arguments: str | Path) -> tuple[subprocess.Popen[str], str]:
    """Start the command with its temporary files in a folder; return it and the first line that it prints."""
    process = subprocess.Popen(
        [*COMMAND, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(folder)},
    )
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT])
def test_tables_are_built_served_and_nothing_is_left_behind(tmp_path: Path, how: signal.Signals) -> None:
    process, address = started(tmp_path, DATA, "--port", "0", "--workers", "1", "--rows", "2", *NO_DEADLINE)
    assert re.fullmatch(r"http://127\.0\.0\.1:[0-9]+/", address)
    assert [path.name.startswith("chaingraph-") for path in tmp_path.iterdir()] == [True]
    query = {"query": "SELECT ?c { ?c a cg:Consortium }"}
    response = httpx.get(f"{address}sparql", params=query, timeout=GIVE_UP)
    assert (response.headers["x-truncated"], len(response.json()["results"]["bindings"])) == ("after 2 rows", 2)
    process.send_signal(how)
    more, words = process.communicate()
    assert more == ""
    assert f"serving; queries at {address}sparql; Ctrl-C ends it\n" in words
    assert "Traceback" not in words
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_server_leaves_is_removed_by_the_next_and_what_another_uses_is_not(
    tmp_path: Path, data_set: DataSetFolder
) -> None:
    source = data_set(organizations="id,name\na,A\n")
    strangers = tmp_path / "chaingraph-serve-mine.kg"
    strangers.mkdir()
    options: tuple[str | Path, ...] = (source, "--port", "0", "--workers", "1", *NO_DEADLINE)
    killed, _ = started(tmp_path, *options)
    killed.kill()
    killed.communicate()
    (remains,) = set(tmp_path.glob("chaingraph-serve-*")) - {strangers}
    first, address = started(tmp_path, *options)
    second, _ = started(tmp_path, *options)
    stores = set(tmp_path.glob("chaingraph-serve-*"))
    assert (len(stores), strangers in stores, remains in stores) == (3, True, False)
    assert httpx.get(f"{address}sparql", params={"query": "ASK {}"}, timeout=GIVE_UP).json()["boolean"] is True
    for process in (first, second):
        process.terminate()
        process.communicate()
    assert set(tmp_path.glob("chaingraph-serve-*")) == {strangers}


def test_a_built_store_is_served_where_it_lies(tmp_path: Path, store: Path) -> None:
    process, address = started(tmp_path, store, "--port", "0", "--workers", "1", *NO_DEADLINE)
    answer = httpx.get(f"{address}sparql", params={"query": "ASK {}"}, timeout=GIVE_UP)
    assert answer.json()["boolean"] is True
    assert list(tmp_path.iterdir()) == []
    process.terminate()
    process.communicate()


def refused(*arguments: str | Path) -> str:
    """Return what the command says when it refuses to serve."""
    done = subprocess.run([*COMMAND, *map(str, arguments)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    return done.stderr


def test_a_port_that_was_asked_for_and_is_taken_is_refused(store: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert refused(store, "--port", str(port)) == (
            f"chaingraph: cannot listen on 127.0.0.1, port {port}: Address already in use; name another --port\n"
        )


def test_where_no_port_was_asked_for_a_free_one_is_taken() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as other,
        listening_socket("127.0.0.1", other.getsockname()[1], strict=False) as free,
    ):
        assert free.getsockname()[1] not in {0, other.getsockname()[1]}


def reason(*arguments: str | Path) -> str:
    """Return why the command, run in this process, refuses to serve."""
    error = CliRunner().invoke(app, ["serve", *map(str, arguments)]).exception
    assert isinstance(error, ChaingraphError)
    assert error.exit_status == 2
    return str(error)


def test_what_cannot_be_served_is_refused_with_the_reason(store: Path, tmp_path: Path) -> None:
    assert reason(tmp_path / "none.kg") == (
        f"{tmp_path / 'none.kg'}: does not exist; expected a data set folder, a workbook or roster (.xlsx, "
        ".xls, .ods, .csv), an RDF file (.ttl, .nt, .jsonld, .rdf) or a built store (.kg)"
    )
    assert reason("https://example.org/sparql").startswith("cannot serve https://example.org/sparql: ")
    assert "expected at least 512 MB" in reason(store, "--memory", "0.1")
    assert reason(store, "--allow-origin", "example.org") == (
        "--allow-origin holds 'example.org', expected a site such as https://example.org, or *"
    )
    broken = tmp_path / "broken.kg"
    broken.mkdir()
    (broken / "CURRENT").write_text("MANIFEST-000001\n")
    assert reason(broken, "--port", "0").startswith(f"{broken}: is no store that can be opened: ")
