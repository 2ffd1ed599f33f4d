"""The demo's page in a real browser with the network off."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser

import chaingraph as cg
from chaingraph.cli.demo import TITLES
from chaingraph.resources import SAMPLES, sample
from tests.webpage.conftest import needs_browser

pytestmark = needs_browser


def test_every_thing_of_the_three_data_sets_is_on_the_page_and_nothing_is_asked_of_the_network(
    browser: Browser, tmp_path: Path
) -> None:
    kg = cg.open(*(sample(name) for name in SAMPLES))
    path = cg.page(cg.whole(kg, quotes=True), title=TITLES, language="zh").save(tmp_path / "network.html")
    classes = "Organization Consortium Programme Platform Project Region Industry Chain Stage Product Cluster Event"
    union = " UNION ".join(f"{{ ?s a cg:{name} }}" for name in classes.split(" "))
    things = set(kg.select(f"SELECT DISTINCT ?s {{ {union} }}")["s"])
    requests, words, faults = [], [], []
    context = browser.new_context(offline=True)
    tab = context.new_page()
    tab.on("request", lambda request: requests.append(request.url))
    tab.on("console", lambda message: words.append(message.text))
    tab.on("pageerror", lambda error: faults.append(str(error)))
    tab.goto(path.as_uri())
    tab.wait_for_selector("html[data-ready]")
    shown = tab.evaluate("window.chaingraph.data.nodes.length")
    drawn = tab.evaluate("window.chaingraph.nodes.length")
    missing = tab.evaluate(
        "ids => ids.filter(id => window.chaingraph.indexOf(id) === undefined || window.chaingraph.indexOf(id) < 0)",
        sorted(things),
    )
    said = tab.locator(".about p .in-zh").inner_text()
    context.close()
    assert (requests, words, faults) == ([path.as_uri()], [], [])
    assert (shown, drawn, missing) == (len(things), len(things), [])
    assert len(things) > 2000
    # The start view tells of both: the batteries, and, tied to nothing of them, China's consortia with Jiangsu's.
    assert "FRAUNHOFER" in said
    assert "另一部分" in said.split("FRAUNHOFER")[1]
    assert "华进半导体" in said.split("另一部分")[1]
