"""A quote stands word for word in its source, or is reported with the passage that it nearly is."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import chaingraph as cg
from chaingraph.checks import rests_on, why
from chaingraph.checks.evidence import folded_text, nearest_passage, quote_findings, rows_without_evidence
from chaingraph.errors import QueryError, UnreadableError

if TYPE_CHECKING:
    from tests.conftest import DataSetFolder

TEXT = "首批  10家 创新联合体入选。\n共有产业链上下游创新主体１３６家，10家由企业牵头。"


def findings(data_set: DataSetFolder, quotes: str, source: str = "s,报道,page.txt,") -> list[tuple[str, str, str]]:
    """Return severity, kind and message of what is found about quotes of one source."""
    folder = data_set(sources=f"id,title,text,sha256\n{source}\n", quotes=f"id,source,exact,prefix,suffix\n{quotes}")
    texts = folder.parent / "texts"
    texts.mkdir(exist_ok=True)
    (texts / "page.txt").write_text(TEXT, encoding="utf-8")
    return [(found.severity, found.kind, found.message) for found in quote_findings(cg.open(folder), texts)]


@pytest.mark.parametrize("exact", ["首批 10家 创新联合体入选", "创新主体136家", "创新主体１３６家"])
def test_a_quote_is_found_whatever_its_spacing_and_width(data_set: DataSetFolder, exact: str) -> None:
    assert findings(data_set, f"q,s,{exact},,\n") == []


def test_a_quote_with_one_changed_character_is_reported_with_what_it_nearly_is(data_set: DataSetFolder) -> None:
    assert findings(data_set, "q,s,上下游创新主体137家,,\n") == [
        (
            "violation",
            "quote",
            "does not stand in the source: '上下游创新主体137家'; the nearest passage differs by 1 character:"
            " '上下游创新主体136家'",
        )
    ]


def test_traditional_script_is_not_taken_for_simplified(data_set: DataSetFolder) -> None:
    ((severity, _, message),) = findings(data_set, "q,s,創新聯合體入選,,\n")
    assert severity == "violation"
    assert message.startswith("does not stand in the source: '創新聯合體入選'")


def test_a_quote_that_stands_twice_needs_a_prefix_or_suffix(data_set: DataSetFolder) -> None:
    assert findings(data_set, "q,s,10家,,\n") == [
        ("warning", "quote", "stands 2 times in the source; a prefix or suffix must say which: '10家'")
    ]
    assert findings(data_set, "q,s,10家,首批,\n") == []
    assert findings(data_set, "q,s,10家,,由企业牵头\n") == []
    assert findings(data_set, "q,s,10家,第二批,\n") == [
        ("violation", "quote", "stands in the source, but nowhere between this prefix and suffix: '10家'")
    ]


def test_quotes_whose_text_is_not_at_hand_are_counted_by_source(data_set: DataSetFolder) -> None:
    message = "2 quotes could not be held against the source, whose text is not at hand"
    assert findings(data_set, "q,s,一,,\nr,s,二,,\n", "s,报道,,") == [("warning", "text not at hand", message)]
    assert findings(data_set, "q,s,一,,\nr,s,二,,\n", "s,报道,other.txt,") == [("warning", "text not at hand", message)]


def test_a_text_is_looked_up_in_its_folder_and_nowhere_else(data_set: DataSetFolder) -> None:
    for name in ("../roster/sources.csv", "/etc/hostname", ".."):
        (found,) = findings(data_set, "q,s,一,,\n", f"s,报道,{name},")
        assert found[:2] == ("warning", "text not at hand")


def test_a_text_that_is_not_the_archived_one_is_reported(data_set: DataSetFolder) -> None:
    right = hashlib.sha256(TEXT.encode()).hexdigest()
    assert findings(data_set, "q,s,首批,,\n", f"s,报道,page.txt,{right}") == []
    ((severity, kind, _),) = findings(data_set, "q,s,首批,,\n", f"s,报道,page.txt,{'0' * 64}")
    assert (severity, kind) == ("violation", "text")


def test_a_text_that_is_no_utf8_is_unreadable(data_set: DataSetFolder, tmp_path: Path) -> None:
    folder = data_set(sources="id,title,text\ns,报道,gb.txt\n", quotes="id,source,exact\nq,s,首批\n")
    (tmp_path / "gb.txt").write_bytes(TEXT.encode("gb18030"))
    with pytest.raises(UnreadableError, match="is no text in UTF-8"):
        list(quote_findings(cg.open(folder), tmp_path))


def test_every_quote_of_the_founding_article_stands_in_it(shared: Path) -> None:
    kg = cg.open(Path(__file__).resolve().parents[2] / "graph" / "jiangsu-2022")
    found = list(quote_findings(kg, shared / "data" / "consortia-facts"))
    assert [one for one in found if one.severity == "violation" or one.thing == "id:cn/sources/s01"] == []
    assert len(kg.select("SELECT ?q { ?q a cg:Quote ; cg:source/cg:text ?t }")) >= 7


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.text("甲乙丙丁 ab1", min_size=8, max_size=60), st.integers(0, 59), st.sampled_from("戊己z"))
def test_one_changed_character_is_never_more_than_one_off(text: str, place: int, letter: str) -> None:
    words = folded_text(text)
    if len(words) >= 8:
        place %= len(words)
        changed = words[:place] + letter + words[place + 1 :]
        assert nearest_passage(changed, words).distance <= 1


def test_rows_without_quote_or_record_are_counted_by_class(data_set: DataSetFolder) -> None:
    folder = data_set(
        sources="id,title\ns,登记册\n",
        quotes="id,source,exact\nq,s,甲\n",
        organizations="id,name,kind,quote,source,record\na,甲,企业,q,,\nb,乙,企业,,s,12\nc,丙,高校,,,\nd,丁,,,s,\n",
    )
    frame = rows_without_evidence(cg.open(folder))
    assert list(frame.itertuples(index=False, name=None)) == [
        ("cg:Enterprise", 2, 0),
        ("cg:Organization", 4, 2),
        ("cg:University", 1, 1),
    ]


@pytest.fixture
def two_sources(data_set: DataSetFolder) -> cg.KnowledgeGraph:
    return cg.open(
        data_set(
            sources="id,title,url\ns,甲报,https://a.cn\nt,乙报,\n",
            quotes="id,source,exact\nq,s,甲公司牵头\nr,t,甲公司在无锡\n",
            organizations="id,name,quote\na,甲公司,q;r\nb,乙大学,\n",
            consortia="id,name,quote\nx,联合体,q\n",
            memberships="id,organization,consortium,role,quote\nm,a,x,lead,q\n",
        )
    )


def test_why_leads_to_the_quotes_of_a_thing_and_of_its_relations(two_sources: cg.KnowledgeGraph) -> None:
    frame = why(two_sources, "id:roster/organizations/a")
    assert list(zip(frame["statement"], frame["exact"], frame["title"], strict=True)) == [
        ("id:roster/memberships/m", "甲公司牵头", "甲报"),
        ("id:roster/organizations/a", "甲公司牵头", "甲报"),
        ("id:roster/organizations/a", "甲公司在无锡", "乙报"),
    ]
    assert why(two_sources, "id:roster/organizations/b").empty


@pytest.mark.parametrize("hostile", ["x> } ; DROP ALL", "a b", "", '">', "苏大维格"])
def test_why_takes_nothing_that_is_no_iri(two_sources: cg.KnowledgeGraph, hostile: str) -> None:
    with pytest.raises(QueryError, match="is no IRI"):
        why(two_sources, hostile)


def test_what_rests_on_a_source_falls_with_it_unless_another_says_so_too(two_sources: cg.KnowledgeGraph) -> None:
    frame = rests_on(two_sources, "id:roster/sources/s")
    assert list(frame.itertuples(index=False, name=None)) == [
        ("id:roster/consortia/x", "cg:Consortium", True),
        ("id:roster/memberships/m", "cg:Membership", True),
        ("id:roster/organizations/a", "cg:Organization", False),
    ]
