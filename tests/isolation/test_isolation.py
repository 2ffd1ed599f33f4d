"""What dies, floods or loops in a child process is one clear error here, and nothing of it is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from chaingraph.errors import UnreadableError, UsageError
from chaingraph.isolation import Limits, chunks, limits_for, output
from chaingraph.isolation.messages import CHUNK

ROOT = Path(__file__).resolve().parents[2]
SMALL = Limits(memory=2**29, seconds=1, output=2**22)
DOWN = (
    "in.ttl: brings its reader down: it nests too deep, or needs more than 0.5 GB of memory; write it again, or set"
    " CHAINGRAPH_READ_MEMORY (GB)"
)
SLOW = (
    "in.ttl: takes more than 1 seconds to read, which no ordinary file of its size does; write it again, or set"
    " CHAINGRAPH_READ_SECONDS"
)
unix = pytest.mark.skipif(sys.platform == "win32", reason="limits and signals of Unix")


@pytest.fixture(autouse=True)
def _functions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


def run(name: str, *arguments: object, limits: Limits = SMALL) -> bytes:
    return output("in.ttl", f"tests.isolation.functions:{name}", *arguments, limits=limits)


def reason(name: str, *arguments: object, limits: Limits = SMALL) -> str:
    with pytest.raises(UnreadableError) as caught:
        run(name, *arguments, limits=limits)
    return str(caught.value)


def children() -> set[str]:
    pids = set()
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if fields[1] == str(os.getpid()):
            pids.add(path.parent.name)
    return pids


@pytest.mark.parametrize(("text", "count"), [("甲", 0), ("甲", 3), ("ab" * CHUNK, 2), ("", 1)])
def test_a_child_returns_the_bytes_that_its_function_writes(text: str, count: int) -> None:
    assert run("repeat", text, count, limits=replace(SMALL, output=2**23)) == (text * count).encode()


def test_a_refusal_of_the_child_is_one_of_the_source(tmp_path: Path) -> None:
    assert reason("refuse", "is no valid ttl file\ud800") == "in.ttl: is no valid ttl file\\ud800"
    assert reason("touch", str(tmp_path), "127.0.0.1", limits=replace(SMALL, output=1)) == (
        "in.ttl: grows to more than 1 bytes when it is read; read it in parts"
    )


@unix
@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT, signal.SIGKILL, signal.SIGBUS])
def test_a_child_that_is_killed_is_one_line(number: signal.Signals) -> None:
    assert reason("die", int(number)) == DOWN


@pytest.mark.parametrize("name", ["end_early", "fail"])
def test_a_child_that_ends_before_it_is_done_is_no_answer(name: str) -> None:
    assert reason(name) == DOWN


@unix
def test_memory_stack_and_processor_time_have_limits() -> None:
    assert reason("take_memory", 2**30) == DOWN
    assert reason("overflow_the_stack") == DOWN
    assert reason("use_the_processor") == SLOW
    assert (
        reason("repeat", "x" * 2**20, 5)
        == "in.ttl: grows to more than 4,194,304 bytes when it is read; read it in parts"
    )


def test_a_child_that_only_waits_is_killed_by_the_clock() -> None:
    assert reason("sleep", limits=replace(SMALL, seconds=0.1)) == SLOW.replace("1 seconds", "0 seconds")


@unix
def test_a_child_writes_no_file_and_reaches_nobody(tmp_path: Path) -> None:
    words = run("touch", str(tmp_path / "new.txt"), "127.0.0.1").decode().splitlines()
    assert words[0] == "File too large"
    if sys.platform == "linux":
        assert words[1] == "Permission denied"


def test_what_a_library_prints_is_no_part_of_the_answer() -> None:
    assert run("print_words") == b"answer"


@unix
def test_an_answer_that_nobody_reads_to_its_end_leaves_no_process() -> None:
    before = children()
    pieces = chunks("in.ttl", "tests.isolation.functions:repeat", "x" * 1000, 4000, limits=SMALL)
    assert next(pieces) == b"x" * 1000
    assert len(children() - before) == 1
    pieces.close()  # type: ignore[attr-defined]
    assert children() - before == set()


@unix
def test_a_child_ends_with_its_parent(tmp_path: Path) -> None:
    script = (
        "import os\nfrom chaingraph.isolation import Limits, output\n"
        "from threading import Timer\n"
        "Timer(2, lambda: os.kill(os.getpid(), 9)).start()\n"
        "output('x', 'tests.isolation.functions:sleep', limits=Limits(seconds=600))"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]), "MARK": str(tmp_path)}
    assert subprocess.run([sys.executable, "-c", script], env=environment, check=False).returncode == -signal.SIGKILL
    until = time.monotonic() + 30
    while time.monotonic() < until and any(
        f"MARK={tmp_path}".encode() in _environment(path) for path in Path("/proc").glob("[0-9]*/environ")
    ):
        time.sleep(0.1)
    assert not [
        path for path in Path("/proc").glob("[0-9]*/environ") if f"MARK={tmp_path}".encode() in _environment(path)
    ]


def _environment(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except (OSError, ProcessLookupError):
        return b""


def test_limits_grow_with_the_size_and_are_raised_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert limits_for(0) == Limits(memory=2 * 2**30, seconds=20, output=2**28)
    assert limits_for(2**20) == Limits(memory=2 * 2**30, seconds=22, output=2**28 + 100 * 2**20)
    monkeypatch.setenv("CHAINGRAPH_READ_MEMORY", "0.5")
    monkeypatch.setenv("CHAINGRAPH_READ_SECONDS", "90")
    assert limits_for(2**20) == Limits(memory=2**29, seconds=92, output=2**28 + 100 * 2**20)


@pytest.mark.parametrize("value", ["much", "0", "-1", "nan", "inf"])
def test_a_limit_that_is_no_number_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("CHAINGRAPH_READ_SECONDS", value)
    with pytest.raises(
        UsageError, match=f"CHAINGRAPH_READ_SECONDS of the environment is '{value}', expected a number above 0"
    ):
        limits_for(1)
