"""An installed wheel works without the repository."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


VERSIONS = ["3.11", "3.12", "3.13"]
CONTENTS = [
    "chaingraph/__init__.pyi",
    "chaingraph/ontology/tables.json",
    "chaingraph/webpage/js/page.js",
    "chaingraph/webpage/shared/base.css",
    "chaingraph/endpoint/pages/templates/base.html",
    "chaingraph/endpoint/pages/style.css",
    "chaingraph/tables/template/words.json",
    "chaingraph/py.typed",
    "chaingraph/graph/jiangsu-2022/quotes.csv",
]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the wheel and the source distribution."""
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    return folder


def interpreter(version: str) -> str:
    """Return a Python of a version; without one the test is skipped."""
    if version == f"{sys.version_info.major}.{sys.version_info.minor}":
        return sys.executable
    found = shutil.which(f"python{version}")
    if found is None or subprocess.run([found, "--version"], capture_output=True, check=False).returncode:
        pytest.skip(f"no Python {version} is here")
    return found


@pytest.mark.wheel
def test_both_distributions_hold_what_they_must_and_pass_the_check_of_the_index(built: Path) -> None:
    (wheel,), (source,) = built.glob("*.whl"), built.glob("*.tar.gz")
    names = zipfile.ZipFile(wheel).namelist()
    assert [name for name in CONTENTS if name not in names] == []
    assert not [name for name in names if name.endswith("make.py") or "curation" in name]
    checked = subprocess.run(
        [sys.executable, "-m", "twine", "check", "--strict", str(wheel), str(source)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout


@pytest.mark.wheel
@pytest.mark.parametrize("version", VERSIONS)
def test_an_installed_wheel_runs_the_demo_from_an_empty_folder(version: str, built: Path, tmp_path: Path) -> None:
    (wheel,) = built.glob("*.whl")
    subprocess.run([interpreter(version), "-m", "venv", str(tmp_path / "env")], check=True)
    python = str(tmp_path / "env" / "bin" / "python")
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--constraint"]
    subprocess.run([*install, str(ROOT / "constraints.txt"), str(wheel)], check=True, capture_output=True)

    empty = tmp_path / "empty"
    empty.mkdir()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    command = tmp_path / "env" / "bin" / "chaingraph"
    done = subprocess.run(
        [command, "demo"], cwd=empty, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    assert "FRAUNHOFER" in done.stdout
    assert sorted(path.name for path in (empty / "chaingraph-demo").iterdir()) == [
        "brief.html",
        "centrality.csv",
        "chain-map.html",
        "china-chain-map.html",
        "everything.html",
        "graph.ttl",
        "index.html",
        "network.html",
    ]
    where = "import chaingraph.resources as r; print(r.ontology_file('tables.json'))"
    found = subprocess.run(
        [python, "-c", where], cwd=empty, env=environment, capture_output=True, text=True, check=True
    )
    assert found.stdout.startswith(str(tmp_path / "env"))
