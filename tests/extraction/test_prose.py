"""What sentences say of consortia, as rows."""

from __future__ import annotations

from pathlib import Path

import pytest

import chaingraph as cg
from tests.extraction.documents import ENGLISH_NEWS, NEWS, NOTICE, rows

pytest.importorskip("opencc")


@pytest.fixture
def news(tmp_path: Path) -> cg.Candidates:
    path = tmp_path / "news.txt"
    path.write_text(NEWS, encoding="utf-8")
    return cg.read(path)


def read_text(tmp_path: Path, text: str) -> cg.Candidates:
    path = tmp_path / "text.txt"
    path.write_text(text, encoding="utf-8")
    return cg.read(path)


def test_the_lead_and_the_members_of_a_sentence_belong_to_the_consortium_that_is_spoken_of(news: cg.Candidates) -> None:
    name = "江苏省新型膜材料创新联合体"
    assert rows(news, "memberships", "organization", "consortium", "role") == [
        ("江苏东山膜业有限公司", name, "lead"),
        ("北湖大学", name, "member"),
        ("南岭研究院", name, "member"),
    ]
    assert rows(news, "consortia", "name", "body", "region", "founded") == [
        ("东海省新型膜材料创新联合体", "innovation-consortium", None, None),
        (name, "innovation-consortium", "江苏省", "2023-05-18"),
    ]


def test_counts_have_a_qualifier_and_a_scope(news: cg.Candidates) -> None:
    name = "江苏省新型膜材料创新联合体"
    assert rows(news, "reported", "counts", "value", "qualifier", "level_at_least", "consortium") == [
        ("organizations", 8, "exactly", None, name),
        ("projects", 6, "exactly", "provincial", name),
        ("other", 30, "nearly", None, name),
    ]


def test_a_level_belongs_to_the_count_of_its_own_clause(tmp_path: Path) -> None:
    path = tmp_path / "news.txt"
    path.write_text("甲省膜材料创新联合体由8家单位组建，已承担省级以上科技项目6项。\n", encoding="utf-8")
    assert rows(cg.read(path), "reported", "counts", "value", "level_at_least") == [
        ("organizations", 8, None),
        ("projects", 6, "provincial"),
    ]


def test_a_short_form_stands_for_the_full_name(news: cg.Candidates) -> None:
    assert rows(news, "platforms", "name", "level", "host") == [
        ("江苏省膜材料重点实验室", "provincial", "江苏东山膜业有限公司")
    ]
    (lead,) = [row for row in news.rows if row.cells.get("name") == "江苏东山膜业有限公司"]
    assert dict(lead.cells) == {"name": "江苏东山膜业有限公司", "kind": "enterprise", "alias": "东山膜业"}


def test_what_is_planned_is_a_claim_and_no_membership(news: cg.Candidates) -> None:
    assert rows(news, "claims", "table", "subject", "property", "value", "status") == [
        ("consortia", "江苏省新型膜材料创新联合体", "member", "西溪泵业有限公司", "planned")
    ]


def test_a_stage_has_its_segment_and_its_holder(news: cg.Candidates) -> None:
    assert rows(news, "stage_roles", "stage", "segment", "organization") == [
        ("聚酰胺单体制备", "upstream", "北湖化工有限公司")
    ]


def test_every_quote_stands_at_its_place(news: cg.Candidates) -> None:
    (source,) = news.sources
    assert [row.quote for row in news.rows] == [source.text[row.start : row.end] for row in news.rows]
    assert all(row.quote for row in news.rows)


def test_english_news_gives_members_a_founding_and_an_end(tmp_path: Path) -> None:
    candidates = read_text(tmp_path, ENGLISH_NEWS)
    name = "Coastline Consortium"
    assert rows(candidates, "memberships", "organization", "consortium", "role", "until") == [
        ("Acme Power Ltd", name, "lead", None),
        ("University of Northmoor", name, "member", None),
        ("Tidewell Marine GmbH", name, "member", None),
        ("Foxley Ferries", name, "member", "2023-03"),
    ]
    assert rows(candidates, "consortia", "name", "founded") == [(name, "2022-05")]
    assert rows(candidates, "reported", "counts", "value", "role") == [
        ("organizations", 12, "member"),
        ("platforms", 2, None),
    ]


