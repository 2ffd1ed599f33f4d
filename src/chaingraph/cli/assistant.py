"""``chaingraph assistant``: a graph's answers as tools for an assistant."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated

from chaingraph.cli.built_store import built_store
from chaingraph.cli.command import Panel, option
from chaingraph.cli.options import Sources
from chaingraph.cli.output import say
from chaingraph.errors import UsageError, install_line
from chaingraph.languages import Language
from chaingraph.messages import tr

if TYPE_CHECKING:
    from pathlib import Path

    from mcp.server.mcpserver import MCPServer

    from chaingraph.endpoint.engine import Engine

_HOST = "127.0.0.1"
_ROWS = 1000
"""Rows of one query of the assistant's own."""


def assistant(
    source: Sources,
    port: Annotated[
        int | None,
        option(
            Panel.SERVER,
            "Answer over HTTP on this machine at this port, not over standard input and output.",
            metavar="N",
            min=0,
            max=65535,
        ),
    ] = None,
    sparql: Annotated[
        bool, option(Panel.SERVER, "Also let the assistant write queries of its own, read-only.", "--sparql")
    ] = False,
    deadline: Annotated[
        float | None,
        option(Panel.LIMITS, "Seconds for one query of --sparql; 10 if not given.", metavar="SECONDS"),
    ] = None,
    language: Annotated[
        Language | None,
        option(Panel.OUTPUT, "The language of names; that of the graph if not given."),
    ] = None,
) -> None:
    """Offer a graph to an assistant as tools of the Model Context Protocol, read-only.

    An assistant starts this command itself: name it in the assistant's configuration. A built store (.kg) is opened as
    it stands; anything else, and several sources, are built first. Every answer carries its evidence, says whether it
    is known, reported or unknown, and has at most 16 KB. At a port it answers at http://127.0.0.1:PORT/mcp.
    """
    if deadline is not None and not sparql:
        message = tr("--deadline does not apply without --sparql: only queries of the assistant's own have one")
        raise UsageError(message)
    try:
        import mcp  # noqa: F401
    except ImportError as error:
        message = tr("an assistant needs the extra assistant: {line}", line=install_line("assistant"))
        raise UsageError(message) from error
    from chaingraph.assistant.server import assistant_server
    from chaingraph.assistant.toolbox import Toolbox
    from chaingraph.store import KnowledgeGraph
    from chaingraph.store.versions import open_version

    with ExitStack() as stack:
        # Tools and queries answer from one version, whatever is built meanwhile.
        version = open_version(built_store(source, stack))
        toolbox = Toolbox(KnowledgeGraph.open(version.folder), language)
        server = assistant_server(
            toolbox, _engine(version.folder, 10.0 if deadline is None else deadline) if sparql else None
        )
        if port is None:
            server.run("stdio")
        else:
            _serve_http(server, port)


def _serve_http(server: MCPServer, port: int) -> None:
    """Answer over HTTP on this machine only, and to pages of this machine only."""
    import uvicorn

    from chaingraph.endpoint.server import listening_socket

    with listening_socket(_HOST, port, strict=bool(port)) as sock:
        sys.stdout.write(f"http://{_HOST}:{sock.getsockname()[1]}/mcp\n")
        sys.stdout.flush()
        say(tr("offering tools to an assistant; Ctrl-C ends it"))
        config = uvicorn.Config(server.streamable_http_app(host=_HOST), log_config=None, access_log=False)
        uvicorn.Server(config).run(sockets=[sock])


def _engine(store: Path, deadline: float) -> Engine:
    from chaingraph.endpoint.limits import Limits
    from chaingraph.endpoint.workers.query_pool import QueryPool

    return QueryPool(store, Limits(deadline=deadline, rows=_ROWS, answer_bytes=2**20, workers=1))
