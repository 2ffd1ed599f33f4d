"""The chain map: stages in their order, who holds each, by which words, and what nobody is known to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import chaingraph as cg
from chaingraph.briefing.map_builder import map_model
from chaingraph.briefing.short_names import short_names
from chaingraph.errors import UnknownLanguageError, UnknownThingError
from tests.briefing.made_up import solar
from tests.webpage.conftest import page_data

if TYPE_CHECKING:
    from pathlib import Path

    from chaingraph.briefing.map_model import MapModel
    from tests.conftest import DataSetFolder


def names(model: MapModel, *nodes: int) -> list[str]:
    return [model.nodes[node].name["zh"] for node in nodes]


def test_each_stage_is_in_its_column_and_order_with_all_who_are_known_to_hold_it(data_set: DataSetFolder) -> None:
    model = map_model(solar(data_set))
    boxes = [
        (
            *names(model, box.node),
            box.segment,
            box.layer,
            box.status,
            names(model, *(model.holders[card.holder].node for card in box.cards)),
        )
        for chain in model.chains
        for box in chain.boxes
    ]
    assert boxes == [
        ("沙", "upstream", 0, "held", ["无锡"]),
        ("玻璃", "midstream", 1, "held", ["光伏创新联合体", "甲公司", "乙大学"]),
        ("面板", "downstream", 2, "held", ["丙公司"]),
        ("设备", "unstated", 0, "absent", []),
        ("电芯", "midstream", 0, "held", ["甲公司"]),
    ]
    assert [chain.name["zh"] for chain in model.chains] == ["光伏产业链", "电池产业链"]


def test_every_card_arrow_and_gap_leads_to_the_words_that_state_it(data_set: DataSetFolder) -> None:
    model = map_model(solar(data_set), "光伏产业链")
    (chain,) = model.chains
    exact = {
        (box, card): [model.quotes[quote].exact for tie in one.ties for quote in model.ties[tie].quotes]
        for box, each in enumerate(chain.boxes)
        for card, one in enumerate(each.cards)
    }
    assert {key: texts for key, texts in exact.items() if texts} == {(1, 1): ["玻璃由甲公司生产"]}
    # One tie each: the role of a stage, and of the third stage the supply of a product at it.
    assert {len(card.ties) for box in chain.boxes for card in box.cards} == {1}
    assert [model.quotes[quote].exact for quote in chain.boxes[3].quotes] == ["设备环节缺失"]
    assert [
        (arrow.source, arrow.target, arrow.kind, [model.quotes[quote].exact for quote in arrow.quotes])
        for arrow in chain.arrows
    ] == [(1, 2, "follows", ["面板在玻璃之后"]), (0, 1, "follows", []), (3, 2, "inputOf", [])]


def test_a_region_is_only_reported_and_a_count_stands_beside_what_is_known(data_set: DataSetFolder) -> None:
    model = map_model(solar(data_set))
    holders = {
        names(model, one.node)[0]: (one.line["zh"], one.kind, one.is_known, names(model, *one.consortia))
        for one in model.holders
    }
    assert holders == {
        "光伏创新联合体": ("联合体 · 苏州", "Consortium", True, ["光伏创新联合体"]),
        "甲公司": ("牵头企业 · 苏州", "enterprise", True, ["光伏创新联合体"]),
        "乙大学": ("高校 · 无锡", "university", True, ["光伏创新联合体"]),
        "丙公司": ("单位（类型未说明）", "Organization", True, []),
        "无锡": ("地区", "Region", False, []),
    }
    counts = [
        (one.counts, one.known, one.qualifier, one.reported, one.words)
        for holder in model.holders
        for one in model.nodes[holder.node].counts
    ]
    assert counts == [("organizations", 2, "more-than", 20, "成员单位20多家")]
    assert model.introduction["zh"] == (
        "2 条产业链、5 个环节：3 个环节有已知承担者（1 个联合体、3 家单位），1 个只知在哪个地区，1 个尚无已知承担者。"
        "点卡片看原文和关系。"
    )


def test_a_map_of_what_is_no_chain_is_refused(data_set: DataSetFolder) -> None:
    kg = solar(data_set)
    with pytest.raises(UnknownThingError, match=r"'chain' is '光伏', which nothing of that kind .* 光伏产业链"):
        cg.chain_map(kg, "光伏")
    with pytest.raises(UnknownThingError, match="which is no chain; chains are, for example, 电池产业链, 光伏产业链"):
        cg.chain_map(kg, "id:roster/organizations/a")
    with pytest.raises(UnknownLanguageError):
        cg.chain_map(kg, language="fr")  # type: ignore[arg-type]


def test_a_graph_without_stages_says_so(data_set: DataSetFolder) -> None:
    document = cg.chain_map(cg.open(data_set(regions="id,name\nr,苏州\n"))).html
    assert "图谱中没有产业链环节。" in document
    assert page_data(document)["chains"] == []


def test_the_same_graph_gives_the_same_bytes(data_set: DataSetFolder, tmp_path: Path) -> None:
    first, second = (cg.chain_map(solar(data_set), network_page="network.html") for _ in range(2))
    assert first.save(tmp_path / "a.html").read_bytes() == second.save(tmp_path / "b.html").read_bytes()


def test_what_came_with_the_data_is_never_markup(data_set: DataSetFolder) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    chains = f"id,name\npv,{hostile}\nba,电池产业链\n"
    document = cg.chain_map(solar(data_set, chains=chains), hostile).html
    assert hostile not in document
    assert "&lt;img src=x onerror=alert(1)&gt; · chain map" in document


def test_of_a_long_name_the_part_is_left_out_that_others_have_too() -> None:
    long = [
        "江苏省集成电路先进封装创新联合体",
        "江苏省集成电路设计工具创新联合体",
        "无锡华进半导体封装先导技术研发中心有限公司",
    ]
    assert short_names(long, 12) == {
        long[0]: "江苏…先进封装创新联合体",
        long[1]: "江苏…设计工具创新联合体",
        long[2]: "无锡华进半导体封装先导…",
    }
