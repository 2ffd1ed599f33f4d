"""A stage is held by whom a row names, a gap is what nobody is said to hold, and silence is not absence."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

import chaingraph as cg
from chaingraph.errors import UsageError
from chaingraph.indicators import completeness, completeness_summary

if TYPE_CHECKING:
    from tests.conftest import DataSetFolder

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def chain(data_set: DataSetFolder) -> Path:
    """A chain of three stages and two products, made up, and two consortia."""
    return data_set(
        chains="id,name\nc,链\n",
        stages="id,name,chain,segment,follows\nend,组装,c,downstream,mid\nmid,电池,c,midstream,raw\nraw,硅料,c,upstream,\n",
        products="id,name,stage,input_of\npanel,组件,end,\npaste,银浆,,panel\nloose,别的,,\n",
        regions="id,name\nr,苏州\n",
        organizations="id,name\na,甲\nb,乙\nd,丁\n",
        consortia="id,name,chain\nx,联合体,c\ny,另一,\n",
        memberships="organization,consortium,since,until\na,x,2020,2021\nb,x,,\nd,y,,\n",
        platforms="id,name,level,host,consortium\np,国家平台,national,b,\nq,省平台,provincial,,x\n",
        projects="id,name,level\nj,项目,municipal\n",
        participations="project,organization\nj,b\n",
        stage_roles="id,stage,organization,platform,region\ns1,mid,a,,\ns2,mid,b,,\ns3,raw,,q,\ns4,end,,,r\n",
        supplies="id,supplier,product\ns5,d,panel\n",
        claims="id,table,subject,property,value,status\nk,consortia,x,stage,组装,denied\nl,consortia,x,product,paste,planned\n",
    )


def rows(frame: pd.DataFrame, consortium: str | None, *columns: str) -> list[tuple[object, ...]]:
    """Return these columns of a consortium's rows, or of everyone's."""
    chosen = frame["consortium_label"].isna() if consortium is None else frame["consortium_label"] == consortium
    return list(frame.loc[chosen, list(columns)].itertuples(index=False, name=None))


def test_stages_come_in_their_order_with_all_who_hold_them(chain: Path) -> None:
    found = rows(completeness(cg.open(chain)), None, "label", "part", "status", "organizations", "held_by")
    assert found == [
        ("硅料", "stage", "held", 0, "省平台"),
        ("电池", "stage", "held", 2, "乙; 甲"),
        ("组装", "stage", "held", 1, "丁; 苏州"),
        ("组件", "product", "held", 1, "丁"),
        ("银浆", "product", "unknown", 0, ""),
    ]


def test_a_consortium_counts_its_members_and_its_platforms_alone(chain: Path) -> None:
    found = rows(completeness(cg.open(chain)), "联合体", "label", "status", "held_by", "named_by", "rows")
    assert found == [
        ("硅料", "held", "省平台", "chain", "id:roster/stage_roles/s3"),
        ("电池", "held", "乙; 甲", "chain", "id:roster/stage_roles/s1; id:roster/stage_roles/s2"),
        ("组装", "absent", "", "chain", "id:roster/claims/k"),
        ("组件", "unknown", "", "chain", ""),
        ("银浆", "planned", "", "chain", "id:roster/claims/l"),
    ]


def test_a_consortium_whose_member_supplies_a_product_is_on_the_chain(chain: Path) -> None:
    found = rows(completeness(cg.open(chain)), "另一", "named_by", "label", "status")
    assert [row for row in found if row[2] == "held"] == [("member", "组装", "held"), ("member", "组件", "held")]


def test_the_base_is_what_the_holders_host_and_take_part_in(chain: Path) -> None:
    columns = ("label", "platforms", "platform_level", "projects", "project_level")
    found = rows(completeness(cg.open(chain)), "联合体", *columns)
    assert found[0] == ("硅料", 1, "provincial", 0, None)
    assert found[1] == ("电池", 1, "national", 1, "municipal")


def test_a_gap_says_how_much_is_known(chain: Path) -> None:
    frame = completeness(cg.open(chain))
    assert rows(frame, "联合体", "because")[3] == (
        "no row says so; of 2 members known by name, 2 hold or supply anything",
    )
    assert rows(frame, None, "because")[4] == ("no row says who holds it",)


def test_at_a_date_those_who_left_no_longer_count(chain: Path) -> None:
    frame = completeness(cg.open(chain), at="2022")
    assert rows(frame, "联合体", "label", "held_by")[1] == ("电池", "乙")
    # Two memberships, the supply, two platforms and the project have no date.
    assert frame.attrs == {"undated": 6, "outside": 1}


def test_a_date_that_is_none_is_refused(chain: Path) -> None:
    with pytest.raises(UsageError, match="'gestern' is no date"):
        completeness(cg.open(chain), at="gestern")


def test_the_summary_counts_each_status(chain: Path) -> None:
    frame = completeness_summary(completeness(cg.open(chain)))
    found = frame[frame["consortium_label"] == "联合体"].drop(columns=["chain_label", "consortium_label"])
    assert found.to_dict("list") == {
        "part": ["stage", "product"],
        "held": [2, 0],
        "planned": [0, 1],
        "absent": [1, 0],
        "unknown": [0, 1],
        "of": [3, 2],
    }


def test_stages_that_follow_each_other_in_a_circle_are_listed_once(data_set: DataSetFolder) -> None:
    folder = data_set(chains="id,name\nc,链\n", stages="id,name,chain,follows\na,一,c,b\nb,二,c,a\n")
    assert completeness(cg.open(folder))["label"].tolist() == ["一", "二"]


def test_the_six_stages_of_photovoltaics_are_held_by_the_consortium_that_states_them() -> None:
    frame = completeness(cg.open(ROOT / "graph" / "china-consortia"), language="en")
    solar = frame[(frame["chain_label"] == "Photovoltaic chain") & frame["consortium"].notna()]
    assert len(solar) == 6
    assert set(solar["status"]) == {"held"}
    assert set(solar["organizations"]) == {0}, "the source names no member for a stage"
    assert all(solar["rows"].str.startswith("id:cn/stage_roles/"))


def test_a_graph_without_chains_has_no_rows() -> None:
    frame = completeness(cg.open(ROOT / "graph" / "horizon-batteries"))
    assert frame.empty
    assert list(frame.columns[:4]) == ["chain", "chain_label", "consortium", "consortium_label"]
