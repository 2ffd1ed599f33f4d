"""``chaingraph serve``: a source behind a web address, with its limits as options."""

from __future__ import annotations

import asyncio
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated

from chaingraph.cli.built_store import built_store
from chaingraph.cli.command import Panel, option
from chaingraph.cli.options import Sources
from chaingraph.cli.output import say
from chaingraph.errors import UsageError, install_line
from chaingraph.messages import tr

if TYPE_CHECKING:
    from pathlib import Path

    from chaingraph.endpoint.limits import Limits

_PORT = 8000
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_EVERYWHERE = {"0.0.0.0", "::", ""}


def serve(
    source: Sources,
    port: Annotated[
        int | None,
        option(
            Panel.SERVER,
            f"The port; if not given, {_PORT} or, if taken, any free one.",
            metavar="N",
            min=0,
            max=65535,
        ),
    ] = None,
    host: Annotated[
        str,
        option(Panel.SERVER, "The address to listen on; 0.0.0.0 lets other machines in.", metavar="ADDRESS"),
    ] = "127.0.0.1",
    allow_host: Annotated[
        list[str] | None,
        option(
            Panel.SERVER,
            "A name this machine is reached under; several may stand.",
            "--allow-host",
            metavar="NAME",
        ),
    ] = None,
    allow_origin: Annotated[
        list[str] | None,
        option(
            Panel.SERVER,
            "A site whose pages may ask, such as https://a.org; or *.",
            "--allow-origin",
            metavar="ORIGIN",
        ),
    ] = None,
    deadline: Annotated[float, option(Panel.LIMITS, "Seconds for one query.", metavar="SECONDS")] = 10.0,
    memory: Annotated[float, option(Panel.LIMITS, "GB of memory for one query.", metavar="GB")] = 2.0,
    rows: Annotated[
        int,
        option(Panel.LIMITS, "Rows, or triples, of one answer; what is more is cut, and said.", metavar="N"),
    ] = 100_000,
    workers: Annotated[int, option(Panel.LIMITS, "Queries at once.", metavar="N", min=1, max=256)] = 4,
) -> None:
    """Serve a graph over HTTP, read-only: pages and SPARQL.

    A built store (.kg) is served as it stands; anything else, and several sources, are built first. Prints the address;
    SPARQL is at /sparql. Each query runs in a process of its own that is killed at the deadline; nothing that is asked
    can write, or fetch from the network. Ends on Ctrl-C.
    """
    limits = _limits(deadline, memory, rows, workers, (*(allow_host or ()), host), tuple(allow_origin or ()))
    with ExitStack() as stack:
        store = built_store(source, stack)
        try:
            asyncio.run(_run(store, limits, host, port))
        except KeyboardInterrupt:
            say(tr("stopped"))


def _limits(
    deadline: float, memory: float, rows: int, workers: int, hosts: tuple[str, ...], origins: tuple[str, ...]
) -> Limits:
    try:
        import starlette  # noqa: F401
        import uvicorn  # noqa: F401
    except ImportError as error:
        message = tr("serving needs the extra serve: {line}", line=install_line("serve"))
        raise UsageError(message) from error
    from chaingraph.endpoint.limits import Limits

    for origin in origins:
        if origin != "*" and (not origin.startswith(("http://", "https://")) or "/" in origin.partition("//")[2]):
            message = tr(
                "--allow-origin holds '{origin}', expected a site such as https://example.org, or *", origin=origin
            )
            raise UsageError(message)
    return Limits(
        deadline=deadline, memory=round(memory * 2**30), rows=rows, workers=workers, hosts=hosts, origins=origins
    )


async def _run(store: Path, limits: Limits, host: str, port: int | None) -> None:
    from chaingraph.endpoint.app import app
    from chaingraph.endpoint.server import listening_socket, serve_on

    with listening_socket(host, _PORT if port is None else port, strict=bool(port)) as sock:
        shown_host = "localhost" if host in _EVERYWHERE else f"[{host}]" if ":" in host else host
        address = f"http://{shown_host}:{sock.getsockname()[1]}/"

        def announce() -> None:
            sys.stdout.write(f"{address}\n")
            sys.stdout.flush()
            say(tr("serving; queries at {address}sparql; Ctrl-C ends it", address=address))
            if host not in _LOOPBACK:
                say(tr("other machines can reach it; name the names they use with --allow-host"))

        await serve_on(sock, app(store, limits), announce)
