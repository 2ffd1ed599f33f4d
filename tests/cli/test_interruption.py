"""A query that does not end is stopped by its deadline or by Ctrl-C, and what to try is said."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from chaingraph.cli.interruption import interruptible
from chaingraph.errors import UsageError
from chaingraph.resources import sample
from chaingraph.sparql.limits import deadline_message
from tests.cli.shell import COMMAND, run

SOURCE = sample("jiangsu-2022")
NEVER = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def alone(*command: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own, which it may end from any thread."""
    environment = dict(os.environ) | {"CHAINGRAPH_LANG": "en"}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def test_a_query_is_stopped_at_its_deadline_and_what_to_try_is_said() -> None:
    result = alone(*COMMAND, "query", str(SOURCE), NEVER, "--deadline", "0.2")
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == f"chaingraph: {deadline_message(0.2)}\n"
    for advice in ("start from one thing", "subselect with DISTINCT", "LIMIT", "Virtuoso", "Ask a large graph"):
        assert advice in result.stderr


def test_a_query_that_ends_in_time_is_answered_as_without_a_deadline() -> None:
    text = "SELECT (COUNT(*) AS ?n) { ?c a cg:Consortium }"
    results = [run("query", SOURCE, text, *more) for more in ((), ("--deadline", "60"))]
    assert results[0].stdout == results[1].stdout
    assert [result.returncode for result in results] == [0, 0]


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf"])
def test_a_deadline_is_a_number_of_seconds(seconds: str) -> None:
    result = run("query", SOURCE, NEVER, "--deadline", seconds)
    expected = "expected a number of seconds above 0 and up to 1,000,000"
    assert (result.returncode, result.stderr) == (2, f"chaingraph: --deadline is {seconds}, {expected}\n")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no signals to one process")
@pytest.mark.parametrize(
    ("name", "status", "words"), [("SIGINT", 130, "stopped; nothing was written\n"), ("SIGTERM", 143, "")]
)
def test_a_signal_ends_a_query_that_is_being_answered(name: str, status: int, words: str) -> None:
    code = f"""
import os, signal, sys
import chaingraph as cg
from chaingraph.cli.interruption import interruptible
signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
kg = cg.open({str(SOURCE)!r})
interruptible(lambda: (os.kill(os.getpid(), signal.{name}), kg.query({NEVER!r})))
"""
    result = alone(sys.executable, "-c", code)
    assert (result.returncode, result.stdout, result.stderr) == (status, "", words)


def test_an_error_of_the_work_is_raised_where_its_result_is_wanted() -> None:
    def fail() -> None:
        message = "so"
        raise UsageError(message)

    with pytest.raises(UsageError, match=r"^so$"):
        interruptible(fail)
