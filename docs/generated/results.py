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
