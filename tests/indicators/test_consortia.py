"""What gathers in a consortium is what is known by name; what is reported of a programme stays the programme's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import chaingraph as cg
from chaingraph.indicators import consortia, reported_ratios
from chaingraph.resources import sample

if TYPE_CHECKING:
    from tests.conftest import DataSetFolder


def test_a_consortium_has_its_members_places_and_stages(data_set: DataSetFolder) -> None:
    folder = data_set(
        regions="id,name,within\njs,江苏,\nsz,苏州,js\nwx,无锡,js\nhz,杭州,\n",
        organizations="id,name,region\na,甲,sz\nb,乙,wx\nc,丙,hz\nd,丁,\n",
        stages="id,name\nu,材料\nv,器件\n",
        stage_roles="stage,organization\nu,a\nv,b\nu,b\n",
        consortia="id,name,region\nx,联合体,js\ny,空,\n",
        memberships="organization,consortium,role\na,x,lead\na,x,member\nb,x,member\nc,x,member\nd,x,member\n",
        platforms="id,name,consortium\nl,实验室,x\nm,中心,x\n",
        projects="id,name,consortium\np,项目,x\n",
    )
    frame = consortia(cg.open(folder), level=0).frame
    first = frame.iloc[0].to_dict()
    assert {name: first[name] for name in ("label", "members", "platforms", "projects", "members_placed", "home")} == {
        "label": "联合体",
        "members": 4,
        "platforms": 2,
        "projects": 1,
        "members_placed": 3,
        "home": "江苏",
    }
    assert first["platforms_per_member"] == 0.5
    assert first["share_in_home"] == pytest.approx(2 / 3)
    # Two of three in Jiangsu, one in Hangzhou: 0.9183 bits; stages held: twice u, once v, the same.
    assert first["region_entropy"] == pytest.approx(0.9183, abs=1e-4)
    assert first["stage_entropy"] == pytest.approx(0.9183, abs=1e-4)
    empty = frame.iloc[1]
    # Nobody states a member, a platform or a project of it: that is unknown, and not 0.
    assert empty.drop(["label"]).isna().all()


def test_one_member_alone_says_nothing_of_how_they_spread(data_set: DataSetFolder) -> None:
    folder = data_set(
        regions="id,name\njs,江苏\n",
        organizations="id,name,region\na,甲,js\nb,乙,\nc,丙,js\n",
        stages="id,name\nu,材料\n",
        stage_roles="stage,organization\nu,a\n",
        consortia="id,name\nx,一\ny,二\nz,三\n",
        memberships="organization,consortium\na,x\nb,x\na,y\nc,y\nb,z\n",
    )
    frame = consortia(cg.open(folder)).frame.set_index("label")
    assert frame["members_placed"].to_dict() == {"一": 1, "二": 2, "三": 0}
    assert frame["region_entropy"].fillna(-1).to_dict() == {"一": -1, "二": 0, "三": -1}
    assert frame["stage_entropy"].isna().all()
    assert frame["platforms_per_member"].isna().all()


def test_a_member_is_at_home_in_every_region_within_and_nobody_knows_of_one_around(data_set: DataSetFolder) -> None:
    folder = data_set(
        regions="id,name,within\ncn,中国,\njs,江苏,cn\nsz,苏州,js\nks,昆山,sz\nhz,杭州,cn\n",
        organizations="id,name,region\na,甲,ks\nb,乙,js\nc,丙,hz\nd,丁,cn\n",
        consortia="id,name,region\nx,联合体,js\ny,市级,ks\n",
        memberships="organization,consortium\na,x\nb,x\nc,x\nd,x\nb,y\nd,y\n",
    )
    frame = consortia(cg.open(folder)).frame.set_index("label")
    # Kunshan and Jiangsu are at home, Hangzhou is not, and of who is somewhere in China nobody can tell.
    assert frame["share_in_home"].fillna(-1).to_dict() == {"联合体": pytest.approx(2 / 3), "市级": -1}
    assert frame["members_placed"].to_dict() == {"联合体": 4, "市级": 2}


def test_the_pilot_has_one_and_an_eighth_platforms_a_subject_and_nothing_is_known_by_consortium() -> None:
    ratios = reported_ratios(cg.open(sample("jiangsu-2022")))
    pilot = ratios[ratios["scope_label"] == "江苏省创新联合体建设试点(首批)"].set_index("counts")
    platforms = pilot.loc["platforms"].to_dict()
    assert (platforms["total"], platforms["over"], platforms["per"]) == (154, 136, "organizations")
    assert round(float(platforms["ratio"]), 2) == 1.13
    assert (platforms["known"], platforms["known_by_consortium"]) == (0, 0)
    assert "154" in str(platforms["quote"])


def test_a_graph_without_reports_has_no_ratios(data_set: DataSetFolder) -> None:
    kg = cg.open(data_set(consortia="id,name\nx,联合体\n"))
    assert reported_ratios(kg).empty
    table = consortia(kg)
    assert table.reported.empty
    assert table.frame["members"].isna().tolist() == [True]
