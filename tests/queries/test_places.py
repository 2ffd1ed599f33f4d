"""Where things are: own coordinates, a site, the region, a region above, the gazetteer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import chaingraph as cg
from chaingraph.geography.gazetteer import gazetteer
from chaingraph.queries.nodes import NodeReader
from chaingraph.queries.places import gazetteer_regions, region_places
from tests.cli.shell import run

if TYPE_CHECKING:
    from pathlib import Path

    from chaingraph.store import KnowledgeGraph
    from tests.conftest import DataSetFolder

ID = "id:roster/"


@pytest.fixture
def folder(data_set: DataSetFolder) -> Path:
    """Regions that the gazetteer has once, twice and not at all; organizations with and without sites."""
    return data_set(
        regions=(
            "id,name,name_en,code,within\njs,江苏省,,,\nwx,无锡,,,js\nxq,无锡高新区,,,wx\nsz,,Suzhou,,js\njl,吉林,,,\n"
            "yz,长三角,,,\nat,Wiener Umland,,AT126,\nsu,宿州,Suzhou,341300,\n"
        ).replace("sz,,", "sz,Suzhou,"),
        organizations=(
            "id,name,region,latitude,longitude\na,甲,wx,31.7,120.4\nb,乙,wx,,\nc,丙,xq,,\nd,丁,jl,,\ne,戊,,,\nf,己,,,\n"
            "g,庚,,,\nh,辛,at,,\n"
        ),
        sites=(
            "organization,region,kind,latitude,longitude\ne,,plant,30,100\ne,,headquarters,31,121\nf,su,office,,\n"
            "g,wx,plant,,\ng,su,plant,,\n"
        ),
        memberships="organization,consortium\n" + "".join(f"{name},x\n" for name in "abcdefgh"),
        consortia="id,name\nx,联合体\n",
    )


@pytest.fixture
def kg(folder: Path) -> KnowledgeGraph:
    return cg.open(folder)


def test_a_region_is_that_of_the_gazetteer_whose_name_or_code_it_has_alone_within_the_region_above(
    kg: KnowledgeGraph,
) -> None:
    regions = gazetteer_regions(NodeReader(kg))
    assert {iri.rpartition("/")[2]: place.code for iri, place in regions.items()} == {
        "js": "320000",
        "wx": "320200",
        "sz": "320500",
        "at": "AT126",
        "su": "341300",
    }


def test_a_region_has_the_mean_of_its_organizations_else_the_place_of_the_gazetteer(kg: KnowledgeGraph) -> None:
    places = {iri.rpartition("/")[2]: rest for iri, *rest in region_places(NodeReader(kg)).iter_rows()}
    suzhou, other = gazetteer().places["320500"], gazetteer().places["341300"]
    assert places == {
        "js": [31.7, 120.4, "organizations"],
        "wx": [31.7, 120.4, "organizations"],
        "sz": [suzhou.latitude, suzhou.longitude, "gazetteer"],
        "su": [other.latitude, other.longitude, "gazetteer"],
    }


def test_an_organization_is_at_its_coordinates_its_headquarters_or_its_region_and_says_which(
    kg: KnowledgeGraph,
) -> None:
    nodes = cg.co_membership(kg).nodes
    places = {
        name: tuple(nodes[f"{ID}organizations/{name}"].get(key) for key in ("latitude", "longitude", "place"))
        for name in "abcdefgh"
    }
    other, austria = gazetteer().places["341300"], gazetteer().places["AT12"]
    assert places == {
        "a": (31.7, 120.4, None),
        "b": (31.7, 120.4, "region"),
        "c": (31.7, 120.4, "region above"),
        "d": (None, None, None),
        "e": (31.0, 121.0, "site"),
        "f": (other.latitude, other.longitude, "region"),
        "g": (None, None, None),
        "h": (austria.latitude, austria.longitude, "region above"),
    }


def test_the_command_says_how_many_regions_have_no_place(folder: Path, tmp_path: Path) -> None:
    result = run("page", folder, "--layout", "map", "-o", tmp_path / "x.html")
    assert result.returncode == 0, result.stderr
    assert (
        "4 of 8 regions have no place: no coordinates, and no name or code that the gazetteer has once" in result.stderr
    )
    assert result.stderr.splitlines()[-1].endswith("Wiener Umland, 吉林, 无锡高新区, 长三角")
