"""Counts and indices by province or country, by the places of regions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import chaingraph as cg
from chaingraph.errors import UsageError
from chaingraph.indicators import tile_values
from chaingraph.resources import sample

if TYPE_CHECKING:
    from pathlib import Path

    from chaingraph.store import KnowledgeGraph
    from tests.conftest import DataSetFolder


@pytest.fixture
def folder(data_set: DataSetFolder) -> Path:
    """Seven organizations: four in Jiangsu at three levels, one in Zhejiang, one in a delta, one nowhere."""
    return data_set(
        regions=(
            "id,name,within\njs,江苏,\nsz,苏州市,js\nks,昆山,\npark,苏州工业园区,sz\nzj,浙江,\ndelta,长三角,\nbe,DE300,\n"
        ),
        industries="id,name\ni1,光电\ni2,材料\n",
        organizations=(
            "id,name,region,industry\na,甲,js,i1\nb,乙,sz,i1\nc,丙,ks,i2\nd,丁,park,\ne,戊,zj,i1\nf,己,delta,i1\ng,庚,,i1\n"
            "h,辛,be,i2\n"
        ),
    )


@pytest.fixture
def kg(folder: Path) -> KnowledgeGraph:
    return cg.open(folder)


def test_what_is_in_a_part_of_a_province_counts_in_it_and_what_has_no_tile_is_named(kg: KnowledgeGraph) -> None:
    values = tile_values(kg)
    assert values.to_dict() == {"320000": 4, "330000": 1}
    assert values.attrs == {
        "area": "china",
        "count": "organizations",
        "index": None,
        "columns": None,
        "things": 8,
        "placed": 5,
        "without_region": 1,
        "without_tile": {"DE300": 1, "长三角": 1},
    }


def test_countries_are_tiles_of_europe(kg: KnowledgeGraph) -> None:
    assert tile_values(kg, area="europe").to_dict() == {"DE": 1}


def test_an_index_is_of_the_counts_of_all_parts_together(kg: KnowledgeGraph) -> None:
    values = tile_values(kg, index="herfindahl")
    assert values.to_dict() == {"320000": pytest.approx((2 / 3) ** 2 + (1 / 3) ** 2), "330000": 1.0}
    assert (values.attrs["placed"], values.attrs["columns"]) == (4, "industry")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"count": "firms"}, "count is 'firms', expected one of amounts, consortia"),
        ({"index": "gini"}, "index is 'gini', expected one of herfindahl, shannon"),
        ({"columns": "colour"}, "columns is 'colour', expected one of chain, cluster"),
        ({"area": "asia"}, "area is 'asia', expected one of china, europe"),
        ({"count": "platforms"}, "no region of platforms is one of the gazetteer, so that there is no tile to colour"),
    ],
)
def test_names_that_do_not_exist_are_refused_with_those_that_do(
    kg: KnowledgeGraph, options: dict[str, str], words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        tile_values(kg, **options)


def test_every_organization_of_the_european_sample_is_in_a_country_or_named() -> None:
    values = tile_values(cg.open(sample("horizon-batteries")))
    notes = values.attrs
    assert notes["placed"] + notes["without_region"] + sum(notes["without_tile"].values()) == notes["things"] == 837
    assert values["DE"] == values.max() == 117
