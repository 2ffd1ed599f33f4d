"""The processes of engines, on this machine alone: a server of Sail, and a master of Spark with its workers.

What is started ends with the block that started it, whatever happens there.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from processor_use import descendants

if TYPE_CHECKING:
    from collections.abc import Iterator

LOOPBACK = "127.0.0.1"
_PATIENCE = 240.0
"""How long a process may take to answer, in seconds."""
_JAVA = "-Dspark.master.rest.enabled=false -XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
"""A master and workers take no jobs by HTTP, and have little to compile."""


class CannotStartError(RuntimeError):
    """A process of an engine that does not start, with the end of what it wrote."""


@dataclass(frozen=True)
class Cluster:
    """A master of Spark and its workers; ``address`` is what an engine takes."""

    address: str
    master: subprocess.Popen[bytes]
    workers: tuple[subprocess.Popen[bytes], ...]

    @property
    def pids(self) -> list[int]:
        """The processes that were started here."""
        return [self.master.pid, *(worker.pid for worker in self.workers)]


def has_whole_spark() -> bool:
    """Tell whether this Python has the whole of Spark, and this machine has Java."""
    return find_spec("py4j") is not None and find_spec("pyspark") is not None and shutil.which("java") is not None


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


@contextmanager
def started_job(
    script: str, arguments: list[str], log: Path, environment: dict[str, str]
) -> Iterator[subprocess.Popen[str]]:
    """Start one job of a script in a process of its own; at the end it is killed with what it started, such as Java.

    Args:
        script: The script, which is given ``--job`` and the arguments.
        arguments: The address of the engine, the table, and what else the job takes.
        log: The file of what it writes to standard error; its results are read from the process.
        environment: Variables beside those of this process.
    """
    with log.open("wb") as errors:
        process = subprocess.Popen(
            [sys.executable, "-W", "ignore", script, "--job", *arguments],
            stdout=subprocess.PIPE,
            stderr=errors,
            stdin=subprocess.DEVNULL,
            text=True,
            env=os.environ | environment,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        for victim in (*descendants(process.pid), process.pid):
            with suppress(ProcessLookupError):
                os.kill(victim, signal.SIGKILL)
        process.wait()


@contextmanager
def sail_server(folder: Path) -> Iterator[tuple[str, int]]:
    """Yield the address and the process of a server of Sail."""
    port = free_port()
    command = [str(Path(sys.executable).with_name("sail")), "spark", "server", "--ip", LOOPBACK, "--port", str(port)]
    process = _started(command, folder / "sail.log", {})
    try:
        _wait_for(port, process, folder / "sail.log")
        yield f"sc://{LOOPBACK}:{port}", process.pid
    finally:
        _end([process])


@contextmanager
def spark_cluster(folder: Path, *, workers: int, memory: str) -> Iterator[Cluster]:
    """Yield a master of Spark with workers of one processor core each."""
    port = free_port()
    address = f"spark://{LOOPBACK}:{port}"
    settings = {
        "SPARK_LOCAL_IP": LOOPBACK,
        "SPARK_WORKER_DIR": str(folder / "work"),
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_DAEMON_JAVA_OPTS": _JAVA,
    }
    master = ["org.apache.spark.deploy.master.Master", "--host", LOOPBACK, "--port", str(port)]
    worker = ["org.apache.spark.deploy.worker.Worker", "--host", LOOPBACK, "--cores", "1", "--memory", memory]
    processes: list[subprocess.Popen[bytes]] = []
    try:
        log = folder / "master.log"
        command = [_spark_class(), *master, "--webui-port", str(free_port())]
        processes.append(_started(command, log, settings))
        _wait_for(port, processes[0], log)
        for number in range(workers):
            log = folder / f"worker-{number}.log"
            command = [_spark_class(), *worker, "--webui-port", str(free_port()), address]
            processes.append(_started(command, log, settings))
        for number, process in enumerate(processes[1:]):
            _wait_for_words("Successfully registered with master", folder / f"worker-{number}.log", process)
        yield Cluster(address, processes[0], tuple(processes[1:]))
    finally:
        _end(processes)


def _spark_class() -> str:
    import pyspark

    return str(Path(pyspark.__file__).parent / "bin" / "spark-class")


def _started(command: list[str], log: Path, settings: dict[str, str]) -> subprocess.Popen[bytes]:
    with log.open("wb") as output:
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=os.environ | settings
        )


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection((LOOPBACK, port), timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise CannotStartError(log.read_text(errors="replace")[-2000:])


def _wait_for_words(words: str, log: Path, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end and process.poll() is None:
        if words in log.read_text(errors="replace"):
            return
        time.sleep(0.2)
    raise CannotStartError(log.read_text(errors="replace")[-2000:])


def _end(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in reversed(processes):
        process.terminate()
    for process in processes:
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
