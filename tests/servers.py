"""Servers of ours in processes of their own, for every test that talks to one."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import httpx

DEADLINE = 1.0
SLACK = 10.0
"""How long a client waits beyond the deadline before it calls the server dead: this machine may be busy."""

_SERVER = """
import asyncio, json, sys
from chaingraph.endpoint.app import app
from chaingraph.endpoint.server import listening_socket, serve_on
from chaingraph.endpoint.limits import Limits

application = app(sys.argv[1], Limits(**json.loads(sys.argv[2])))
with listening_socket("127.0.0.1", 0, strict=False) as sock:
    asyncio.run(serve_on(sock, application, lambda: print(sock.getsockname()[1], flush=True)))
"""


@dataclass
class ServerProcess:
    """A server in a process of its own."""

    process: subprocess.Popen[str]
    port: int
    client: httpx.Client

    @property
    def memory(self) -> int:
        """Bytes of it that are in memory."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return 1024 * int(status.partition("VmRSS:")[2].split()[0])

    @property
    def children(self) -> set[int]:
        """The processes that it has started and that live."""
        found = set()
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if int(fields[1]) == self.process.pid and fields[0] != "Z":
                found.add(int(path.parent.name))
        return found

    def answers(self) -> bool:
        """Tell whether it answers the simplest of queries."""
        response = self.client.get("/sparql", params={"query": "ASK {}"})
        return response.status_code == 200 and response.json() == {"head": {}, "boolean": True}


def start_server(store: Path, **limits: object) -> ServerProcess:
    """Start a server process, and wait until it answers."""
    process = subprocess.Popen(
        [sys.executable, "-c", _SERVER, str(store), json.dumps(limits)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONWARNINGS": "default"},
    )
    assert process.stdout is not None
    port = int(process.stdout.readline())
    client = httpx.Client(
        base_url=f"http://127.0.0.1:{port}", timeout=DEADLINE + SLACK, headers={"Accept-Encoding": "identity"}
    )
    return ServerProcess(process, port, client)


def end_server(server: ServerProcess, how: signal.Signals = signal.SIGTERM) -> None:
    """End a server process and wait until it is gone."""
    server.client.close()
    server.process.send_signal(how)
    server.process.wait()
    assert server.process.stdout is not None
    server.process.stdout.close()
