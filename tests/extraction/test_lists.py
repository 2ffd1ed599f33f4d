"""Lists of what was recognised or evaluated: numbered, one name or one cell per line, in tables; written for this."""

from __future__ import annotations

import pytest

from chaingraph.extraction.documents import Cell, Document
from chaingraph.extraction.read_document import document_facts
from chaingraph.extraction.totals import total_notes
from tests.extraction.proposals import proposals, rows

pytest.importorskip("opencc")

EVALUATION = """附件
2023年度东海省重点实验室绩效评价结果
一、优秀
1.东海省膜材料重点实验室
2.东海省泵阀重点实验室
3.东海省农机重点实验室
二、不合格
1.东海省光电重点实验室
东海省科学技术厅
"""
PARKS = """附件1
2022年东海省特色产业集群名单
1. 东海膜材料产业集群
2. 南岭良种奶牛产业集群
3. 西溪泵阀产业集群
"""
TITLES = """关于公布2023年度东海省专精特新中小企业名单的通知
各设区市：
现将名单公布如下。
2023年度东海省专精特新中小企业名单
东山膜业有限公司
西溪泵业有限公司
南湖光电股份有限公司
北岭农机有限公司
东海省工业和信息化厅
2023年12月1日
"""
ENGLISH = """List of the 2022 Northmoor Innovation Prize winners
1. Acme Power Ltd
2. Tidewell Marine GmbH
3. Foxley Pumps Ltd
"""
ONE_CELL_PER_LINE = """附件
2023年度东海省重点实验室绩效评价结果
序号
实验室名称
依托单位
评价结果
1
东海省膜材料重点实验室
北湖大学
优秀
2
东海省泵阀重点实验室
西溪泵业有限公司
良好
3
东海省农机重点实验室
南岭研究院
合格
东海省科学技术厅
"""


def text(content: str) -> Document:
    return Document("list.txt", content)


def page(content: str, *tables: list[list[str]]) -> Document:
    """Return a document of a title and tables, a row per line and cells between tabs."""
    cells = []
    for table in tables:
        grid = []
        for row in table:
            line: list[Cell] = []
            for value in row:
                start = len(content) + (1 if line else 0)
                content += ("\t" if line else "") + value
                line.append(Cell(value, start, start + len(value)))
            content += "\n"
            grid.append(tuple(line))
        cells.append(tuple(grid))
    return Document("page.html", content, tuple(cells))


def test_a_numbered_list_of_an_evaluation_gives_each_platform_its_grade() -> None:
    columns = ("platform", "name", "kind", "grade", "year", "level")
    name = "东海省重点实验室绩效评价"
    assert rows(text(EVALUATION), "recognitions", *columns) == [
        ("东海省膜材料重点实验室", name, "evaluation", "优秀", "2023", "provincial"),
        ("东海省泵阀重点实验室", name, "evaluation", "优秀", "2023", "provincial"),
        ("东海省农机重点实验室", name, "evaluation", "优秀", "2023", "provincial"),
        ("东海省光电重点实验室", name, "evaluation", "不合格", "2023", "provincial"),
    ]


def test_a_list_of_clusters_names_clusters() -> None:
    assert rows(text(PARKS), "clusters", "name", "kind") == [
        ("东海膜材料产业集群", "cluster"),
        ("南岭良种奶牛产业集群", "cluster"),
        ("西溪泵阀产业集群", "cluster"),
    ]


def test_the_result_of_a_park_is_a_claim_because_no_recognition_has_a_park() -> None:
    content = "第七批国家农业科技园区验收结果\n一、验收通过的园区\n1.东海国家农业科技园区\n2.西溪国家农业科技园区\n"
    assert rows(text(content), "claims", "table", "subject", "property", "value", "status")[0] == (
        "clusters",
        "东海国家农业科技园区",
        "recognition",
        "国家农业科技园区验收：通过",
        "stated",
    )


def test_names_one_per_line_below_the_title_of_a_list_are_its_items_and_its_signature_is_none() -> None:
    assert rows(text(TITLES), "recognitions", "organization", "name", "year") == [
        ("东山膜业有限公司", "东海省专精特新中小企业", "2023"),
        ("西溪泵业有限公司", "东海省专精特新中小企业", "2023"),
        ("南湖光电股份有限公司", "东海省专精特新中小企业", "2023"),
        ("北岭农机有限公司", "东海省专精特新中小企业", "2023"),
    ]


