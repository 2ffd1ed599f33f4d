"""The chain map as a view of the network's page, in a real browser without network."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import Browser

import chaingraph as cg
from chaingraph.networks import whole
from chaingraph.webpage import Page, page
from tests.briefing.made_up import solar
from tests.webpage.conftest import Reader, needs_browser

if TYPE_CHECKING:
    from tests.conftest import DataSetFolder

pytestmark = needs_browser


def network_page(data_set: DataSetFolder) -> Page:
    kg = solar(data_set)
    return page(whole(kg, quotes=True), chain_map=cg.chain_map(kg), language="zh")


def test_a_card_leads_to_the_same_thing_in_the_network_and_back(reader: Reader, data_set: DataSetFolder) -> None:
    reader.show(network_page(data_set))
    reader.tab.click("#to-chain")
    frame = reader.tab.frame_locator("#chain-map")
    frame.locator("html[data-ready]").wait_for()
    assert not reader.tab.locator("header").is_visible()
    card = frame.locator(".card").first
    name = card.locator(".name").inner_text()
    card.click()
    reader.tab.wait_for_url("**#n=*view=chain")
    frame.locator("#panel .picture .more").last.click()
    assert reader.shown("#panel h2") == name
    assert not reader.tab.locator("#chain-map").is_visible()
    reader.tab.wait_for_url(lambda url: "n=" in url and "view=" not in url)
    # Language and selection come along.
    reader.tab.click("#language")
    in_english = reader.shown("#panel h2")
    reader.tab.click('[data-action="in_chain_map"]')
    assert frame.locator("#panel h2").inner_text() == in_english
    assert frame.locator(".card[aria-pressed=true]").count() >= 1
    assert frame.locator("#to-network").get_attribute("title") == "Network (c)"
    frame.locator("#panel .close").click()
    reader.tab.keyboard.press("c")
    reader.tab.wait_for_selector("#chain-map", state="hidden")
    assert not reader.tab.locator("#panel").is_visible()


def test_a_link_opens_the_chain_map_with_what_is_selected(reader: Reader, data_set: DataSetFolder) -> None:
    document = network_page(data_set)
    reader.show(document)
    node = reader.tab.evaluate(
        """() => { const { data } = window.chaingraph; return data.chain_map.map((index) => data.nodes[index])
        .find((node) => data.legend.classes[node.type].name.en === "organization").id; }"""
    )
    reader.show(document, f"#n={node}&view=chain")
    frame = reader.tab.frame_locator("#chain-map")
    frame.locator(".card[aria-pressed=true]").first.wait_for()
    assert frame.locator("#panel h2").inner_text() == reader.tab.locator("#panel h2").text_content()


def test_what_the_frame_of_the_map_is_sent_from_elsewhere_changes_nothing(
    reader: Reader, data_set: DataSetFolder
) -> None:
    reader.show(network_page(data_set))
    reader.tab.click("#to-chain")
    frame = reader.tab.frame_locator("#chain-map")
    frame.locator("#to-network").wait_for()
    reader.tab.evaluate(
        """() => { const frame = document.getElementById("chain-map").contentWindow;
        const odd = { chaingraph: "show", shared: [], node: {}, language: "toString", theme: [] };
        for (const message of [null, 7, {}, { chaingraph: "show" }, odd]) frame.postMessage(message, "*");
        const { id } = window.chaingraph.data.nodes[0];
        window.postMessage({ chaingraph: "network", node: id, language: "en" }, "*"); }"""
    )
    reader.tab.wait_for_timeout(200)
    assert frame.locator("html").get_attribute("data-language") == "zh"
    assert reader.tab.locator("html").get_attribute("data-language") == "zh"
    assert reader.tab.locator("#chain-map").is_visible()


def test_both_views_work_in_the_frame_of_a_notebook(browser: Browser, data_set: DataSetFolder, tmp_path: Path) -> None:
    outer = tmp_path / "notebook.html"
    outer.write_text(f"<!DOCTYPE html><meta charset=utf-8>{network_page(data_set)._repr_html_()}", encoding="utf-8")
    context = browser.new_context(offline=True)
    tab, faults = context.new_page(), []
    tab.on("pageerror", lambda error: faults.append(str(error)))
    tab.on("console", lambda message: faults.append(message.text))
    tab.goto(outer.as_uri())
    frame = tab.frame_locator("iframe")
    frame.locator("html[data-ready]").wait_for()
    frame.locator("#to-chain").click()
    inner = frame.frame_locator("#chain-map")
    inner.locator(".card").first.click()
    inner.locator("#panel .picture .more").last.click()
    frame.locator("#panel h2").wait_for()
    context.close()
    assert faults == []
