"""The tools as the Model Context Protocol describes them, over standard input and output or HTTP on this machine."""

from __future__ import annotations

from contextlib import asynccontextmanager
from threading import Thread
from typing import TYPE_CHECKING

from mcp.server.mcpserver import MCPServer
from mcp.types import ToolAnnotations

from chaingraph import __version__
from chaingraph.assistant.tools import Tools, query_tool

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from chaingraph.assistant.toolbox import Toolbox
    from chaingraph.endpoint.engine import Engine

_INSTRUCTIONS = """A knowledge graph of innovation consortia, their members, platforms, projects and industrial chains.
Every answer says what it rests on: 'known' (things with a name in the graph), 'reported' (a source gives a count or
makes a claim; the things have no names here) or 'unknown' (the graph states nothing; this is no denial).
Quote the words under 'exact' with their title instead of rephrasing them, and never state what no tool returned.
Begin with 'find' for a name, 'questions' for what can be asked, 'about' for the data sets and their licences.
An answer with 'truncated' has more rows: call the tool again with 'next_cursor' as 'cursor'."""

_PREPARATION_SECONDS = 20.0
"""How long the server waits for the names to be indexed before it answers at all; assistants wait for 30 or more."""
_READS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)


def assistant_server(toolbox: Toolbox, engine: Engine | None = None) -> MCPServer:
    """Return the server of a toolbox's tools.

    Args:
        toolbox: Answers the tools.
        engine: Answers queries of the assistant's own; without it there is no such tool.
    """

    @asynccontextmanager
    async def lifespan(_: MCPServer) -> AsyncIterator[None]:
        # A daemon: an assistant that leaves early does not wait until the names of a large graph are indexed.
        preparation = Thread(target=toolbox.prepare, daemon=True)
        preparation.start()
        preparation.join(_PREPARATION_SECONDS)
        if engine is not None:
            await engine.start()
        try:
            yield
        finally:
            if engine is not None:
                await engine.stop()

    server = MCPServer(
        "chaingraph", instructions=_INSTRUCTIONS, version=__version__, lifespan=lifespan, log_level="ERROR"
    )
    for function in (*Tools(toolbox).all(), *([] if engine is None else [query_tool(engine)])):
        server.add_tool(function, annotations=_READS, structured_output=False)
    return server
