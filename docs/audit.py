"""Ask for known weaknesses of every pinned package: ``make audit`` runs it where pip-audit is installed.

pip-audit ends well where its service does not know a single package, as behind a mirror of the index that has files
only. So its JSON is read here: what was not asked is counted, and where nothing was, that is the answer.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SERVICES = ("pypi", "osv")
COMMAND = (
    "pip_audit --requirement requirements.lock --require-hashes --disable-pip --format json --progress-spinner off"
)
LONGEST = 300
"""Seconds for one service."""


def summary(service: str, document: dict[str, Any]) -> tuple[int, list[str]]:
    """Return an exit status and lines: 0 if all are free of known weaknesses, 1 if not, 2 if some were not asked.

    >>> summary("osv", {"dependencies": [{"name": "a", "version": "1", "vulns": []}]})
    (0, ['osv: 1 of 1 pins asked about, 0 known weaknesses'])
    >>> summary("pypi", {"dependencies": [{"name": "a", "skip_reason": "not found"}]})
    (2, ['pypi: nothing was asked: it knows none of the 1 pins'])
    """
    pins = document["dependencies"]
    known = [pin for pin in pins if "skip_reason" not in pin]
    if not known:
        return 2, [f"{service}: nothing was asked: it knows none of the {len(pins)} pins"]
    lines = []
    for pin in known:
        for weakness in pin["vulns"]:
            mended = ", ".join(weakness["fix_versions"]) or "no version yet"
            lines.append(f"{pin['name']} {pin['version']}: {weakness['id']}, mended in {mended}")
    status = 1 if lines else 0 if len(known) == len(pins) else 2
    counts = f"{len(known)} of {len(pins)} pins asked about, {len(lines)} known weaknesses"
    return status, [*lines, f"{service}: {counts}"]


def ask(service: str) -> tuple[int, list[str]]:
    """Ask a service by way of pip-audit."""
    words = [sys.executable, "-m", *COMMAND.split(), "--vulnerability-service", service]
    try:
        result = subprocess.run(words, capture_output=True, text=True, cwd=ROOT, check=False, timeout=LONGEST)
        return summary(service, json.loads(result.stdout))
    except (subprocess.TimeoutExpired, ValueError):
        return 2, [f"{service}: nothing was asked: it cannot be reached"]


def main() -> int:
    """Ask one service after the other until one knows the pins, and print what it says."""
    status, lines = 2, []
    for service in SERVICES:
        status, more = ask(service)
        lines += more
        if status != 2:
            break
    sys.stdout.write("; ".join(lines) + "\n" if status == 2 else "\n".join(lines) + "\n")
    return status


if __name__ == "__main__":
    sys.exit(main())
