"""The doctor tells what keeps commands from working and what mends it; it fails only for what all need."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

from chaingraph import __version__
from chaingraph.cli.doctor import Part, libraries
from chaingraph.cli.shell_words import shell_word
from tests.cli.shell import run_process

if TYPE_CHECKING:
    from pathlib import Path

INSTALL = f"{shell_word(sys.executable)} -m pip install"
"""How a package is installed where these tests run."""
BLOCK = """
import sys

class Block:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"docx", "xlrd"}:
            raise ImportError(f"DLL load failed: {name}")

sys.meta_path.insert(0, Block())
"""


def installed_with(folder: Path, *requirements: str) -> str:
    """Make a search path on which chaingraph's metadata require other things, and return it."""
    described = folder / "chaingraph-9.dist-info"
    described.mkdir()
    lines = [
        "Metadata-Version: 2.1",
        "Name: chaingraph",
        "Version: 9",
        *(f"Requires-Dist: {one}" for one in requirements),
    ]
    (described / "METADATA").write_text("\n".join(lines) + "\n", encoding="utf-8")
    import chaingraph

    source = chaingraph.__file__.removesuffix("/chaingraph/__init__.py")
    return f"{folder}{os.pathsep}{source}"


def test_an_installation_that_has_everything_is_ready(tmp_path: Path) -> None:
    path = installed_with(
        tmp_path, "rdflib>=7.1", "no-such-plotter>=1; extra == 'plot'", "no-such-tester; extra == 'dev'"
    )
    done = run_process("doctor", "--format", "json", PYTHONPATH=path)
    assert done.returncode == 0
    parts = {row["part"]: row for row in json.loads(done.stdout)}
    assert parts["chaingraph"]["details"] == __version__
    assert parts["rdflib"]["state"] == "ok"
    assert parts["extra plot"] == {
        "part": "extra plot",
        "details": "without no-such-plotter",
        "state": "not installed",
        "advice": f'for measure agglomeration --plot: heat maps: {INSTALL} "chaingraph[plot]"',
    }
    assert not any("no-such-tester" in row["details"] for row in parts.values())
    around = {"temporary files", "this folder", "a process to read with", "memory", "a port to serve on", "terminal"}
    assert {"Python", "ontology", "data set", "browser", "Java", "names of files", *around} < set(parts)
    assert f"extra plot: {parts['extra plot']['advice']}" in done.stderr.splitlines()
    assert done.stderr.splitlines()[-1].startswith("ready: ")


def test_an_installation_that_lacks_a_library_is_not_ready_and_is_told_what_to_install(tmp_path: Path) -> None:
    done = run_process("doctor", PYTHONPATH=installed_with(tmp_path, "no-such-store>=0.5"))
    assert done.returncode == 1
    assert done.stderr == f'not ready: no-such-store; {INSTALL} --upgrade "no-such-store>=0.5"\n'


def test_a_library_that_is_too_old_is_missing() -> None:
    (part,) = libraries(["rdflib>=999"])
    assert (part.state, part.advice) == ("missing", f'{INSTALL} --upgrade "rdflib>=999"')


def test_an_extra_is_there_if_all_its_libraries_are() -> None:
    found = list(libraries(["numpy>=2; extra == 'spatial'", "no-such; extra == 'spatial'", "rdflib; extra == 'serve'"]))
    assert found == [
        Part("extra spatial", "without no-such", "not installed", found[0].advice),
        Part("extra serve", "serve: pages and the SPARQL endpoint", "ok"),
    ]


def test_a_library_that_cannot_be_loaded_is_as_good_as_missing(tmp_path: Path) -> None:
    """As on a Windows without the C++ runtime, or of a package that was half removed: it is listed, and fails."""
    blocks = tmp_path / "blocks"
    blocks.mkdir()
    (blocks / "sitecustomize.py").write_text(BLOCK, encoding="utf-8")
    path = installed_with(tmp_path, "xlrd>=2", "rdflib", "python-docx; extra == 'brief'")
    done = run_process("doctor", "--format", "json", PYTHONPATH=f"{blocks}{os.pathsep}{path}")
    parts = {row["part"]: row for row in json.loads(done.stdout)}
    assert done.returncode == 1
    assert done.stderr == f'not ready: xlrd; {INSTALL} --force-reinstall "xlrd>=2"\n'
    assert parts["xlrd"]["details"].endswith(": DLL load failed: xlrd")
    assert (parts["extra brief"]["details"], parts["extra brief"]["advice"]) == (
        "without python-docx",
        f'for brief: a Word document: {INSTALL} "chaingraph[brief]"',
    )
    assert parts["rdflib"]["state"] == "ok"


def test_what_keeps_commands_from_working_around_the_program_has_its_remedy(tmp_path: Path) -> None:
    path = installed_with(tmp_path, "rdflib")
    done = run_process("doctor", "--format", "json", PYTHONPATH=path, CHAINGRAPH_READ_MEMORY="0.01")
    (row,) = (row for row in json.loads(done.stdout) if row["part"] == "a process to read with")
    assert done.returncode == 0
    assert row["state"] == "limited"
    assert row["advice"] == (
        "workbooks and documents are read in a process of their own: free some memory, or allow more of it with"
        " CHAINGRAPH_READ_MEMORY=4"
    )
    assert f"a process to read with: {row['advice']}" in done.stderr.splitlines()


def test_the_line_that_installs_fits_the_way_in_which_chaingraph_was_installed(tmp_path: Path) -> None:
    code = "import sys; sys.prefix = sys.argv[1]; from chaingraph.errors import installer; print(installer())"
    lines = []
    for file in ("uv-receipt.toml", "pipx_metadata.json"):
        place = tmp_path / file / "chaingraph"
        place.mkdir(parents=True)
        (place / file).touch()
        done = subprocess.run([sys.executable, "-c", code, place], capture_output=True, text=True, check=True)
        lines.append(done.stdout)
    assert lines == [f"uv pip install --python {shell_word(sys.executable)}\n", "pipx runpip chaingraph install\n"]