def test_a_list_of_proposed_titles_gives_claims_that_are_planned() -> None:
    content = TITLES.replace("专精特新中小企业名单", "专精特新中小企业拟认定名单")
    assert rows(text(content), "recognitions", "name") == []
    assert rows(text(content), "claims", "subject", "property", "value", "status")[0] == (
        "东山膜业有限公司",
        "recognition",
        "东海省专精特新中小企业",
        "planned",
    )


def test_the_winners_of_a_prize_in_english_are_recognitions() -> None:
    assert rows(text(ENGLISH), "recognitions", "organization", "name", "kind", "year") == [
        ("Acme Power Ltd", "Northmoor Innovation Prize", "award", "2022"),
        ("Tidewell Marine GmbH", "Northmoor Innovation Prize", "award", "2022"),
        ("Foxley Pumps Ltd", "Northmoor Innovation Prize", "award", "2022"),
    ]


def test_a_menu_of_offices_is_no_list() -> None:
    content = "新闻动态\n首页\n北湖大学\n南岭研究院\n东海大学\n西溪研究院\n今天天气很好。"
    assert document_facts(text(content)) == []


def test_a_table_of_one_cell_per_line_is_read_as_a_table() -> None:
    assert rows(text(ONE_CELL_PER_LINE), "platforms", "name", "host", "level") == [
        ("东海省膜材料重点实验室", "北湖大学", "provincial"),
        ("东海省泵阀重点实验室", "西溪泵业有限公司", "provincial"),
        ("东海省农机重点实验室", "南岭研究院", "provincial"),
    ]
    assert rows(text(ONE_CELL_PER_LINE), "recognitions", "platform", "grade") == [
        ("东海省膜材料重点实验室", "优秀"),
        ("东海省泵阀重点实验室", "良好"),
        ("东海省农机重点实验室", "合格"),
    ]


def test_a_table_of_results_gives_each_organization_its_grade_and_the_words_of_the_row() -> None:
    document = page(
        "东海省科研仪器开放共享评价考核结果\n",
        [
            ["序号", "考核单位", "结果"],
            ["1", "北湖大学", "优秀"],
            ["2", "南岭研究院", "良好"],
            ["3", "东海大学", "合格"],
        ],
    )
    assert rows(document, "recognitions", "organization", "name", "grade") == [
        ("北湖大学", "东海省科研仪器开放共享评价考核", "优秀"),
        ("南岭研究院", "东海省科研仪器开放共享评价考核", "良好"),
        ("东海大学", "东海省科研仪器开放共享评价考核", "合格"),
    ]
    (first, *_) = [row for row in proposals(document) if row.table == "recognitions"]
    assert first.quote == "北湖大学\t优秀"


def test_a_table_of_awards_has_the_name_that_its_column_gives() -> None:
    document = page(
        "企业荣誉一览表\n",
        [
            ["获奖单位", "奖项名称", "获奖年度"],
            ["东山膜业有限公司", "东海省科学技术奖一等奖", "2021"],
            ["西溪泵业有限公司", "东海省质量奖", "2022"],
        ],
    )
    assert rows(document, "recognitions", "organization", "name", "grade", "year", "kind") == [
        ("东山膜业有限公司", "东海省科学技术奖", "一等奖", "2021", "award"),
        ("西溪泵业有限公司", "东海省质量奖", None, "2022", "award"),
    ]


def test_a_table_of_subsidiaries_is_a_hierarchy() -> None:
    document = page(
        "下属企业名单\n",
        [
            ["子公司名称", "母公司", "关系"],
            ["东山膜业有限公司", "东山控股集团有限公司", "全资子公司"],
            ["西溪泵业有限公司", "东山控股集团有限公司", "控股子公司"],
        ],
    )
    assert rows(document, "hierarchy", "organization", "parent", "kind") == [
        ("东山膜业有限公司", "东山控股集团有限公司", "subsidiary"),
        ("西溪泵业有限公司", "东山控股集团有限公司", "subsidiary"),
    ]


def test_a_table_of_agreements_is_a_table_of_cooperations() -> None:
    document = page(
        "合作协议清单\n",
        [
            ["甲方", "乙方", "合作内容", "签约时间"],
            ["东山膜业有限公司", "北湖大学", "膜材料研发", "2023年3月"],
            ["西溪泵业有限公司", "南岭研究院", "泵阀检测", "2022年5月"],
        ],
    )
    assert rows(document, "cooperations", "left", "right", "subject", "since") == [
        ("东山膜业有限公司", "北湖大学", "膜材料研发", "2023-03"),
        ("西溪泵业有限公司", "南岭研究院", "泵阀检测", "2022-05"),
    ]


