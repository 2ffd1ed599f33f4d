"""The notebooks run, say what they said when they were committed, and keep to what a notebook here is."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import chaingraph as cg

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"
if not FOLDER.is_dir():
    pytest.skip("the notebooks are in the repository only", allow_module_level=True)
NOTEBOOKS = sorted(path.name for path in FOLDER.glob("*.ipynb"))
IMPORTED = {"chaingraph", "IPython", "matplotlib", "networkx", "pandas", "rdflib", "subprocess"}


def notebook(*cells: dict[str, Any]) -> dict[str, Any]:
    metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    return {"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def code(source: str, *outputs: dict[str, Any], cell: str = "a") -> dict[str, Any]:
    made = {"cell_type": "code", "id": cell, "metadata": {}, "source": source, "outputs": list(outputs)}
    return made | {"execution_count": 7}


def held(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return found


def outputs(name: str) -> list[dict[str, Any]]:
    return [output for cell in held(name)["cells"] for output in cell.get("outputs", [])]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """The module that runs notebooks, looking at an empty folder of its own."""
    spec = spec_from_file_location("notebooks_run", FOLDER / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / "notebooks" / "figures").mkdir(parents=True)
    monkeypatch.setattr(module, "FOLDER", tmp_path / "notebooks")
    return module


def called(run: ModuleType, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["run.py", *arguments])
    status: int = run.main()
    return status


def test_there_are_six_stories_and_two_of_them_in_chinese_too() -> None:
    assert [name[:2] for name in NOTEBOOKS] == ["01", "01", "02", "03", "04", "05", "06", "06"]
    assert [name[:2] for name in NOTEBOOKS if name.endswith(".zh.ipynb")] == ["01", "06"]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_runs_and_says_what_it_said_when_it_was_committed(name: str) -> None:
    done = subprocess.run(
        [sys.executable, str(FOLDER / "run.py"), "--check", name],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_opens_with_its_question_and_ends_with_a_figure_and_the_answer(name: str) -> None:
    cells = held(name)["cells"]
    question, answer = ("**问题。**", "**回答。**") if ".zh." in name else ("**Question.**", "**Answer.**")
    assert question in "".join(cells[0]["source"])
    *_, figure, last = (output for cell in cells for output in cell.get("outputs", []))
    assert list(figure["data"]) == ["image/png"]
    assert "".join(last["data"]["text/markdown"]).startswith(answer)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_imports_only_what_is_public(name: str) -> None:
    source = "\n".join("".join(cell["source"]) for cell in held(name)["cells"] if cell["cell_type"] == "code")
    modules = re.findall(r"^(?:import|from) ([\w.]+)", source, re.MULTILINE)
    assert {module.split(".")[0] for module in modules} <= IMPORTED
    assert [module for module in modules if module.startswith("chaingraph.")] == []
    assert set(re.findall(r"\bcg\.(\w+)", re.sub(r'"""(?s:.*?)"""', "", source))) <= set(dir(cg))
    assert not re.search(r"\b(?:cg|kg)\._", source)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_shows_no_table_of_more_than_ten_rows(name: str) -> None:
    tables = ["".join(output.get("data", {}).get("text/html", "")) for output in outputs(name)]
    assert any(tables)
    for table in tables:
        assert table.partition("<tbody>")[2].count("<tr>") <= 10


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_is_small_and_holds_nothing_of_the_run_that_wrote_it(name: str) -> None:
    assert (FOLDER / name).stat().st_size < 200_000
    cells = held(name)["cells"]
    assert [cell["id"] for cell in cells] == [f"cell-{number:02}" for number in range(1, len(cells) + 1)]
    assert {cell.get("execution_count") for cell in cells} == {None}


def test_every_picture_of_a_page_is_shown_and_small() -> None:
    texts = "".join("".join(cell["source"]) for name in NOTEBOOKS for cell in held(name)["cells"])
    pictures = {path.name: path.stat().st_size for path in (FOLDER / "figures").iterdir()}
    assert set(re.findall(r"\(figures/([^)]+)\)", texts)) == set(pictures)
    assert max(pictures.values()) < 150_000


def test_a_failing_cell_and_a_warning_fail_the_run(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (run.FOLDER / "1.ipynb").write_text(json.dumps(notebook(code("1 / 0"))), encoding="utf-8")
    (run.FOLDER / "2.ipynb").write_text(
        json.dumps(notebook(code("import warnings; warnings.warn('beware', stacklevel=1)"))), encoding="utf-8"
    )
    before = (run.FOLDER / "1.ipynb").read_bytes()
    assert called(run, monkeypatch) == 1
    told = capsys.readouterr().out
    assert "1.ipynb: a cell fails" in told
    assert "ZeroDivisionError: division by zero" in told
    assert "2.ipynb, cell-01: writes a warning" in told
    assert (run.FOLDER / "1.ipynb").read_bytes() == before


def test_two_runs_write_the_same_bytes_and_the_check_objects_to_another_number(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = run.FOLDER / "1.ipynb"
    file.write_text(json.dumps(notebook(code("print(6 * 7)"))), encoding="utf-8")
    assert called(run, monkeypatch) == 0
    first = file.read_text(encoding="utf-8")
    assert json.loads(first) == {
        "cells": [
            {
                "cell_type": "code",
                "execution_count": None,
                "id": "cell-01",
                "metadata": {},
                "outputs": [{"name": "stdout", "output_type": "stream", "text": "42\n"}],
                "source": "print(6 * 7)",
            }
        ],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    assert called(run, monkeypatch) == 0
    assert file.read_text(encoding="utf-8") == first
    file.write_text(first.replace("42", "41"), encoding="utf-8")
    capsys.readouterr()
    assert called(run, monkeypatch, "--check", "1") == 1
    assert capsys.readouterr().out.splitlines() == [
        "1.ipynb: this run says something else; look, then: make notebooks",
        "--- committed",
        "+++ this run",
        "@@ -2,2 +2,2 @@",
        " print(6 * 7)",
        "-41",
        "+42",
    ]


def test_a_stream_that_comes_in_pieces_is_kept_in_one(run: ModuleType) -> None:
    pieces = [
        {"output_type": "stream", "name": name, "text": text} for name, text in (("stdout", "4"), ("stdout", "2"))
    ]
    (cell,) = run.normal_form(notebook(code("print(42)", *pieces)))["cells"]
    assert cell["outputs"] == [{"output_type": "stream", "name": "stdout", "text": "42"}]


def test_of_a_picture_only_that_it_is_there_is_compared(run: ModuleType) -> None:
    picture = {"image/png": "AAAA", "text/plain": "<Figure size 1x1>"}
    first, second, none = (
        notebook(code("draw()", {"output_type": "display_data", "data": data, "metadata": {}}))
        for data in (picture, picture | {"image/png": "BBBB"}, {"text/plain": "nothing"})
    )
    assert run.difference(first, second) == ""
    assert "-(a picture)" in run.difference(first, none)


def test_an_output_that_holds_a_path_of_this_machine_is_refused(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source = "from pathlib import Path\nPath.cwd()"
    (run.FOLDER / "1.ipynb").write_text(json.dumps(notebook(code(source))), encoding="utf-8")
    assert called(run, monkeypatch) == 1
    assert "its output holds" in capsys.readouterr().out
