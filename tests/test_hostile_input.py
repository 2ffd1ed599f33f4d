"""What tried to break it once, and must not again."""

from __future__ import annotations

import os
import socket
import threading
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import polars as pl
import pytest
import xlsxwriter

import chaingraph as cg
from chaingraph.errors import ChaingraphError, QueryError, TableProblemsError, UnreadableError, UsageError
from chaingraph.export.files import write_text
from chaingraph.export.networks import write_network
from chaingraph.export.tables import csv_text, json_text
from chaingraph.tables import read

if TYPE_CHECKING:
    from tests.conftest import DataSetFolder

ORGANIZATIONS = "id,name\na,甲\nb,乙\n"


def told(folder: Path) -> list[str]:
    with pytest.raises(TableProblemsError) as caught:
        read(folder)
    return [str(problem) for problem in caught.value.problems]


def test_an_output_that_is_a_folder_is_never_replaced_by_a_file(tmp_path: Path) -> None:
    (tmp_path / "out.html").mkdir()
    (tmp_path / "out.html" / "letter.txt").write_text("keep me", encoding="utf-8")
    with pytest.raises(UsageError, match="it is a folder; name a file"):
        write_text(tmp_path / "out.html", "x")
    assert (tmp_path / "out.html" / "letter.txt").read_text(encoding="utf-8") == "keep me"


def test_an_output_that_is_a_link_is_followed_and_a_device_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "target.txt").write_text("old", encoding="utf-8")
    (tmp_path / "link.txt").symlink_to(tmp_path / "target.txt")
    write_text(tmp_path / "link.txt", "new")
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "target.txt").read_text(encoding="utf-8") == "new"
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UsageError, match="exists and is no ordinary file"):
        write_text(tmp_path / "pipe", "x")


@pytest.mark.parametrize(
    "form", ["SELECT * {{ SERVICE <{0}> {{ ?s ?p ?o }} }}", "ASK {{ service silent <{0}> {{ }} }}"]
)
def test_a_query_asks_nothing_of_the_network(data_set: DataSetFolder, form: str) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    asked: list[object] = []

    def listen() -> None:
        try:
            asked.append(listener.accept())
        except OSError:
            return

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    kg = cg.open(data_set(organizations=ORGANIZATIONS))
    with pytest.raises(QueryError, match="SERVICE clause, which is refused"):
        kg.query(form.format(f"http://127.0.0.1:{listener.getsockname()[1]}/sparql"))
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join(timeout=5)
    assert asked == []


def test_a_query_may_speak_of_service_in_words(data_set: DataSetFolder) -> None:
    kg = cg.open(data_set(organizations="id,name\na,SERVICE\n"))
    assert kg.query('ASK { ?service rdfs:label ?l FILTER (STR(?l) = "SERVICE") } # SERVICE') is True


@pytest.mark.parametrize("bracket", ["(", "{"])
def test_a_query_that_nests_without_end_is_refused(data_set: DataSetFolder, bracket: str) -> None:
    with pytest.raises(QueryError, match="nests brackets, or repeats signs, more than 100 deep"):
        cg.open(data_set(organizations=ORGANIZATIONS)).query("SELECT * {" + bracket * 5000)


def test_rows_that_have_no_name_to_go_by_need_an_id(data_set: DataSetFolder) -> None:
    folder = data_set(sources="id,title\ns,报道\n", quotes="source,exact\ns,话\n")
    assert told(folder) == ["quotes.csv, row 2: 'id' is empty, expected a value"]


@pytest.mark.parametrize(
    "pairs",
    [["a,c", "b,c"], ["b,c", "a,c"], ["a,b", "b,c"], ["b,c", "a,b"], ["a,b", "b,a", "b,c"], ["a,a", "a,b", "a,c"]],
)
def test_decisions_join_whatever_their_order_and_one_keeps_the_name(data_set: DataSetFolder, pairs: list[str]) -> None:
    rows = "".join(f"organizations,{pair},same\n" for pair in pairs)
    folder = data_set(organizations="id,name\na,甲\nb,乙\nc,丙\n", identities=f"table,left,right,decision\n{rows}")
    frame = cg.open(folder).select("SELECT ?o ?n { ?o a cg:Organization ; rdfs:label ?n }")
    assert frame.to_numpy().tolist() == [["id:roster/organizations/a", "甲"]]


