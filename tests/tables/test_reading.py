"""What people write in cells becomes typed frames, whatever the file it stands in."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import polars as pl
import pytest

from chaingraph.errors import UnreadableError
from chaingraph.store import KnowledgeGraph
from chaingraph.tables import MERGED, contract, read
from chaingraph.tables.contract import heading_key
from chaingraph.tables.references import identifier

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import DataSetFolder

ENGLISH = {
    "organizations": "id,name,kind,region\nsuda,苏州大学,university,\nsudaweige,苏大维格,enterprise,suzhou\n",
    "regions": "id,name,alias\nsuzhou,苏州市,苏州\n",
    "consortia": "id,name,founded,industry\nxianshi,新型显示联合体,2022-03,x\n",
    "industries": "id,name\nx,新型显示\n",
    "memberships": "organization,consortium,role\nsudaweige,xianshi,lead\nsuda,xianshi,member\n",
}
CHINESE = {
    "organizations": "编号;单位名称;单位类型;所在地\nsuda;苏州大学;高校;\nsudaweige;苏大维格;企业;苏州\n",
    "regions": "编号;名称;别名\nsuzhou;苏州市;苏州\n",
    "consortia": "编号;联合体名称;成立时间;产业\nxianshi;新型显示联合体;2022年3月;新型显示\n",
    "industries": "编号;名称\nx;新型显示\n",
    "memberships": "成员单位;联合体;角色\n苏大维格;新型显示联合体;牵头单位\n苏州大学;新型显示联合体;成员单位\n",
}


def exported(source: Path, tmp_path: Path, **options: str) -> bytes:
    """Return a source's graph as sorted N-Triples."""
    graph = KnowledgeGraph.open(source, **options)  # type: ignore[arg-type]
    graph.export(tmp_path / "out.nt")
    return (tmp_path / "out.nt").read_bytes()


