"""Who is who is proposed, with a reason, and decided by a person."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

import chaingraph as cg
from chaingraph.errors import TableProblemsError, UnknownLanguageError, UnreadableError
from chaingraph.identity.candidates import candidates
from chaingraph.identity.decisions import identities
from chaingraph.identity.names import normal_name
from chaingraph.resources import sample
from chaingraph.tables import read
from chaingraph.vocabulary import code_list

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from tests.conftest import DataSetFolder

pytest.importorskip("opencc")

REGIONS = "id,name,within\ncn,中国,\njs,江苏,cn\nwx,无锡,js\nsz,苏州,js\nde,Germany,\nby,Bavaria,de\n"


def pairs(frame: pd.DataFrame) -> list[tuple[str, str, str]]:
    return [(row["left"], row["right"], row["by"]) for row in frame.to_dict("records")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("华进半导体封装研究中心有限公司", "華進半導體封裝研究中心（有限公司）"),
        ("甲集团股份有限公司", "甲集团有限责任公司"),
        ("中国科学院微电子研究所", "中科院微电子所"),
        ("ＡＢＣ科技 有限公司", "abc科技有限公司"),
        ("Solaris S.p.A.", "SOLARIS SPA"),
        ("Müller & Söhne GmbH & Co. KG", "MULLER UND SOHNE"),
        ("Orange Polska Spółka Akcyjna", "ORANGE POLSKA SA"),
        ("UAB Vilnius", "VILNIUS, UAB"),
        ("Probotica d.o.o. za usluge i trgovinu", "PROBOTICA DOO"),
        ("F6S EU Network Designated Activity Company", "F6S EU NETWORK DAC"),
    ],
)
def test_script_legal_form_width_case_and_punctuation_make_no_other_name(one: str, other: str) -> None:
    assert normal_name(one).key == normal_name(other).key


@pytest.mark.parametrize(
    ("one", "other"),
    [("甲集团有限公司", "甲有限公司"), ("第一医院", "第二医院"), ("GmbH", "AG"), ("Solaris", "Polaris")],
)
def test_what_tells_organizations_apart_is_kept(one: str, other: str) -> None:
    assert normal_name(one).key != normal_name(other).key


def test_the_two_legal_names_of_huajin_are_proposed_and_not_merged(tmp_path: Path) -> None:
    folder = tmp_path / "jiangsu-2022"
    shutil.copytree(sample("jiangsu-2022"), folder)
    (folder / "identities.csv").unlink()
    graph = cg.open(folder)
    found = candidates(graph, language="zh")
    short, long = "hua-jin-ban-dao-ti", "hua-jin-ban-dao-ti-feng-zhuang-xian-dao-ji-shu-yan-fa-zhong"
    (row,) = found[(found["left"] == short) & (found["right"] == long)].to_dict("records")
    names = "名称相近：“华进半导体封装研究中心有限公司”与“华进半导体封装先导技术研发中心有限公司”"
    assert (row["by"], row["score"], row["decision"], row["reason"]) == ("similarity", 0.7692, "", names)
    organizations = graph.select("SELECT ?o { ?o a cg:Organization }")
    assert {f"id:cn/organizations/{one}" for one in (short, long)} <= set(organizations["o"])


def test_people_found_no_pair_in_the_samples_that_is_not_proposed() -> None:
    """Of the decisions that stand in the samples on organizations, only CATL's Chinese name is beyond comparison."""
    missing = []
    for name in ("jiangsu-2022", "china-consortia"):
        decided = read(sample(name)).tables["identities"]
        open_pairs = decided.filter(table="organizations", decision="not-stated").select("left", "right").rows()
        proposed = {(left, right) for left, right, _ in pairs(candidates(cg.open(sample(name))))}
        missing += [pair for pair in open_pairs if pair not in proposed]
    assert missing == [("ning-de-shi-dai", "catl")]


def test_codes_go_first_then_names_then_likeness_then_namesakes(data_set: DataSetFolder) -> None:
    folder = data_set(
        regions=REGIONS,
        organizations=(
            "id,name,region,code\n"
            "a,Alpha Werke GmbH,by,VAT:DE 1\nb,Beta Forschung,de,VAT:DE-1\n"
            "c,Gamma Halbleiter GmbH,by,\nd,GAMMA HALBLEITER AG,de,\ne,Gamma Halbleiter AG,sz,\n"
            "f,Delta Elektronenoptik,by,\ng,Delta Elektronnenoptik,by,\nh,Delta Elektronenoptik Wuxi,wx,\n"
        ),
    )
    found = candidates(cg.open(folder))
    assert pairs(found) == [
        ("a", "b", "code"),
        ("c", "d", "name"),
        ("f", "g", "similarity"),
        ("d", "e", "namesake"),
        ("c", "e", "namesake"),
    ]
    assert found["reason"].to_list() == [
        "both have the code VAT:DE1",
        "the same name but for the legal form, script or spelling",
        "'Delta Elektronenoptik' and 'Delta Elektronnenoptik' are alike",
        "the same name; but in other regions",
        "the same name but for the legal form, script or spelling; but in other regions",
    ]
    assert set(found["decision"]) == {""}


def test_different_numbers_of_one_scheme_speak_against_a_name(data_set: DataSetFolder) -> None:
    folder = data_set(organizations="id,name,code\na,甲公司,USCC:1\nb,甲有限公司,USCC:2\nc,甲,PIC:3\n")
    found = candidates(cg.open(folder))
    assert pairs(found) == [("a", "c", "name"), ("b", "c", "name")]
    assert found.attrs == {"organizations": 3, "decided": 0, "conflicting": 1}


