"""Real size: every command on a built store of the whole of Horizon Europe, its processor seconds and most memory.

Give it the store: `python bench/commands.py horizon.kg`. Each command of the command tree runs in a process of its own,
in an empty folder; processor seconds are those of the process and of what it starts, memory is the most that one
of them held. A command that reads no graph reads a sample or what a command before it wrote. Commands that import
a download are not run: what they take depends on the download. `--only WORDS` runs the commands that begin so, and
keeps what was measured of the others. Targets are those of the project for this size.
Writes bench/results/commands.md and commands.json.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import platform
import resource
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

import typer.main
from starting import COMMAND, of_first_page

import chaingraph
from chaingraph.cli.main import app

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

RESULTS = Path(__file__).resolve().parent / "results"
_FIGURES = RESULTS / "commands.json"
_LONGEST = 900
"""Seconds after which a command is ended."""
_MOST_MEMORY = 1000
_IMPORTS_OF_DOWNLOADS = ("cordis", "ownership", "ror", "openalex", "facilities")
_REGIONS = "--rows region --columns industry"
_HANDSHAKE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "bench", "version": "1"},
    },
}
"""What a client of the Model Context Protocol says first."""


Figures = dict[str, float | str]


class Command(NamedTuple):
    """A command line, in which STORE stands for the store, and its target in processor seconds, if it has one."""

    line: str
    seconds: float | None = None
    memory: int = _MOST_MEMORY


_COMMANDS = (
    Command("--help", 0.25, 60),
    Command("demo -o demo"),
    Command("template -o roster.xlsx"),
    Command("doctor"),
    Command("questions"),
    Command("prove"),
    Command("build STORE -o whole.nt", 10),
    Command("build STORE -o whole.ttl", 10),
    Command("build STORE -o whole.kg"),
    Command("check STORE", 15),
    Command("diff STORE STORE", 8),
    Command("identify STORE -o proposals.csv"),
    Command("import roster roster.xlsx -o tables"),
    Command("read news.txt -o candidates.xlsx"),
    Command("accept candidates.xlsx -o facts"),
    Command("package STORE -o open-data"),
    Command("import package open-data/datapackage.json -o imported"),
    Command("query STORE QUERY"),
    Command("ask STORE who-leads"),
    Command("network STORE co_membership -o network.csv"),
    Command("network STORE co_membership -o network.gexf"),
    Command("network STORE whole -o network.graphml", 10),
    Command("page STORE --network co_membership -o page.html", 12),
    Command("brief STORE -o brief.html"),
    Command("measure centrality STORE"),
    Command("measure centrality STORE -o centrality.csv"),
    Command("measure stability STORE --measure strength --draws 20"),
    Command("measure communities STORE"),
    Command("measure structure STORE"),
    Command(f"measure agglomeration STORE {_REGIONS}"),
    Command(f"measure agglomeration STORE {_REGIONS} -o agglomeration.csv"),
    Command(f"measure complexity STORE {_REGIONS}"),
    Command("measure spatial STORE"),
    Command(f"measure crosstab STORE {_REGIONS}"),
    Command("measure coverage STORE", 1),
    Command("measure consortia STORE"),
    Command("measure scorecard STORE"),
    Command("measure map STORE -o map.html"),
    Command("chain map STORE -o chain.html"),
    Command("chain chokepoints STORE"),
    Command("chain completeness STORE"),
    Command("chain upstreamness STORE"),
    Command("chain downstreamness STORE"),
    Command("chain risk STORE"),
    Command("chain disruption STORE --by region"),
    Command("chain cycles STORE"),
    Command("assistant STORE"),
)
_QUERY = "SELECT ?name { ?c a cg:Consortium ; rdfs:label ?name }"
_SERVE = "serve STORE"
"""Measured up to the first page, in seconds of the clock; its memory is that of the server without its workers."""


def main() -> None:
    """Measure, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("store", type=Path, help="a built store")
    parser.add_argument("--only", default="", metavar="WORDS", help="only the commands that begin so")
    options = parser.parse_args()
    if not options.store.exists():
        sys.exit(f"there is no {options.store}: build it first")
    lines = [command.line for command in _COMMANDS] + [_SERVE]
    forgotten = [name for name in names() if not any(f"{line} ".startswith(f"{name} ") for line in lines)]
    if forgotten:
        sys.exit(f"no line for: {', '.join(forgotten)}")
    # An installed package has its modules compiled.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    compileall.compile_dir(Path(chaingraph.__file__).parent, quiet=2)
    old = json.loads(_FIGURES.read_text(encoding="utf-8"))["commands"] if options.only and _FIGURES.exists() else {}
    with TemporaryDirectory() as folder:
        for line, entry in measured(options.store.resolve(), Path(folder), options.only):
            old[line] = entry
            write({line: old[line] for line in lines if line in old})


