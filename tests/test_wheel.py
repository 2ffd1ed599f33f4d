"""An installed wheel works without the repository."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.wheel
def test_an_installed_wheel_runs_the_demo_from_an_empty_folder(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(tmp_path / "dist"), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    assert list((tmp_path / "dist").glob("*.tar.gz"))
    names = zipfile.ZipFile(wheel).namelist()
    assert "chaingraph/ontology/tables.json" in names
    assert "chaingraph/html/page.js" in names
    assert "chaingraph/py.typed" in names
    assert "chaingraph/graph/jiangsu-2022/quotes.csv" in names
    assert not [name for name in names if name.endswith("make.py") or "curation" in name]

    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "env")], check=True)
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
        "centrality.csv",
        "graph.ttl",
        "network.html",
    ]
    where = "import chaingraph.resources as r; print(r.ontology_file('tables.json'))"
    found = subprocess.run(
        [python, "-c", where], cwd=empty, env=environment, capture_output=True, text=True, check=True
    )
    assert found.stdout.startswith(str(tmp_path / "env"))
