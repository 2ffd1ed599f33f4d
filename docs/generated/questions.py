"""The page of the competency questions: what each asks, its parameters, how to ask it, and the query."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chaingraph.sparql.questions import questions
from generated.markdown_text import code, escaped, table

if TYPE_CHECKING:
    from chaingraph.sparql.questions import Parameter, Question

_HEADER = re.compile(r"(?:#.*\n)+\n*")
_HEAD = """# Questions

This page is made from `ontology/questions/`. Each question is a SPARQL query with a name, and each row of an answer
carries the words or the record that it rests on. A thing is given by its address, its short name or a name that only it
has, a code by any of its labels, a date as a day. A value is bound as a term; it never becomes part of the query's
text. In Python a question is `kg.ask(NAME, PARAMETER=VALUE)`."""


def page() -> str:
    """Return the page as Markdown."""
    return "\n\n".join([_HEAD, *(_question(each) for each in questions())]) + "\n"


def _question(question: Question) -> str:
    parts = [f"## {question.name}", f"{escaped(question.english)}<br>{escaped(question.chinese)}"]
    if question.parameters:
        rows = [_row(parameter) for parameter in question.parameters]
        parts.append(table(("Parameter", "What it is", "Takes", "Required", "Example"), rows))
    query = question.text[header.end() if (header := _HEADER.match(question.text)) else 0 :].strip()
    parts.append(f"```sh\n{call(question)}\n```")
    parts.append(f'??? note "The query"\n\n    ```sparql\n{_indented(query)}\n    ```')
    return "\n\n".join(parts)


def call(question: Question) -> str:
    """Return the command that asks a question of a sample data set.

    >>> call(next(question for question in questions() if question.name == "who-leads"))
    'chaingraph ask graph/jiangsu-2022 who-leads'
    """
    values = {each.name: each.example for each in question.parameters if each.required} | dict(question.arguments)
    given = "".join(f' -p {name}="{value}"' for name, value in values.items())
    return f"chaingraph ask graph/{question.samples[0]} {question.name}{given}"


def _row(parameter: Parameter) -> tuple[str, str, str, str, str]:
    takes = " or ".join([parameter.kind if parameter.kind != "iri" else "", *map(code, parameter.of)]).removeprefix(
        " or "
    )
    required = "yes" if parameter.required else "no"
    if parameter.default is not None:
        required += f", else {code(parameter.default)}"
    words = f"{escaped(parameter.english)}<br>{escaped(parameter.chinese)}"
    return code(parameter.name), words, takes, required, code(parameter.example)


def _indented(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.split("\n"))
