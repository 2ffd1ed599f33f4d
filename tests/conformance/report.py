"""The page ``docs/conformance.md``: the outcomes in words."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from tests.conformance.manifest import ROOT, cases
from tests.conformance.suites import NOT_RUN, RUN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tests.conformance.suites import Outcome, Shortfall

PAGE = ROOT / "docs" / "conformance.md"
_HEAD = """\
# What the endpoint passes of the W3C's tests

`make conformance` runs the W3C's test suites for SPARQL 1.1 against the endpoint and writes this page. The suites are
not part of the project: they are looked for in `../shared/w3c`, or in the folder that `CHAINGRAPH_W3C` names.

Each test runs over HTTP against a server in a process of its own. Server, protocol and guard are those of
`chaingraph serve`, and a query is carried out by the function that its child processes run. Only the store is another:
it lies in memory and takes updates, which exist in the tests alone.

Rows are compared as a bag, in order where the query says ORDER BY. Blank nodes may be named otherwise. Numbers and
truth values are equal when value and datatype are. A wrong query passes only if it is refused as one that cannot be
read.
"""


def page(results: Iterable[Outcome], expected: Mapping[tuple[str, str], Shortfall]) -> str:
    """Return the page: a row a suite, then every test that does not pass with the reason, then what is not run."""
    counts: dict[str, Counter[str]] = {suite: Counter() for suite in RUN}
    faults = []
    for case, state, why in results:
        counts[case.suite][state] += 1
        if state != "passed":
            reason = expected[case.key].reason if case.key in expected else why
            faults.append(f"| {case.suite} | {case.name} | {state} | {_cell(reason)} |")
    rows = [_row(suite, counts[suite]) for suite in RUN]
    rows.append(_row("**all**", sum(counts.values(), Counter())))
    left_out = [f"| {suite} | {len(cases(suite))} | {reason} |" for suite, reason in NOT_RUN.items()]
    parts = [
        _HEAD,
        "\n".join(["| suite | tests | passed | failed | refused |", "|---|---:|---:|---:|---:|", *rows]),
        "## What does not pass",
        "\n".join(["| suite | test | how | why |", "|---|---|---|---|", *faults]),
        "## What is not run",
        "\n".join(["| suite | tests | why |", "|---|---:|---|", *left_out]),
    ]
    return "\n\n".join(part.rstrip("\n") for part in parts) + "\n"


def _row(suite: str, states: Counter[str]) -> str:
    return f"| {suite} | {states.total()} | {states['passed']} | {states['failed']} | {states['refused']} |"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())
