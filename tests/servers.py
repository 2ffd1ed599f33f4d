"""Servers of ours in processes of their own, for every test that talks to one, and ways to wait for their states.

A test must not depend on how fast the machine is. So it waits for a state, never for a time; what shall be stopped at
a deadline would run for ever, and what shall be answered has no deadline that it could meet. GIVE_UP only ends a test
that would wait for ever.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import IO

SHORT = 1.0
"""Seconds after which a server stops what would run for ever."""
LONG = 600.0
"""Seconds after which a server stops a query that is to be answered: more than any test takes."""
GIVE_UP = 300.0
"""Seconds after which a test no longer waits."""

_SERVER = """
import asyncio, json, sys
from chaingraph.endpoint.app import app
from chaingraph.endpoint.server import listening_socket, serve_on
from chaingraph.endpoint.limits import Limits

application = app(sys.argv[1], Limits(**json.loads(sys.argv[2])))
with listening_socket("127.0.0.1", 0, strict=False) as sock:
    asyncio.run(serve_on(sock, application, lambda: print(sock.getsockname()[1], flush=True)))
"""


def eventually(holds: Callable[[], bool]) -> None:
    """Wait until something holds; fail if it never does."""
    end = time.monotonic() + GIVE_UP
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


@dataclass
class ServerProcess:
    """A server in a process of its own."""

    process: subprocess.Popen[str]
    port: int
    client: httpx.Client

    @property
    def memory(self) -> int:
        """Bytes of it that are in memory."""
        return memory(self.process.pid)

    @property
    def children(self) -> set[int]:
        """The processes that it has started and that live."""
        numbers = set()
        for path in Path("/proc").glob("[0-9]*/stat"):
            fields = _stat(int(path.parent.name))
            if fields and int(fields[1]) == self.process.pid and fields[0] != "Z":
                numbers.add(int(path.parent.name))
        return numbers

    def ask(self, text: str, accept: str = "*/*") -> httpx.Response:
        """Return the response to a query; while the server is busy (503), the query is sent again."""
        response = self._ask(text, accept)
        end = time.monotonic() + GIVE_UP
        while response.status_code == 503 and time.monotonic() < end:
            response = self._ask(text, accept)
        return response

    def _ask(self, text: str, accept: str) -> httpx.Response:
        headers = {"Content-Type": "application/sparql-query", "Accept": accept}
        return self.client.post("/sparql", content=text.encode("utf-8", "surrogatepass"), headers=headers)

    def answers(self) -> bool:
        """Tell whether it answers the simplest of queries."""
        response = self.client.get("/sparql", params={"query": "ASK {}"})
        return response.status_code == 200 and response.json() == {"head": {}, "boolean": True}


def _stat(number: int) -> list[str]:
    """Return the fields of /proc/NUMBER/stat from the state of the process on; none if it is gone."""
    try:
        text = Path(f"/proc/{number}/stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return []
    return text.rpartition(")")[2].split()


def alive(number: int) -> bool:
    """Tell whether a process has not ended."""
    return _stat(number)[:1] not in ([], ["Z"])


def kill(number: int) -> bool:
    """Kill a process, and tell whether it was there: one that was listed a moment ago may have ended by itself."""
    try:
        os.kill(number, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def processor_seconds(number: int) -> float:
    """Return the seconds of processor time that a process has used; 0 if it is gone."""
    fields = _stat(number)
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK") if fields else 0.0


def memory(number: int) -> int:
    """Return the bytes of a process that are in memory."""
    status = Path(f"/proc/{number}/status").read_text(encoding="ascii")
    return 1024 * int(status.partition("VmRSS:")[2].split()[0])


def wait_until_busy(children: set[int], how_many: int = 1) -> None:
    """Wait until so many of these processes compute: each uses processor time beyond what it has used so far."""
    before = {child: processor_seconds(child) for child in children}
    eventually(lambda: sum(processor_seconds(child) > before[child] + 0.1 for child in children) >= how_many)


def start_server(store: Path, *, log: Path | None = None, **limits: object) -> ServerProcess:
    """Start a server process, and wait until it answers; its deadline is LONG unless another is given.

    What it writes to standard error goes to the file ``log``, if one is given.
    """
    with nullcontext() if log is None else log.open("wb") as errors:
        return _started(store, errors, limits)


def _started(store: Path, errors: IO[bytes] | None, limits: dict[str, object]) -> ServerProcess:
    process = subprocess.Popen(
        [sys.executable, "-c", _SERVER, str(store), json.dumps({"deadline": LONG, "client_timeout": LONG} | limits)],
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
        env={**os.environ, "PYTHONWARNINGS": "default"},
    )
    assert process.stdout is not None
    port = int(process.stdout.readline())
    client = httpx.Client(
        base_url=f"http://127.0.0.1:{port}",
        timeout=GIVE_UP,
        headers={"Accept-Encoding": "identity"},
        # The server closes a connection that is idle for five seconds: one that is older is not used again.
        limits=httpx.Limits(keepalive_expiry=1.0),
    )
    return ServerProcess(process, port, client)


def end_server(server: ServerProcess, how: signal.Signals = signal.SIGTERM) -> None:
    """End a server process and wait until it is gone."""
    server.client.close()
    server.process.send_signal(how)
    server.process.wait()
    assert server.process.stdout is not None
    server.process.stdout.close()