def test_two_decisions_on_one_pair_that_differ_are_a_problem(data_set: DataSetFolder) -> None:
    rows = "organizations,a,b,same\norganizations,b,a,different\n"
    folder = data_set(organizations=ORGANIZATIONS, identities=f"table,left,right,decision\n{rows}")
    assert told(folder) == [
        "identities.csv, row 3: decides otherwise than row 2 on the same two rows; keep one of the decisions"
    ]


def test_a_formula_that_failed_in_a_workbook_is_a_problem(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "roster.xlsx"))
    sheet = book.add_worksheet("organizations")
    sheet.write_row(0, 0, ["id", "name", "website"])
    sheet.write_row(1, 0, ["a", "甲"])
    sheet.write_formula(1, 2, '=VLOOKUP("x",A1:B2,2,0)', None, "#N/A")
    book.close()
    assert told(tmp_path / "roster.xlsx") == [
        "roster.xlsx, sheet organizations, row 2: 'column C' holds '#N/A', which a formula gave in place of a value;"
        " mend the formula or empty the cell"
    ]


def test_numbers_of_a_workbook_are_those_of_the_table(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "roster.xlsx"))
    sheet = book.add_worksheet("projects")
    sheet.write_row(0, 0, ["id", "name", "budget"])
    for row, value in enumerate([1 / 3, 1e-12, 912743326, 0.6], start=1):
        sheet.write_row(row, 0, [f"p{row}", "项目", value])
    book.close()
    assert read(tmp_path / "roster.xlsx").tables["projects"]["budget"].to_list() == [
        "0.333333333333333",
        "0.000000000001",
        "912743326",
        "0.6",
    ]


def test_a_folder_with_brackets_in_its_name_reads_its_own_files(tmp_path: Path) -> None:
    for name, key in (("pq[a]", "right"), ("pqa", "wrong")):
        (tmp_path / name).mkdir()
        pl.DataFrame({"id": [key], "name": ["甲"]}).write_parquet(tmp_path / name / "organizations.parquet")
    assert read(tmp_path / "pq[a]").tables["organizations"]["id"].to_list() == ["right"]


def test_a_parquet_column_that_has_no_text_is_a_problem(tmp_path: Path) -> None:
    pl.DataFrame({"id": ["a"], "name": [{"x": 1}]}).write_parquet(tmp_path / "organizations.parquet")
    (said,) = told(tmp_path)
    assert said.startswith("organizations.parquet: 'name' holds Struct(")


def test_statements_of_named_graphs_are_read_like_all_others(tmp_path: Path) -> None:
    text = '{"@id":"http://e/g","@graph":[{"@id":"http://e/a","http://www.w3.org/2000/01/rdf-schema#label":"A"}]}'
    (tmp_path / "named.jsonld").write_text(text, encoding="utf-8")
    kg = cg.open(tmp_path / "named.jsonld")
    assert len(kg) == 1
    assert kg.query("ASK { <http://e/a> rdfs:label 'A' }") is True


@pytest.mark.parametrize(
    "base", ["http://[/", "http://x/%zz/", "http://x/#a#", "http://x/a b/", "ftp://x/", "http://x/>/"]
)
def test_a_base_that_would_make_unreadable_files_is_refused(data_set: DataSetFolder, base: str) -> None:
    folder = data_set(organizations=ORGANIZATIONS)
    (folder / "dataset.json").write_text(f'{{"base": "{base}"}}', encoding="utf-8")
    assert told(folder) == [f"dataset.json: 'base' holds '{base}', expected an http(s) IRI that ends in / or #"]


