"""How large a query may be: what is refused by its tokens, and that a parser bears what is not."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaingraph.errors import QueryError, UsageError
from chaingraph.sparql.limits import QueryLimits, refuse_large, refuse_service
from chaingraph.sparql.tokens import Lexer, query_nesting, query_tokens
from chaingraph.store import KnowledgeGraph
from tests.cli.shell import run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def many(piece: str, before: str, after: str = "}") -> Callable[[int], str]:
    """Return the function that writes a query with so many numbered pieces."""
    return lambda count: before + " ".join(piece.replace("#", str(number)) for number in range(count)) + after


FLAT = {
    "filters": many("FILTER(1)", "ASK {"),
    "filters of patterns": many("FILTER NOT EXISTS { ?a ?b ?c }", "ASK {"),
    "bindings": many("BIND(1 AS ?v#)", "ASK {"),
    "minus": many("MINUS { ?a ?b ?c }", "ASK { ?a ?b ?c"),
    "optional": many("OPTIONAL { ?a ?b ?c }", "ASK { ?a ?b ?c"),
    "unions": many("UNION { ?a ?b ?c }", "ASK { { ?a ?b ?c }"),
    "graphs": many("GRAPH ?g { ?a ?b ?c }", "ASK {"),
    "groups": many("{}", "ASK {"),
    "queries in the query": many("{ SELECT ?x {} }", "ASK {"),
    "blocks of values": many("VALUES ?x { 1 }", "ASK {"),
    "triples": many("?a ?b ?c .", "ASK {"),
    "objects": many(", ?c", "ASK { ?a ?b ?c"),
    "reifiers": many("~ ?r", "ASK { ?a ?b ?c"),
    "annotations": many("{| ?d ?e |}", "ASK { ?a ?b ?c"),
    "a collection": many("1", "ASK { ?a ?b (", ")}"),
    "a sum": many("+ 1", "SELECT (1", " AS ?x) {}"),
    "a quotient": many("/ 1", "SELECT (1", " AS ?x) {}"),
    "conditions": many("|| ?a", "ASK { FILTER(?a", ")}"),
    "signs": many("!", "ASK { FILTER(", "?a)}"),
    "signs between comments": many("!\n", "ASK { FILTER(", "?a)}"),
    "steps of a path": many("/<a:b>", "ASK { ?a <a:b>", " ?b }"),
    "choices of a path": many("|<a:b>", "ASK { ?a <a:b>", " ?b }"),
    "columns with a value": many("(1 AS ?v#)", "SELECT ", "{}"),
    "sums": many("(SUM(?x) AS ?v#)", "SELECT ", "{}"),
    "things to describe": many("<a:b>", "DESCRIBE ", ""),
    "groupings": many("(?a AS ?v#)", "SELECT (COUNT(*) AS ?n) {} GROUP BY ", ""),
    "conditions of groups": many("(1)", "SELECT (COUNT(*) AS ?n) {} HAVING ", ""),
    "prefixes": many("PREFIX a#: <b:c>", "", "ASK {}"),
    "bases": many("BASE <a:b>", "", "ASK {}"),
    "graphs to ask": many("FROM <a:b>", "SELECT * ", "{}"),
}
"""Queries that are long but not deep: 20,000 of most such parts bring Oxigraph down."""


def is_refused(query: str, limits: QueryLimits) -> bool:
    try:
        refuse_service(query)
        refuse_large(query, limits)
    except QueryError:
        return True
    return False


@pytest.mark.parametrize("kind", FLAT)
def test_a_long_flat_query_is_refused_by_its_parts_and_not_only_by_its_length(kind: str) -> None:
    assert is_refused(FLAT[kind](20_000), QueryLimits(size=2**24))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of processor time")
@pytest.mark.parametrize("kind", FLAT)
def test_the_largest_query_of_a_kind_that_is_not_refused_brings_no_parser_down(kind: str) -> None:
    """Planning may take long, but the process does not die: only the limit of its processor time ends it."""
    limits = QueryLimits(size=2**26, depth=500, patterns=1000, operators=2000)
    refused = 1
    while not is_refused(FLAT[kind](refused), limits):
        refused *= 2
    accepted = refused // 2
    while refused - accepted > 1:
        middle = (accepted + refused) // 2
        refused, accepted = (middle, accepted) if is_refused(FLAT[kind](middle), limits) else (refused, middle)
    program = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_CPU, (1, 2))\n"
        "import pyoxigraph as ox\n"
        "answer = ox.Store().query(sys.stdin.read())\n"
        "print(bool(answer) if isinstance(answer, ox.QueryBoolean) else len(list(answer)))\n"
    )
    text = FLAT[kind](accepted)
    child = subprocess.run([sys.executable, "-c", program], input=text, text=True, capture_output=True, check=False)
    assert (child.returncode in {0, -signal.SIGXCPU}) or "SyntaxError" in child.stderr, child.stderr[-200:]


OPENING, CLOSING = "([{", ")]}"
HIDING = ["# {} \n", "'{}'", '"{}"', "'''{}'''", '"""{}"""', "<http://a/{}>"]
"""What a bracket is inside of where it is none."""


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(OPENING), min_size=1, max_size=300),
    st.lists(st.tuples(st.sampled_from(HIDING), st.sampled_from(CLOSING)), max_size=300),
    st.randoms(use_true_random=False),
)
def test_brackets_in_comments_texts_and_addresses_close_nothing(
    brackets: list[str], hidden: list[tuple[str, str]], random: object
) -> None:
    """Closing brackets in texts and comments between the opening ones do not make a query less deep."""
    pieces = [f" {bracket} " for bracket in brackets]
    for hiding, bracket in hidden:
        inside = "" if hiding.startswith("<") and bracket == "}" else bracket
        pieces.insert(random.randint(0, len(pieces)), f" {hiding.format(inside)} ")  # type: ignore[attr-defined]
    assert query_nesting("".join(pieces)) >= len(brackets)


PIECES = [
    *"abc019_:.-+@#<>?$^&|!=(){}[]\\%/*,;~ \n\r\"'",
    "\\u",
    "\\'",
    "'''",
    '"""',
    "1e",
    "%a",
    "true.",
    "a.",
    "\u4e2d",
]


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=6), st.integers(1, 400), st.text(max_size=20))
def test_reading_tokens_takes_steps_in_proportion_to_the_length(pieces: list[str], times: int, rest: str) -> None:
    text = "".join(pieces) * times + rest
    lexer = Lexer(text)
    tokens = list(lexer.tokens())
    assert lexer.steps <= 5 * len(text) + 5
    assert [text[start : start + len(token)] for start, token in tokens] == [token for _, token in tokens]
    position, between = 0, ""
    for start, token in tokens:
        between += text[position:start]
        position = start + len(token)
    assert (between + text[position:]).strip() == ""


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("a:b.c. ?d", ["a:b.c", ".", "?d"]),
        ("1.5.<a>", ["1.5", ".", "<a>"]),
        ("?a<?b&&?c>1 < 2", ["?a", "<?b&&?c>", "1", "<", "2"]),
        (r"'a\'b' 'c", [r"'a\'b'", "'", "c"]),
        ("'''a'b''c''' \"\"", ["'''a'b''c'''", '""']),
        (r"e:a\#b#c", [r"e:a\#b", "#c"]),
        (r"<a\u0062>", [r"<a\u0062>"]),
        ("true.a:b", ["true", ".", "a:b"]),
        ("1e5 1.e5 .5 5.", ["1e5", "1.e5", ".5", "5", "."]),
        ("'a'@en-GB^^<b>", ["'a'", "@en-GB", "^^", "<b>"]),
    ],
)
def test_tokens_are_those_of_the_grammar(text: str, tokens: list[str]) -> None:
    assert list(query_tokens(text)) == tokens


