"""Chinese names as one types them: Hanyu Pinyin without tones, and its initials."""

from __future__ import annotations

from typing import Any

import networkx as nx
import pytest

from chaingraph.languages import pinyin
from chaingraph.webpage import page
from tests.webpage.conftest import page_data


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("苏州大学", "suzhoudaxue szdx"),
        ("重庆银行", "chongqingyinhang cqyh"),
        ("银川行者", "yinchuanxingzhe ycxz"),
        ("吕梁绿源", "lvlianglvyuan llly"),
        ("蘇州大學", "suzhoudaxue szdx"),
        ("TCL华星（深圳）3厂", "tclhuaxingshenzhen3chang tclhxsz3c"),
        ("ＢＹＤ汽车", "bydqiche bydqc"),
        ("Suzhou University", ""),
        ("", ""),
        ("한국 ひらがな", ""),
    ],
)
def test_a_name_is_spelled_by_its_phrases(name: str, typed: str) -> None:
    assert pinyin(name) == typed


def nodes(graph: nx.Graph[Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page_data(page(graph).html)["nodes"]
    return found


def test_only_nodes_with_a_chinese_name_carry_a_spelling() -> None:
    graph: nx.Graph[str] = nx.Graph()
    graph.add_node("id:1", label_zh="常州大学", label_en="Changzhou University")
    graph.add_node("id:2", label_en="Optics")
    graph.add_node("长安汽车")
    assert [node.get("pinyin") for node in nodes(graph)] == ["changzhoudaxue czdx", None, "changanqiche caqc"]


def test_a_hostile_name_leaves_only_letters_and_digits_in_its_spelling() -> None:
    graph: nx.Graph[str] = nx.Graph()
    graph.add_node("</script><b>=1+1厂\u202e")
    assert nodes(graph)[0]["pinyin"] == "scriptb11chang scriptb11c"
