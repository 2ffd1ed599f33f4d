"""The packages that an installation may have, with all extras for users, on any system; each with its licence."""

from __future__ import annotations

import json
import re
import tomllib
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

_ROOT = Path(__file__).resolve().parents[2]
_OURS = {"bench", "dev", "docs", "neighbours", "notebooks"}
"""Extras that only this repository needs."""
_SYSTEMS = (
    {"os_name": "nt", "sys_platform": "win32", "platform_system": "Windows"},
    {"os_name": "posix", "sys_platform": "darwin", "platform_system": "Darwin"},
    {"os_name": "posix", "sys_platform": "linux", "platform_system": "Linux"},
)
_PYTHON = {"python_version": "3.11", "python_full_version": "3.11.7"}
"""The oldest, which needs most."""


def _name(text: str) -> str:
    return re.sub(r"[-_.]+", "-", text).lower()


def installable() -> set[str]:
    """Return the names of all packages that come with chaingraph or an extra for users."""
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    texts = [*project["dependencies"], *(text for name in extras if name not in _OURS for text in extras[name])]
    waiting = [Requirement(text) for text in texts]
    packages: dict[tuple[str, str], None] = {}
    while waiting:
        requirement = waiting.pop()
        for extra in ("", *requirement.extras):
            key = (_name(requirement.name), extra)
            if key in packages:
                continue
            packages[key] = None
            waiting += [one for one in _requirements(key[0]) if _is_asked(one, extra)]
    return {name for name, _ in packages}


def _requirements(package: str) -> list[Requirement]:
    """Return what an installed package needs; what another system alone has needs nothing that is not here too."""
    try:
        return [Requirement(text) for text in metadata.requires(package) or ()]
    except metadata.PackageNotFoundError:
        return []


def _is_asked(requirement: Requirement, extra: str) -> bool:
    marker = requirement.marker
    return marker is None or any(marker.evaluate(system | _PYTHON | {"extra": extra}) for system in _SYSTEMS)


def licences() -> dict[str, tuple[str, str]]:
    """Return by package its version and its licence, as the bill of materials has them."""
    bill = json.loads((_ROOT / "bom.json").read_text(encoding="utf-8"))
    listed = {one["name"]: one for one in bill["components"]}
    return {
        name: (listed[name]["version"], listed[name]["licenses"][0]["license"]["name"])
        for name in sorted(installable())
        if name in listed
    }


def table() -> str:
    """Return the packages with their versions and licences as a table."""
    rows = [f"| {name} | {version} | {licence} |" for name, (version, licence) in licences().items()]
    return "\n".join(["| Package | Version | Licence |", "|---|---|---|", *rows])
