"""The model of a page: its JSON, and that template and scripts read what is in it and nothing else."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from importlib.resources import files
from typing import Any

import networkx as nx
import pytest

from chaingraph.webpage import builder, model
from chaingraph.webpage.document import SHARED_SCRIPTS
from chaingraph.webpage.rendering import SCRIPTS

FOLDER = files("chaingraph.webpage")
SCRIPT_TEXT = "\n".join(
    FOLDER.joinpath(name).read_text(encoding="utf-8")
    for name in [f"shared/{name}" for name in SHARED_SCRIPTS] + [f"js/{name}" for name in SCRIPTS]
)
TEMPLATES = ("shared/base.html.j2", "shared/texts.html.j2", "network.html.j2")
TEXT = re.sub(r"^\s*//.*$", "", SCRIPT_TEXT, flags=re.MULTILINE) + "".join(
    FOLDER.joinpath(name).read_text("utf-8") for name in TEMPLATES
)

INDEX = r"\[(?:[^\[\]]|\[[^\]]*\])+\]"
READERS = {
    model.PageModel: r"(?:data|model)",
    model.DataSet: r"dataset",
    model.Node: rf"(?:node|nodes{INDEX})",
    model.Tie: rf"(?:tie|ties{INDEX})",
    model.Relation: rf"relations{INDEX}",
    model.Quote: r"quote",
    model.Legend: r"legend",
    model.LegendEntry: rf"legend\.(?:classes|colours){INDEX}",
    model.Drawing: r"drawing",
    model.Overview: r"overview",
    model.Disc: rf"(?:disc|discs{INDEX})",
}
"""How scripts and template write what they read of each class."""


def names(record: type) -> set[str]:
    return {field.name for field in fields(record)}


@pytest.mark.parametrize("record", READERS, ids=lambda record: record.__name__)
def test_scripts_and_template_read_nothing_that_the_model_lacks(record: type) -> None:
    keys = set(re.findall(rf"(?<![.\w]){READERS[record]}\??\.(\w+)", TEXT))
    assert keys
    assert keys <= names(record)


@pytest.mark.parametrize("record", [*READERS, model.Line], ids=lambda record: record.__name__)
def test_everything_in_the_model_is_read_by_a_script_or_the_template(record: type) -> None:
    # As a property, or taken out of an object by its name.
    unread = {name for name in names(record) if not re.search(rf"(?:\.|[{{,] ){name}\b", TEXT)}
    assert unread == set()


def view(**options: Any) -> builder.View:  # noqa: ANN401 - the fields of View
    defaults = {"language": "en", "title": None, "colour": "type", "size": "degree", "group": None}
    return builder.View(**{**defaults, "layout": "communities", "seed": 0, **options})


def test_the_json_leaves_out_what_has_its_default_and_what_a_position_tells() -> None:
    graph: nx.DiGraph[str] = nx.DiGraph([("a", "b")])
    graph.nodes["a"].update(leading=True, label_en="A")
    content = json.loads(model.as_json(builder.page_model(graph, view())))
    assert content["nodes"] == [
        {"id": "a", "name": {"zh": "A", "en": "A"}, "type": 0, "colour": 0, "leading": True},
        {"id": "b", "name": {"zh": "b", "en": "b"}, "type": 0, "colour": 0},
    ]
    assert content["ties"] == [{"source": 0, "target": 1}]
    assert [sorted(node) for node in content["drawing"]["nodes"]] == [["size", "x", "y"]] * 2
    assert content["drawing"]["edges"] == [{}]
    assert sorted(content) == sorted(names(model.PageModel))


def test_the_model_in_python_has_the_drawing_as_vis_network_takes_it() -> None:
    graph: nx.DiGraph[str] = nx.DiGraph([("a", "b"), ("b", "a")])
    drawing = builder.page_model(graph, view()).drawing
    assert [node["id"] for node in drawing.nodes] == [0, 1]
    assert [(edge["id"], edge["from"], edge["to"]) for edge in drawing.edges] == [(0, 0, 1), (1, 1, 0)]


@pytest.mark.parametrize(
    ("of_graph", "given", "language"),
    [
        (None, None, "zh"),
        ("zh", None, "zh"),
        ("zh-Hans", None, "zh"),
        ("en", None, "en"),
        ("de", None, "en"),
        ("zh", "en", "en"),
        ("en", "zh", "zh"),
    ],
)
def test_a_page_starts_in_the_language_of_the_graph_unless_another_is_given(
    of_graph: str | None, given: str | None, language: str
) -> None:
    graph: nx.Graph[str] = nx.Graph()
    if of_graph:
        graph.graph["language"] = of_graph
    assert builder.page_language(graph, given) == language


def test_a_graph_without_a_language_is_in_the_one_that_more_nodes_have_names_in() -> None:
    graph: nx.Graph[str] = nx.Graph([("x", "y")])
    assert builder.page_language(graph, None) == "zh"
    graph.add_node("a", label_en="Alpha", label_zh="甲", label="Alpha")
    assert builder.page_language(graph, None) == "en"
    graph.add_node("b", label="乙")
    assert builder.page_language(graph, None) == "zh"
    graph.add_node("c", label="Gamma")
    assert builder.page_language(graph, None) == "en"


def test_more_nodes_than_a_page_can_have_and_no_community_make_one_disc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(builder, "MOST_NODES", 20)
    content = builder.page_model(nx.empty_graph(30), view())
    assert dict(content.attributes[position] for position in content.nodes[0].attributes)["nodes"] == 30
    assert len(content.nodes) == 1
    assert content.introduction["en"].startswith("30 nodes and 0 ties are more than one page can carry")
