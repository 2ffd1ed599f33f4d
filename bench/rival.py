"""rdflib-endpoint over an N-Triples file, for bench/endpoint.py: run by the Python of an environment that has it.

Prints its port when it can be asked. Its settings are as they come, but for the log of requests, which ours lacks too.
"""

from __future__ import annotations

import asyncio
import socket
import sys

import rdflib
import uvicorn
from rdflib_endpoint import SparqlEndpoint


async def main(path: str) -> None:
    """Read the file and serve it until told to stop."""
    graph = rdflib.Graph()
    graph.parse(path, format="nt")
    with socket.create_server(("127.0.0.1", 0), backlog=2048) as sock:
        config = uvicorn.Config(SparqlEndpoint(graph=graph, path="/sparql"), log_level="error", access_log=False)
        print(sock.getsockname()[1], flush=True)
        await uvicorn.Server(config).serve(sockets=[sock])


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
