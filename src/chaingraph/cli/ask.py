"""``chaingraph ask``: the answer to a competency question."""

from __future__ import annotations

from typing import Annotated

import typer

from chaingraph.cli.command import Panel, option
from chaingraph.cli.completion import question_parameters
from chaingraph.cli.options import SOURCES, Reading, after_a_source, parameters, question_names
from chaingraph.cli.output import Output
from chaingraph.messages import tr

_COMPLETION = after_a_source(question_names)


def ask(
    sources: Annotated[list[str], typer.Argument(metavar="SOURCE", help=SOURCES, autocompletion=_COMPLETION)],
    question: Annotated[
        str,
        typer.Argument(
            metavar="QUESTION",
            help="The name of a question, the last argument; 'chaingraph questions' lists them.",
            autocompletion=_COMPLETION,
        ),
    ],
    parameter: Annotated[
        list[str] | None,
        option(
            Panel.QUESTION,
            "What the question is about; several may stand.",
            "--parameter",
            "-p",
            metavar="NAME=VALUE",
            autocompletion=question_parameters,
        ),
    ] = None,
    *,
    reading: Reading,
    output: Output,
) -> None:
    """Answer a competency question by its name."""
    from chaingraph.sparql.questions import question as question_of

    question_of(question)
    values = parameters(parameter or ())
    answer = reading.graph(sources).ask(question, **values)
    others = tr("another value of -p, or none, may have one") if values else tr("chaingraph questions lists the others")
    output.write(
        answer, empty=tr("the graph states no answer to {question}; {others}", question=question, others=others)
    )