@pytest.mark.parametrize("text", [r"a\u0001b", r"\ud800"])
def test_control_characters_of_a_description_are_refused(data_set: DataSetFolder, text: str) -> None:
    folder = data_set(organizations=ORGANIZATIONS)
    (folder / "dataset.json").write_text(f'{{"title": "{text}"}}', encoding="utf-8")
    assert told(folder) == ["dataset.json: holds control characters or halves of characters; remove them"]


@pytest.mark.parametrize(
    "text", ['{"title": ' + "[" * 100_000, '{"title": "a", "title": "b"}', '{"x": ' + "9" * 5000 + "}"]
)
def test_a_description_that_no_parser_should_see_is_unreadable(data_set: DataSetFolder, text: str) -> None:
    folder = data_set(organizations=ORGANIZATIONS)
    (folder / "dataset.json").write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableError, match="is no JSON in UTF-8"):
        read(folder)


def test_blank_nodes_are_named_by_what_they_say(tmp_path: Path) -> None:
    (tmp_path / "in.ttl").write_text(
        "<http://e/a> <http://e/p> [ <http://e/q> 1 ] , [ <http://e/q> 2 ] .", encoding="utf-8"
    )
    outputs = []
    for number in range(2):
        cg.open(tmp_path / "in.ttl").export(tmp_path / f"{number}.nt")
        outputs.append((tmp_path / f"{number}.nt").read_bytes())
    assert outputs[0] == outputs[1]
    assert outputs[0].count(b"\n") == 4


def test_long_numbers_are_kept_to_the_last_digit_or_refused(data_set: DataSetFolder) -> None:
    budget = "1234567890123456789.123456789012345678"
    folder = data_set(projects=f"id,name,budget\np,项目,{budget}\n")
    assert read(folder).tables["projects"]["budget"].to_list() == [budget]
    folder = data_set("long", projects=f"id,name,budget\np,项目,{'9' * 61}\nq,项目,1e99\nr,项目,1e9999999\n")
    assert [said.split("expected")[0] for said in told(folder)] == [
        f"projects.csv, row 2: 'budget' holds '{'9' * 59}…', ",
        "projects.csv, row 3: 'budget' holds '1e99', ",
        "projects.csv, row 4: 'budget' holds '1e9999999', ",
    ]


def test_full_width_digits_are_digits(data_set: DataSetFolder) -> None:
    folder = data_set(
        consortia="id,name,founded\nx,联合体,２０２１年３月\n", projects="id,name,budget\np,项目,１２．５\n"
    )
    tables = read(folder).tables
    assert (tables["consortia"]["founded"][0], tables["projects"]["budget"][0]) == ("2021-03", "12.5")


def test_exported_networks_are_the_same_every_day_and_well_formed(data_set: DataSetFolder, tmp_path: Path) -> None:
    (tmp_path / "in.ttl").write_text(
        "PREFIX cg: <https://w3id.org/chaingraph/ontology#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
        '<http://e/a> a cg:Organization ; rdfs:label "x\\u0001y" .',
        encoding="utf-8",
    )
    network = cg.co_membership(cg.open(tmp_path / "in.ttl"))
    for suffix in ("gexf", "graphml"):
        write_network(network, tmp_path / f"out.{suffix}")
        content = (tmp_path / f"out.{suffix}").read_text(encoding="utf-8")
        ElementTree.fromstring(content)
        assert "x\ufffdy" in content
        assert "lastmodifieddate" not in content


def test_no_csv_cell_becomes_a_formula_or_a_row_of_its_own() -> None:
    import pandas as pd

    frame = pd.DataFrame({"name": ["x\r=1+1", "=1", "＝1", "@a"], "n": [float("inf"), 1.0, -2.0, None]})
    assert csv_text(frame).split("\n", 1)[1] == "\"x\n=1+1\",INF\n'=1,1.0\n'＝1,-2.0\n'@a,\n"
    assert '"n": "INF"' in json_text(frame)