def workbook(path: Path, tables: dict[str, str], sheet_names: dict[str, str] | None = None, above: str = "") -> Path:
    """Write tables as the sheets of a workbook, all cells text, with an optional title above the headings."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path))
    for name, text in tables.items():
        sheet = book.add_worksheet((sheet_names or {}).get(name, name))
        separator = ";" if ";" in text.split("\n", 1)[0] else ","
        rows = [[above]] if above else []
        rows += [line.split(separator) for line in text.strip("\n").split("\n")]
        for number, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                sheet.write_string(number, column, cell)
    book.close()
    return path


def test_the_same_roster_gives_the_same_graph_from_every_kind_of_file(data_set: DataSetFolder, tmp_path: Path) -> None:
    expected = exported(data_set(**ENGLISH), tmp_path)
    assert expected.count(b"\n") > 40

    (tmp_path / "bom").mkdir()
    with_bom = data_set("bom/roster")
    for name, text in ENGLISH.items():
        (with_bom / f"{name}.csv").write_bytes(b"\xef\xbb\xbf" + text.replace(",", "\t").replace("\n", "\r\n").encode())
    assert exported(with_bom, tmp_path) == expected

    (tmp_path / "chinese").mkdir()
    assert exported(data_set("chinese/roster", **CHINESE), tmp_path) == expected

    (tmp_path / "gb").mkdir()
    legacy = data_set("gb/roster", **{name: text.encode("gb18030") for name, text in CHINESE.items()})
    assert exported(legacy, tmp_path) == expected
    assert exported(legacy, tmp_path, encoding="gb18030") == expected

    parquet = tmp_path / "parquet" / "roster"
    parquet.mkdir(parents=True)
    for name, text in ENGLISH.items():
        pl.read_csv(text.encode(), infer_schema=False).write_parquet(parquet / f"{name}.parquet")
    assert exported(parquet, tmp_path) == expected

    assert exported(workbook(tmp_path / "roster.xlsx", ENGLISH), tmp_path) == expected


def test_a_workbook_with_chinese_sheets_headings_and_a_title_line_gives_the_same_graph(
    data_set: DataSetFolder, tmp_path: Path
) -> None:
    sheets = {
        "organizations": "单位",
        "regions": "地区",
        "consortia": "创新联合体",
        "industries": "产业",
        "memberships": "成员",
    }
    (tmp_path / "book").mkdir()
    path = workbook(tmp_path / "book" / "roster.xlsx", CHINESE, sheets, above="江苏省创新联合体成员名单")
    assert exported(path, tmp_path) == exported(data_set(**ENGLISH), tmp_path)
    notes = read(path).notes
    assert len(notes) == 5
    assert (
        notes[0] == "roster.xlsx, sheet 单位: the headings stand in row 2; left out what is above them:"
        " '江苏省创新联合体成员名单'"
    )


def test_a_guessed_encoding_is_stated(data_set: DataSetFolder) -> None:
    folder = data_set(organizations="编号,名称\na,镕基半导体\n".encode("gb18030"))
    assert read(folder).notes == (
        "organizations.csv is not UTF-8 and was read as GB18030; --encoding overrides the guess",
    )


def test_a_western_encoding_is_read_when_it_is_named(data_set: DataSetFolder) -> None:
    folder = data_set(organizations="id,name\na,Universität Köln\n".encode("cp1252"))
    assert read(folder, encoding="cp1252").tables["organizations"]["name"].to_list() == ["Universität Köln"]


def test_several_members_in_one_cell_become_a_membership_each(data_set: DataSetFolder) -> None:
    folder = data_set(
        organizations="id,name\na,甲公司\nb,乙大学\nc,丙、丁研究院\n",
        consortia="id,name\nx,联合体\n",
        memberships='联合体,成员单位\nx,"甲公司、乙大学\n丙、丁研究院"\n',
    )
    wide = read(
        data_set(
            "wide",
            **{"organizations": "id,name\na,甲公司\nb,乙大学\n", "consortia": "id,name\nx,联合体\n"}
            | {"memberships": '联合体,成员单位\nx,"甲公司；乙大学"\n'},
        )
    )
    assert wide.tables["memberships"]["organization"].to_list() == ["a", "b"]
    assert wide.tables["memberships"]["id"].n_unique() == 2
    with pytest.raises(Exception, match="'成员单位' holds '丙', expected the id, name or alias"):
        read(folder)


def test_a_name_that_holds_a_separator_is_taken_whole(data_set: DataSetFolder) -> None:
    folder = data_set(
        organizations="id,name\nc,丙、丁研究院\n",
        consortia="id,name\nx,联合体\n",
        memberships="联合体,成员单位\nx,丙、丁研究院\n",
    )
    assert read(folder).tables["memberships"]["organization"].to_list() == ["c"]


def test_organizations_are_made_of_names_only_when_asked(data_set: DataSetFolder) -> None:
    folder = data_set(
        consortia="id,name\nx,联合体\n", memberships="联合体,成员单位,角色\nx,甲公司、乙大学,成员\nx,甲公司,牵头\n"
    )
    with pytest.raises(Exception, match="but there is no such table"):
        read(folder)
    made = read(folder, create="organizations")
    assert made.created == {"organizations": 2}
    assert made.tables["organizations"]["name"].to_list() == ["甲公司", "乙大学"]
    assert made.tables["organizations"]["id"].to_list() == [identifier("甲公司"), identifier("乙大学")]


def test_rows_without_an_id_column_are_named_after_their_names(data_set: DataSetFolder) -> None:
    folder = data_set(organizations="单位名称\n苏州大学\n")
    assert read(folder).tables["organizations"]["id"].to_list() == [identifier("苏州大学")]


def test_a_relation_without_an_id_is_named_after_its_key(data_set: DataSetFolder) -> None:
    folder = data_set(**ENGLISH)
    by_id = read(folder).tables["memberships"]["id"].to_list()
    (folder / "memberships.csv").write_text(
        "organization,consortium,role\n苏州大学,新型显示联合体,成员\n", encoding="utf-8"
    )
    assert read(folder).tables["memberships"]["id"].to_list() == by_id[1:]
    assert by_id[1] == identifier("suda", "xianshi", "", "", "member", "", "")


def test_an_alias_may_carry_its_language(data_set: DataSetFolder, tmp_path: Path) -> None:
    folder = data_set(
        organizations="id,name,alias\na,苏大维格,蘇大維格@zh-Hant;SVG\n",
        memberships="organization,programme\n蘇大維格,p\n",
    )
    (folder / "programmes.csv").write_text("id,name\np,试点\n", encoding="utf-8")
    (folder / "dataset.json").write_text('{"language": "zh"}', encoding="utf-8")
    text = exported(folder, tmp_path).decode()
    assert '<http://www.w3.org/2004/02/skos/core#altLabel> "蘇大維格"@zh-hant .' in text
    assert '<http://www.w3.org/2004/02/skos/core#altLabel> "SVG"@zh .' in text


def test_dates_keep_their_precision_and_gain_their_bounds(data_set: DataSetFolder, tmp_path: Path) -> None:
    folder = data_set(consortia="id,name,founded\na,甲,2020\nb,乙,2020-02\nc,丙,2021/2/3\n")
    KnowledgeGraph.open(folder).export(tmp_path / "out.nt")
    lines = (tmp_path / "out.nt").read_text(encoding="utf-8").splitlines()
    stated = sorted(line.split("ontology#")[1].split(" ", 1) for line in lines if "#founded" in line)
    xsd = "<http://www.w3.org/2001/XMLSchema#"
    assert [tuple(pair) for pair in stated] == [
        ("founded>", f'"2020"^^{xsd}gYear> .'),
        ("founded>", f'"2020-02"^^{xsd}gYearMonth> .'),
        ("founded>", f'"2021-02-03"^^{xsd}date> .'),
        ("foundedEarliest>", f'"2020-01-01"^^{xsd}date> .'),
        ("foundedEarliest>", f'"2020-02-01"^^{xsd}date> .'),
        ("foundedEarliest>", f'"2021-02-03"^^{xsd}date> .'),
        ("foundedLatest>", f'"2020-02-29"^^{xsd}date> .'),
        ("foundedLatest>", f'"2020-12-31"^^{xsd}date> .'),
        ("foundedLatest>", f'"2021-02-03"^^{xsd}date> .'),
    ]


def test_a_spreadsheets_date_counts_as_a_day_and_is_noted(tmp_path: Path) -> None:
    import datetime

    import xlsxwriter

    book = xlsxwriter.Workbook(str(tmp_path / "dates.xlsx"))
    sheet = book.add_worksheet("consortia")
    sheet.write_row(0, 0, ["id", "name", "founded"])
    sheet.write_row(1, 0, ["a", "甲"])
    day = book.add_format({"num_format": "yyyy-mm"})
    sheet.write_datetime(1, 2, datetime.datetime(2021, 10, 1), day)
    sheet.write_row(2, 0, ["b", "乙", 2020])
    book.close()
    found = read(tmp_path / "dates.xlsx")
    assert found.tables["consortia"]["founded"].to_list() == ["2021-10-01", "2020"]
    assert found.notes == (
        "dates.xlsx, sheet consortia: 1 cell of 'founded' hold a spreadsheet's date and count as a day; where only the"
        " month or year is known, format the column as text",
    )


def test_numbers_take_one_canonical_form(data_set: DataSetFolder) -> None:
    folder = data_set(
        organizations="id,name,latitude\na,甲,+31.20\nb,乙,-0.0\n",
        products="id,name\np,光纤\nq,光缆\n",
        supplies="supplier,product,share\na,p,60%\nb,p,.5\na,q,5‰\n",
    )
    tables = read(folder).tables
    assert tables["organizations"]["latitude"].to_list() == ["31.2", "0"]
    assert tables["supplies"]["share"].to_list() == ["0.6", "0.5", "0.005"]


def test_two_rows_that_a_person_decided_to_be_one_become_one(data_set: DataSetFolder, tmp_path: Path) -> None:
    folder = data_set(
        organizations="id,name,kind\na,法尔胜泓昇集团,enterprise\nb,法尔胜泓昇集团有限公司,\nc,另一家,\n",
        consortia="id,name\nx,联合体\n",
        memberships="organization,consortium,role\nb,x,lead\n",
        identities="table,left,right,decision\norganizations,a,b,same\norganizations,a,c,not-stated\n",
    )
    frames = read(folder).tables
    assert frames["memberships"]["organization"].to_list() == ["a"]
    assert frames["organizations"].select("id", MERGED).rows() == [("a", False), ("a", True), ("c", False)]
    graph = KnowledgeGraph.open(folder)
    answer = graph.select("SELECT ?n ?alias { ?o a cg:LeadingEnterprise ; rdfs:label ?n ; skos:altLabel ?alias }")
    assert answer.to_dict("list") == {"n": ["法尔胜泓昇集团"], "alias": ["法尔胜泓昇集团有限公司"]}


def test_decisions_name_rows_that_are_made_by_their_ids_and_make_none(data_set: DataSetFolder) -> None:
    tables = {
        "memberships": "organization,consortium,role\n东山机电有限公司,c,lead\n东山机电,c,member\n甲州大学,c,member\n",
        "consortia": "id,name\nc,联合体\n",
    }
    names = ("东山机电有限公司", "东山机电", "甲州大学")
    ids = [identifier(name) for name in names]
    folder = data_set(identities=f"table,left,right,decision\norganizations,{ids[0]},{ids[1]},same\n", **tables)
    data = read(folder, create="organizations")
    organizations = data.tables["organizations"]
    assert data.created == {"organizations": 3}
    assert organizations.select("id", "name", MERGED).rows() == [
        (ids[0], names[0], False),
        (ids[0], names[1], True),
        (ids[2], names[2], False),
    ]
    assert data.tables["memberships"]["organization"].to_list() == [ids[0], ids[0], ids[2]]


def test_a_workbook_may_describe_itself(tmp_path: Path) -> None:
    described = (
        "key,value\nname,own-name\ntitle.zh,名单\ntitle.en,Roster\nlicence,CC-BY-4.0\nsources.1.url,https://a.cn\n"
    )
    path = workbook(tmp_path / "roster.xlsx", {"dataset": described, "organizations": "id,name\na,甲\n"})
    found = read(path).description
    assert (found.name, found.base) == ("own-name", "https://w3id.org/chaingraph/id/own-name/")
    assert (found.title, found.licence) == ({"zh": "名单", "en": "Roster"}, "CC-BY-4.0")
    assert found.sources == ({"url": "https://a.cn"},)


def test_no_two_columns_of_a_table_and_no_two_tables_share_a_title() -> None:
    seen_tables: dict[str, str] = {}
    for table in contract().values():
        for title in (table.name, *table.titles):
            assert seen_tables.setdefault(heading_key(title), table.name) == table.name, title
        seen: dict[str, str] = {}
        for column in table.cells:
            for title in (column.name, *column.titles):
                assert seen.setdefault(heading_key(title), column.name) == column.name, (table.name, title)


def test_a_description_that_is_no_file_or_too_large_is_unreadable(data_set: DataSetFolder) -> None:
    folder = data_set(organizations="id,name\na,甲\n")
    description = folder / "dataset.json"
    description.unlink(missing_ok=True)
    os.mkfifo(description)
    with pytest.raises(UnreadableError, match="is no file of at most 16 MiB; mend it, or take it away"):
        read(folder)
    description.unlink()
    description.symlink_to("/dev/zero")
    with pytest.raises(UnreadableError, match="is no file of at most 16 MiB; mend it, or take it away"):
        read(folder)
    description.unlink()
    with description.open("wb") as file:
        file.truncate(2**24 + 1)
    with pytest.raises(UnreadableError, match="is no file of at most 16 MiB; mend it, or take it away"):
        read(folder)
