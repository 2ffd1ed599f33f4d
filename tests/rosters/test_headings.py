"""The titles of headings.json: each means one thing in its context, and decorated ones are known too."""

from __future__ import annotations

from collections import defaultdict

import pytest

from chaingraph.rosters.folding import fold, headings_data
from chaingraph.rosters.headings import likely_title, match, reason_left_out
from chaingraph.rosters.meanings import contexts, name_of, title_of
from chaingraph.tables import contract


def _titles(context: str) -> dict[str, set[str]]:
    """Return the meanings of each title of a context, as its entries in the file give them."""
    data = headings_data()
    entry = data["contexts"][context]
    meanings: dict[str, set[str]] = defaultdict(set)
    for key, value in entry.get("columns", {}).items():
        for title in value["titles"]:
            meanings[fold(title)].add(key)
    for key in entry.get("attributes", []):
        for title in data["attributes"][key]["titles"]:
            meanings[fold(title)].add(key)
    for title, candidates in entry.get("ambiguous", {}).items():
        meanings[fold(title)].add("or ".join(candidates))
    return meanings


@pytest.mark.parametrize("context", headings_data()["contexts"])
def test_a_title_means_one_thing_in_its_context(context: str) -> None:
    several = {title: meanings for title, meanings in _titles(context).items() if len(meanings) > 1}
    assert several == {}


@pytest.mark.parametrize("context", headings_data()["contexts"])
def test_a_meaning_fills_a_column_of_the_contract(context: str) -> None:
    for meaning in contexts()[context].meanings.values():
        if meaning.leave is None:
            assert contexts()[context].target(meaning).virtual is False


@pytest.mark.parametrize("table", contexts())
def test_what_a_meaning_is_called_in_chinese_stands_for_it_alone(table: str) -> None:
    context = contexts()[table]
    paths = [*context.meanings, *(f"{name}.region" for name in context.meanings)]
    titles = [title_of(path, context) for path in paths]
    assert len(set(titles)) == len(paths)
    assert [name_of(title, context) for title in titles[: len(context.meanings)]] == list(context.meanings)


def test_candidates_of_an_ambiguous_title_are_meanings_of_its_context() -> None:
    for name, context in contexts().items():
        for candidates in context.ambiguous.values():
            assert set(candidates) <= context.meanings.keys(), name


def test_there_are_hundreds_of_titles_in_both_languages() -> None:
    titles = {title for context in headings_data()["contexts"] for title in _titles(context)}
    han = {title for title in titles if any("\u4e00" <= character <= "\u9fff" for character in title)}
    assert (len(han) > 700, len(titles - han) > 500) == (True, True)


@pytest.mark.parametrize(
    ("heading", "context", "path"),
    [
        ("企业名称", "memberships", "organization"),
        ("参与单位", "consortia", "member"),
        ("單位名稱", "organizations", "name"),
        ("成 员 单 位*", "consortia", "member"),
        ("依托单位（盖章）", "platforms", "host"),
        ("Host institution", "platforms", "host"),
        ("Lead partner", "consortia", "lead"),
        ("牵头单位所在地", "consortia", "lead.region"),
        ("成员单位统一社会信用代码", "memberships", "member.credit code"),
        ("所在城市", "organizations", "city"),
        ("认定年份", "platforms", "since"),
    ],
)
def test_a_heading_is_read_in_its_context(heading: str, context: str, path: str) -> None:
    found = match(heading, contexts()[context])
    assert found is not None
    assert found.path == path


def test_a_row_number_is_no_id_and_resembles_none() -> None:
    assert {reason_left_out(heading) for heading in ("序号", "编号", "No.", "序 号")} == {"number"}
    assert likely_title("序号") is None
    assert all(match("编号", context) is None for context in contexts().values())


def test_a_heading_that_fits_two_meanings_names_both() -> None:
    found = match("负责单位", contexts()["consortia"])
    assert found is not None
    assert found.candidates == ("lead", "operator")


def test_every_table_is_a_context() -> None:
    assert contexts().keys() == contract().keys()