def test_similar_names_of_other_regions_are_not_proposed(data_set: DataSetFolder) -> None:
    names = "id,name,region\na,华光半导体封装研究中心,{}\nb,华光半导体封装研发中心,{}\n"
    apart = data_set("apart", regions=REGIONS, organizations=names.format("sz", "wx"))
    within = data_set("within", regions=REGIONS, organizations=names.format("js", "wx"))
    unknown = data_set("unknown", regions=REGIONS, organizations=names.format("", "wx"))
    assert [len(candidates(cg.open(folder))) for folder in (apart, within, unknown)] == [0, 1, 1]


def test_a_region_is_no_short_name_of_what_lies_in_it(data_set: DataSetFolder) -> None:
    folder = data_set(regions=REGIONS, organizations="id,name\na,苏州\nb,苏州晶圆光学材料\nc,晶圆光学\n")
    assert pairs(candidates(cg.open(folder))) == [("b", "c", "similarity")]


def test_numbers_in_names_tell_apart(data_set: DataSetFolder) -> None:
    folder = data_set(organizations="id,name\na,星海船舶动力第一研究中心\nb,星海船舶动力第二研究中心\n")
    assert candidates(cg.open(folder)).empty


def test_what_is_decided_is_not_proposed_again_and_what_is_open_comes_with_its_reason(data_set: DataSetFolder) -> None:
    folder = data_set(
        organizations="id,name\na,甲材料公司\nb,甲材料有限公司\nc,甲材料股份有限公司\nd,乙公司\ne,乙有限公司\n",
        identities="table,left,right,decision,reason\norganizations,b,a,same,\norganizations,c,a,different,\n"
        "organizations,e,d,not-stated,未见原文\n",
    )
    found = candidates(cg.open(folder))
    assert found[["left", "right", "decision", "reason"]].to_dict("records") == [
        {"left": "e", "right": "d", "decision": "not-stated", "reason": "未见原文"}
    ]
    assert found.attrs == {"organizations": 4, "decided": 1, "conflicting": 0}


def test_the_one_of_which_more_is_said_is_kept(data_set: DataSetFolder) -> None:
    folder = data_set(
        organizations="id,name\na,甲公司\nb,甲有限公司\n",
        consortia="id,name\nx,联合体\n",
        memberships="organization,consortium\nb,x\n",
    )
    assert pairs(candidates(cg.open(folder))) == [("b", "a", "name")]


def test_many_of_one_name_give_as_many_pairs_less_one(data_set: DataSetFolder) -> None:
    rows = "".join(f"o{number:03d},甲{'有限' * (number % 2)}公司\n" for number in range(100))
    assert len(candidates(cg.open(data_set(organizations="id,name\n" + rows)))) == 99


def test_reasons_are_in_english_or_chinese_and_else_in_the_language_of_the_names(data_set: DataSetFolder) -> None:
    graph = cg.open(data_set(organizations="id,name\na,甲公司\nb,甲有限公司\n"))
    english, chinese = "the same name but for the legal form, script or spelling", "除组织形式、字体与书写外名称相同"
    assert [candidates(graph, language=one)["reason"].item() for one in ("en", "zh", None)] == [
        english,
        chinese,
        chinese,
    ]
    other = cg.open(data_set("other", organizations="id,name\na,Alpha Ltd\nb,Alpha\n"))
    assert candidates(other)["reason"].item() == english
    with pytest.raises(UnknownLanguageError, match="expected zh or en"):
        candidates(graph, language="fr")


def test_a_filled_file_becomes_the_table_and_a_decision_can_be_taken_back(
    data_set: DataSetFolder, tmp_path: Path
) -> None:
    folder = data_set(
        sources="id,title\ns,报道\n",
        quotes="id,source,exact\nq,s,甲公司\n",
        organizations="id,name,quote\na,甲公司,q\nb,甲有限公司,\nc,乙公司,\nd,乙有限公司,\n",
        identities="table,left,right,decision,reason,quote\norganizations,a,b,not-stated,旧,q\n",
    )
    filled = tmp_path / "filled.csv"
    filled.write_text(
        "\ufefftable;left;right;decision;reason;score\norganizations;b;a;相同;新;1\norganizations;c;d;;名称;1\n",
        encoding="utf-8",
    )
    table = identities(filled, read(folder))
    assert table.rows(named=True) == [
        {"table": "organizations", "left": "a", "right": "b", "decision": "same", "reason": "新", "quote": "q"}
    ]
    table.write_csv(folder / "identities.csv")
    count = "SELECT (COUNT(?o) AS ?n) { ?o a cg:Organization }"
    assert cg.open(folder).select(count)["n"].to_list() == [3]
    (folder / "identities.csv").unlink()
    assert cg.open(folder).select(count)["n"].to_list() == [4]


def test_a_wrong_decision_is_told_with_its_row(data_set: DataSetFolder, tmp_path: Path) -> None:
    folder = data_set(organizations="id,name\na,甲公司\n")
    filled = tmp_path / "filled.csv"
    filled.write_text("table,left,right,decision\norganizations,a,'=z,yes\nfirms,a,a,same\n", encoding="utf-8")
    with pytest.raises(TableProblemsError) as caught:
        identities(filled, read(folder))
    assert [str(problem) for problem in caught.value.problems] == [
        f"filled.csv, row 2: 'decision' holds 'yes', expected one of {code_list('decision').expected()}",
        "filled.csv, row 2: 'right' holds '=z', expected the id of a row of 'organizations'",
        "filled.csv, row 3: 'table' holds 'firms', expected one of organizations",
    ]
    filled.write_text("left,right\n", encoding="utf-8")
    with pytest.raises(UnreadableError, match="lacks the column table"):
        identities(filled, read(folder))
