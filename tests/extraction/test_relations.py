"""What sentences say of subsidiaries, sites, titles, amounts, cooperation, supplies and events.

All texts here were written for these tests; no organization in them exists.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import chaingraph as cg
from tests.extraction.proposals import proposals

pytest.importorskip("opencc")

RELATIONS = ("hierarchy", "sites", "recognitions", "amounts", "cooperations", "supplies", "events", "claims")


def cells(table: str, text: str) -> list[dict[str, object]]:
    """Return the rows of a table that a text gives, without the cells that are empty."""
    return [
        {name: value for name, value in row.cells.items() if value is not None}
        for row in proposals(text)
        if row.table == table
    ]


@pytest.mark.parametrize(
    ("text", "organization", "parent", "kind"),
    [
        (
            "东山膜业有限公司是东山控股集团有限公司的全资子公司。",
            "东山膜业有限公司",
            "东山控股集团有限公司",
            "subsidiary",
        ),
        ("北湖化学研究所隶属于南岭科学院。", "北湖化学研究所", "南岭科学院", "unit"),
        ("南岭科学院下属的北湖化学研究所开展了试验。", "北湖化学研究所", "南岭科学院", "unit"),
        (
            "东山膜业有限公司（东山控股集团有限公司的控股子公司）参加了会议。",
            "东山膜业有限公司",
            "东山控股集团有限公司",
            "subsidiary",
        ),
        (
            "Foxley Pumps Ltd is a wholly owned subsidiary of Acme Holdings.",
            "Foxley Pumps Ltd",
            "Acme Holdings",
            "subsidiary",
        ),
        ("Foxley Pumps Ltd belongs to the Acme Group.", "Foxley Pumps Ltd", "Acme Group", "affiliated"),
        ("Acme Holdings' subsidiary Foxley Pumps Ltd took part.", "Foxley Pumps Ltd", "Acme Holdings", "subsidiary"),
    ],
)
def test_what_belongs_to_a_larger_body_is_a_hierarchy(text: str, organization: str, parent: str, kind: str) -> None:
    assert cells("hierarchy", text) == [{"organization": organization, "parent": parent, "kind": kind}]


def test_a_subsidiary_that_is_founded_on_a_day_has_it_since_then() -> None:
    text = "东山控股集团有限公司于2021年3月投资设立全资子公司东山膜业有限公司。"
    assert cells("hierarchy", text) == [
        {
            "organization": "东山膜业有限公司",
            "parent": "东山控股集团有限公司",
            "kind": "subsidiary",
            "since": "2021-03",
        }
    ]


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("东山膜业有限公司位于无锡高新区。", {"organization": "东山膜业有限公司", "cluster": "无锡高新区"}),
        (
            "东山膜业有限公司于2020年在苏州工业园区建成生产基地。",
            {"organization": "东山膜业有限公司", "cluster": "苏州工业园区", "kind": "plant", "since": "2020"},
        ),
        (
            "东山膜业有限公司总部位于合肥。",
            {"organization": "东山膜业有限公司", "region": "合肥", "kind": "headquarters"},
        ),
        (
            "Foxley Pumps Ltd operates a plant in Harbour Industrial Park.",
            {"organization": "Foxley Pumps Ltd", "cluster": "Harbour Industrial Park", "kind": "plant"},
        ),
        (
            "Foxley Pumps Ltd is located in the Northmoor Science Park.",
            {"organization": "Foxley Pumps Ltd", "cluster": "Northmoor Science Park"},
        ),
    ],
)
def test_where_an_organization_stands_is_a_site(text: str, row: dict[str, object]) -> None:
    assert cells("sites", text) == [row]


def test_a_park_is_a_cluster_with_its_kind_and_a_kind_of_park_is_none() -> None:
    text = "东山膜业有限公司位于无锡高新区，西溪泵业有限公司入驻国家级高新区。"
    assert cells("clusters", text) == [{"name": "无锡高新区", "kind": "zone"}]


@pytest.mark.parametrize(
    ("text", "row"),
    [
        (
            "2022年，东山膜业有限公司被工业和信息化部认定为国家级专精特新“小巨人”企业。",
            {
                "name": "国家级专精特新“小巨人”企业",
                "kind": "title",
                "level": "national",
                "year": "2022",
                "authority": "工业和信息化部",
                "organization": "东山膜业有限公司",
            },
        ),
        (
            "东山膜业有限公司获得2021年度江苏省科学技术奖一等奖。",
            {
                "name": "江苏省科学技术奖",
                "kind": "award",
                "grade": "一等奖",
                "level": "provincial",
                "year": "2021",
                "organization": "东山膜业有限公司",
            },
        ),
        (
            "在2022年度省重点实验室绩效评价中，江苏省膜材料重点实验室获评优秀。",
            {
                "name": "省重点实验室绩效评价",
                "kind": "evaluation",
                "grade": "优秀",
                "level": "provincial",
                "year": "2022",
                "platform": "江苏省膜材料重点实验室",
            },
        ),
        (
            "东山膜业有限公司位列2023年江苏省制造业百强第12位。",
            {
                "name": "江苏省制造业百强",
                "kind": "ranking",
                "rank": 12,
                "level": "provincial",
                "year": "2023",
                "organization": "东山膜业有限公司",
            },
        ),
        (
            "In 2022, Foxley Pumps Ltd was recognised by the Ministry of Industry as a national"
            ' "Little Giant" enterprise.',
            {
                "name": 'national "Little Giant" enterprise',
                "kind": "title",
                "level": "national",
                "year": "2022",
                "authority": "Ministry of Industry",
                "organization": "Foxley Pumps Ltd",
            },
        ),
        (
            "In the laboratory evaluation of 2022, the Northmoor Tidal Laboratory was rated excellent.",
            {
                "name": "laboratory evaluation",
                "kind": "evaluation",
                "grade": "excellent",
                "year": "2022",
                "platform": "Northmoor Tidal Laboratory",
            },
        ),
    ],
)
def test_titles_awards_and_evaluations_are_recognitions(text: str, row: dict[str, object]) -> None:
    assert cells("recognitions", text) == [row]


def test_a_list_of_titles_is_a_recognition_for_each() -> None:
    text = "东山膜业有限公司先后获评高新技术企业、省级专精特新中小企业和制造业单项冠军企业。"
    assert {row["name"] for row in cells("recognitions", text)} == {
        "高新技术企业",
        "省级专精特新中小企业",
        "制造业单项冠军企业",
    }


@pytest.mark.parametrize(
    ("text", "row"),
    [
        (
            "2022年东山膜业有限公司实现营业收入12.5亿元。",
            {
                "kind": "revenue",
                "value": 1250000000,
                "currency": "CNY",
                "qualifier": "exactly",
                "as_of": "2022",
                "organization": "东山膜业有限公司",
            },
        ),
        (
            "东海省科技厅给予东海省新型膜材料创新联合体约500万元资助。",
            {
                "kind": "grant",
                "value": 5000000,
                "currency": "CNY",
                "qualifier": "about",
                "payer": "东海省科技厅",
                "consortium": "东海省新型膜材料创新联合体",
            },
        ),
        (
            "Foxley Pumps Ltd generated revenue of more than EUR 12.5 million in 2022.",
            {
                "kind": "revenue",
                "value": 12500000,
                "currency": "EUR",
                "qualifier": "more-than",
                "as_of": "2022",
                "organization": "Foxley Pumps Ltd",
            },
        ),
        (
            "The Coastline Consortium received a grant of EUR 3 million from the Ministry of Industry.",
            {
                "kind": "grant",
                "value": 3000000,
                "currency": "EUR",
                "qualifier": "exactly",
                "payer": "Ministry of Industry",
                "consortium": "Coastline Consortium",
            },
        ),
    ],
)
def test_sums_of_money_have_a_kind_a_qualifier_and_who_paid(text: str, row: dict[str, object]) -> None:
    assert cells("amounts", text) == [row]


@pytest.mark.parametrize(
    ("text", "row"),
    [
        (
            "2023年3月8日，东山膜业有限公司与北湖大学签署膜材料技术转让合同。",
            {
                "left": "东山膜业有限公司",
                "right": "北湖大学",
                "kind": "transfer",
                "subject": "膜材料",
                "since": "2023-03-08",
            },
        ),
        (
            "北湖大学将反渗透膜专利许可给东山膜业有限公司。",
            {"left": "北湖大学", "right": "东山膜业有限公司", "kind": "licence", "subject": "反渗透膜专利"},
        ),
        (
            "北湖大学向东山膜业有限公司开放共享大型科研仪器。",
            {"left": "北湖大学", "right": "东山膜业有限公司", "kind": "equipment-sharing", "subject": "大型科研仪器"},
        ),
        (
            "In March 2023 Foxley Pumps Ltd signed a licence agreement with the University of Northmoor.",
            {"left": "Foxley Pumps Ltd", "right": "University of Northmoor", "kind": "licence", "since": "2023-03"},
        ),
        (
            "The University of Northmoor shares its wave tank facilities with Foxley Pumps Ltd.",
            {
                "left": "University of Northmoor",
                "right": "Foxley Pumps Ltd",
                "kind": "equipment-sharing",
                "subject": "wave tank facilities",
            },
        ),
    ],
)
def test_agreements_licences_and_shared_equipment_are_cooperations(text: str, row: dict[str, object]) -> None:
    assert cells("cooperations", text) == [row]


@pytest.mark.parametrize(
    ("text", "row"),
    [
        (
            "西溪泵业有限公司向东山膜业有限公司供应高压柱塞泵。",
            {
                "supplier": "西溪泵业有限公司",
                "customer": "东山膜业有限公司",
                "product": "高压柱塞泵",
                "kind": "supplies",
            },
        ),
        (
            "西溪泵业有限公司成功研制出高压柱塞泵。",
            {"supplier": "西溪泵业有限公司", "product": "高压柱塞泵", "kind": "develops"},
        ),
        (
            "Foxley Pumps Ltd supplies Acme Holdings with turbine blades.",
            {
                "supplier": "Foxley Pumps Ltd",
                "customer": "Acme Holdings",
                "product": "turbine blades",
                "kind": "supplies",
            },
        ),
        (
            "Foxley Pumps Ltd manufactures plunger pumps.",
            {"supplier": "Foxley Pumps Ltd", "product": "plunger pumps", "kind": "produces"},
        ),
    ],
)
def test_who_makes_or_delivers_what_is_a_supply_with_its_kind(text: str, row: dict[str, object]) -> None:
    assert cells("supplies", text) == [row]


@pytest.mark.parametrize(
    ("text", "row"),
    [
        (
            "2023年4月2日，东海省新型膜材料创新联合体在无锡揭牌。",
            {
                "name": "东海省新型膜材料创新联合体揭牌",
                "kind": "unveiling",
                "date": "2023-04-02",
                "region": "无锡",
                "consortium": "东海省新型膜材料创新联合体",
            },
        ),
        (
            "东海省新型膜材料创新联合体成立大会于2023年4月2日举行。",
            {"name": "东海省新型膜材料创新联合体成立大会", "kind": "founding", "date": "2023-04-02"},
        ),
        (
            "The Coastline Consortium was unveiled on 18 May 2023.",
            {
                "name": "Coastline Consortium unveiled",
                "kind": "unveiling",
                "date": "2023-05-18",
                "consortium": "Coastline Consortium",
            },
        ),
    ],
)
def test_what_happened_on_a_day_is_an_event(text: str, row: dict[str, object]) -> None:
    assert cells("events", text) == [row]


def test_an_event_without_a_date_is_none() -> None:
    assert cells("events", "东海省新型膜材料创新联合体在无锡揭牌。") == []


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("东山膜业有限公司拟在苏州工业园区建设生产基地。", ("东山膜业有限公司", "site", "苏州工业园区", "planned")),
        (
            "西溪泵业有限公司未入选制造业单项冠军企业。",
            ("西溪泵业有限公司", "recognition", "制造业单项冠军企业", "denied"),
        ),
        (
            "东海省科技厅拟认定西溪泵业有限公司为高新技术企业。",
            ("西溪泵业有限公司", "recognition", "高新技术企业", "planned"),
        ),
        (
            "东山膜业有限公司计划与北湖大学签署技术转让合同。",
            ("东山膜业有限公司", "cooperation", "北湖大学", "planned"),
        ),
        (
            "Foxley Pumps Ltd plans to build a plant in Harbour Industrial Park.",
            ("Foxley Pumps Ltd", "site", "Harbour Industrial Park", "planned"),
        ),
        (
            "Foxley Pumps Ltd was not awarded the Northmoor Innovation Prize.",
            ("Foxley Pumps Ltd", "recognition", "Northmoor Innovation Prize", "denied"),
        ),
        (
            "Foxley Pumps Ltd will sign a licence agreement with the University of Northmoor.",
            ("Foxley Pumps Ltd", "cooperation", "University of Northmoor", "planned"),
        ),
    ],
)
def test_what_is_planned_or_denied_is_a_claim_with_that_status(text: str, claim: tuple[str, ...]) -> None:
    rows = proposals(text)
    names = ("subject", "property", "value", "status")
    assert [tuple(row.cells[name] for name in names) for row in rows if row.table == "claims"] == [claim]
    assert {row.table for row in rows} <= {"claims", "organizations", "clusters"}


@pytest.mark.parametrize(
    "text",
    [
        "东山膜业有限公司可能入选制造业单项冠军企业。",
        "对首次认定为高新技术企业的单位，最高给予50万元奖励。",
        "代办高新技术企业认定，东山膜业有限公司获评高新技术企业，咨询热线请扫码。",
        "符合条件的企业，由市科技局给予东山膜业有限公司每年50万元资助。",
        "据传东山膜业有限公司与北湖大学签署技术转让合同。",
        "Foxley Pumps Ltd may be named a little giant.",
        "Applicants should be a high-tech enterprise; Foxley Pumps Ltd could receive a grant of EUR 3 million.",
        "Foxley Pumps Ltd manufactures plunger pumps: call now for a discount.",
    ],
)
def test_guidelines_advertisements_and_suppositions_state_nothing(text: str) -> None:
    assert [row for row in proposals(text) if row.table in RELATIONS] == []


def test_rows_of_every_new_table_are_accepted_with_quotes_and_build(tmp_path: Path) -> None:
    path = tmp_path / "news.txt"
    path.write_text(
        "来源：东海科技网  时间：2023年5月20日\n"
        "东山膜业有限公司是东山控股集团有限公司的全资子公司，位于无锡高新区。\n"
        "2022年，东山膜业有限公司被工业和信息化部认定为国家级专精特新“小巨人”企业。"
        "东山膜业有限公司2021年获评国家级专精特新“小巨人”企业。\n"
        "2022年东山膜业有限公司实现营业收入12.5亿元。2023年3月8日，东山膜业有限公司与北湖大学签署技术转让合同。\n"
        "西溪泵业有限公司向东山膜业有限公司供应高压柱塞泵。西溪泵业有限公司也获评国家级专精特新“小巨人”企业。\n"
        "2023年4月2日，东海省新型膜材料创新联合体在无锡揭牌。\n",
        encoding="utf-8",
    )
    folder = tmp_path / "data"
    accepted = dict(cg.accept(cg.read(path), folder).accepted)
    assert {name: accepted[name] for name in accepted if name not in ("organizations", "consortia")} == {
        "hierarchy": 1,
        "clusters": 1,
        "sites": 1,
        "recognitions": 3,
        "amounts": 1,
        "cooperations": 1,
        "supplies": 1,
        "events": 1,
    }
    graph = cg.open(folder)
    assert [
        finding for finding in cg.check(graph, texts=folder / "texts").findings if finding.severity == "violation"
    ] == []
    assert len(graph.select("SELECT ?r WHERE { ?r a cg:Recognition ; cg:evidence ?quote }")) == 3
