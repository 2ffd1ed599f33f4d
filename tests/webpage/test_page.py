"""The page as text: what it holds, and what it never does."""

from __future__ import annotations

import base64
import copy
import hashlib
import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest

import chaingraph as cg
from chaingraph.errors import NetworkError, UsageError
from chaingraph.networks import PROJECTIONS
from chaingraph.resources import SAMPLES, sample
from chaingraph.webpage import Page, page
from chaingraph.webpage.attributes import attribute_name, attribute_rows
from tests.webpage.conftest import page_data

HOSTILE = "</script><script>window.ran=1</script><img src=x onerror=window.ran=1>\u2028&amp;\"'"


class Elements(HTMLParser):
    """Tags with their attributes, and the text of each script and style."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, dict[str, str | None], str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append((*self.tags[-1], data) if self.tags else ("", {}, data))

    def within(self, name: str) -> list[str]:
        return [text for tag, _, text in self.texts if tag == name and text.strip()]


def data(made: Page) -> dict[str, Any]:
    return page_data(made.html)


def small() -> nx.Graph[str]:
    graph: nx.Graph[str] = nx.Graph(name="Co-membership", name_zh="同属网络")
    graph.graph["datasets"] = [
        {"title_zh": "名录", "title_en": "Roster", "licence": "CC BY 4.0", "attribution": "省科技厅 <b>"}
    ]
    graph.add_node("id:a", label_zh="苏大维格", label_en="SVG Optronics", type="Organization", kind="enterprise")
    graph.add_node("id:b", label_zh="苏州大学", type="Organization", kind="university", region="Suzhou")
    graph.add_node("id:c", label="无名", type="Consortium", betweenness=0.25)
    quote = {"exact": "牵头组建", "title": "新闻", "url": "https://example.org/1"}
    graph.add_edge("id:a", "id:b", consortia=4, quotes=[quote])
    graph.add_edge("id:a", "id:c", relation="leads")
    return graph


def test_a_page_leaves_the_network_as_it_was() -> None:
    graph = small()
    before = copy.deepcopy(nx.node_link_data(graph))
    page(graph)
    assert nx.node_link_data(graph) == before


def test_a_frozen_network_can_be_drawn() -> None:
    assert len(data(page(nx.freeze(small())))["nodes"]) == 3


def test_the_same_network_gives_the_same_bytes_in_whatever_order_it_was_built() -> None:
    graph = small()
    other: nx.Graph[str] = nx.Graph(**graph.graph)
    other.add_nodes_from(reversed(list(graph.nodes(data=True))))
    other.add_edges_from((v, u, held) for u, v, held in reversed(list(graph.edges(data=True))))
    assert page(graph).html == page(other).html


def test_the_bytes_do_not_depend_on_the_hash_seed_of_the_process() -> None:
    program = (
        "import hashlib, networkx as nx; from chaingraph.webpage import page\n"
        "graph = nx.relabel_nodes(nx.gnm_random_graph(40, 70, seed=2), lambda node: f'organization {node}')\n"
        "print(hashlib.sha256(page(graph).html.encode()).hexdigest())"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


def test_the_page_allows_only_its_own_scripts_and_style() -> None:
    elements = Elements(page(small()).html)
    policies = [held["content"] for tag, held in elements.tags if held.get("http-equiv") == "Content-Security-Policy"]
    scripts = [text for tag, held, text in elements.texts if tag == "script" and "type" not in held and text.strip()]
    (style,) = elements.within("style")

    def allowed(text: str) -> str:
        return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

    assert len(scripts) == 2
    assert policies == [
        f"default-src 'none'; script-src {allowed(scripts[0])} {allowed(scripts[1])}; style-src {allowed(style)}; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    ]


def test_nothing_on_the_page_points_outside() -> None:
    elements = Elements(page(small()).html)
    pointing = {"src", "href", "srcset", "action", "data", "poster", "background", "xlink:href"}
    assert [held for _, held in elements.tags if pointing & held.keys()] == []
    assert [held for _, held in elements.tags if any(name.startswith("on") or name == "style" for name in held)] == []
    (style,) = elements.within("style")
    assert "url(" not in style
    assert "@import" not in style
    assert "sourceMappingURL" not in page(small()).html


def test_words_of_the_data_never_become_markup() -> None:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(name=HOSTILE, name_zh=HOSTILE)
    graph.graph["datasets"] = [dict.fromkeys(("title_zh", "title_en", "licence", "attribution"), HOSTILE)]
    quote = dict.fromkeys(("exact", "prefix", "suffix", "title", "url", "published"), HOSTILE)
    held = dict.fromkeys(("label", "type", "kind", "region", "industry", "dataset", HOSTILE), HOSTILE)
    graph.add_node(HOSTILE, **held, quotes=[quote])
    graph.add_edge(HOSTILE, "__proto__", relation=HOSTILE, quotes=[quote])
    clean: nx.MultiDiGraph[str] = nx.MultiDiGraph([("a", "b")])
    clean.graph["datasets"] = [dict.fromkeys(("title_zh", "title_en", "licence", "attribution"), "x")]
    hostile = page(graph, title=HOSTILE)
    assert [tag for tag, _ in Elements(hostile.html).tags] == [tag for tag, _ in Elements(page(clean).html).tags]
    assert data(hostile)["nodes"][0]["id"] == HOSTILE
    assert HOSTILE not in hostile.html


def test_every_node_and_tie_reaches_the_page_with_its_words() -> None:
    held = data(page(small()))
    assert [(node["id"], node["name"]) for node in held["nodes"]] == [
        ("id:a", {"zh": "苏大维格", "en": "SVG Optronics"}),
        ("id:b", {"zh": "苏州大学", "en": "苏州大学"}),
        ("id:c", {"zh": "无名", "en": "无名"}),
    ]
    assert held["nodes"][1]["attributes"] == [["kind", {"zh": "高校", "en": "university"}], ["region", "Suzhou"]]
    assert held["nodes"][2]["attributes"] == [["betweenness", 0.25]]
    assert held["ties"] == [
        {"source": 0, "target": 1, "attributes": [["consortia", 4]], "quotes": [0]},
        {"source": 0, "target": 2, "relation": 0, "leads": True},
    ]
    assert held["quotes"] == [{"exact": "牵头组建", "title": "新闻", "url": "https://example.org/1"}]
    assert held["relations"] == [
        {"key": "leads", "name": {"zh": "牵头", "en": "leads"}, "inverse": {"zh": "牵头单位", "en": "led by"}}
    ]
    assert held["drawing"]["edges"] == [{"width": 3.2}, {}]


def test_a_record_of_a_register_reaches_the_page_as_a_quote_does() -> None:
    graph: nx.Graph[str] = nx.Graph()
    record = {"record": "101/7", "title": "CORDIS", "url": "https://example.org/cordis"}
    graph.add_edge("a", "b", quotes=[record, {"title": "neither words nor a number"}])
    graph.add_edge("a", "c", quotes=[record])
    held = data(page(graph))
    assert held["quotes"] == [record]
    assert [tie["quotes"] for tie in held["ties"]] == [[0], [0]]


def test_parallel_ties_of_a_multigraph_are_kept_and_drawn_apart() -> None:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for relation in ("leads", "memberOf", "hostedBy"):
        graph.add_edge("a", "b", relation=relation)
    held = data(page(graph))
    assert [(tie["source"], tie["target"]) for tie in held["ties"]] == [(0, 1)] * 3
    assert len({json.dumps(edge.get("smooth")) for edge in held["drawing"]["edges"]}) == 3


@pytest.mark.parametrize("kind", [nx.Graph, nx.DiGraph, nx.MultiGraph, nx.MultiDiGraph])
def test_every_kind_of_graph_can_be_drawn(kind: type[nx.Graph[Any]]) -> None:
    held = data(page(kind([("a", "b"), ("b", "a"), ("c", "c")])))
    directed, parallel = kind().is_directed(), kind().is_multigraph()
    assert held["directed"] is directed
    assert len(held["ties"]) == (3 if directed or parallel else 2)


def test_an_empty_network_says_so_in_both_languages() -> None:
    html = page(nx.Graph()).html
    assert "无可显示：网络中没有节点。" in html
    assert "Nothing to show: the network has no nodes." in html


def test_a_node_without_any_attribute_shows_its_identifier() -> None:
    held = data(page(nx.empty_graph(1)))
    assert held["nodes"] == [{"id": "0", "name": {"zh": "0", "en": "0"}, "type": 0, "colour": 0}]
    assert [entry["name"]["en"] for entry in held["legend"]["colours"]] == ["node without a class"]


def test_the_heading_counts_what_is_seen_in_both_languages() -> None:
    html = page(small()).html
    assert "2 个单位、1 个创新联合体，2 条联系。颜色和形状表示类别，面积表示联系数。" in html
    assert (
        "2 organizations and 1 consortium; 2 ties. Colour and shape show the class, area shows the number of ties."
        in html
    )


def test_a_class_that_the_ontology_does_not_have_keeps_its_own_name_and_a_neutral_colour() -> None:
    graph: nx.Graph[str] = nx.Graph()
    graph.add_node("a", type="Laboratory")
    assert data(page(graph))["legend"]["colours"] == [
        {"name": {"zh": "Laboratory", "en": "Laboratory"}, "hue": -1, "shape": "circle", "count": 1}
    ]


def test_the_attribution_of_every_data_set_stands_on_the_page() -> None:
    html = page(small()).html
    footer = html[html.index("<footer") : html.index("</footer>")]
    for said in ("名录", "Roster", "CC BY 4.0", "省科技厅 &lt;b&gt;"):
        assert said in footer


def test_the_area_of_a_node_follows_its_number() -> None:
    graph: nx.Graph[str] = nx.empty_graph(["a", "b", "c"])
    radii = [node["size"] for node in data(page(graph, size={"a": 16.0, "b": 4.0, "c": np.nan}))["drawing"]["nodes"]]
    assert radii[0] / radii[1] == pytest.approx(2, abs=0.05)
    assert radii[2] == 4.5


def test_a_number_without_a_value_is_not_shown_as_zero() -> None:
    graph: nx.Graph[str] = nx.Graph()
    graph.add_node("a", constraint=float("nan"), betweenness=np.float64(0.5), core=np.int64(3), sure=True)
    assert data(page(graph))["nodes"][0]["attributes"] == [
        ["betweenness", 0.5],
        ["constraint", None],
        ["core", 3],
        ["sure", True],
    ]


def test_colours_show_the_attribute_that_was_asked_for() -> None:
    held = data(page(small(), colour="kind"))
    assert [(*entry["name"].values(), entry["count"]) for entry in held["legend"]["colours"]] == [
        ("企业", "enterprise", 1),
        ("高校", "university", 1),
        ("未说明", "unstated", 1),
    ]
    assert [entry["name"]["en"] for entry in held["legend"]["classes"]] == ["organization", "consortium"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"layout": "spring"}, "there is no layout 'spring'; choose one of: chain, communities, map, two-mode"),
        ({"colour": "regoin"}, "colour='regoin': no node has that attribute; there are: betweenness, kind, label"),
        ({"size": "pagerank"}, "size='pagerank': no node has that attribute; there are: betweenness"),
        ({"group": "chain"}, "group='chain': no node has that attribute; there are: betweenness"),
    ],
)
def test_a_choice_that_does_not_exist_is_refused_with_those_that_do(options: dict[str, Any], said: str) -> None:
    with pytest.raises(NetworkError, match=re.escape(said)):
        page(small(), **options)


def test_saving_writes_utf_8_whatever_the_locale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for encoding in ("gbk", "cp1252"):
        monkeypatch.setattr("locale.getpreferredencoding", lambda *_, chosen=encoding: chosen)
        monkeypatch.setattr("locale.getencoding", lambda chosen=encoding: chosen)
        made = page(small())
        target = made.save(tmp_path / f"{encoding}.html")
        assert target.read_bytes() == made.html.encode("utf-8")


def test_saving_under_an_ascii_locale_writes_utf_8(tmp_path: Path) -> None:
    program = (
        "import sys, networkx as nx; from chaingraph.webpage import page\n"
        "page(nx.Graph(name='\\u540c\\u5c5e'), title='\\u540c\\u5c5e \\u00fc').save(sys.argv[1])"
    )
    target = tmp_path / "page.html"
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    environment["PYTHONPATH"] = os.pathsep.join(sys.path)
    subprocess.run([sys.executable, "-c", program, str(target)], env=environment, check=True)
    assert "<title>同属 ü</title>" in target.read_text(encoding="utf-8")


def test_a_page_that_cannot_be_written_leaves_the_old_one_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "page.html"
    target.write_text("old", encoding="utf-8")

    def full(self: Path, _content: bytes) -> int:
        self.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(UsageError, match=r"cannot write .*: No space left on device"):
        page(small()).save(target)
    assert target.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_half_a_character_in_the_data_does_not_stop_the_page(tmp_path: Path) -> None:
    graph: nx.Graph[str] = nx.Graph()
    graph.add_node("id:\ud800", label="坏\udfff")
    page(graph).save(tmp_path / "page.html")
    assert data(page(graph))["nodes"][0]["name"] == {"zh": "坏?", "en": "坏?"}


def test_a_notebook_shows_the_page_in_a_frame_without_rights() -> None:
    made = page(small())
    ((tag, held),) = Elements(made._repr_html_()).tags
    assert tag == "iframe"
    assert held["sandbox"] == "allow-scripts allow-downloads allow-popups allow-popups-to-escape-sandbox"
    assert held["srcdoc"] == made.html


def test_many_different_numbers_are_coloured_by_ranges() -> None:
    graph: nx.Graph[str] = nx.Graph()
    for number in range(40):
        graph.add_node(f"n{number:02}", score=number * 1.5)
    graph.add_node("z")
    colours = page_data(page(graph, colour="score", language="en").html)["legend"]["colours"]
    assert [(entry["name"]["en"], entry["count"]) for entry in colours] == [
        ("0 – 10.5", 8), ("12 – 22.5", 8), ("24 – 34.5", 8), ("36 – 46.5", 8), ("48 – 58.5", 8), ("unstated", 1),
    ]  # fmt: skip
    assert [entry["hue"] for entry in colours] == [10, 11, 12, 13, 14, -1]


def test_a_community_is_named_after_what_is_in_it_not_after_its_region() -> None:
    graph: nx.Graph[str] = nx.Graph()
    graph.add_node("r", type="Region", label="Suzhou")
    for number in range(5):
        graph.add_node(f"o{number}", type="Organization", label=f"Works {number}")
        graph.add_edge("r", f"o{number}")
    graph.add_edge("o3", "o4")
    colours = page_data(page(graph, colour="community", language="en").html)["legend"]["colours"]
    assert [entry["name"]["en"] for entry in colours] == ["Works 0 and others", "Works 3 and others"]


def test_every_attribute_of_every_network_has_a_name_in_chinese() -> None:
    kg = cg.open(*(sample(name) for name in SAMPLES))
    names: set[str] = set()
    for projection in PROJECTIONS.values():
        network = projection.function(kg)
        items = [*(each for _, each in network.nodes(data=True)), *(tie for *_, tie in network.edges(data=True))]
        names |= {name for each in items for name, _ in attribute_rows(each)}
    assert "bipartite" not in names
    assert [name for name in sorted(names) if attribute_name(name)["zh"].isascii()] == []
