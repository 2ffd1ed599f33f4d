"""Which suites are run, which are not, and what came of each test; the only reader of expected.csv."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, NamedTuple

import httpx

from tests.conformance.manifest import ROOT, Case, cases
from tests.conformance.protocol import description_fault, protocol_fault
from tests.conformance.queries import evaluation_fault, negative_syntax_fault, positive_syntax_fault
from tests.servers import GIVE_UP

State = Literal["passed", "failed", "refused"]
RUN = (
    *("protocol", "service-description", "csv-tsv-res", "json-res", "syntax-query", "aggregates", "bind", "bindings"),
    *("cast", "construct", "exists", "functions", "grouping", "negation", "project-expression", "property-path"),
    *("subquery", "syntax-fed", "service"),
)
NOT_RUN = {
    "entailment": "no entailment regime is offered: the graph holds what the build derives",
    "http-rdf-update": "there is no Graph Store Protocol: all is in one graph, and nothing can be written",
    **dict.fromkeys(
        (
            *("add", "basic-update", "clear", "copy", "delete", "delete-data", "delete-insert", "delete-where"),
            *("drop", "move", "syntax-update-1", "syntax-update-2", "update-silent"),
        ),
        "the endpoint is read-only",
    ),
}
"""The suites that are about what the endpoint does not do, each with the reason."""
EXPECTED = Path(__file__).parent / "expected.csv"
_RUNNERS = {
    "ProtocolTest": protocol_fault,
    "ServiceDescriptionTest": description_fault,
    "QueryEvaluationTest": evaluation_fault,
    "CSVResultFormatTest": evaluation_fault,
    "PositiveSyntaxTest11": positive_syntax_fault,
    "NegativeSyntaxTest11": negative_syntax_fault,
}
_SERVICE = "the query has a SERVICE clause, which is refused"


class Outcome(NamedTuple):
    """How a test went, and in the words of the endpoint or of the comparison why it did not pass."""

    case: Case
    state: State
    why: str


@contextmanager
def serving() -> Iterator[httpx.Client]:
    """Serve an empty store that can be changed, in a process of its own, and yield a client of it."""
    command = [sys.executable, "-m", "tests.conformance.server"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        try:
            port = int(process.stdout.readline())
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=GIVE_UP) as client:
                yield client
        finally:
            process.terminate()


def outcomes() -> list[Outcome]:
    """Run the suites and return how each test went."""
    with serving() as client:
        return [outcome(client, case) for suite in RUN for case in cases(suite)]


def outcome(client: httpx.Client, case: Case) -> Outcome:
    """Run a test and return how it went: refused if it asks for what the endpoint refuses to do on purpose."""
    why = _RUNNERS[case.kind](client, case)
    if why.startswith(_SERVICE):
        return Outcome(case, "refused", why)
    return Outcome(case, "failed" if why else "passed", why)


class Shortfall(NamedTuple):
    """What is known of a test that does not pass: how it goes, and why, in a person's words."""

    state: str
    reason: str


def shortfalls() -> dict[tuple[str, str], Shortfall]:
    """Return the tests that are known not to pass, by suite and name."""
    with EXPECTED.open(encoding="utf-8", newline="") as file:
        return {(row["suite"], row["test"]): Shortfall(row["state"], row["reason"]) for row in csv.DictReader(file)}


def changes(results: list[Outcome], expected_shortfalls: dict[tuple[str, str], Shortfall]) -> list[str]:
    """Return in what the outcomes differ from the list of what is known not to pass, a line a test."""
    lines = []
    for case, state, why in results:
        expected = expected_shortfalls[case.key].state if case.key in expected_shortfalls else "passed"
        if state != expected:
            lines.append(f"{case.suite}/{case.name}: expected {expected}, found {state}{': ' if why else ''}{why}")
    ran = {case.key for case, _, _ in results}
    lines += [
        f"{suite}/{name}: is listed, and no such test was run"
        for suite, name in expected_shortfalls
        if (suite, name) not in ran
    ]
    return sorted(lines)