@pytest.mark.parametrize(
    ("literal", "shown"),
    [
        ('"abc"^^xsd:boolean', "abc"),
        ('"1_000"^^xsd:integer', "1_000"),
        ('"99999999999999999999"^^xsd:integer', "99999999999999999999"),
        ('"2021-W05-3"^^xsd:date', "2021-W05-3"),
        ('"NaN"^^xsd:double', "NaN"),
    ],
)
def test_a_literal_that_a_column_cannot_hold_stays_a_text(data_set: DataSetFolder, literal: str, shown: str) -> None:
    kg = cg.open(data_set(organizations=ORGANIZATIONS))
    assert kg.select(f"SELECT ?x {{ VALUES ?x {{ {literal} }} }}")["x"].tolist() == [shown]


def test_constructed_triples_come_as_turtle_and_other_answers_do_not(data_set: DataSetFolder) -> None:
    kg = cg.open(data_set(organizations=ORGANIZATIONS))
    turtle = kg.construct_turtle("CONSTRUCT { ?o rdfs:label ?l } WHERE { ?o a cg:Organization ; rdfs:label ?l }")
    assert turtle is not None
    assert turtle.splitlines()[0] == "@base <https://w3id.org/chaingraph/id/> ."
    assert turtle.splitlines()[-2:] == [
        '<roster/organizations/a> rdfs:label "甲"@zh .',
        '<roster/organizations/b> rdfs:label "乙"@zh .',
    ]
    assert kg.construct_turtle("ASK { }") is None


def test_two_folders_of_one_name_say_that_their_rows_are_one(tmp_path: Path) -> None:
    for parent in ("one", "two"):
        (tmp_path / parent / "roster").mkdir(parents=True)
        (tmp_path / parent / "roster" / "organizations.csv").write_text(ORGANIZATIONS, encoding="utf-8")
    (note,) = cg.open(tmp_path / "one" / "roster", tmp_path / "two" / "roster").notes
    assert note.endswith("have the same name, so rows of equal id are one thing")


def test_a_text_that_is_the_id_of_one_row_and_the_name_of_another_is_no_reference(data_set: DataSetFolder) -> None:
    folder = data_set(
        organizations="id,name\na,b\nb,Beta\n", consortia="id,name\nx,X\n", memberships="organization,consortium\nb,x\n"
    )
    assert told(folder) == [
        "memberships.csv, row 2: 'organization' holds 'b', which several rows of 'organizations' are called; expected"
        " an id: a, b"
    ]


def test_an_alias_with_an_at_sign_is_an_alias(data_set: DataSetFolder) -> None:
    folder = data_set(
        organizations="id,name,alias\na,甲,foo@bar.com\n",
        consortia="id,name\nx,X\n",
        memberships="organization,consortium\nfoo@bar.com,x\n",
    )
    assert read(folder).tables["memberships"]["organization"].to_list() == ["a"]


def test_what_a_folder_holds_besides_its_tables_is_noted(data_set: DataSetFolder) -> None:
    folder = data_set(organizations=ORGANIZATIONS)
    for name in ("members.xlsx", "成员.txt", "README.md"):
        (folder / name).write_text("", encoding="utf-8")
    assert read(folder).notes == (
        "members.xlsx is no table (.csv, .tsv, .parquet) and was left out",
        "成员.txt is no table (.csv, .tsv, .parquet) and was left out",
    )


def test_a_title_above_the_headings_of_a_csv_is_left_out_and_noted(data_set: DataSetFolder) -> None:
    found = read(data_set(organizations="名单\n\nid,name\na,甲\n"))
    assert found.tables["organizations"]["name"].to_list() == ["甲"]
    assert found.notes == ("organizations.csv: the headings stand in row 3; left out what is above them: '名单'",)


def test_a_quotation_mark_inside_a_plain_cell_is_kept_or_found(data_set: DataSetFolder) -> None:
    folder = data_set(organizations='id,name\na,甲"乙"丙\n')
    assert read(folder).tables["organizations"]["name"].to_list() == ['甲"乙"丙']


