"""What sources count of a thing stands on its node, against what is known by name."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import chaingraph as cg
from chaingraph.indicators import with_reported
from chaingraph.webpage.attributes import attribute_name, attribute_rows

if TYPE_CHECKING:
    from tests.conftest import DataSetFolder


def test_a_consortium_has_what_sources_report_of_it_and_of_nothing_else(data_set: DataSetFolder) -> None:
    kg = cg.open(
        data_set(
            regions="id,name\nr,苏州\n",
            organizations="id,name\na,甲\nb,乙\n",
            consortia="id,name,region\nx,联合体,r\ny,另一个,r\n",
            memberships="organization,consortium,role\na,x,lead\nb,x,member\n",
            sources="id,title\ns,公告\n",
            quotes="id,source,exact\nq,s,成员20多家\n",
            reported=(
                "id,name,counts,value,qualifier,consortium,region,quote\nm,成员数,organizations,20,more-than,x,,q\n"
                "n,苏州的成员数,organizations,7,,x,r,\no,奖项数,other,3,,y,,\n"
            ),
        )
    )
    network = cg.affiliation(kg)
    reported = with_reported(network, kg)
    assert "reported" not in {name for _, attributes in network.nodes(data=True) for name in attributes}
    texts = {node: attributes.get("reported") for node, attributes in reported.nodes(data=True)}
    by_node = {node: json.loads(text) for node, text in texts.items() if text}
    assert by_node == {
        "id:roster/consortia/x": [
            {
                "counts": "organizations",
                "reported": 20,
                "qualifier": "more-than",
                "known": 2,
                "label": {"zh": "成员数", "en": "成员数"},
                "words": "成员20多家",
            }
        ],
        "id:roster/consortia/y": [
            {"counts": "other", "reported": 3, "qualifier": "", "label": {"zh": "奖项数", "en": "奖项数"}, "words": ""}
        ],
    }
    # A network of which sources count nothing is the same.
    hosting = cg.hosting(kg)
    assert with_reported(hosting, kg) is hosting


def test_what_a_network_left_out_and_has_without_a_date_stands_on_its_page(data_set: DataSetFolder) -> None:
    kg = cg.open(
        data_set(
            organizations="id,name\na,甲\nb,乙\n",
            programmes="id,name\np,试点\n",
            consortia="id,name\nx,联合体\n",
            memberships="organization,consortium,programme,role\na,x,,lead\nb,x,,member\nb,,p,member\n",
        )
    )
    html = cg.page(cg.affiliation(kg, at="2022"), language="en").html
    assert "Not drawn: memberships of a programme or of one of several consortia (1)." in html
    assert "Drawn without a date: 2 rows." in html


def test_titles_evaluations_and_sums_of_money_stand_on_the_nodes_that_have_them(data_set: DataSetFolder) -> None:
    kg = cg.open(
        data_set(
            organizations="id,name\na,甲\nb,乙\n",
            consortia="id,name\nx,联合体\n",
            memberships="organization,consortium,role\na,x,lead\nb,x,member\n",
            recognitions=(
                "name,name_en,kind,grade,rank,year,organization,consortium\n小巨人,little giant,title,,,2022,a,\n"
                "科技奖,,award,一等奖,,2021,a,\n绩效评价,,evaluation,优秀,3,,,x\n"
            ),
            amounts=(
                "kind,value,currency,qualifier,as_of,organization\nrevenue,1250000000,CNY,more-than,2022,a\n"
                "grant,500000,,exactly,,a\n"
            ),
        )
    )
    network = with_reported(cg.affiliation(kg), kg)
    names = ("recognitions_zh", "recognitions_en", "amounts_zh", "amounts_en")
    texts = {node: [one.get(name) for name in names] for node, one in network.nodes(data=True)}
    assert texts == {
        "id:roster/organizations/a": [
            "小巨人 (2022); 科技奖 (2021, 一等奖)",
            "little giant (2022); 科技奖 (2021, 一等奖)",
            "营业收入 超过 1,250,000,000 CNY (2022); 资助 500,000",
            "grant 500,000; revenue more than 1,250,000,000 CNY (2022)",
        ],
        "id:roster/organizations/b": [None] * 4,
        "id:roster/consortia/x": ["绩效评价 (优秀, #3)", "绩效评价 (优秀, #3)", None, None],
    }


def test_the_panel_of_a_node_shows_its_titles_and_sums_of_money() -> None:
    names = [name for name, _ in attribute_rows({"recognitions_zh": "小巨人 (2022)", "amounts_en": "revenue 5 CNY"})]
    assert [(name, attribute_name(name)["en"]) for name in names] == [
        ("amounts", "sums of money"),
        ("recognitions", "titles and evaluations"),
    ]