def test_a_limit_is_raised_by_the_option_and_for_a_graph(tmp_path: Path) -> None:
    file = tmp_path / "a.nt"
    file.write_text("<a:a> <a:b> <a:c> .\n")
    query = "ASK { " + "FILTER(1) " * 300 + "?a ?b ?c }"
    answer = run("query", file, query)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "the query has about 301 triple patterns, expected at most 200 (the limit 'patterns')" in answer.stderr
    answer = run("query", file, query, "--limit", "patterns=400")
    assert (answer.returncode, answer.stdout) == (0, "true\n")
    kg = KnowledgeGraph.open(file)
    with pytest.raises(QueryError, match="about 301 triple patterns"):
        kg.query(query)
    kg.query_limits = QueryLimits(patterns=400)
    assert kg.query(query) is True


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("pattern=1", "--limit holds 'pattern=1', expected a whole number for one of size, depth, patterns, operators"),
        ("depth=many", "--limit holds 'depth=many', expected a whole number for one of"),
        ("depth", "expected --limit NAME=VALUE, each name once, and got 'depth'"),
        ("depth=0", "the limit 'depth' is 0, expected a number from 1 to 500"),
        ("operators=99999", "the limit 'operators' is 99999, expected a number from 1 to 2,000"),
    ],
)
def test_a_limit_that_is_none_is_refused(tmp_path: Path, value: str, reason: str) -> None:
    file = tmp_path / "a.nt"
    file.write_text("<a:a> <a:b> <a:c> .\n")
    answer = run("query", file, "ASK {}", "--limit", value)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert reason in answer.stderr


def test_limits_beyond_what_a_parser_bears_are_refused() -> None:
    with pytest.raises(UsageError, match="the limit 'patterns' is 5000, expected a number from 1 to 1,000"):
        QueryLimits(patterns=5000)
