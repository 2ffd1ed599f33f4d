"""The tools as an assistant sees them: their names, their arguments and what they are for."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import anyio
from mcp.server.mcpserver.exceptions import ToolError
from pydantic import Field

from chaingraph import networks
from chaingraph.assistant.answers import DEFAULT_ROWS, MAX_ROWS, answer
from chaingraph.endpoint.engine import Operation, RefusedError
from chaingraph.errors import ChaingraphError, excerpt
from chaingraph.metrics.network.registry import MEASURES
from chaingraph.queries.node_classes import CLASSES
from chaingraph.vocabulary import PREFIXES, short_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from chaingraph.assistant.toolbox import Toolbox
    from chaingraph.endpoint.engine import Engine

Thing = Annotated[
    str, Field(description="A thing: its id from another answer, or a name that it alone has", max_length=500)
]
Cursor = Annotated[str, Field(description="The 'next_cursor' of the answer before", max_length=20)]
Word = Annotated[str, Field(max_length=100)]
Text = Annotated[str, Field(max_length=500)]
Limit = Annotated[int, Field(description="Rows of one answer", ge=1, le=MAX_ROWS)]

_MAX_MESSAGE = 2000


class Tools:
    """The tools over a toolbox; the docstring of each is what an assistant reads of it."""

    def __init__(self, toolbox: Toolbox) -> None:
        self._toolbox = toolbox

    def all(self) -> list[Callable[..., Any]]:
        """Return the tools, in the order in which they are listed."""
        return [
            *(self.about, self.find, self.facts, self.questions, self.ask, self.why, self.coverage, self.measure),
            *(self.surroundings, self.chain_gaps),
        ]

    async def about(self) -> str:
        """The data sets with title, licence and attribution, and how many things of each class are known by name."""
        return await _run(self._toolbox.about)

    async def find(
        self,
        name: Annotated[str, Field(description="A name, a part of it, its Pinyin or initials", max_length=200)],
        kind: Annotated[str, Field(description=f"Only things of one class: {', '.join(CLASSES)}", max_length=100)] = "",
        cursor: Cursor = "",
        limit: Limit = DEFAULT_ROWS,
    ) -> str:
        """Find things by name, in Chinese or English: organizations, consortia, projects, stages and others."""
        return await _run(self._toolbox.find, name, kind, cursor, limit)

    async def facts(self, thing: Thing, cursor: Cursor = "", limit: Limit = DEFAULT_ROWS) -> str:
        """What the graph states of one thing: attributes, relations, reported counts, with the words that say so."""
        return await _run(self._toolbox.facts, thing, cursor, limit)

    async def questions(self) -> str:
        """The named questions that 'ask' answers, with their parameters."""
        return await _run(self._toolbox.list_questions)

    async def ask(
        self,
        question: Annotated[str, Field(description="The name of a question, such as who-leads", max_length=100)],
        parameters: Annotated[
            dict[str, Text], Field(description="Values by parameter: names or ids of things, codes, dates")
        ] = {},  # noqa: B006 - the protocol's schema shows it; it is not changed
        cursor: Cursor = "",
        limit: Limit = DEFAULT_ROWS,
    ) -> str:
        """Answer a named question: who leads, how many consortia, which stages, who supplies, what contradicts."""
        return await _run(self._toolbox.ask, question, parameters, cursor, limit)

    async def why(self, thing: Thing, cursor: Cursor = "", limit: Limit = DEFAULT_ROWS) -> str:
        """The words in sources, or records of registers, that state a thing and its relations."""
        return await _run(self._toolbox.why, thing, cursor, limit)

    async def coverage(self, cursor: Cursor = "", limit: Limit = DEFAULT_ROWS) -> str:
        """What sources report as counts, beside how many of these are known by name: how complete the graph is."""
        return await _run(self._toolbox.coverage, cursor, limit)

    async def measure(
        self,
        network: Annotated[str, Field(description=f"One of {', '.join(networks.PROJECTIONS)}", max_length=100)],
        measures: Annotated[
            list[Word],
            Field(description=f"The first orders the rows; of {', '.join(MEASURES)}", min_length=1, max_length=5),
        ],
        thing: Annotated[str, Field(description="Only the row of this thing", max_length=500)] = "",
        cursor: Cursor = "",
        limit: Limit = DEFAULT_ROWS,
    ) -> str:
        """Measures of the nodes of a network, such as degree, betweenness and core_number: who ties it together."""
        return await _run(self._toolbox.measure, network, measures, thing, cursor, limit)

    async def surroundings(
        self,
        thing: Thing,
        steps: Annotated[int, Field(description="How many ties away", ge=1, le=3)] = 1,
        cursor: Cursor = "",
        limit: Limit = DEFAULT_ROWS,
    ) -> str:
        """The ties around a thing in the whole network, each with the words that state it."""
        return await _run(self._toolbox.surroundings, thing, steps, cursor, limit)

    async def chain_gaps(
        self,
        chain: Annotated[
            str, Field(description="An industrial chain, by name or id; all if empty", max_length=500)
        ] = "",
        gaps_only: Annotated[bool, Field(description="False: also the stages that somebody holds")] = True,
        cursor: Cursor = "",
        limit: Limit = DEFAULT_ROWS,
    ) -> str:
        """Stages and inputs of industrial chains without a known holder, and whether they are absent or unknown."""
        return await _run(self._toolbox.chain_gaps, chain, gaps_only=gaps_only, cursor=cursor, limit=limit)


def query_tool(engine: Engine) -> Callable[..., Any]:
    """Return the tool that answers queries of the assistant's own."""

    async def sparql(
        query: Annotated[str, Field(description=f"SELECT or ASK; known prefixes: {', '.join(PREFIXES)}")],
        cursor: Cursor = "",
        limit: Limit = DEFAULT_ROWS,
    ) -> str:
        """Answer a SPARQL 1.1 query, read-only, within limits of length, depth, time and rows. Prefer other tools."""
        try:
            with await engine.ask(Operation(query, accept="application/sparql-results+json")) as result:
                content, truncated, count = json.loads(result.content()), result.truncated, result.count
        except RefusedError as error:
            reason = "the query asks for triples, expected SELECT or ASK" if error.status == 406 else error.reason
            raise ToolError(reason) from error
        if "boolean" in content:
            return answer([{"answer": content["boolean"]}], "known")
        rows = [
            {name: short_name(term["value"]) if term["type"] == "uri" else term["value"] for name, term in row.items()}
            for row in content["results"]["bindings"]
        ]
        notes = [f"Stopped after {count} rows: there are more."] if truncated else []
        return await _run(answer, rows, "known", cursor=cursor, limit=limit, notes=notes)

    return sparql


async def _run(function: Callable[..., str], *arguments: object, **options: object) -> str:
    """Return what a function answers in a thread; what does not fit is told to the assistant."""
    try:
        return await anyio.to_thread.run_sync(partial(function, *arguments, **options))
    except ChaingraphError as error:
        raise ToolError(excerpt(str(error), _MAX_MESSAGE)) from error
