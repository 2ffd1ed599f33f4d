"""A reader at the page: one tab of a real browser without network, and everything that went wrong in it."""

from __future__ import annotations

import base64
import json
import os
import random
import re
import shutil
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Dialog, sync_playwright
from playwright.sync_api import Page as Tab

from chaingraph.webpage import Page, page

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), ""
)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
FLAGS += ["--disable-sync", "--no-first-run"]

needs_browser = pytest.mark.skipif(
    not CHROMIUM and os.environ.get("CI") != "true", reason="no Chromium here: apt-get install chromium fonts-noto-cjk"
)
"""What every module of browser tests marks itself with; CI has a browser and fails without."""


def whole_network() -> nx.MultiDiGraph[str]:
    """Four consortia, their leads, members and platforms; seeded."""
    choice = random.Random(11)
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(name="The whole network", name_zh="全部关系")
    graph.graph["datasets"] = [
        {"title_zh": "示例", "title_en": "Sample", "licence": "CC0", "attribution": "chaingraph"}
    ]
    for number in range(60):
        graph.add_node(
            f"id:o/{number}",
            label_zh=f"苏州光电{number}厂",
            label_en=f"Optics {number}",
            type="Organization",
            kind="enterprise",
        )
    for number in range(4):
        consortium = f"id:c/{number}"
        graph.add_node(consortium, label_zh=f"第{number}联合体", label_en=f"Consortium no. {number}", type="Consortium")
        quote = {
            "exact": f"由苏州光电{number}厂牵头组建", "prefix": "记者获悉，", "title": "江苏科技报",
            "url": "https://example.org/news?a=1&b=2", "published": "2022-07-18",
        }  # fmt: skip
        graph.add_edge(f"id:o/{number}", consortium, relation="leads", quotes=[quote])
        for member in choice.sample(range(4, 60), 14):
            graph.add_edge(f"id:o/{member}", consortium, relation="memberOf")
        graph.add_node(f"id:p/{number}", label_zh=f"平台{number}", type="Platform")
        graph.add_edge(f"id:p/{number}", f"id:o/{number}", relation="hostedBy")
    graph.nodes["id:c/0"]["quotes"] = [quote]
    return graph


def page_data(html: str) -> dict[str, Any]:
    """The model of a page, from its JSON; nodes and ties have their attributes instead of the positions of these."""
    found = re.search(r'<script id="data" type="text/plain">([A-Za-z0-9+/=]+)</script>', html)
    assert found is not None
    data: dict[str, Any] = json.loads(zlib.decompress(base64.b64decode(found[1])))
    for item in (*data["nodes"], *data["ties"]):
        if "attributes" in item:
            item["attributes"] = [data["attributes"][position] for position in item["attributes"]]
    return data


@dataclass
class Reader:
    """One tab, and everything that went wrong in it."""

    tab: Tab
    folder: Path
    requests: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def open(self, graph: nx.Graph[Any], after: str = "", **options: Any) -> None:  # noqa: ANN401 - passed on to page
        self.show(page(graph, **options), after)

    def show(self, document: Page, after: str = "") -> None:
        path = document.save(self.folder / "page.html")
        # A new fragment alone would not load the file anew.
        self.tab.goto("about:blank")
        self.requests.clear()
        self.tab.goto(f"{path.as_uri()}{after}")
        self.tab.wait_for_selector("html[data-ready]")

    def wait_for_paint(self) -> None:
        """Wait until what was asked to be drawn is on the canvas: the second frame from now begins after the first."""
        self.tab.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.faults.append(message.text)

    def asked(self, dialog: Dialog) -> None:
        self.faults.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def shown(self, selector: str) -> str:
        return str(self.tab.locator(selector).inner_text())

    def spot(self, identifier: str) -> tuple[float, float]:
        """Where a node is in the window."""
        at = self.tab.evaluate(
            """(id) => { const { network, indexOf } = window.chaingraph; const index = indexOf(id);
            const at = network.canvasToDOM(network.getPosition(index)); const box = document.getElementById("map");
            const { left, top } = box.getBoundingClientRect(); return [at.x + left, at.y + top]; }""",
            identifier,
        )
        return float(at[0]), float(at[1])

    def find(self, text: str) -> None:
        self.tab.keyboard.press("/")
        self.tab.keyboard.type(text)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        launched = play.chromium.launch(executable_path=CHROMIUM or None, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def reader(browser: Browser, tmp_path: Path) -> Iterator[Reader]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    context.set_offline(True)
    made = Reader(context.new_page(), tmp_path)
    made.tab.on("request", lambda request: made.requests.append(request.url))
    made.tab.on("console", made.heard)
    made.tab.on("pageerror", lambda error: made.faults.append(str(error)))
    made.tab.on("dialog", made.asked)
    yield made
    assert made.faults == []
    assert [url for url in made.requests if not url.startswith((tmp_path.as_uri(), "data:", "blob:"))] == []
    context.close()
