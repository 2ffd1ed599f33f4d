"""Run the notebooks, and write or compare what of their outputs is kept in git.

Each notebook runs in a kernel of its own, in a copy of this folder beside the data sets, so that what it writes is gone
afterwards. What is kept is the same whenever the same numbers come out: ids count the cells, nothing counts the runs,
and no path of the machine may stand in an output. A cell that fails, or writes a warning, fails the run.

    python notebooks/run.py            run all, and write their outputs into them
    python notebooks/run.py --check    run all, and compare: texts must be equal, pictures must be there
"""

from __future__ import annotations

import argparse
import asyncio
import difflib
import json
import os
import re
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from traitlets.config import Config

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parent
SECONDS = 120
PICTURE = "image/png"
_STYLE = re.compile(r"<style scoped>.*?</style>\n", re.DOTALL)
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


Notebook = dict[str, Any]


class NotebookError(Exception):
    """A notebook that does not do what it says."""


def execute(file: Path, *, pages: Path | None = None) -> Notebook:
    """Return a notebook with the outputs of this run; the pages that it saves are put into ``pages``.

    Raises:
        NotebookError: A cell fails or writes to its stream of errors, or an output holds a path of this machine.
    """
    notebook = _read(file)
    with tempfile.TemporaryDirectory(prefix="notebook-") as name:
        place = Path(name) / FOLDER.name
        place.mkdir()
        (place.parent / "graph").symlink_to(ROOT / "graph")
        shutil.copytree(FOLDER / "figures", place / "figures")
        resources = {"metadata": {"path": place}}
        client = NotebookClient(notebook, timeout=SECONDS, resources=resources, config=_transport(name))
        try:
            client.execute()
        except CellExecutionError as error:
            message = f"{file.name}: a cell fails\n{_COLOURS.sub('', str(error)).strip()}"
            raise NotebookError(message) from error
        if pages is not None:
            for page in place.glob("*.html"):
                shutil.copy(page, pages)
        result = normal_form(notebook)
        _refuse_warnings_and_paths(file.name, result, (name, str(ROOT), sys.prefix))
    return result


def _transport(folder: str) -> Config:
    """How to talk to the kernel: over files that only this user can open, where the system has such."""
    return Config() if sys.platform == "win32" else Config(KernelManager={"transport": "ipc", "ip": f"{folder}/kernel"})


def normal_form(notebook: Notebook) -> Notebook:
    """Return what is kept of a notebook: no counts of runs, no settings of an editor, one form for each output."""
    cells = []
    for number, cell in enumerate(notebook["cells"], 1):
        entry = {name: cell[name] for name in ("cell_type", "source")} | {"id": f"cell-{number:02}", "metadata": {}}
        if cell["cell_type"] == "code":
            entry |= {"execution_count": None, "outputs": _outputs(cell["outputs"])}
        cells.append(entry)
    metadata = {"kernelspec": _KERNEL, "language_info": {"name": "python"}}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def _outputs(outputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return outputs in one form each; a stream comes in pieces of any length, and is one piece here."""
    entries: list[dict[str, Any]] = []
    for output in outputs:
        if output["output_type"] == "stream":
            last = entries[-1] if entries else {}
            if last.get("name") == output["name"]:
                last["text"] += output["text"]
            else:
                entries.append(dict(output))
        elif output["output_type"] in ("display_data", "execute_result"):
            entries.append({"output_type": "display_data", "data": _display(output["data"]), "metadata": {}})
        else:
            entries.append(dict(output))
    return entries


def _display(data: dict[str, str]) -> dict[str, str]:
    """Return what is shown of an object: its picture or its Markdown alone, else its text and a table without style."""
    for alone in (PICTURE, "text/markdown"):
        if alone in data:
            return {alone: data[alone].strip()}
    return {form: _STYLE.sub("", text) for form, text in data.items()}


def _refuse_warnings_and_paths(name: str, notebook: Notebook, private: tuple[str, ...]) -> None:
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            if output.get("name") == "stderr":
                message = f"{name}, {cell['id']}: writes a warning:\n{output['text'][:1000]}"
                raise NotebookError(message)
            text = json.dumps(output, ensure_ascii=False)
            for path in private:
                if path in text:
                    message = f"{name}, {cell['id']}: its output holds {path}, which is of this machine"
                    raise NotebookError(message)


def difference(committed: Notebook, result: Notebook) -> str:
    """Return where two runs of a notebook differ, as lines to read; empty if all texts are equal."""
    before, now = _text(committed).splitlines(), _text(result).splitlines()
    return "\n".join(difflib.unified_diff(before, now, "committed", "this run", n=1, lineterm=""))


def _text(notebook: Notebook) -> str:
    """What a notebook says, as text: of a picture only that it is there."""
    parts = []
    for cell in notebook["cells"]:
        parts.append(f"[{cell['id']}]\n{cell['source']}")
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            parts.append("(a picture)" if PICTURE in data else str(output.get("text") or sorted(data.items())))
    return "\n".join(parts).replace("\\n", "\n")


def _read(file: Path) -> nbformat.NotebookNode:
    notebook: nbformat.NotebookNode = nbformat.read(file, as_version=4)  # type: ignore[no-untyped-call]
    return notebook


def _bytes(notebook: Notebook) -> str:
    return json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def run(file: Path, *, check: bool) -> str:
    """Run a notebook, and write its outputs into it or, to check, compare them; return what is wrong, if anything.

    Raises:
        NotebookError: As :func:`execute`.
    """
    result = execute(file)
    if not check:
        file.write_text(_bytes(result), encoding="utf-8")
        return ""
    text = file.read_text(encoding="utf-8")
    committed = _read(file)
    lines = difference(committed, result)
    if lines:
        return f"{file.name}: this run says something else; look, then: make notebooks\n{lines}"
    return "" if text == _bytes(normal_form(committed)) else f"{file.name}: was saved by an editor; run: make notebooks"


def prepare() -> None:
    """Let a notebook that names a command mean the one of this environment, and its kernel be reached everywhere."""
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    if sys.platform == "win32":
        asyncio.set_event_loop_policy(asyncio.WindowsSelectorEventLoopPolicy())


def main() -> int:
    """Run the notebooks named, or all, and return 1 if one of them fails or says something else than before."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="the beginning of a file's name, such as 03; else all")
    parser.add_argument("--check", action="store_true", help="compare the outputs with those that are kept")
    options = parser.parse_args()
    files = sorted(FOLDER.glob("*.ipynb"))
    files = [file for file in files if not options.names or file.name.startswith(tuple(options.names))]
    if not files:
        parser.error(f"no notebook begins with {' or '.join(options.names)}")
    prepare()
    failed = 0
    for file in files:
        begun = time.monotonic()
        try:
            problem = run(file, check=options.check)
        except NotebookError as error:
            problem = str(error)
        print(problem or f"{file.name}: {time.monotonic() - begun:.1f} s", flush=True)
        failed += bool(problem)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
