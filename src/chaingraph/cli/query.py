"""``chaingraph query``: the answer to a SPARQL query."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chaingraph.cli.command import Panel, option
from chaingraph.cli.interruption import interruptible
from chaingraph.cli.options import SOURCES, Reading, parameters
from chaingraph.cli.output import Output, say_note, write_out
from chaingraph.errors import UnreadableError, UsageError
from chaingraph.messages import enumeration, tr

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chaingraph.sparql.limits import QueryLimits
    from chaingraph.store import KnowledgeGraph

_LONGEST_DEADLINE = 1_000_000
_CLASSES = "SELECT DISTINCT ?class { ?thing a ?class FILTER (STRSTARTS(STR(?class), STR(cg:))) } ORDER BY ?class"


def query(
    sources: Annotated[list[str] | None, typer.Argument(metavar="SOURCE", help=SOURCES)] = None,
    text: Annotated[
        str | None,
        typer.Argument(
            metavar="TEXT", help="The query, the last argument; prefixes cg:, code:, id:, rdfs: ... are known."
        ),
    ] = None,
    file: Annotated[
        Path | None,
        option(Panel.QUESTION, "A file with the query, instead of TEXT.", "--file", "-f", metavar="FILE"),
    ] = None,
    limit: Annotated[
        list[str] | None,
        option(
            Panel.LIMITS,
            "How large the query may be: size=BYTES, depth=N, patterns=N or operators=N; several may stand.",
            "--limit",
            metavar="NAME=N",
        ),
    ] = None,
    deadline: Annotated[
        float | None,
        option(Panel.LIMITS, "Seconds after which the query is stopped; any if not given.", metavar="SECONDS"),
    ] = None,
    *,
    reading: Reading,
    output: Output,
) -> None:
    """Answer a SPARQL query.

    Prints a table for SELECT, true or false for ASK, Turtle for CONSTRUCT and DESCRIBE.
    """
    # The parser gives the last argument to TEXT; with a file it is a source like the others.
    names = [*(sources or ()), *([text] if text is not None and file is not None else [])]
    if not names:
        message = tr("expected one source or several and then the query, or one source or several and -f FILE")
        raise UsageError(message)
    if file is None:
        assert text is not None
        query_text = text
    else:
        query_text = _text_of(file)
    limits = _limits(limit or ())
    if deadline is not None and not 0 < deadline <= _LONGEST_DEADLINE:
        message = tr(
            "--deadline is {deadline:g}, expected a number of seconds above 0 and up to {longest:,}",
            deadline=deadline,
            longest=_LONGEST_DEADLINE,
        )
        raise UsageError(message)
    graph = reading.graph(names)
    graph.query_limits = limits
    _answer(graph, query_text, output, deadline)


def _limits(pairs: Iterable[str]) -> QueryLimits:
    """Read limits on the query as NAME=N.

    Raises:
        UsageError: There is no such limit, or it is no number, or out of range.
    """
    from dataclasses import asdict, replace

    from chaingraph.sparql.limits import QueryLimits

    names = list(asdict(QueryLimits()))
    values = parameters(pairs, "--limit")
    for name, value in values.items():
        if name not in names or not (value.isascii() and value.isdigit() and len(value) < 12):
            message = tr(
                "--limit holds '{name}={value}', expected a whole number for one of {names}",
                name=name,
                value=value,
                names=enumeration(names),
            )
            raise UsageError(message)
    return replace(QueryLimits(), **{name: int(value) for name, value in values.items()})


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableError(file, tr("cannot be read as a query in UTF-8 ({error})", error=error)) from error


def _answer(graph: KnowledgeGraph, text: str, output: Output, deadline: float | None) -> None:
    import pandas as pd

    from chaingraph.sparql.limits import deadline_message

    def ask() -> tuple[str | None, object]:
        turtle = graph.construct_turtle(text)
        return turtle, graph.query(text) if turtle is None else None

    message = "" if deadline is None else deadline_message(deadline)
    turtle, answer = interruptible(ask, seconds=deadline, message=message)
    if isinstance(answer, pd.DataFrame):
        output.write(answer, empty=_no_rows(graph) if answer.empty else "", as_named=True)
        _say_unknown_terms(text)
        return
    output.refuse_any("the answer to this query is no table; only SELECT has one")
    write_out(f"{str(answer).lower()}\n" if turtle is None else turtle)


def _say_unknown_terms(text: str) -> None:
    from chaingraph.sparql.unknown_terms import unknown_terms

    for sentence in unknown_terms(text):
        say_note(sentence)


def _no_rows(graph: KnowledgeGraph) -> str:
    classes = enumeration(graph.select(_CLASSES)["class"]) or tr("none")
    return tr("no row answers the query; the classes of this graph: {classes}", classes=classes)
