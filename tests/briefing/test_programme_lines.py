"""The start page of the demo says whom it is about: chains, consortia with their leads, what is only reported."""

from __future__ import annotations

import chaingraph as cg
from chaingraph.briefing.map_builder import map_model
from chaingraph.briefing.programme_lines import programme_lines
from tests.conftest import DataSetFolder


def test_a_programme_is_told_by_its_chains_its_leads_and_what_is_reported(data_set: DataSetFolder) -> None:
    folder = data_set(
        organizations="id,name,name_en\na,甲公司,A\nb,乙公司,\n",
        programmes="id,name\np,试点\nq,别的\n",
        consortia="id,name,name_en,programme\nx,联合体,X,p\ny,二联合体,,q\n",
        memberships="organization,consortium,role\na,x,lead\nb,y,lead\n",
        chains="id,name,name_en\nc,电缆产业链,cables\n",
        stages="id,name,chain\ns,拉丝,c\n",
        reported="name,value,programme,counts\n单位数,136,p,organizations\n旧单位数,100,p,organizations\n",
    )
    kg = cg.open(folder)
    lines = programme_lines(kg, "id:roster/programmes/p", map_model(kg, language="zh"))
    assert [line["zh"] for line in lines] == [
        "产业链：电缆产业链。",
        "试点中已知名称的联合体和牵头单位：联合体（甲公司）。",
        "来源报告该计划有单位 136 家（已知 1 家）；其余不知名称。",
    ]
    assert lines[1]["en"].endswith("who leads them: X (A).")


def test_a_programme_of_which_nothing_is_stated_has_no_line(data_set: DataSetFolder) -> None:
    kg = cg.open(data_set(programmes="id,name\np,试点\n"))
    assert programme_lines(kg, "id:roster/programmes/p", map_model(kg, language="zh")) == ()
