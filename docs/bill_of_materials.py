"""Write bom.json: every pinned package with its version, licence and hashes, as a CycloneDX bill of materials.

It is made of requirements.lock and of what the packages that are installed say of themselves; no time and no number of
its own is in it, so the same pins give the same bytes.

Source: OWASP Foundation, CycloneDX 1.6 (ECMA-424) of 2024.
"""

from __future__ import annotations

import json
import re
import sys
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s\\;]+)")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
MOST_LETTERS = 80


def pins(text: str) -> dict[str, tuple[str, list[str]]]:
    """Return by package its version and the SHA-256 of each of its files, of a lock file or a list of constraints.

    >>> pins("A.b==1 --hash=sha256:" + 64 * "0")["a-b"][0]
    '1'
    """
    packages: dict[str, tuple[str, list[str]]] = {}
    for line in text.splitlines():
        match = PIN.match(line)
        if match is not None:
            packages[re.sub(r"[-_.]+", "-", match[1]).lower()] = (match[2], [])
        if packages:
            packages[list(packages)[-1]][1].extend(HASH.findall(line))
    return packages


def licence(package: str) -> str | None:
    """Return the licence that an installed package states, None where it is not installed or states none."""
    try:
        facts = metadata.metadata(package)
    except metadata.PackageNotFoundError:
        return None
    text = facts.get("License-Expression") or facts.get("License") or ""
    if text and text != "UNKNOWN" and "\n" not in text and len(text) <= MOST_LETTERS:
        return text
    classes = [
        value.rpartition(" :: ")[2] for value in facts.get_all("Classifier") or () if value.startswith("License")
    ]
    return ", ".join(sorted(classes)) or None


def document(text: str) -> str:
    """Return the bill of materials of a lock file."""
    components = []
    for package, (version, hashes) in sorted(pins(text).items()):
        name = licence(package)
        purl = f"pkg:pypi/{package}@{version}"
        component: dict[str, object] = {"type": "library", "bom-ref": purl, "name": package, "version": version}
        if name is not None:
            component["licenses"] = [{"license": {"name": name}}]
        component["purl"] = purl
        component["properties"] = [{"name": "sha256 of a file", "value": value} for value in sorted(hashes)]
        components.append(component)
    bill = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "bom-ref": "chaingraph", "name": "chaingraph"}},
        "components": components,
    }
    return json.dumps(bill, indent=1, ensure_ascii=False) + "\n"


def main() -> None:
    """Write the file."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    (ROOT / "bom.json").write_text(document(lock), encoding="utf-8")
    sys.stdout.write("bom.json\n")


if __name__ == "__main__":
    main()
