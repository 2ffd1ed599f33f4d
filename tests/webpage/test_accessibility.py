"""What axe-core finds on pages: nothing serious. It comes from npm, for tests only: CHAINGRAPH_AXE names its file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright

from chaingraph.briefing import chain_map
from chaingraph.networks import affiliation
from chaingraph.store import KnowledgeGraph
from chaingraph.webpage import page
from tests.webpage.conftest import CHROMIUM, FLAGS, needs_browser

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

AXE = Path(os.environ.get("CHAINGRAPH_AXE", "axe.min.js"))
SAMPLE = Path(__file__).resolve().parents[2] / "graph" / "jiangsu-2022"
pytestmark = [
    needs_browser,
    pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not there: npm install axe-core, and set CHAINGRAPH_AXE"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.mark.parametrize(("language", "theme", "width"), [("zh", "light", 1440), ("en", "dark", 375)])
@pytest.mark.parametrize("kind", ["network", "chain map"])
def test_axe_finds_nothing_serious_on_a_page(
    browser: Browser, tmp_path: Path, kind: str, language: str, theme: str, width: int
) -> None:
    kg = KnowledgeGraph.open(SAMPLE)
    document = page(affiliation(kg)) if kind == "network" else chain_map(kg)
    file = document.save(tmp_path / "page.html")
    context = browser.new_context(viewport={"width": width, "height": 900}, bypass_csp=True)
    tab = context.new_page()
    tab.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    tab.goto(f"{file.as_uri()}#lang={language}")
    tab.wait_for_selector("html[data-ready]")
    tab.evaluate(AXE.read_text(encoding="utf-8"))
    violations = tab.evaluate("async () => (await axe.run(document, { resultTypes: ['violations'] })).violations")
    context.close()
    serious = [
        (one["id"], node["target"])
        for one in violations
        if one["impact"] in {"serious", "critical"}
        for node in one["nodes"]
    ]
    assert serious == []