def test_a_list_of_a_proposal_gives_planned_consortia_under_their_programme(tmp_path: Path) -> None:
    candidates = read_text(tmp_path, NOTICE)
    programme = "江苏省2024年度第一批创新联合体"
    assert rows(candidates, "programmes", "name", "authority", "region", "announced") == [
        (programme, "江苏省科学技术厅", "江苏省", "2024-05-13")
    ]
    assert rows(candidates, "consortia", "name", "programme", "status") == [
        ("先进膜材料创新联合体", programme, "planned"),
        ("智能农机创新联合体", programme, "planned"),
    ]
    assert rows(candidates, "memberships", "organization", "consortium", "role") == [
        ("东山膜业有限公司", "先进膜材料创新联合体", "lead"),
        ("北湖大学", "先进膜材料创新联合体", "member"),
        ("南岭研究院", "先进膜材料创新联合体", "member"),
        ("西溪农机有限公司", "智能农机创新联合体", "lead"),
        ("北湖大学", "智能农机创新联合体", "member"),
    ]


def test_names_that_a_line_end_breaks_are_joined_in_the_cells_and_not_in_the_quote(tmp_path: Path) -> None:
    text = (
        "江苏省新型膜材料创新联合体由江苏东山膜业有\n限公司牵头，联合北湖大学、南岭先进材料研究院、西\n"
        "溪泵业有限公司等单位共同组建，目前已经形成从原料\n到装备的完整链条，带动了本地一批配套产业持续向好\n"
        "发展，联合体还将继续扩大规模，吸引更多高水平的团\n队参与其中，为区域发展作出更大的贡献。\n"
    )
    candidates = read_text(tmp_path, text)
    assert rows(candidates, "memberships", "organization", "role") == [
        ("江苏东山膜业有限公司", "lead"),
        ("北湖大学", "member"),
        ("南岭先进材料研究院", "member"),
        ("西溪泵业有限公司", "member"),
    ]
    (broken,) = [row for row in candidates.rows if row.cells.get("name") == "西溪泵业有限公司"]
    assert broken.quote == "西\n溪泵业有限公司"


def test_consortia_and_leads_that_are_listed_respectively_are_paired(tmp_path: Path) -> None:
    text = "甲乙膜材料创新联合体、丙丁农机创新联合体入选，牵头单位分别为东山膜业有限公司、西溪农机有限公司。"
    assert rows(read_text(tmp_path, text), "memberships", "organization", "consortium", "role") == [
        ("东山膜业有限公司", "甲乙膜材料创新联合体", "lead"),
        ("西溪农机有限公司", "丙丁农机创新联合体", "lead"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "第三条 成员单位一般不少于5家，其中高等学校不少于2家。牵头单位应当具有独立法人资格。",
        "The leading unit of the innovation consortium should have at least 200 employees.",
        "净水器以旧换新最高补贴800元，扫码加入会员联盟。",
        "本项目接受投标联合体投标，联合体成员不超过3家。",
    ],
)
def test_rules_and_advertisements_give_nothing(tmp_path: Path, text: str) -> None:
    assert read_text(tmp_path, text).rows == ()


def test_traditional_characters_stay_as_the_document_writes_them(tmp_path: Path) -> None:
    text = "廣東省膜材料創新聯合體由東山膜業有限公司牽頭，聯合北湖大學等6家單位共同組建。"
    assert rows(read_text(tmp_path, text), "memberships", "organization", "consortium", "role") == [
        ("東山膜業有限公司", "廣東省膜材料創新聯合體", "lead"),
        ("北湖大學", "廣東省膜材料創新聯合體", "member"),
    ]
