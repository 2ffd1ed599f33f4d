"""What leaves the page: pictures, tables, records and paper; and the theme that it is seen in."""

from __future__ import annotations

import csv
import io
import json
import re
import xml.etree.ElementTree as ElementTree
import zlib
from pathlib import Path

import networkx as nx
from playwright.sync_api import Browser, expect

from chaingraph.webpage import page
from tests.export.same_cells import CELLS
from tests.webpage.conftest import Reader, needs_browser, whole_network

pytestmark = needs_browser

RAN = "window.ran=1"
HOSTILE = f"</text><script>{RAN}</script><image href=x onerror={RAN}>\x01]]>&amp;"


def saved(reader: Reader, kind: str) -> Path:
    """Choose an entry of the menu, and return the file that was saved, under the name that the page gave it."""
    reader.tab.locator("#export").click()
    with reader.tab.expect_download() as download:
        reader.tab.locator(f'[data-export="{kind}"]').click()
    path = reader.folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def pixels(path: Path) -> tuple[int, int, bytes]:
    """Width, height and the unfiltered-as-stored bytes of a PNG's scan lines."""
    content = path.read_bytes()
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = int.from_bytes(content[16:20]), int.from_bytes(content[20:24])
    parts, at = b"", 8
    while at < len(content):
        length, kind = int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8]
        parts += content[at + 8 : at + 8 + length] if kind == b"IDAT" else b""
        at += 12 + length
    return width, height, zlib.decompress(parts)


