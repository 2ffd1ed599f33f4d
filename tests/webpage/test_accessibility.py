"""What axe-core finds on the pages that are files: nothing serious."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright

from chaingraph.briefing import brief, chain_map, tile_map
from chaingraph.indicators import tile_values
from chaingraph.networks import affiliation
from chaingraph.store import KnowledgeGraph
from chaingraph.webpage import page
from tests.accessibility import LOOKS, browser_tab, prepare, serious_findings
from tests.webpage.conftest import needs_browser

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page as Tab

pytestmark = needs_browser
SAMPLE = Path(__file__).resolve().parents[2] / "graph" / "jiangsu-2022"
SELECT = """() => { location.hash += "&n=" + encodeURIComponent(window.chaingraph.data.nodes[0].id); }"""
"""A script that selects a node, so that the panel tells of it."""
TABLE = """() => document.getElementById("switch").click()"""


@pytest.fixture(scope="module")
def tab() -> Iterator[Tab]:
    """A tab of a browser."""
    with sync_playwright() as playwright:
        yield from browser_tab(playwright)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every page of the smallest sample."""
    folder = tmp_path_factory.mktemp("pages")
    kg = KnowledgeGraph.open(SAMPLE)
    page(affiliation(kg, quotes=True)).save(folder / "network.html")
    chain_map(kg).save(folder / "chain.html")
    tile_map(tile_values(kg)).save(folder / "tiles.html")
    brief(kg).save(folder / "brief.html")
    return folder


@pytest.mark.parametrize(("language", "theme", "width"), LOOKS)
@pytest.mark.parametrize(
    ("name", "script", "sign"),
    [
        ("network", "", "canvas, svg"),
        ("network", SELECT, '[data-action="focus_1"]'),
        ("network", TABLE, "#table"),
        ("chain", "", "html[data-ready]"),
        ("tiles", "", "main"),
        ("brief", "", "main"),
    ],
    ids=["network", "a node", "table", "chain map", "tile map", "brief"],
)
def test_axe_finds_nothing_serious_on_a_page(
    tab: Tab, folder: Path, name: str, script: str, sign: str, language: str, theme: str, width: int
) -> None:
    prepare(tab, theme, width)
    tab.goto("about:blank")
    tab.goto(f"{(folder / name).with_suffix('.html').as_uri()}#lang={language}")
    if name in {"network", "chain"}:
        tab.wait_for_selector("html[data-ready]")
    if script:
        tab.evaluate(script)
    tab.locator(sign).first.wait_for()
    assert serious_findings(tab) == []
