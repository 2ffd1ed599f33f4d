"""A search finds Chinese names by what one types for them: Pinyin, initials, and the other script."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from chaingraph.store import KnowledgeGraph
from tests.servers import ServerProcess, end_server, start_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

NAMES = {
    "js": "江苏生物单位",
    "ys": "银山微电子",
    "ch": "重慶長安汽車",
    "sz": "苏州大学",
    "sx": "山西苏州商会",
    "wy": "Jiangsu Optics",
}


def server_of(names: dict[str, str], folder: Path) -> ServerProcess:
    organizations = pd.DataFrame({"id": names.keys(), "name": names.values(), "kind": "enterprise"})
    path = folder / "names.kg"
    KnowledgeGraph.build({"organizations": organizations}, path)
    return start_server(path, workers=1)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    process = server_of(NAMES, tmp_path_factory.mktemp("spelling"))
    yield process.client
    end_server(process)


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("jiangsu", ["Jiangsu Optics", "江苏生物单位"]),
        ("jsswdw", ["江苏生物单位"]),
        ("wdw", ["江苏生物单位"]),
        ("jsdw", []),
        ("SuZhou DaXue", ["苏州大学"]),
        ("szdx", ["苏州大学"]),
        ("chongqingchangan", ["重慶長安汽車"]),
        ("zhongqing", []),
        ("重庆长安", ["重慶長安汽車"]),
        ("蘇州大學", ["苏州大学"]),
        ("ｓｚｄｘ", ["苏州大学"]),
        ("yinshan", ["银山微电子"]),
    ],
)
def test_a_name_is_found_by_its_pinyin_its_initials_and_in_the_other_script(
    client: httpx.Client, typed: str, names: list[str]
) -> None:
    results = client.get("/search.json", params={"q": typed}, timeout=300).json()
    assert sorted(thing["name"] for thing in results["things"]) == names
    page = client.get("/search", params={"q": typed, "lang": "zh"}, headers={"Accept": "text/html"}, timeout=300).text
    assert all(name in page for name in names)
    of_another_class = client.get("/search.csv", params={"q": typed, "class": "Region"}, timeout=300).text
    assert len(of_another_class.splitlines()) == 1


def test_exact_initials_come_before_what_contains_them(client: httpx.Client) -> None:
    results = client.get("/search.json", params={"q": "sz"}, timeout=300).json()
    assert results["things"][0]["name"] == "苏州大学"


def test_without_chinese_names_no_process_is_started_for_them(tmp_path: Path) -> None:
    process = server_of({"a": "Jiangsu Optics", "b": "Bosch"}, tmp_path)
    try:
        results = process.client.get("/search.json", params={"q": "jiangsu"}).json()
        assert [thing["name"] for thing in results["things"]] == ["Jiangsu Optics"]
        commands = [Path(f"/proc/{number}/cmdline").read_text(encoding="utf-8") for number in process.children]
        assert commands
        assert not any("reconciliation" in command for command in commands)
    finally:
        end_server(process)
