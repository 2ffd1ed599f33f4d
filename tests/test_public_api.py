"""The public names: each is listed, reachable and documented, and what is not public begins with an underscore."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pkgutil import iter_modules, walk_packages
from types import ModuleType

import pytest

import chaingraph as cg
from chaingraph.store import KnowledgeGraph

REGISTRY = "chaingraph.metrics.network.registry"
"""Not for notebooks, but public: the other rooms read the measures from it."""
PACKAGES = ["chaingraph", "chaingraph.networks", "chaingraph.metrics", "chaingraph.indicators", "chaingraph.engines"]


def modules(package: ModuleType) -> list[str]:
    """Return the public modules below a package, by their names."""
    found = walk_packages(package.__path__, f"{package.__name__}.")
    return [module.name for module in found if not any(part.startswith("_") for part in module.name.split("."))]


@pytest.mark.parametrize("name", PACKAGES)
def test_every_public_name_is_listed_and_every_listed_name_is_there(name: str) -> None:
    package = import_module(name)
    for module in modules(package):
        import_module(module)
    for listed in package.__all__:
        getattr(package, listed)
    rooms = {module.name for module in iter_modules(package.__path__)}
    public = {
        attribute
        for attribute, value in vars(package).items()
        if not attribute.startswith("_") and not (isinstance(value, ModuleType) and attribute in rooms)
    }
    public -= {"annotations", "lazy_loader"}
    listed_names = {listed for listed in package.__all__ if not isinstance(getattr(package, listed), ModuleType)}
    assert public == listed_names
    assert len(package.__all__) == len(set(package.__all__))


@pytest.mark.parametrize("name", PACKAGES)
def test_every_public_name_says_what_it_is(name: str) -> None:
    package = import_module(name)
    values = {listed: getattr(package, listed) for listed in package.__all__}
    silent = [
        listed
        for listed, value in values.items()
        if (callable(value) or isinstance(value, ModuleType)) and not value.__doc__
    ]
    assert silent == []


@pytest.mark.parametrize("name", PACKAGES)
def test_a_function_is_not_hidden_by_the_module_that_defines_it(name: str) -> None:
    code = f"""
import importlib, types
package = importlib.import_module({name!r})
for module in {modules(import_module(name))!r}:
    importlib.import_module(module)
rooms = {{"networks", "metrics", "indicators", "engines"}}
print([name for name in package.__all__ if isinstance(getattr(package, name), types.ModuleType) and name not in rooms])
"""
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert run.stdout.strip() == "[]"


@pytest.mark.parametrize("name", PACKAGES[1:])
def test_a_module_without_a_public_name_begins_with_an_underscore(name: str) -> None:
    package = import_module(name)
    homes = {getattr(package, listed).__module__ for listed in package.__all__ if callable(getattr(package, listed))}
    families = {module for module in modules(package) if hasattr(import_module(module), "__path__")}
    assert set(modules(package)) - families - homes <= {REGISTRY}


def test_the_names_at_the_top_are_those_of_their_rooms() -> None:
    assert cg.KnowledgeGraph is KnowledgeGraph
    assert cg.centrality is cg.engines.centrality
    assert cg.co_membership is cg.networks.co_membership
    assert cg.crosstab is cg.engines.crosstab
    with pytest.raises(AttributeError, match="No chaingraph attribute opne"):
        cg.opne  # type: ignore[attr-defined]  # noqa: B018


def test_importing_chaingraph_imports_nothing_heavy() -> None:
    heavy = {"networkit", "networkx", "numpy", "pandas", "polars", "pyoxigraph", "pyvis", "rdflib", "scipy", "typer"}
    code = f"import sys, chaingraph; print(sorted({heavy} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert run.stdout.strip() == "[]"
