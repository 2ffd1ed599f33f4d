"""The demo's page in a real browser with the network off."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

import chaingraph as cg
from chaingraph.cli.demo import TITLES
from chaingraph.resources import SAMPLES, sample

CHROMIUM = Path("/usr/bin/chromium")


def test_every_thing_of_the_three_data_sets_is_on_the_page_and_nothing_is_asked_of_the_network(tmp_path: Path) -> None:
    if not CHROMIUM.exists():
        if os.environ.get("CI") == "true":
            pytest.fail("CI must have Chromium")
        pytest.skip("Chromium is not installed (/usr/bin/chromium)")
    kg = cg.open(*(sample(name) for name in SAMPLES))
    path = cg.page(cg.whole(kg, quotes=True), title=TITLES).save(tmp_path / "network.html")
    classes = "Organization Consortium Programme Platform Project Region Industry Chain Stage Product"
    union = " UNION ".join(f"{{ ?s a cg:{name} }}" for name in classes.split(" "))
    things = set(kg.select(f"SELECT DISTINCT ?s {{ {union} }}")["s"])
    requests, words, faults = [], [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(offline=True)
        tab = context.new_page()
        tab.on("request", lambda request: requests.append(request.url))
        tab.on("console", lambda message: words.append(message.text))
        tab.on("pageerror", lambda error: faults.append(str(error)))
        tab.goto(path.as_uri())
        tab.wait_for_selector("html[data-ready]")
        shown = tab.evaluate("JSON.parse(document.getElementById('data').textContent).nodes.length")
        drawn = tab.evaluate("window.chaingraph.nodes.length")
        missing = tab.evaluate(
            "ids => ids.filter(id => window.chaingraph.indexOf(id) === undefined || window.chaingraph.indexOf(id) < 0)",
            sorted(things),
        )
        browser.close()
    assert (requests, words, faults) == ([path.as_uri()], [], [])
    assert (shown, drawn, missing) == (len(things), len(things), [])
    assert len(things) > 2000
