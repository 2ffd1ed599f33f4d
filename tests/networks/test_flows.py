"""Regions around regions: who is in which country, in the network of supplies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import chaingraph as cg
from chaingraph import networks
from chaingraph.errors import UsageError
from chaingraph.metrics import chokepoints, criticality, disruption

if TYPE_CHECKING:
    from chaingraph.store import KnowledgeGraph
    from tests.conftest import DataSetFolder

ID = "id:roster/organizations/"
REGIONS = "id,name,name_en,within\ncn,中国,China,\njs,江苏,Jiangsu,cn\nsz,苏州,Suzhou,js\nat,Austria,,\n"


@pytest.fixture
def kg(data_set: DataSetFolder) -> KnowledgeGraph:
    """Two organizations in China, one at a lower level than the other, one in Austria and one nobody knows where."""
    folder = data_set(
        regions=REGIONS,
        organizations="id,name,region\na,A,sz\nb,B,cn\nc,C,at\nd,D,\n",
        products="id,name,input_of\np,P,q\nq,Q,\n",
        supplies="id,supplier,product,share\n1,a,p,0.5\n2,b,p,0.25\n3,c,p,0.25\n4,d,q,1\n",
    )
    return cg.open(folder)


def regions(kg: KnowledgeGraph, level: int | None = None) -> dict[str, tuple[str | None, str | None, str | None]]:
    network = networks.supply(kg, level=level)
    return {
        node.removeprefix(ID): (data.get("region"), data.get("region_zh"), data.get("regions"))
        for node, data in network.nodes(data=True)
        if data["type"] == "Organization"
    }


def test_an_organization_names_all_regions_that_its_own_lies_within(kg: KnowledgeGraph) -> None:
    assert regions(kg) == {
        "a": ("Suzhou", "苏州", "China; Jiangsu; Suzhou"),
        "b": ("China", "中国", None),
        "c": ("Austria", None, None),
        "d": (None, None, None),
    }


def test_a_level_lets_the_country_or_the_province_stand_for_the_region(kg: KnowledgeGraph) -> None:
    assert {node: found[:2] for node, found in regions(kg, 0).items()} == {
        "a": ("China", "中国"),
        "b": ("China", "中国"),
        "c": ("Austria", None),
        "d": (None, None),
    }
    # China and Austria stand above the provinces, so that who is known to be there has no province.
    assert {node: found[0] for node, found in regions(kg, 1).items()} == {
        "a": "Jiangsu",
        "b": None,
        "c": None,
        "d": None,
    }
    with pytest.raises(UsageError, match="no region at level 3"):
        networks.supply(kg, level=3)


def test_the_largest_country_is_asked_by_its_level(kg: KnowledgeGraph) -> None:
    shares = ["largest_region", "largest_region_share_low", "largest_region_share_high"]
    stated = chokepoints(networks.supply(kg), networks.chain(kg)).loc["id:roster/products/p", shares]
    country = chokepoints(networks.supply(kg, level=0), networks.chain(kg)).loc["id:roster/products/p", shares]
    assert (list(stated), list(country)) == (["Suzhou", 0.5, 0.5], ["China", 0.75, 0.75])


def test_a_country_drops_out_with_all_within_it(kg: KnowledgeGraph) -> None:
    supply, chain = networks.supply(kg), networks.chain(kg)
    frame = disruption(supply, chain, regions=["China"])
    assert frame.attrs["removed"] == [f"{ID}a", f"{ID}b"]
    assert frame["rows_lost"].to_dict() == {
        "id:roster/products/p": "id:roster/supplies/1; id:roster/supplies/2",
        "id:roster/products/q": "",
    }
    found = criticality(supply, chain)
    assert found["lost_low"].to_dict() == {"China": 0.75, "Jiangsu": 0.5, "Suzhou": 0.5, "Austria": 0.25}
    assert found.attrs == {"final": 1, "no_region": 1}


def test_regions_that_lie_within_each_other_are_refused(data_set: DataSetFolder) -> None:
    folder = data_set(regions="id,name,within\nx,X,y\ny,Y,x\n", organizations="id,name,region\na,A,x\n")
    with pytest.raises(UsageError, match="lies within itself; mend its 'within'"):
        networks.supply(cg.open(folder))