def test_a_list_of_names_whose_heading_is_unknown_is_read_with_its_other_columns() -> None:
    document = page(
        "国家种质资源库（第二批）\n",
        [
            ["序号", "国家库名称", "建设依托单位", "所在省"],
            ["1", "国家食用菌种质资源库（东海）", "北湖大学", "江苏省"],
            ["2", "国家水生种质资源库（南岭）", "南岭研究院", "浙江省"],
            ["3", "国家肥料微生物种质资源库（西溪）", "东海大学", "安徽省"],
        ],
    )
    assert rows(document, "platforms", "name", "host", "region", "level") == [
        ("国家食用菌种质资源库（东海）", "北湖大学", "江苏省", "national"),
        ("国家水生种质资源库（南岭）", "南岭研究院", "浙江省", "national"),
        ("国家肥料微生物种质资源库（西溪）", "东海大学", "安徽省", "national"),
    ]


def test_totals_of_the_prose_are_compared_with_the_rows_of_a_list() -> None:
    document = page(
        "东海省科研仪器开放共享评价考核结果，其中优秀3家。\n东海省科研仪器开放共享评价考核结果\n",
        [
            ["序号", "考核单位", "结果"],
            *([str(n), f"东海{n}号研究院", "优秀" if n < 3 else "良好"] for n in range(1, 8)),
        ],
    )
    assert total_notes(document, document_facts(document)) == [
        "page.html: the text says 3 of '优秀', and the table has 2"
    ]


@pytest.mark.parametrize("date", ["民國110年5月18日", "民國一百一十年五月十八日", "民國一一〇年五月十八日"])
def test_years_of_the_republic_are_dates(date: str) -> None:
    content = f"{date}，東海省新型膜材料創新聯合體成立。"
    assert rows(text(content), "consortia", "name", "founded") == [("東海省新型膜材料創新聯合體", "2021-05-18")]


def test_a_form_whose_headings_stand_in_its_first_column_is_read_as_a_row() -> None:
    document = page(
        "创新联合体基本情况表\n",
        [
            ["联合体名称", "东海省膜材料创新联合体"],
            ["牵头单位", "东山膜业有限公司"],
            ["成员单位", "北湖大学、南岭研究院"],
            ["成立时间", "2023年5月"],
        ],
    )
    assert rows(document, "consortia", "name", "founded") == [("东海省膜材料创新联合体", "2023-05")]
    assert rows(document, "memberships", "organization", "consortium", "role") == [
        ("东山膜业有限公司", "东海省膜材料创新联合体", "lead"),
        ("北湖大学", "东海省膜材料创新联合体", "member"),
        ("南岭研究院", "东海省膜材料创新联合体", "member"),
    ]


@pytest.mark.parametrize(
    ("title", "heading", "lead", "member", "name"),
    [
        (
            "东海省膜材料创新联合体成员单位名单\n",
            ["单位名称", "角色"],
            "牵头单位",
            "成员单位",
            "东海省膜材料创新联合体",
        ),
        ("Members of the Coastline Consortium\n", ["Organisation", "Role"], "Lead", "Member", "Coastline Consortium"),
    ],
)
def test_a_list_of_organizations_with_roles_belongs_to_the_consortium_of_its_title(
    title: str, heading: list[str], lead: str, member: str, name: str
) -> None:
    document = page(title, [heading, ["Acme Power Ltd", lead], ["University of Northmoor", member]])
    assert rows(document, "memberships", "organization", "consortium", "role") == [
        ("Acme Power Ltd", name, "lead"),
        ("University of Northmoor", name, "member"),
    ]


def test_a_table_of_regions_gives_counts_by_what_its_headings_and_its_title_call_them() -> None:
    document = page(
        "创新联合体建设情况\n",
        [["地区", "家数", "成员单位（家）"], ["南京市", "5", "60"], ["苏州市", "3", "41"], ["合计", "8", "101"]],
    )
    assert rows(document, "reported", "region", "counts", "role", "value") == [
        ("南京市", "consortia", None, 5),
        ("南京市", "organizations", "member", 60),
        ("苏州市", "consortia", None, 3),
        ("苏州市", "organizations", "member", 41),
    ]


def test_the_level_that_a_column_gives_a_platform_stays() -> None:
    document = page(
        "平台一览表\n",
        [
            ["平台名称", "级别", "依托单位"],
            ["膜材料重点实验室", "省级", "北湖大学"],
            ["膜检测平台", "市级", "东山膜业有限公司"],
        ],
    )
    assert rows(document, "platforms", "name", "level") == [
        ("膜材料重点实验室", "provincial"),
        ("膜检测平台", "municipal"),
    ]
