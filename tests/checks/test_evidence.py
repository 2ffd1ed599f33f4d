"""A quote stands word for word in its source, or is reported with the passage that it nearly is."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

import chaingraph as cg
from chaingraph.checks import rests_on, why
from chaingraph.checks.evidence import Passage, comparable_text, nearest_passage, quote_findings, rows_without_evidence
from chaingraph.errors import AmbiguousNameError, UnknownThingError, UnreadableError, UsageError

if TYPE_CHECKING:
    from tests.conftest import DataSetFolder

TEXT = "首批  10家 创新联合体入选。\n共有产业链上下游创新主体１３６家，10家由企业牵头。"


def findings(data_set: DataSetFolder, quotes: str, source: str = "s,报道,page.txt,") -> list[tuple[str, str, str]]:
    """Return severity, kind and message of the findings on quotes of one source."""
    folder = data_set(
        sources=f"id,title,text,sha256\n{source}\n", quotes=f"id,source,exact,prefix,suffix,start,end\n{quotes}"
    )
    texts = folder.parent / "texts"
    texts.mkdir(exist_ok=True)
    (texts / "page.txt").write_text(TEXT, encoding="utf-8")
    return [(finding.severity, finding.kind, finding.message) for finding in quote_findings(cg.open(folder), texts)]


@pytest.mark.parametrize("exact", ["首批 10家 创新联合体入选", "创新主体136家", "创新主体１３６家"])
def test_a_quote_is_found_whatever_its_spacing_and_width(data_set: DataSetFolder, exact: str) -> None:
    assert findings(data_set, f"q,s,{exact},,\n") == []


def test_a_quote_of_one_character_in_a_long_text_is_counted(data_set: DataSetFolder) -> None:
    folder = data_set(
        sources="id,title,text\ns,报道,long.txt\n",
        quotes="id,source,exact,prefix,suffix\nq,s,甲,,\nr,s,甲,乙,甲\nt,s,甲,甲,丙\n",
    )
    (folder.parent / "texts").mkdir()
    (folder.parent / "texts" / "long.txt").write_text("乙 " + "甲" * 1_000_000 + "\n\n丙", encoding="utf-8")
    found = [(finding.thing, finding.message) for finding in quote_findings(cg.open(folder), folder.parent / "texts")]
    (_, message), *others = found
    assert message == "stands 1000000 times in the source; a prefix or suffix must say which: '甲'"
    assert others == []


def test_a_wrong_quote_of_great_length_is_reported_without_a_nearest_passage(data_set: DataSetFolder) -> None:
    ((severity, kind, message),) = findings(data_set, f"q,s,{'创新' * 300_000},,\n")
    assert (severity, kind) == ("violation", "quote")
    assert message.endswith("; it is longer than 10,000 characters, so that no nearest passage was looked for")


@pytest.mark.parametrize("name", ["link.txt", "../secret.txt", "sub/page.txt", "x" * 5_000, "."])
def test_no_text_outside_the_folder_is_read(data_set: DataSetFolder, name: str) -> None:
    folder = data_set(sources=f"id,title,text\ns,报道,{name}\n", quotes="id,source,exact,prefix,suffix\nq,s,创新,,\n")
    texts = folder.parent / "texts"
    (texts / "sub").mkdir(parents=True)
    for path in (folder.parent / "secret.txt", texts / "sub" / "page.txt"):
        path.write_text(TEXT, encoding="utf-8")
    (texts / "link.txt").symlink_to(folder.parent / "secret.txt")
    found = [(finding.kind, finding.message) for finding in quote_findings(cg.open(folder), texts)]
    assert found == [("text not at hand", "1 quote could not be held against the source, whose text is not at hand")]


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


def test_a_quote_with_offsets_stands_from_start_to_end_of_the_archived_text(data_set: DataSetFolder) -> None:
    start = TEXT.rindex("10家")
    assert findings(data_set, f"q,s,10家,,,{start},{start + 3}\n") == []
    assert findings(data_set, f"q,s,首批 10家,,,0,{TEXT.index('10家') + 3}\n") == []
    assert findings(data_set, "q,s,10家,,,0,3\n") == [
        (
            "violation",
            "quote",
            "does not stand from character 0 to 3 of the source, where '首批' stands, but elsewhere; correct its start"
            " and end: '10家'",
        )
    ]
    ((_, _, message),) = findings(data_set, "q,s,10家,,,90,93\n")
    assert message.startswith(f"does not stand from character 90 to 93 of the source, which has only {len(TEXT)}, but")
    ((severity, _, message),) = findings(data_set, "q,s,11家,,,0,3\n")
    assert severity == "violation"
    assert message.startswith("does not stand in the source: '11家'")


def test_quotes_whose_text_is_not_at_hand_are_counted_by_source(data_set: DataSetFolder) -> None:
    message = "2 quotes could not be held against the source, whose text is not at hand"
    assert findings(data_set, "q,s,一,,\nr,s,二,,\n", "s,报道,,") == [("warning", "text not at hand", message)]
    assert findings(data_set, "q,s,一,,\nr,s,二,,\n", "s,报道,other.txt,") == [("warning", "text not at hand", message)]


def test_a_text_is_looked_up_in_its_folder_and_nowhere_else(data_set: DataSetFolder) -> None:
    for name in ("../roster/sources.csv", "/etc/hostname", ".."):
        (finding,) = findings(data_set, "q,s,一,,\n", f"s,报道,{name},")
        assert finding[:2] == ("warning", "text not at hand")


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
    words = comparable_text(text)
    if len(words) >= 8:
        place %= len(words)
        changed = words[:place] + letter + words[place + 1 :]
        assert nearest_passage(changed, words).distance <= 1


@pytest.mark.parametrize(
    ("words", "passage", "distance"),
    [
        ("创新主体13家", "创新主体136家", 1),
        ("创新主体1136家", "创新主体136家", 1),
        ("新主体136家,10家由企业", "新主体136家,10家由企业", 0),
        ("產業鏈上下遊創新主體", "产业链上下游创新主体", 6),
        ("人工智能开源社区", "", 8),
    ],
)
def test_the_nearest_passage_may_be_longer_or_shorter_than_the_quote(words: str, passage: str, distance: int) -> None:
    nearest = nearest_passage(words, comparable_text(TEXT))
    assert (nearest.words, nearest.distance) == (passage, distance)


def test_a_long_quote_is_compared_by_pieces_wherever_the_mistake_is() -> None:
    text = "".join(chr(0x4E00 + 37 * number % 20_000) for number in range(30_000))
    quote = text[5_000:10_000]
    assert nearest_passage(quote[:2_500] + "甲" * 300 + quote[2_800:], text).words == quote
    assert nearest_passage("甲" * 250 + quote[250:], text).words.endswith(quote[250:])
    assert nearest_passage("k" * 20_000, text) == Passage("", 20_000)


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


def test_why_and_rests_on_take_a_name_a_short_iri_or_an_iri(two_sources: cg.KnowledgeGraph) -> None:
    base = "https://w3id.org/chaingraph/id/roster/"
    for thing in ("甲公司", f"{base}organizations/a"):
        assert_frame_equal(why(two_sources, thing), why(two_sources, "id:roster/organizations/a"))
    for source in ("甲报", f"{base}sources/s"):
        assert_frame_equal(rests_on(two_sources, source), rests_on(two_sources, "id:roster/sources/s"))


def test_an_unknown_and_an_ambiguous_name_are_answered_with_names(data_set: DataSetFolder) -> None:
    kg = cg.open(data_set(organizations="id,name\na,苏大维格\nb,双\nc,双\n", sources="id,title\ns,甲报\n"))
    with pytest.raises(
        UnknownThingError, match=r"'thing' is '苏大维格公司', which nothing .* called; did you mean 苏大维格\?"
    ):
        why(kg, "苏大维格公司")
    with pytest.raises(
        UnknownThingError, match=r"'source' is '苏大维格', which nothing .* the exact name of a source, such"
    ):
        rests_on(kg, "苏大维格")
    with pytest.raises(AmbiguousNameError, match="2 things are called: id:roster/organizations/b, id:roster/organiz"):
        why(kg, "双")


@pytest.mark.parametrize("hostile", ["x> } ; DROP ALL", "a b", "", '">', "https://a> } ; DROP ALL", "id:a b"])
def test_a_hostile_text_is_looked_up_and_never_part_of_a_query(two_sources: cg.KnowledgeGraph, hostile: str) -> None:
    size = len(two_sources)
    for function in (why, rests_on):
        with pytest.raises(UsageError, match=r"expected the IRI, the short IRI or the exact name|did you mean"):
            function(two_sources, hostile)
    assert len(two_sources) == size


def test_what_rests_on_a_source_falls_with_it_unless_another_says_so_too(two_sources: cg.KnowledgeGraph) -> None:
    frame = rests_on(two_sources, "id:roster/sources/s")
    assert list(frame.itertuples(index=False, name=None)) == [
        ("id:roster/consortia/x", "cg:Consortium", True),
        ("id:roster/memberships/m", "cg:Membership", True),
        ("id:roster/organizations/a", "cg:Organization", False),
    ]
