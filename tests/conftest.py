"""What several rooms' tests share."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path
from typing import Protocol

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("any-machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any-machine")
"""No property test fails because the machine is busy."""


if threading.current_thread() is threading.main_thread():
    # Whoever runs the tests may ignore signals, as nohup and background jobs do; commands under test would, too.
    for _name in ("SIGHUP", "SIGQUIT"):
        if hasattr(signal, _name):
            signal.signal(getattr(signal, _name), signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
os.environ.pop("CHAINGRAPH_LANG", None)
os.environ["LC_ALL"] = "C.UTF-8"
"""Messages are in English, whatever the language of who runs the tests; tests of Chinese ask for it."""


class DataSetFolder(Protocol):
    def __call__(self, name: str = "roster", **tables: str | bytes) -> Path: ...


@pytest.fixture
def data_set(tmp_path: Path) -> DataSetFolder:
    """Write a data set folder: each keyword is a table and its CSV text."""

    def write(name: str = "roster", **tables: str | bytes) -> Path:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        for table, text in tables.items():
            content = text if isinstance(text, bytes) else text.encode()
            (folder / f"{table}.csv").write_bytes(content)
        return folder

    return write


@pytest.fixture
def shared() -> Path:
    """The folder of building data beside the repository; a test that needs it is skipped where it is absent."""
    folder = Path(__file__).resolve().parents[2] / "shared"
    if not folder.is_dir():
        pytest.skip("the building data in ../shared is not here")
    return folder
