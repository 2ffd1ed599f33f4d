"""The data of a page are columns, and come out of them as they went in: in Python, and in the page's script."""

from __future__ import annotations

import json
from typing import Any

import networkx as nx

from chaingraph.webpage.columnar import lean
from tests.webpage.conftest import Reader, needs_browser, unpacked, whole_network
from tests.webpage.test_page import Elements

DATA: dict[str, Any] = {
    "nodes": [{"id": 0, "x": 1.5, "y": 0.0, "size": 8.0}, {"id": 1, "x": -2.0, "y": 0.0, "size": 8.0}],
    "edges": [{"id": 0, "from": 0, "to": 1, "width": 2.1}, {"id": 1, "from": 1, "to": 1}],
    "things": [
        {"id": "id:a", "name": ["甲", "A"], "colour": 0, "facts": [["kind", "企业", "enterprise"], ["n", None]]},
        {"id": "id:b", "name": ["B", "B"], "colour": 0, "facts": [["kind", "企业", "enterprise"]], "leading": True},
    ],
    "ties": [{"quotes": [{"exact": "“x”"}, {"exact": "y"}]}, {"relation": 0, "quotes": [{"exact": "y"}]}],
    "language": "zh",
}


def test_what_repeats_is_written_once_and_what_all_share_too() -> None:
    made = lean(DATA)
    assert made["nodes"] == {
        "length": 2,
        "columns": {"size": {"all": 8.0}, "x": {"of": [1.5, -2.0]}, "y": {"all": 0.0}},
    }
    assert made["edges"]["columns"]["width"] == {"at": [0], "is": [2.1]}
    assert made["things"]["columns"]["id"] == {"of": ["a", "b"], "head": "id:"}
    assert made["things"]["columns"]["name"] == {"of": [["甲", "A"], "B"]}
    assert made["things"]["columns"]["facts"] == {"of": [[0, 1], [0]]}
    assert made["facts"] == [["kind", "企业", "enterprise"], ["n", None]]
    assert made["quotes"] == [{"exact": "“x”"}, {"exact": "y"}]


def test_the_columns_hold_all_that_the_records_held() -> None:
    before = json.dumps(DATA)
    held = unpacked(json.dumps(lean(DATA)))
    assert {name: held[name] for name in DATA} == DATA
    assert json.dumps(DATA) == before


def test_a_network_without_nodes_or_ties_has_empty_columns() -> None:
    empty: dict[str, Any] = {name: [] for name in ("nodes", "edges", "things", "ties")}
    held = unpacked(json.dumps(lean(empty)))
    assert {name: held[name] for name in empty} == empty


class TestInABrowser:
    """The script reads what Python wrote."""

    pytestmark = needs_browser

    def test_the_script_makes_the_same_records_of_the_columns(self, reader: Reader) -> None:
        graphs: list[nx.Graph[Any]] = [whole_network(), nx.Graph([("a", "b")]), nx.empty_graph(1)]
        for graph in graphs:
            reader.open(graph)
            texts = Elements(reader.tab.content()).texts
            written = unpacked("".join(text for _, held, text in texts if held.get("id") == "data"))
            for table in ("edges", "things", "ties"):
                assert reader.tab.evaluate(f"window.chaingraph.data.{table}") == written[table]
