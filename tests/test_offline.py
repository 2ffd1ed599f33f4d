"""The zip for offices without internet: its scripts, and which wheels it has, before one of 200 MB is made."""

from __future__ import annotations

import importlib.util
import subprocess
import zipfile
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


def write_wheel(folder: Path, package: str, *requirements: str) -> None:
    """Write a wheel that has nothing but what it says that it needs."""
    lines = [f"Name: {package}", *(f"Requires-Dist: {one}" for one in requirements)]
    with zipfile.ZipFile(folder / f"{package.replace('-', '_')}-1-py3-none-any.whl", "w") as archive:
        archive.writestr(f"{package.replace('-', '_')}-1.dist-info/METADATA", "\n".join(lines) + "\n")


def test_both_scripts_install_the_same_from_the_wheels_alone(offline: ModuleType) -> None:
    for script in (offline.BAT, offline.SH):
        text = script.format(python="3.12", extras=offline.EXTRAS)
        assert f'install --no-index --find-links wheels "chaingraph[{offline.EXTRAS}]"' in text
        assert "3.12" in text
        assert [field for field in ("{python}", "{extras}", "{{") if field in text] == []


def test_the_script_for_windows_reads_the_same_in_every_code_page(offline: ModuleType) -> None:
    assert offline.BAT.isascii()


def test_the_shell_takes_the_script_and_refuses_to_go_on_without_python(offline: ModuleType, tmp_path: Path) -> None:
    script = tmp_path / "install.sh"
    script.write_text(offline.SH.format(python="9.99", extras=offline.EXTRAS), encoding="utf-8")
    (tmp_path / "install-python.txt").write_text(offline.NO_PYTHON.format(python="9.99"), encoding="utf-8")
    done = subprocess.run(["sh", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "请先安装 / install first: Python 9.99\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["install-python.txt", "install.sh"]


def test_the_extras_are_extras_of_the_project(offline: ModuleType) -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert [name for name in offline.EXTRAS.split(",") if f"\n{name} = [" not in text] == []


@pytest.mark.parametrize(
    ("platform", "others"), [("windows", {"colorama"}), ("macos", {"ptyprocess"}), ("linux", {"ptyprocess"})]
)
def test_each_platform_gets_the_wheels_that_its_markers_ask_for(
    offline: ModuleType, platform: str, others: set[str], tmp_path: Path
) -> None:
    write_wheel(tmp_path, "chaingraph", "typer", 'matplotlib; extra == "plot"', 'mcp; extra == "assistant"')
    write_wheel(tmp_path, "typer", "click>=8", 'tomli; python_version < "3.11"')
    write_wheel(tmp_path, "click", 'colorama; platform_system == "Windows"', 'ptyprocess; sys_platform != "win32"')
    packages, lacking = offline.needs(tmp_path, platform, "3.12")
    assert packages == {"chaingraph", "typer", "click", "matplotlib", *others}
    assert lacking == {"matplotlib", *others}


def test_a_requirement_that_the_pins_do_not_fulfil_is_refused(offline: ModuleType, tmp_path: Path) -> None:
    write_wheel(tmp_path, "chaingraph", "rdflib>=999")
    with pytest.raises(SystemExit, match="chaingraph needs rdflib>=999, which is not pinned so"):
        offline.needs(tmp_path, "linux", "3.12")
