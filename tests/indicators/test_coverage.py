"""What is reported is set against what is known by name, and nothing is invented to close the gap."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

import chaingraph as cg

if TYPE_CHECKING:
    from tests.conftest import DataSetFolder

ROOT = Path(__file__).resolve().parents[2]
COUNTS = "id,name,counts,value,qualifier,unit,kind,role,level_at_least,lead,programme,consortium,region,quote\n"


def known(data_set: DataSetFolder, *rows: str) -> dict[str, object]:
    """Return how many are known by name, by the count's label, for counts of one small programme."""
    folder = data_set(
        sources="id,title\ns,报道\n",
        quotes="id,source,exact\nq,s,共4家\n",
        regions="id,name,within\njs,江苏,\nwx,无锡,js\n",
        programmes="id,name\np,试点\n",
        consortia=(
            "id,name,body,programme,region\nx,联合体一,innovation-consortium,p,wx\ny,联盟,alliance,p,wx\n"
            "z,别处,innovation-consortium,,\n"
        ),
        organizations=(
            "id,name,kind,region\na,甲,enterprise,wx\nb,乙,university,\nc,丙,enterprise,\nd,丁,enterprise,\n"
            "e,戊,enterprise,\n"
        ),
        memberships=(
            "organization,consortium,programme,one_of,role\na,x,,,lead\na,x,,,office\nb,x,,,member\n"
            "c,,p,,lead\nd,,,x;z,lead\ne,z,,,member\n"
        ),
        platforms="id,name,level,consortium\nl,国家平台,national,x\nm,市级平台,municipal,x\nn,别处平台,national,z\n",
        projects="id,name,level,programme,consortium\ni,一,provincial,p,\nj,二,unstated,,x\n",
        reported=COUNTS + "".join(f"r{number},{row}\n" for number, row in enumerate(rows)),
    )
    frame = cg.coverage(cg.open(folder))
    return {
        str(label): None if pd.isna(value) else value
        for label, value in zip(frame["label"], frame["known"], strict=True)
    }


def test_each_count_is_compared_with_things_of_its_class_in_its_scope(data_set: DataSetFolder) -> None:
    assert known(
        data_set,
        "联合体,consortia,10,,,,,,,p,,,q",
        "单位,organizations,136,,,,,,,p,,,q",
        "平台,platforms,154,,,,,provincial,,p,,,q",
        "全部平台,platforms,154,,,,,,,p,,,q",
        "项目,projects,152,,,,,provincial,,p,,,q",
        "成员,organizations,8,,,,,,included,,x,,q",
    ) == {"联合体": 1, "单位": 4, "平台": 1, "全部平台": 2, "项目": 1, "成员": 2}


def test_kind_role_and_the_lead_limit_what_is_compared(data_set: DataSetFolder) -> None:
    assert known(
        data_set,
        "企业,organizations,5,,,enterprise,,,,p,,,q",
        "牵头单位,organizations,3,,,,lead,,,p,,,q",
        "不含牵头,organizations,8,,,,,,excluded,,x,,q",
    ) == {"企业": 3, "牵头单位": 3, "不含牵头": 1}


def test_what_cannot_be_compared_is_left_open(data_set: DataSetFolder) -> None:
    assert known(
        data_set,
        "专家,persons,460,,,,,,,p,,,q",
        "高校院所,organizations,3,,高校院所,,,,,p,,,q",
    ) == {"专家": None, "高校院所": None}


def test_several_scopes_limit_a_count_together(data_set: DataSetFolder) -> None:
    assert known(data_set, "无锡,consortia,3,,,,,,,p,,wx,q", "无锡单位,organizations,3,,,,,,,p,,wx,q") == {
        "无锡": 1,
        "无锡单位": 1,
    }


def test_a_region_holds_what_lies_in_its_parts(data_set: DataSetFolder) -> None:
    assert known(data_set, "全省,organizations,50,,,,,,,,,js,q", "全省联合体,consortia,2,,,,,,,,,js,q") == {
        "全省": 1,
        "全省联合体": 1,
    }


@pytest.mark.parametrize(
    ("qualifier", "value", "standing"),
    [
        ("", 4, "all"),
        ("", 3, "more"),
        ("nearly", 3, "more"),
        ("at-least", 3, "all"),
        ("about", 3, "all"),
        ("", 9, "part"),
    ],
)
def test_how_what_is_known_stands_to_what_is_reported_honours_the_qualifier(
    data_set: DataSetFolder, qualifier: str, value: int, standing: str
) -> None:
    known(data_set, f"单位,organizations,{value},{qualifier},,,,,,p,,,q")
    frame = cg.coverage(cg.open(data_set()))
    assert frame["standing"].tolist() == [standing]


def test_a_graph_without_counts_has_an_empty_table(data_set: DataSetFolder) -> None:
    frame = cg.coverage(cg.open(data_set(organizations="id,name\na,甲\n")))
    assert list(frame.columns)[:5] == ["scope", "scope_label", "counts", "label", "reported"]
    assert frame.empty


def test_at_a_date_counts_and_names_of_that_time_are_compared(data_set: DataSetFolder) -> None:
    folder = data_set(
        programmes="id,name\np,试点\n",
        consortia="id,name,programme,founded\nx,联合体一,p,2021\ny,联合体二,p,2023\nz,联合体三,p,\n",
        organizations="id,name\na,甲\nb,乙\nc,丙\n",
        memberships="organization,consortium,since,until\na,x,2020-05,2021\nb,x,2021,\nc,x,,\n",
        platforms="id,name,consortium,since\nl,平台,x,2023\n",
        projects="id,name,consortium,start,end\ni,项目,x,2019,2020\n",
        reported=(
            "id,name,counts,value,programme,as_of\nr,单位,organizations,9,p,2021-12\ns,联合体,consortia,3,p,\n"
            "t,平台,platforms,1,p,\nu,项目,projects,1,p,\nv,后来,organizations,12,p,2024\n"
        ),
    )
    kg = cg.open(folder)

    def at(date: str | None) -> dict[object, object]:
        frame = cg.coverage(kg, at=date)
        return dict(zip(frame["label"], frame["known"], strict=True)) | frame.attrs

    assert at(None) == {"单位": 3, "联合体": 3, "平台": 1, "项目": 1, "后来": 3, "undated": {}}
    undated = {"reported": 3, "consortia": 1, "organizations": 1, "platforms": 0, "projects": 0}
    assert at("2022") == {"单位": 2, "联合体": 2, "平台": 0, "项目": 0, "undated": undated}
    assert at("2021-06") == {"联合体": 2, "平台": 0, "项目": 0, "undated": undated}
    assert at("2024") == {"单位": 2, "联合体": 3, "平台": 1, "项目": 0, "后来": 2, "undated": undated}


@pytest.mark.parametrize(
    ("counts", "reported", "quote"),
    [
        ("consortia", 10, "a total of 10 innovation consortiums were shortlisted"),
        ("organizations", 136, "a total of 136 upstream and downstream innovation subjects"),
        ("platforms", 154, "154 major innovation platforms at or above the provincial level"),
        ("projects", 152, "152 science and technology projects at or above the provincial level"),
    ],
)
def test_the_founding_articles_totals_stay_reported(counts: str, reported: int, quote: str) -> None:
    frame = cg.coverage(cg.open(ROOT / "graph" / "jiangsu-2022"))
    (row,) = frame[(frame["quote"] == quote)].to_dict("records")
    assert (row["counts"], row["reported"]) == (counts, reported)
    assert row["known"] < reported
