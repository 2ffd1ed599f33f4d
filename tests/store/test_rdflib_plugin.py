"""A built store as rdflib opens it by its name."""

from __future__ import annotations

import tomllib
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path

import pytest
import rdflib
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID
from rdflib.store import Store

from chaingraph.errors import UnreadableError
from chaingraph.resources import sample
from chaingraph.store import KnowledgeGraph

ROOT = Path(__file__).resolve().parents[2]
QUERY = "SELECT ?o { ?o <https://w3id.org/chaingraph/ontology#leads> ?c } ORDER BY ?o"


@pytest.fixture
def name() -> str:
    """The name under which pyproject.toml registers the store, registered as an installation does."""
    entries = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]
    ((name, place),) = entries["rdf.plugins.store"].items()
    module, _, class_name = place.partition(":")
    assert issubclass(getattr(import_module(module), class_name), Store)
    rdflib.plugin.register(name, Store, module, class_name)
    return str(name)


def test_rdflib_opens_a_built_store_by_its_name_and_answers_the_same(name: str, tmp_path: Path) -> None:
    kg = KnowledgeGraph.build([sample("jiangsu-2022")], tmp_path / "graph.kg")
    graph = rdflib.Graph(store=name, identifier=DATASET_DEFAULT_GRAPH_ID)
    graph.open(str(tmp_path / "graph.kg"), create=False)
    rows = [str(row[0]) for row in graph.query(QUERY)]  # type: ignore[index]
    assert rows == kg.select_text(QUERY)["o"].to_list()
    assert len(graph) == len(kg)


def test_an_installation_registers_the_name(name: str) -> None:
    (entry,) = entry_points(group="rdf.plugins.store", name=name)
    assert entry.load() is rdflib.plugin.get(name, Store)


def test_what_is_no_built_store_is_refused_and_none_is_made(name: str, tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="is no built store"):
        rdflib.Graph(store=name).open(str(tmp_path / "none.kg"), create=False)
    with pytest.raises(ValueError, match="chaingraph build"):
        rdflib.Graph(store=name).open(str(tmp_path / "new.kg"), create=True)
    assert list(tmp_path.iterdir()) == []