def test_line_ends_of_every_system_are_read(data_set: DataSetFolder) -> None:
    for number, end in enumerate(("\r", "\r\n", "\n")):
        folder = data_set(f"ends{number}", organizations=ORGANIZATIONS.replace("\n", end))
        assert read(folder).tables["organizations"]["id"].to_list() == ["a", "b"]


def test_utf16_is_read_by_its_mark_and_asked_for_without(data_set: DataSetFolder) -> None:
    folder = data_set(organizations=ORGANIZATIONS.encode("utf-16"))
    assert read(folder).tables["organizations"]["name"].to_list() == ["甲", "乙"]
    bare = data_set("bare", organizations=b"i\0d\0,\0n\0a\0m\0e\0\n\0a\0,\0b\0\n\0")
    with pytest.raises(UnreadableError, match="if it is UTF-16, say --encoding utf-16-le"):
        read(bare)


def test_files_that_are_no_files_are_unreadable(data_set: DataSetFolder, tmp_path: Path) -> None:
    folder = data_set()
    (folder / "organizations.csv").mkdir()
    with pytest.raises(UnreadableError, match="is no file that can be read"):
        read(folder)
    os.mkfifo(tmp_path / "pipe.ttl")
    with pytest.raises(UnreadableError, match="is no file that can be read"):
        cg.open(tmp_path / "pipe.ttl")
    dangling = data_set("dangling", organizations=ORGANIZATIONS)
    (dangling / "dataset.json").symlink_to(tmp_path / "nowhere")
    with pytest.raises(UnreadableError, match="cannot be read: No such file"):
        read(dangling)
    with pytest.raises(ChaingraphError):
        read(tmp_path / ("x" * 300))


def test_a_store_that_lost_its_files_is_unreadable(data_set: DataSetFolder, tmp_path: Path) -> None:
    cg.build([data_set(organizations=ORGANIZATIONS)], tmp_path / "out.kg")
    for path in (tmp_path / "out.kg").rglob("*.sst"):
        path.unlink()
    with pytest.raises(UnreadableError, match=r"is no store that can be opened: .*; build it again"):
        cg.open(tmp_path / "out.kg")
    for path in (tmp_path / "out.kg").rglob("CURRENT"):
        path.unlink()
    with pytest.raises(UnreadableError, match="damaged"):
        cg.open(tmp_path / "out.kg")


def test_odd_statements_of_other_peoples_graphs_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "odd.ttl").write_text(
        """PREFIX cg: <https://w3id.org/chaingraph/ontology#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        <http://e/a> a cg:Organization ; cg:latitude "abc" , <http://e/b> ; rdfs:label ""@en .
        <http://e/l> a cg:LeadingEnterprise .
        <http://e/n> skos:notation "organizations" . <http://e/v> skos:notation "galactic" .
        <http://e/p> a cg:Programme .
        <http://e/r> a cg:ReportedCount ; cg:value "abc" ; cg:counts <http://e/n> ; cg:programme <http://e/p> .
        <http://e/s> a cg:ReportedCount ; cg:value 5 ; cg:counts <http://e/n> ; cg:programme <http://e/p> ;
          cg:levelAtLeast <http://e/v> .""",
        encoding="utf-8",
    )
    kg = cg.open(tmp_path / "odd.ttl")
    assert cg.co_membership(kg).nodes["http://e/a"]["label"] == "http://e/a"
    assert len(cg.whole(kg)) == 2
    assert cg.coverage(kg)["reported"].tolist() == [5]


def test_a_long_chain_is_measured_within_memory() -> None:
    import networkx as nx

    frame = cg.centrality(nx.path_graph(700), measures=["betweenness"])
    middle = 349 * 350 / (699 * 698 / 2)
    assert frame["betweenness"].iloc[0] == pytest.approx(middle)
