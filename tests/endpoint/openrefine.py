"""OpenRefine in a process of its own, driven as its page drives it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx

from tests.servers import GIVE_UP, eventually

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

ALL_ROWS = json.dumps({"facets": [], "mode": "row-based"})


@dataclass
class OpenRefine:
    """A running OpenRefine: its address, and a client of it."""

    address: str
    client: httpx.Client

    @property
    def version(self) -> str:
        """The version that it says it is."""
        return str(self.client.get("get-version").json()["version"])

    def post(self, command: str, parameters: dict[str, str], form: dict[str, str], **rest: Any) -> httpx.Response:  # noqa: ANN401 - as httpx
        """Send a command, with the token that OpenRefine asks for."""
        token = self.client.get("get-csrf-token").json()["token"]
        return self.client.post(command, params=parameters | {"csrf_token": token}, data=form, **rest)

    def project(self, name: str, names: Sequence[str]) -> str:
        """Make a project of one column, and return its number."""
        options = {"format": "text/line-based/*sv", "options": json.dumps({"separator": ",", "headerLines": 1})}
        file = ("names.csv", "\n".join(["name", *names, ""]), "text/csv")
        response = self.post(
            "create-project-from-upload", options, {"project-name": name}, files={"project-file": file}
        )
        return response.headers["location"].rpartition("=")[2]

    def reconcile(self, project: str, service: str, kind: tuple[str, str]) -> None:
        """Reconcile the column with a service, against things of a type (id and name), and wait for the end."""
        manifest = httpx.get(service).json()
        settings = {
            "mode": "standard-service",
            "service": service,
            "identifierSpace": manifest["identifierSpace"],
            "schemaSpace": manifest["schemaSpace"],
            "type": {"id": kind[0], "name": kind[1]},
            "autoMatch": True,
            "columnDetails": [],
            "limit": 3,
        }
        form = {"columnName": "name", "config": json.dumps(settings), "engine": ALL_ROWS}
        self.post("reconcile", {"project": project}, form)
        self._wait(project)

    def extend(self, project: str, service: str, properties: Sequence[str]) -> None:
        """Add columns of properties of the matched things, and wait for the end."""
        manifest = httpx.get(service).json()
        form = {
            "engine": ALL_ROWS,
            "baseColumnName": "name",
            "columnInsertIndex": "1",
            "endpoint": service,
            "identifierSpace": manifest["identifierSpace"],
            "schemaSpace": manifest["schemaSpace"],
            "extension": json.dumps({"properties": [{"id": name, "name": name} for name in properties]}),
        }
        self.post("extend-data", {"project": project}, form)
        self._wait(project)

    def rows(self, project: str) -> list[tuple[list[str | None], str]]:
        """Return the cells of each row, and the id that the first was matched with, or its state."""
        content = self.post("get-rows", {"project": project, "start": "0", "limit": "100"}, {}).json()
        rows = []
        for row in content["rows"]:
            recon = content["pool"]["recons"][row["cells"][0]["r"]]
            state = recon["m"]["id"] if recon["j"] == "matched" else recon["j"]
            rows.append(([cell["v"] if cell else None for cell in row["cells"]], state))
        return rows

    def _wait(self, project: str) -> None:
        eventually(lambda: not self.client.get("get-processes", params={"project": project}).json()["processes"])


@contextmanager
def openrefine(folder: Path) -> Iterator[OpenRefine]:
    """Start OpenRefine with its projects in a folder, and end it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = ["openrefine", "-i", "127.0.0.1", "-p", str(port), "-d", str(folder), "-x", "refine.headless=true"]
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        address = f"http://127.0.0.1:{port}"
        try:
            with httpx.Client(base_url=f"{address}/command/core/", timeout=GIVE_UP) as client:
                refine = OpenRefine(address, client)
                eventually(lambda: _answers(client))
                yield refine
        finally:
            os.killpg(process.pid, signal.SIGTERM)


def _answers(client: httpx.Client) -> bool:
    try:
        return client.get("get-version").status_code == 200
    except httpx.TransportError:
        return False
