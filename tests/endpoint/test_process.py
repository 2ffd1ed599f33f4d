"""The processes of a server: how they end."""

from __future__ import annotations

import asyncio
import os
import signal
import sys

import pytest

from chaingraph.endpoint.workers.process import WorkerProcess


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals that end a process")
def test_a_process_that_ends_by_itself_while_it_is_killed_keeps_its_exit_status(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def status() -> int:
        worker = await WorkerProcess.start("query_worker", "no-folder", 2**30)
        os.kill(worker.number, signal.SIGKILL)
        for _ in range(3000):
            worker.kill()
        return await worker.stop()

    async def statuses() -> list[int]:
        return [await status() for _ in range(10)]

    assert asyncio.run(statuses()) == [-signal.SIGKILL] * 10
    assert caplog.messages == []
