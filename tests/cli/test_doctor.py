"""The doctor tells what is there, what is missing and what to do, and fails only for what nothing works without."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from chaingraph import __version__
from chaingraph.cli.doctor import Part, libraries
from tests.cli.shell import run_process

if TYPE_CHECKING:
    from pathlib import Path


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
    return f"{folder}:{source}"


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
        "advice": 'for measure agglomeration --plot: heat maps: pip install "chaingraph[plot]"',
    }
    assert not any("no-such-tester" in row["details"] for row in parts.values())
    assert {"Python", "ontology", "data set", "browser", "Java"} < set(parts)
    assert done.stderr.startswith("ready: ")


def test_an_installation_that_lacks_a_library_is_not_ready_and_is_told_what_to_install(tmp_path: Path) -> None:
    done = run_process("doctor", PYTHONPATH=installed_with(tmp_path, "no-such-store>=0.5"))
    assert done.returncode == 1
    assert done.stderr == "not ready: no-such-store; pip install --upgrade 'no-such-store>=0.5'\n"


def test_a_library_that_is_too_old_is_missing() -> None:
    (part,) = libraries(["rdflib>=999"])
    assert (part.state, part.advice) == ("missing", "pip install --upgrade 'rdflib>=999'")


def test_an_extra_is_there_if_all_its_libraries_are() -> None:
    found = list(libraries(["numpy>=2; extra == 'spatial'", "no-such; extra == 'spatial'", "rdflib; extra == 'serve'"]))
    assert found == [
        Part("extra spatial", "without no-such", "not installed", found[0].advice),
        Part("extra serve", "serve: pages and the SPARQL endpoint", "ok"),
    ]