def write(figures: Mapping[str, Figures]) -> None:
    """Write the figures and the table of them."""
    libraries = {name: version(name) for name in ("pyoxigraph", "polars", "networkx", "scipy")}
    facts = {"python": platform.python_version(), "versions": libraries, "cores": os.cpu_count()}
    _FIGURES.write_text(json.dumps({"facts": facts, "commands": figures}, indent=1) + "\n", encoding="utf-8")
    (RESULTS / "commands.md").write_text(table_of(figures), encoding="utf-8")


def names() -> list[str]:
    """Return the commands of the command tree but those that import a download."""
    group: Any = typer.main.get_command(app)
    commands: list[str] = []
    for name, command in group.commands.items():
        commands += [f"{name} {of}" for of in command.commands] if hasattr(command, "commands") else [name]
    return [name for name in commands if not name.startswith("import ") or name.split()[1] not in _IMPORTS_OF_DOWNLOADS]


def measured(store: Path, folder: Path, only: str) -> Iterator[tuple[str, Figures]]:
    """Run the commands in a folder, and yield what each took."""
    (folder / "news.txt").write_text("甲大学牵头成立乙创新联合体，丙公司为成员单位。\n", encoding="utf-8")
    for command in _COMMANDS:
        if command.line.startswith(only):
            words = [{"STORE": str(store), "QUERY": _QUERY}.get(word, word) for word in command.line.split()]
            figures = of_process(words, folder)
            figures["words"] = str(figures["words"]).replace(str(store), "STORE")
            print(command.line, figures, flush=True)
            yield command.line, figures
    if _SERVE.startswith(only):
        first = of_first_page(store)
        yield _SERVE, {"wall": round(first["wall"], 2), "cpu": round(first["cpu"], 2), "MB": round(first["MB"])}


def of_process(words: list[str], folder: Path) -> Figures:
    """Run a command, and return its seconds, the most memory of one of its processes, and how it ended."""
    start = time.perf_counter()
    with subprocess.Popen(
        [*COMMAND, *words],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        preexec_fn=_with_limit,
    ) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        text = json.dumps(_HANDSHAKE) + "\n" if words[0] == "assistant" else ""
        process.stdin.write(text.encode())
        process.stdin.close()
        errors = process.stderr.read().decode("utf-8", "replace").strip()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return {
        "cpu": round(usage.ru_utime + usage.ru_stime, 2),
        "wall": round(time.perf_counter() - start, 2),
        "MB": round(usage.ru_maxrss / 1000),
        "status": process.returncode,
        "words": errors.splitlines()[-1][:160] if process.returncode and errors else "",
    }


def _with_limit() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (_LONGEST, _LONGEST))


def table_of(figures: Mapping[str, Figures]) -> str:
    """Return the figures beside the targets, as Markdown; what misses one is in bold, and what is refused says why."""
    targets = {command.line: command for command in (*_COMMANDS, Command(_SERVE, 1.0, 90))}
    rows = ["| command | seconds | target | MB | target | |", "|---|---:|---:|---:|---:|---|"]
    for line, entry in figures.items():
        target = targets[line]
        value = float(entry["wall"] if line == _SERVE else entry["cpu"])
        seconds, memory = f"{value:.2f}", f"{entry['MB']:,.0f}"
        if target.seconds is not None and value > target.seconds:
            seconds = f"**{seconds}**"
        if float(entry["MB"]) > target.memory:
            memory = f"**{memory}**"
        end = f"ends with {entry['status']}: {entry['words']}" if entry.get("status") else ""
        wanted = "" if target.seconds is None else f"{target.seconds:g}"
        rows.append(f"| `{line}` | {seconds} | {wanted} | {memory} | {target.memory:,} | {end.replace('|', ' ')} |")
    over = sum(row.count("**") // 2 for row in rows)
    return "\n".join(
        [f"{len(figures)} commands; {over} figures miss their target. See bench/commands.py.", "", *rows, ""]
    )


if __name__ == "__main__":
    main()