def rows(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


def register() -> nx.DiGraph[str]:
    graph: nx.DiGraph[str] = nx.DiGraph(name="Ties: 2/3", name_zh="联系：2/3 “甲”")
    graph.graph["datasets"] = [
        {"title_zh": "名录", "title_en": "Register", "licence": "CC BY 4.0", "attribution": "科技厅"}
    ]
    graph.add_node("id:a", label_zh="=1+1", label_en='Anhui "A", Ltd', type="Organization", share=-0.5)
    graph.add_node("id:b", label_zh="＠乙", type="Organization", share=2, since="-5")
    graph.add_node("id:c", label_zh="\t丙\r\n二行", type="Region", share=1e-9)
    graph.add_edge(
        "id:a", "id:b", relation="supplies", weight=3, quotes=[{"exact": "+供应", "url": "https://a.example/1"}]
    )
    graph.add_edge("id:b", "id:c", relation="within")
    return graph


def test_the_picture_is_twice_as_large_as_the_view_and_holds_more_than_paper(reader: Reader) -> None:
    reader.open(whole_network())
    path = saved(reader, "png")
    assert path.name == "示例 · 全部关系.png"
    width, height, lines = pixels(path)
    box = reader.tab.locator("#map").bounding_box()
    assert box
    assert 1120 <= width <= 2 * box["width"]
    assert 2 * box["height"] < height < 2 * box["height"] + 400
    assert len({lines[index : index + 4] for index in range(0, len(lines), 997)}) > 20


def test_the_vector_drawing_holds_shapes_names_legend_and_sources(reader: Reader) -> None:
    reader.open(whole_network())
    root = ElementTree.parse(saved(reader, "svg")).getroot()
    space = {"": "http://www.w3.org/2000/svg", "dc": "http://purl.org/dc/elements/1.1/"}
    assert root.findtext("title", namespaces=space) == "示例 · 全部关系"
    assert [one.text for one in root.findall("metadata/*", space)] == ["示例", "chaingraph", "CC0"]
    texts = ["".join(one.itertext()) for one in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {
        "示例 · 全部关系",
        "第0联合体",
        "苏州光电16厂",
        "单位 60",
        "创新联合体 4",
        "示例 · chaingraph · 许可 CC0",
    } <= set(texts)
    tags = {element.tag.rsplit("}", 1)[1] for element in root.iter()}
    assert tags == {"svg", "title", "desc", "metadata", "source", "creator", "rights", "g", "path", "text"}
    hexagons = [
        path for path in root.iter("{http://www.w3.org/2000/svg}path") if path.get("d", "").startswith("M0.000 -1.100L")
    ]
    assert len(hexagons) == 2 * 4 + 1
    assert not [name for element in root.iter() for name in element.attrib if name in ("href", "style", "class")]


def test_the_vector_drawing_runs_nothing_and_asks_for_nothing(reader: Reader) -> None:
    graph: nx.DiGraph[str] = nx.DiGraph(name=HOSTILE)
    graph.graph["datasets"] = [{"title_zh": HOSTILE, "title_en": HOSTILE, "licence": HOSTILE, "attribution": HOSTILE}]
    graph.add_node(HOSTILE, type=HOSTILE, kind=HOSTILE)
    graph.add_edge(HOSTILE, "b", relation=HOSTILE)
    reader.open(graph)
    path = saved(reader, "svg")
    assert not set(path.name) & set('\\/:*?"<>|\x01')
    texts = {"".join(one.itertext()) for one in ElementTree.parse(path).iter("{http://www.w3.org/2000/svg}text")}
    assert f"{HOSTILE} 1".replace("\x01", "\ufffd") in texts
    for kind in ("png", "nodes", "ties", "json"):
        saved(reader, kind)
    reader.tab.goto(path.as_uri())
    reader.tab.wait_for_timeout(100)
    assert reader.tab.evaluate("[window.ran ?? null, document.documentElement.nodeName]") == [None, "svg"]


def test_the_table_of_nodes_opens_in_a_spreadsheet_without_a_formula(reader: Reader) -> None:
    reader.open(register())
    path = saved(reader, "nodes")
    assert path.name == "名录 · 联系：2 3 “甲”-nodes.csv"
    assert path.read_bytes().startswith("\ufeff标识,名称,".encode())
    assert rows(path) == [
        ["标识", "名称", "英文名称", "类别", "联系数", "份额", "始于"],
        ["id:b", "'＠乙", "", "单位", "2", "2", "-5"],
        ["id:a", "'=1+1", 'Anhui "A", Ltd', "单位", "1", "-0.5", ""],
        ["id:c", "'\t丙\n二行", "", "地区", "1", "1e-9", ""],
    ]


def test_a_cell_is_what_every_other_way_out_writes(reader: Reader) -> None:
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from((f"n{number:02}", {"word": text}) for number, text in enumerate(CELLS))
    reader.open(graph)
    (heading, *lines) = rows(saved(reader, "nodes"))
    place = heading.index("word")
    assert {line[0]: line[place] for line in lines} == {
        f"n{number:02}": cell for number, cell in enumerate(CELLS.values())
    }


def test_the_table_of_ties_names_both_ends_and_the_words_behind_each(reader: Reader) -> None:
    reader.open(register(), language="en")
    assert rows(saved(reader, "ties")) == [
        ["from id", "to id", "from", "relation", "to", "weight", "Where it stands", "address of the source"],
        ["id:a", "id:b", 'Anhui "A", Ltd', "supplies", "'＠乙", "3", "'+供应", "https://a.example/1"],
        ["id:b", "id:c", "'＠乙", "within", "'\t丙\n二行", "", "", ""],
    ]


def test_the_records_hold_what_is_shown_with_quotes_sources_and_licence(reader: Reader) -> None:
    reader.open(register())
    reader.tab.locator("#keys .key", has_text="地区").first.click()
    held = json.loads(saved(reader, "json").read_text(encoding="utf-8"))
    assert held["counts"] == {"nodes": 2, "nodesInAll": 3, "ties": 1, "tiesInAll": 2}
    assert held["datasets"] == [
        {
            "title": {"zh": "名录", "en": "Register"},
            "attribution": {"zh": "科技厅", "en": "科技厅"},
            "licence": "CC BY 4.0",
        }
    ]
    assert [node["id"] for node in held["nodes"]] == ["id:b", "id:a"]
    assert held["nodes"][1] == {
        "id": "id:a", "name": {"zh": "=1+1", "en": 'Anhui "A", Ltd'}, "class": {"zh": "单位", "en": "organization"},
        "leading": False, "degree": 1, "attributes": {"share": -0.5}, "quotes": [],
    }  # fmt: skip
    assert held["ties"] == [
        {
            "source": "id:a", "target": "id:b", "relation": {"key": "supplies", "zh": "供应", "en": "supplies"},
            "attributes": {"weight": 3}, "quotes": [{"exact": "+供应", "url": "https://a.example/1"}],
        }
    ]  # fmt: skip


def test_keys_open_the_menu_walk_it_and_close_it(reader: Reader) -> None:
    reader.open(whole_network(), language="en")
    reader.tab.keyboard.press("e")
    expect(reader.tab.locator("#export-count")).to_have_text("68 of 68 nodes · 64 of 64 ties")
    assert reader.tab.evaluate("document.activeElement.dataset.export") == "png"
    reader.tab.keyboard.press("ArrowUp")
    assert reader.tab.evaluate("document.activeElement.dataset.export") == "print"
    reader.tab.keyboard.press("Escape")
    assert not reader.tab.locator("#export-list").is_visible()
    assert reader.tab.evaluate("document.activeElement.id") == "export"
    reader.tab.keyboard.press("e")
    reader.tab.keyboard.press("ArrowDown")
    with reader.tab.expect_download() as download:
        reader.tab.keyboard.press("Enter")
    assert download.value.suggested_filename == "Sample · The whole network.svg"


def test_the_paper_holds_title_map_legend_table_and_sources_but_no_tools(reader: Reader) -> None:
    reader.tab.emulate_media(color_scheme="dark")
    graph = nx.relabel_nodes(nx.star_graph(119), {number: f"n{number:03}" for number in range(120)})
    graph.graph["name"] = "Star"
    reader.open(graph, language="en")
    written = reader.tab.pdf(format="A4")
    assert 3 <= len(re.findall(rb"/Type\s*/Page\b", written)) <= 6
    reader.tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    reader.tab.emulate_media(media="print", color_scheme="dark")
    for selector in ("main", ".tools"):
        assert not reader.tab.locator(selector).is_visible()
    assert reader.shown("h1") == "Star"
    assert reader.tab.locator("#print-view svg").is_visible()
    legend = reader.tab.locator("#print-view svg text").all_text_contents()
    assert "node without a class 120" in legend
    assert reader.tab.locator("#print-view tbody tr").count() == 100
    assert reader.tab.locator("#print-view p").all_inner_texts() == [
        "120 of 120 nodes · 119 of 119 ties",
        "20 more nodes are not listed.",
    ]
    assert reader.tab.evaluate("getComputedStyle(document.body).color") == "rgb(35, 40, 45)"
    reader.tab.emulate_media(media="screen", color_scheme="dark")
    reader.tab.evaluate("dispatchEvent(new Event('afterprint'))")
    assert reader.tab.locator("#print-view > *").count() == 0
    assert reader.tab.evaluate("getComputedStyle(document.body).color") == "rgb(235, 230, 218)"


def colours(reader: Reader) -> str:
    """The page's ground, and a pixel of a consortium on the map, above the name that stands inside it."""
    x, y = reader.spot("id:c/0")
    radius, scale = reader.tab.evaluate(
        """() => { const { network, places, indexOf } = window.chaingraph;
        return [places[indexOf("id:c/0")].radius, network.getScale()]; }"""
    )
    y -= 0.8 * radius * scale
    seen = reader.tab.evaluate(
        """async ([x, y]) => {
        for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
        const canvas = document.querySelector("#map canvas"), { left, top } = canvas.getBoundingClientRect();
        const one = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
        one.drawImage(canvas, left - x, top - y);
        const pixel = one.getImageData(0, 0, 1, 1).data;
        return `${getComputedStyle(document.body).backgroundColor}, rgb(${[...pixel].slice(0, 3).join(", ")})`; }""",
        [x, y],
    )
    return str(seen)


LIGHT = "rgb(247, 244, 236), rgb(200, 81, 42)"
DARK = "rgb(21, 25, 29), rgb(238, 127, 86)"


def test_the_theme_follows_the_system_until_the_reader_chooses(reader: Reader) -> None:
    reader.open(whole_network(), language="en")
    assert colours(reader) == LIGHT
    reader.tab.emulate_media(color_scheme="dark")
    assert colours(reader) == DARK
    for label, seen in (("dark", DARK), ("light", LIGHT), ("as the system", DARK)):
        reader.tab.locator("#theme").click()
        assert reader.tab.locator("#theme").get_attribute("aria-label") == f"Dark or light: {label}"
        assert colours(reader) == seen


def test_the_theme_is_chosen_by_key_and_stands_in_the_address(reader: Reader) -> None:
    reader.open(whole_network())
    reader.tab.keyboard.press("d")
    reader.tab.wait_for_url("**#theme=dark")
    assert colours(reader) == DARK
    reader.tab.reload()
    reader.tab.wait_for_selector("html[data-ready]")
    assert colours(reader) == DARK
    reader.tab.evaluate("location.hash = '#theme=__proto__'")
    expect(reader.tab.locator("html[data-theme]")).to_have_count(0)
    assert colours(reader) == LIGHT


def test_a_notebook_frame_without_storage_saves_too(browser: Browser, tmp_path: Path) -> None:
    outer = tmp_path / "notebook.html"
    outer.write_text(f"<!DOCTYPE html><meta charset=utf-8>{page(register())._repr_html_()}", encoding="utf-8")
    context = browser.new_context(offline=True)
    tab, faults = context.new_page(), []
    tab.on("pageerror", lambda error: faults.append(str(error)))
    tab.on("console", lambda message: faults.append(message.text))
    tab.goto(outer.as_uri())
    frame = tab.frame_locator("iframe")
    frame.locator("html[data-ready]").wait_for()
    for kind, ending in (("png", ".png"), ("svg", ".svg"), ("json", ".json")):
        frame.locator("#export").click()
        with tab.expect_download() as download:
            frame.locator(f'[data-export="{kind}"]').click()
        assert download.value.suggested_filename == f"名录 · 联系：2 3 “甲”{ending}"
    frame.locator("#theme").click()
    frame.locator("#switch").click()
    expect(frame.locator("#row-count")).to_have_text("显示 3 个节点（共 3 个）")
    context.close()
    assert faults == []
