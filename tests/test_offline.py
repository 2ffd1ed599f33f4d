"""The scripts of the zip for offices without internet: what they run, before a zip of 200 MB is made."""

from __future__ import annotations

import importlib.util
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def offline() -> ModuleType:
    specification = importlib.util.spec_from_file_location("offline_of_docs", ROOT / "docs" / "offline.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def test_both_scripts_install_the_same_from_the_wheels_alone(offline: ModuleType) -> None:
    for script in (offline.BAT, offline.SH):
        text = script.format(python="3.12", extras=offline.EXTRAS)
        assert f'install --no-index --find-links wheels "chaingraph[{offline.EXTRAS}]"' in text
        assert "3.12" in text
        assert [field for field in ("{python}", "{extras}", "{{") if field in text] == []


def test_the_shell_takes_the_script_and_refuses_to_go_on_without_python(offline: ModuleType, tmp_path: Path) -> None:
    script = tmp_path / "install.sh"
    script.write_text(offline.SH.format(python="9.99", extras=offline.EXTRAS), encoding="utf-8")
    done = subprocess.run(["sh", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "请先安装 / install first: Python 9.99\n"
    assert [path.name for path in tmp_path.iterdir()] == ["install.sh"]


def test_the_extras_are_extras_of_the_project(offline: ModuleType) -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert [name for name in offline.EXTRAS.split(",") if f"\n{name} = [" not in text] == []
