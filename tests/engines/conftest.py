"""The engines that every run of the tests has: DuckDB in this process, and Sail as a server of Spark Connect."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pysail.spark import SparkConnectServer

from chaingraph.engines import Engine, connect

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def sail() -> Iterator[str]:
    """Return the address of a server."""
    server = SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    host, port = server.listening_address
    yield f"sc://{host}:{port}"
    server.stop()


@pytest.fixture(scope="session")
def engines(sail: str) -> Iterator[dict[str, Engine]]:
    connected = {"duckdb": connect("duckdb"), "sail": connect(sail)}
    yield connected
    for engine in connected.values():
        engine.close()


@pytest.fixture(params=["duckdb", "sail"])
def engine(request: pytest.FixtureRequest, engines: dict[str, Engine]) -> Engine:
    return engines[request.param]
