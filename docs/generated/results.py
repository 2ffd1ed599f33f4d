"""What was measured: tables and machines from the files that the measurements wrote into ``bench/results/``."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

from generated.markdown_text import code, escaped

ROOT = Path(__file__).resolve().parents[2]
_RESULTS = ROOT / "bench" / "results"


def text_of(path: str) -> str:
    """Return a file of the repository."""
    return (ROOT / path).read_text(encoding="utf-8")


def benchmarks() -> str:
    """Return every measurement: what was measured, on what, and the table as it was written then."""
    return "\n\n".join(_benchmark(path.stem) for path in sorted(_RESULTS.glob("*.md")))


def endurance() -> str:
    """Return what came of the long load: answers, how long they took, and the memory of the server."""
    figures = json.loads((_RESULTS / "endurance.json").read_text(encoding="utf-8"))
    seconds = figures["memory"][-1][0] - figures["memory"][0][0]
    median, p99 = (f"{figures[name] * 1000:.0f} ms" for name in ("median", "p99"))
    first, last = (f"{figures[name]:.1f} MB" for name in ("server_mb_at_first", "server_mb_at_last"))
    return (
        f"In {seconds:,.0f} seconds, on a machine that had other work, {figures['answers']:,} answers,"
        f" {figures['wrong']} of them wrong; half came within {median}, 99 of 100 within {p99}, the last within"
        f" {figures['worst']:.2f} s. The server held {first} in the first minute, and {last} in the last."
    )


def _benchmark(name: str) -> str:
    script = ROOT / "bench" / f"{name}.py"
    words = ast.get_docstring(ast.parse(script.read_text(encoding="utf-8"))) or ""
    first, *rest = [" ".join(text.split()) for text in words.split("\n\n")]
    parts = [f"## {name}", escaped(first), *map(escaped, rest), f"Run it with `python bench/{name}.py`."]
    facts = _RESULTS / f"{name}.json"
    if facts.is_file():
        parts.append(f"Measured with {_machine(json.loads(facts.read_text(encoding='utf-8')).get('facts', {}))}.")
    else:
        parts.append("The versions and the machine of this one were not written down.")
    return "\n\n".join([*parts, (_RESULTS / f"{name}.md").read_text(encoding="utf-8").strip()])


def _machine(facts: dict[str, Any]) -> str:
    versions = [f"Python {facts['python']}"] if "python" in facts else []
    versions += [f"{name} {version}" for name, version in facts.get("versions", {}).items()]
    if "browser" in facts:
        versions.append(f"Chromium {facts['browser']}")
    if "cores" in facts:
        versions.append(f"{facts['cores']} processor cores")
    rest = {name: value for name, value in facts.items() if name not in ("python", "versions", "browser", "cores")}
    more = f"; {code(json.dumps(rest, ensure_ascii=False))}" if rest else ""
    return escaped(", ".join(versions)) + more
