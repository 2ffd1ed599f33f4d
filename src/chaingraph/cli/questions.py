"""``chaingraph questions``: what ``chaingraph ask`` can answer."""

from __future__ import annotations

from chaingraph.cli.output import Output
from chaingraph.messages import tr


def questions(output: Output) -> None:
    """List the questions that a graph can answer by name."""
    import pandas as pd

    from chaingraph.sparql.questions import questions as all_questions

    rows = [
        (question.name, question.english, question.chinese, ", ".join(each.name for each in question.parameters))
        for question in all_questions()
    ]
    output.write(
        pd.DataFrame(rows, columns=["name", "question", "问题", "parameters"]), empty=tr("there are no questions")
    )
