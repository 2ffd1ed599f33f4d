"""The W3C's suites pass as far as tests/conformance/expected.csv says, no further and no less."""

from __future__ import annotations

from functools import cache

import pytest

from tests.conformance.manifest import suites_folder
from tests.conformance.report import PAGE, page
from tests.conformance.suites import NOT_RUN, RUN, Outcome, Shortfall, changes, outcomes, shortfalls

pytestmark = pytest.mark.skipif(
    not suites_folder().is_dir(),
    reason=f"the W3C's suites are not in {suites_folder()}; CHAINGRAPH_W3C names their folder",
)


@cache
def results() -> list[Outcome]:
    return outcomes()


def test_exactly_the_listed_tests_do_not_pass() -> None:
    assert changes(results(), shortfalls()) == []


def test_all_thirty_four_tests_of_the_protocol_pass() -> None:
    assert [outcome.state for outcome in results() if outcome.case.suite == "protocol"] == ["passed"] * 34


def test_only_queries_of_other_endpoints_are_refused() -> None:
    refused = {outcome.case.suite for outcome in results() if outcome.state == "refused"}
    assert refused == {"service", "syntax-fed"}


def test_no_suite_is_left_out_without_a_reason() -> None:
    manifests = {path.parent.name for path in suites_folder().glob("*/manifest.ttl")}
    # The suite graph-store-protocol is the older name of http-rdf-update, and its manifest lists no test.
    assert manifests - {"graph-store-protocol"} == {*RUN, *NOT_RUN}


def test_a_test_that_begins_to_fail_is_told_and_so_is_one_that_begins_to_pass() -> None:
    first, second = results()[:2]
    broken = first._replace(state="failed", why="expected True, found False")
    listed = {second.case.key: Shortfall("failed", "it did once"), ("protocol", "gone"): Shortfall("failed", "it did")}
    assert set(changes([broken, second], listed)) == {
        f"protocol/{first.case.name}: expected passed, found failed: expected True, found False",
        f"protocol/{second.case.name}: expected failed, found passed",
        "protocol/gone: is listed, and no such test was run",
    }


def test_the_page_says_what_was_found() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(results(), shortfalls()), "stale: run make conformance"
