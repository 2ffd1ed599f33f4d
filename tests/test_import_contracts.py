"""The import contracts of pyproject.toml leave no room out: import-linter checks only the rooms that they list."""

from __future__ import annotations

import tomllib
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import pytest

import chaingraph
import chaingraph.endpoint

CONTRACTS: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).resolve().parents[1] / "pyproject.toml").read_text(encoding="utf-8")
)["tool"]["importlinter"]["contracts"]


def contract(library: str) -> dict[str, Any]:
    """Return the contract that is about a library, and not about what some rooms may know."""
    libraries = {"pyoxigraph", "oxrdflib"} if library != "pyvis" else {"pyvis"}
    (match,) = [one for one in CONTRACTS if set(one.get("forbidden_modules", ())) == libraries]
    return match


def modules(package: Any) -> set[str]:  # noqa: ANN401 - a package is a module, which has no type of its own for it
    return {f"{package.__name__}.{module.name}" for module in iter_modules(package.__path__)}


@pytest.mark.parametrize(
    ("library", "rooms"),
    [
        ("pyoxigraph", {"store", "sparql", "endpoint.workers"}),
        ("oxrdflib", {"store", "sparql", "endpoint.workers"}),
        ("pyvis", {"webpage"}),
    ],
)
def test_a_library_is_forbidden_everywhere_but_in_its_rooms(library: str, rooms: set[str]) -> None:
    everywhere = modules(chaingraph)
    if "endpoint.workers" in rooms:
        everywhere = everywhere - {"chaingraph.endpoint"} | modules(chaingraph.endpoint)
    assert set(contract(library)["source_modules"]) == everywhere - {f"chaingraph.{room}" for room in rooms}


def test_no_contract_ignores_an_import() -> None:
    assert [one["name"] for one in CONTRACTS if "ignore_imports" in one] == []
