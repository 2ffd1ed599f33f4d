"""One list says which networks there are, and the functions are what it says, whatever is imported first."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx as nx
import pytest

import chaingraph as cg
from chaingraph import layout, networks
from chaingraph.arrays import two_mode
from chaingraph.errors import UnknownLanguageError, UsageError
from chaingraph.languages import LANGUAGES
from chaingraph.networks import PROJECTIONS, Projection
from chaingraph.resources import SAMPLES, sample

if TYPE_CHECKING:
    from chaingraph.store import KnowledgeGraph

VALUES: dict[str, Any] = {
    "roles": "associate",
    "kinds": "enterprise",
    "regions": [],
    "at": "2022",
    "between": ("2021", "2022"),
    "minimum": 2,
    "isolates": False,
    "newman": True,
    "level": 0,
}
"""For each option a value that is not its default."""


@pytest.fixture(scope="module", params=SAMPLES)
def kg(request: pytest.FixtureRequest) -> KnowledgeGraph:
    return cg.open(sample(request.param))


@pytest.fixture(scope="module")
def jiangsu() -> KnowledgeGraph:
    return cg.open(sample("jiangsu-2022"))


def test_the_package_exports_the_networks_of_the_list_and_what_belongs_to_them() -> None:
    assert set(dir(networks)) == {*PROJECTIONS, "PROJECTIONS", "Projection", "backbone", "neighbourhood"}
    assert all(inspect.isfunction(getattr(networks, name)) for name in (*PROJECTIONS, "backbone", "neighbourhood"))


@pytest.mark.parametrize("first", sorted(path.stem for path in Path(networks.__file__).parent.glob("_*.py")))
def test_a_network_is_the_function_whatever_module_was_imported_first(first: str) -> None:
    names = [*PROJECTIONS, "backbone", "neighbourhood"]
    program = f"import chaingraph.networks.{first}; from chaingraph import networks; import inspect\n"
    program += f"print([name for name in {names} if not inspect.isfunction(getattr(networks, name))])"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout == "[]\n"


@pytest.mark.parametrize("projection", PROJECTIONS.values(), ids=list(PROJECTIONS))
def test_a_network_has_words_in_both_languages(projection: Projection) -> None:
    texts = [text(language) for language in LANGUAGES for text in (projection.label, projection.ties)]
    assert all(texts)
    assert len(set(texts)) == 4
    with pytest.raises(UnknownLanguageError):
        projection.label("fr")


@pytest.mark.parametrize("projection", PROJECTIONS.values(), ids=list(PROJECTIONS))
def test_a_network_is_of_the_kind_that_the_list_says(projection: Projection, kg: KnowledgeGraph) -> None:
    network = projection.function(kg)
    assert (network.graph["name"], network.graph["name_zh"]) == (projection.label("en"), projection.label("zh"))
    assert network.graph.get("weight") == projection.weight
    assert all(projection.weight in data for *_, data in network.edges(data=True) if projection.weight)
    assert (network.is_directed() and network.graph.get("direction") != "ignored") == projection.directed
    if network.number_of_edges():
        assert (two_mode(network) is not None) == projection.two_mode


@pytest.mark.parametrize("option", VALUES)
@pytest.mark.parametrize("projection", PROJECTIONS.values(), ids=list(PROJECTIONS))
def test_an_option_that_does_not_apply_is_refused_and_one_that_does_is_not(
    projection: Projection, option: str, jiangsu: KnowledgeGraph
) -> None:
    options = {option: VALUES[option]}
    if option in projection.options:
        assert isinstance(projection.function(jiangsu, **options), nx.Graph)
    else:
        with pytest.raises((UsageError, TypeError), match=option):
            projection.function(jiangsu, **options)


@pytest.mark.parametrize("projection", PROJECTIONS.values(), ids=list(PROJECTIONS))
def test_the_layout_that_suits_a_network_lays_it_out(projection: Projection) -> None:
    sample_name = "jiangsu-2022" if projection.name in ("hosting", "supply", "chain") else "horizon-batteries"
    network = projection.function(cg.open(sample(sample_name)))
    assert set(layout.arrangement(network, layout=projection.layout).positions) == set(network)
