"""What several rooms' tests share."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("any-machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any-machine")
"""No property test fails because the machine is busy."""


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
