"""The workbook template: made from the contract, safe to leave half filled, and the same graph when it is full."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import python_calamine as calamine

from chaingraph.errors import (
    ChaingraphError,
    TableProblemsError,
    UnknownLanguageError,
    UnknownTermError,
    UnreadableError,
    UsageError,
)
from chaingraph.resources import SAMPLES, sample
from chaingraph.store import KnowledgeGraph
from chaingraph.tables import contract, read
from chaingraph.tables.template import tables_by_title, workbook, write
from chaingraph.tables.template.rows import examples, read_texts
from chaingraph.tables.template.words import column_definition, table_definition
from tests.conftest import DataSetFolder
from tests.tables.books import filled

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def cells(content: bytes) -> dict[str, list[list[str]]]:
    """Return the texts of each sheet of a workbook."""
    with calamine.load_workbook(BytesIO(content)) as book:
        return {
            name: [[str(cell) for cell in row] for row in book.get_sheet_by_name(name).to_python()]
            for name in book.sheet_names
        }


def part(content: bytes, name: str) -> str:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return archive.read(name).decode()


def exported(source: Path, tmp_path: Path) -> bytes:
    KnowledgeGraph.open(source).export(tmp_path / "out.nt")
    return (tmp_path / "out.nt").read_bytes()


@pytest.fixture(scope="module")
def chinese() -> bytes:
    return workbook(language="zh")


@pytest.mark.parametrize(("name", "language"), [*((name, "zh") for name in SAMPLES), (SAMPLES[0], "en")])
def test_a_template_filled_with_a_data_set_gives_the_same_graph(name: str, language: str, tmp_path: Path) -> None:
    target = tmp_path / "any-name.xlsx"
    write(target, language=language, data=read_texts(sample(name)))
    assert exported(target, tmp_path) == exported(sample(name), tmp_path)
    assert read(target).notes == ()


def test_a_filled_template_can_be_filled_again_in_the_other_language(tmp_path: Path) -> None:
    write(tmp_path / "zh.xlsx", data=read_texts(sample("china-consortia")))
    write(tmp_path / "en.xlsx", language="en", data=read_texts(tmp_path / "zh.xlsx"))
    assert exported(tmp_path / "en.xlsx", tmp_path) == exported(sample("china-consortia"), tmp_path)


def test_the_sheets_that_are_filled_first_stand_first_and_every_table_has_one(chinese: bytes) -> None:
    titles = list(cells(chinese))
    assert titles[:5] == ["名单", "说明", "创新联合体", "成员", "单位"]
    assert titles[-2:] == ["数据集", "示例"]
    assert set(titles[2:-2]) == {table.title_zh for table in contract().values()}
    assert list(cells(workbook(language="en")))[:5] == [
        *("Roster", "Guide", "consortia", "memberships", "organizations")
    ]
    assert list(cells(workbook(tables=["consortia"]))) == ["说明", "创新联合体", "数据集", "示例"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_heading_is_read_as_its_column(language: str) -> None:
    made = cells(workbook(language=language))
    for table in contract().values():
        sheet = made[table.title_zh if language == "zh" else table.titles[0]]
        known = table.by_title()
        assert sorted(known[heading.casefold()].name for heading in sheet[0]) == sorted(c.name for c in table.cells)
        assert sheet[1:] == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_table_and_every_column_is_defined_in_both_languages(language: str) -> None:
    undefined = [table.name for table in contract().values() if not table_definition(table, language)]
    undefined += [
        f"{table.name}.{column.name}"
        for table in contract().values()
        for column in table.cells
        if not column_definition(column, table, language)
    ]
    assert undefined == []


def test_a_heading_carries_what_it_means_how_it_is_written_and_an_example(chinese: bytes) -> None:
    comments = part(chinese, "xl/comments3.xml")
    root = ET.fromstring(comments)
    told = {
        comment.get("ref"): "".join(text.text or "" for text in comment.iter(f"{MAIN}t"))
        for comment in root.iter(f"{MAIN}comment")
    }
    assert told["A1"].splitlines()[0] == "必填"
    assert "填“单位”表中一行的名称、别名或编号，写法须完全一致" in told["A1"]
    assert "一格可填多个，用 、 ； 或换行分开" in told["A1"]
    assert told["A1"].splitlines()[-1] == "例: 苏大维格"
    assert told["B1"].splitlines()[0] == "同色的几列至少填一列"
    assert "年、月或日：2022、2022-10 或 2022-10-14" in told["F1"]


def test_codes_and_references_are_offered_and_nothing_else_is_forbidden(chinese: bytes) -> None:
    sheet = ET.fromstring(part(chinese, "xl/worksheets/sheet4.xml"))
    rules = {rule.get("sqref", "")[0]: rule for rule in sheet.iter(f"{MAIN}dataValidation")}
    offered = {column: rule.findtext(f"{MAIN}formula1") for column, rule in rules.items()}
    assert offered["A"] == "OFFSET('单位'!$A$2,0,0,MAX(1,COUNTA('单位'!$A:$A)-1),1)"
    assert offered["B"] == "OFFSET('创新联合体'!$A$2,0,0,MAX(1,COUNTA('创新联合体'!$A:$A)-1),1)"
    assert (offered["E"] or "").startswith('"牵头单位,成员单位,')
    assert {rule.get("errorStyle", "none") for rule in rules.values()} == {"none", "warning"}
    assert rules["A"].get("showErrorMessage") is None
    assert rules["E"].get("errorStyle") == "warning"


def test_a_reference_to_a_table_that_is_left_out_is_not_offered() -> None:
    sheet = ET.fromstring(part(workbook(tables=["memberships"]), "xl/worksheets/sheet2.xml"))
    assert not any("OFFSET" in (rule.findtext(f"{MAIN}formula1") or "") for rule in sheet.iter(f"{MAIN}dataValidation"))


def test_cells_for_dates_and_names_hold_text_so_that_a_month_stays_a_month(chinese: bytes) -> None:
    sheet = ET.fromstring(part(chinese, "xl/worksheets/sheet4.xml"))
    styles = ET.fromstring(part(chinese, "xl/styles.xml")).find(f"{MAIN}cellXfs")
    assert styles is not None
    kinds = {styles[int(column.get("style", "0"))].get("numFmtId") for column in sheet.iter(f"{MAIN}col")}
    assert kinds == {"49"}


def test_the_examples_are_real_rows_in_which_names_stand_for_ids() -> None:
    shown = examples("zh")
    assert shown["memberships"]["organization"] == "苏大维格"
    assert shown["memberships"]["consortium"] == "江苏省新型显示产业技术创新联合体"
    assert shown["memberships"]["role"] == "牵头单位"
    assert examples("en")["memberships"]["role"] == "lead"
    assert set(shown) == set(contract())


def test_an_unfilled_template_is_refused_with_what_to_fill_in(chinese: bytes, tmp_path: Path) -> None:
    path = tmp_path / "roster.xlsx"
    path.write_bytes(chinese)
    with pytest.raises(UnreadableError) as refused:
        KnowledgeGraph.open(path)
    assert str(refused.value) == (
        f"{path}: holds headings but no row yet; fill its first sheet, or at least two others: consortia (创新联合体)"
        " and members (成员)"
    )


@pytest.mark.parametrize(
    ("language", "rows", "said"),
    [
        (
            "zh",
            [
                [
                    "1",
                    "甲联合体",
                    "东山机电有限公司",
                    "甲州大学、北湖仪器厂等5家单位",
                    "甲州市",
                    "智能装备",
                    "2022年11月",
                    "首批",
                ],
                ["2", "乙联合体", "西河化工有限公司", "甲州大学\n南岭研究院"],
            ],
            [
                *("东山机电有限公司 lead 甲联合体", "甲州大学 member 甲联合体", "北湖仪器厂 member 甲联合体"),
                *("西河化工有限公司 lead 乙联合体", "甲州大学 member 乙联合体", "南岭研究院 member 乙联合体"),
            ],
        ),
        (
            "en",
            [["1", "Display Consortium", "Acme GmbH", "Foo University; Bar Ltd and 5 others", "Suzhou", "", "2022-10"]],
            [
                *("Acme GmbH lead Display Consortium", "Bar Ltd member Display Consortium"),
                "Foo University member Display Consortium",
            ],
        ),
    ],
)
def test_a_template_of_which_only_the_first_sheet_is_filled_is_a_roster(
    language: str, rows: list[list[str]], said: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "mine.xlsx"
    path.write_bytes(filled(workbook(language=language), {1: rows}))
    kg = KnowledgeGraph.open(path)
    memberships = kg.select(
        "SELECT ?o ?r ?c { ?m a cg:Membership ; cg:organization/rdfs:label ?o ; cg:role/skos:notation ?r ;"
        " cg:consortium/rdfs:label ?c }"
    )
    assert sorted(map(" ".join, memberships.itertuples(index=False))) == sorted(said)
    assert [line for line in kg.summary["en"] if "unknown heading" in line or "left out, cells" in line] == []


def test_what_the_template_of_a_roster_says_of_itself_is_kept(tmp_path: Path) -> None:
    sheet = list(cells(workbook())).index("数据集") + 1
    content = filled(workbook(), {1: [["1", "甲联合体", "东山机电有限公司"]]})
    described = filled(content, {sheet: [["中文标题", "甲省名单"], ["许可", "CC0"]]})
    path = tmp_path / "mine.xlsx"
    path.write_bytes(content)
    titles = "SELECT ?t ?l { ?d a dcat:Dataset ; dcterms:title ?t OPTIONAL { ?d dcterms:license ?l } }"
    assert KnowledgeGraph.open(path).select(titles)["t"].to_list() == ["mine"]
    path.write_bytes(described)
    assert KnowledgeGraph.open(path).select(titles).to_numpy().tolist() == [["甲省名单", "CC0"]]


def test_a_template_that_is_filled_in_both_ways_is_refused_before_anything_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "mine.xlsx"
    rows = {1: [["1", "甲联合体", "东山机电有限公司"]], 3: [["乙联合体"]], 4: [["甲公司", "乙联合体"]]}
    path.write_bytes(filled(workbook(), rows))
    with pytest.raises(UnreadableError) as refused:
        KnowledgeGraph.open(path)
    assert str(refused.value) == (
        f"{path}: has rows in the sheet 名单 and in 创新联合体, 成员, and only one of the two ways is read; keep the"
        " rows in 名单 or in the others, and empty or delete the rest"
    )


def test_a_template_whose_sheets_of_tables_are_filled_is_read_strictly(tmp_path: Path) -> None:
    path = tmp_path / "mine.xlsx"
    path.write_bytes(filled(workbook(), {3: [["乙联合体"]], 4: [["甲公司", "乙联合体"]]}))
    with pytest.raises(TableProblemsError, match="sheet 成员, row 2: '成员单位' holds '甲公司'"):
        KnowledgeGraph.open(path)
    kg = KnowledgeGraph.open(path, create=True)
    assert kg.select("SELECT ?n { ?o a cg:Organization ; rdfs:label ?n }")["n"].to_list() == ["甲公司"]
    assert kg.notes == ()


def test_examples_that_nobody_deletes_never_become_data(data_set: DataSetFolder, tmp_path: Path) -> None:
    folder = data_set(
        consortia="name\n联合体\n",
        memberships="organization,consortium\n甲公司,联合体\n",
        organizations="name\n甲公司\n",
    )
    target = tmp_path / "roster.xlsx"
    write(target, data=read_texts(folder))
    assert any("苏大维格" in row for row in cells(target.read_bytes())["示例"])
    labels = KnowledgeGraph.open(target).select("SELECT ?n { ?x a cg:Organization ; rdfs:label ?n }")
    assert labels["n"].to_list() == ["甲公司"]
    assert exported(target, tmp_path) == exported(folder, tmp_path)


def test_texts_stay_texts_whatever_they_begin_with(data_set: DataSetFolder, tmp_path: Path) -> None:
    names = ["=1+1", "+86", "-x", "@here", "https://example.org/x", "_x000D_", "<b>&", "0012", "1e5"]
    rows = "".join(f'{number},"{name}"\n' for number, name in enumerate(names))
    folder = data_set(organizations=f"id,name\n{rows}")
    target = tmp_path / "roster.xlsx"
    write(target, data=read_texts(folder))
    assert read(target).tables["organizations"]["name"].to_list() == names
    with zipfile.ZipFile(target) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
    assert not any(b"<f>" in sheet for sheet in sheets)
    assert exported(target, tmp_path) == exported(folder, tmp_path)


def test_numbers_keep_every_digit(data_set: DataSetFolder, tmp_path: Path) -> None:
    amounts = ["0.1", "1234567890123456789.125", "60", "0.000001"]
    rows = "".join(f"{number},项目{number},{amount}\n" for number, amount in enumerate(amounts))
    folder = data_set(projects=f"id,name,budget\n{rows}")
    target = tmp_path / "roster.xlsx"
    write(target, data=read_texts(folder))
    assert read(target).tables["projects"]["budget"].to_list() == amounts


def test_the_same_input_gives_the_same_bytes_in_another_process(chinese: bytes) -> None:
    code = (
        "import sys; from chaingraph.tables.template import workbook; sys.stdout.buffer.write(workbook(language='zh'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, env={**os.environ, "PYTHONHASHSEED": "7"}
    )
    assert done.stdout == chinese


def test_what_a_data_set_says_of_itself_is_asked_for_in_words(chinese: bytes) -> None:
    sheet = cells(chinese)["数据集"]
    assert sheet[0] == ["键", "值", "含义"]
    assert [row[0] for row in sheet[1:]] == [
        *(
            "标识名",
            "中文标题",
            "英文标题",
            "中文简介",
            "英文简介",
            "名称的语言",
            "网址前缀",
            "许可",
            "中文署名",
            "英文署名",
        )
    ]
    assert [row[1] for row in sheet[1:] if row[1]] == ["zh"]


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"language": "fr"}, UnknownLanguageError, "there is no language 'fr'; expected zh or en"),
        (
            {"tables": ["consortia"], "data": "china-consortia"},
            UsageError,
            "the data set has 1 row of 'amounts', which the chosen tables leave out; name it too",
        ),
    ],
)
def test_what_a_template_cannot_be_is_refused(
    options: dict[str, object], error: type[ChaingraphError], said: str
) -> None:
    if "data" in options:
        options = {**options, "data": read_texts(sample(str(options["data"])))}
    with pytest.raises(error) as refused:
        workbook(**options)  # type: ignore[arg-type]
    assert str(refused.value) == said


def test_a_cell_that_is_too_long_is_refused_with_its_place(data_set: DataSetFolder, tmp_path: Path) -> None:
    folder = data_set(organizations=f"id,name\na,{'长' * 32_768}\n")
    with pytest.raises(UsageError) as refused:
        write(tmp_path / "roster.xlsx", data=read_texts(folder))
    said = "organizations, row 2, 'name': the text has 32,768 characters, and a cell holds 32,767; shorten it"
    assert str(refused.value) == said
    assert list(tmp_path.glob("*.xlsx")) == []


def test_an_existing_workbook_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "roster.xlsx"
    path.write_text("mine")
    with pytest.raises(UsageError, match="it exists, and what was filled in would be lost; name another file"):
        write(path)
    assert path.read_text() == "mine"


def test_tables_are_chosen_by_any_of_their_titles() -> None:
    assert tables_by_title(["成员", "Consortia", "memberships"]) == ["memberships", "consortia"]
    with pytest.raises(UnknownTermError, match="'consorta' is unknown; did you mean consortia"):
        tables_by_title(["consorta"])
    with pytest.raises(UsageError, match="expected names of tables separated by commas"):
        tables_by_title([])


def test_no_name_of_the_ontologys_terms_is_shown_to_a_person(chinese: bytes) -> None:
    with zipfile.ZipFile(BytesIO(chinese)) as archive:
        texts = [name for name in archive.namelist() if name.startswith(("xl/comments", "xl/sharedStrings"))]
        assert [name for name in texts if b"cg:" in archive.read(name)] == []
    assert len(texts) == len(contract()) + 2
