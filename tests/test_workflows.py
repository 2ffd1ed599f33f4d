"""The workflow for Windows, which cannot run here: it is YAML, and what it runs is there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli.test_options import COMMANDS, OPTIONS

ROOT = Path(__file__).resolve().parents[1]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def scripts(path: Path) -> list[str]:
    """Return the lines that a workflow runs."""
    document: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    steps = [step for job in document["jobs"].values() for step in job["steps"]]
    return [line.strip() for step in steps for line in step.get("run", "").splitlines() if line.strip()]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_each_step_runs_something_or_uses_a_named_version(path: Path) -> None:
    document: dict[Any, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    for job in document["jobs"].values():
        assert job["runs-on"]
        for step in job["steps"]:
            assert ("run" in step) != ("uses" in step)
            assert re.fullmatch(r"[\w/-]+@v\d+", step.get("uses", "a/b@v1"))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_the_commands_and_files_of_a_workflow_are_there(path: Path) -> None:
    lines = scripts(path)
    calls = [match for line in lines for match in re.findall(r"chaingraph\"? (\w+)((?: -\w| --\w+)*)", line)]
    assert {name for name, _ in calls} == {"doctor", "template", "demo"}
    for name, options in calls:
        known = {text for each in OPTIONS[name] for text in each.opts}
        assert name in COMMANDS
        assert set(options.split()) <= known
    files = [word for line in lines for word in re.findall(r"(?<![\w./-])(?:tests|docs)/[\w/.]+", line)]
    assert files
    assert [file for file in files if not (ROOT / file).exists()] == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_the_extras_of_a_workflow_are_extras_of_the_project(path: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (extras,) = (match for line in scripts(path) for match in re.findall(r'"\.\[([\w,]+)\]"', line))
    assert set(extras.split(",")) <= set(project["optional-dependencies"])
