"""Steps: views that the reader keeps, walks through, prints and saves, in a real browser."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chaingraph.webpage import page
from tests.webpage.conftest import Reader, needs_browser
from tests.webpage.test_views_in_browser import choose, circles, consortia

pytestmark = needs_browser

STEPS: list[dict[str, object]] = [
    {"title": {"zh": "三家联合体", "en": "Three consortia"}, "view": "layout=two-mode", "text": "All of them."},
    {"title": "One of them", "view": "n=c1&colour=region&f=node.region:Region 03", "text": "Its members.\nTwo lines."},
    {"title": "Someone who left", "view": "n=o99&path=o01&path=nobody"},
]


def strip(reader: Reader) -> list[str]:
    return reader.shown("#story .step-text").split("\n\n")


def test_a_page_with_steps_opens_with_the_first_and_keys_buttons_and_links_lead_to_the_others(reader: Reader) -> None:
    reader.open(consortia(), steps=STEPS, language="en")
    assert strip(reader) == ["Three consortia", "All of them."]
    before = circles(reader)
    reader.tab.keyboard.press("n")
    assert strip(reader) == ["One of them", "Its members.\nTwo lines."]
    assert reader.shown("#panel h2") == "Consortium 1"
    assert reader.shown("#counts").startswith("31 of 34 nodes")
    reader.tab.click('#story [data-action="story_next"]')
    assert strip(reader) == ["Someone who left", "The network does not have what this step shows: o99; nobody"]
    assert reader.tab.locator('#story [data-action="story_next"]').is_disabled()
    reader.tab.keyboard.press("p")
    reader.tab.keyboard.press("p")
    assert circles(reader) == before
    assert reader.shown("#counts").startswith("All 34 nodes")
    assert not reader.tab.locator("#panel").is_visible()
    # A link to a step alone opens what the step shows, in the reader's language.
    reader.show(page(consortia(), steps=STEPS), "#step=2&lang=zh")
    assert strip(reader)[0] == "One of them"
    assert reader.shown("#panel h2") == "Consortium 1"
    reader.tab.keyboard.press("p")
    assert strip(reader)[0] == "三家联合体"
    reader.tab.click("#story .close")
    assert not reader.tab.locator("#story").is_visible()


def test_what_is_kept_is_saved_as_a_file_that_the_next_page_opens_with(reader: Reader, tmp_path: Path) -> None:
    graph = consortia()
    reader.open(graph, language="en")
    choose(reader, "colour", "region")
    reader.tab.fill(".steps input", "Regions")
    reader.tab.fill(".steps textarea", "Where they are.")
    reader.tab.click('[data-steps="keep"]')
    reader.tab.keyboard.press("Escape")
    reader.find("Consortium 2")
    reader.tab.keyboard.press("Enter")
    reader.tab.mouse.move(500, 400)
    reader.tab.mouse.wheel(0, -300)
    reader.tab.wait_for_url("**camera=*")
    reader.tab.keyboard.press("Escape")
    reader.tab.keyboard.press("v")
    choose(reader, "labels", "none")
    reader.tab.fill(".steps input", "Near")
    reader.tab.click('[data-steps="keep"]')
    reader.tab.click('[data-raise="1"]')
    with reader.tab.expect_download() as download:
        reader.tab.click('[data-steps="save"]')
    assert download.value.suggested_filename == "Consortia-steps.json"
    file = tmp_path / "steps.json"
    download.value.save_as(file)
    near, regions = json.loads(file.read_text("utf-8"))["steps"]
    assert regions == {"title": "Regions", "text": "Where they are.", "view": "colour=region"}
    assert (near["title"], near["text"]) == ("Near", "")
    assert near["view"].startswith("colour=region&labels=none&n=c2&camera=")
    seen = reader.tab.evaluate(
        "() => [window.chaingraph.network.getScale(), window.chaingraph.network.getViewPosition()]"
    )
    reader.open(graph, steps=file, language="en")
    assert strip(reader) == ["Near"]
    scale, middle = reader.tab.evaluate(
        "() => [window.chaingraph.network.getScale(), window.chaingraph.network.getViewPosition()]"
    )
    # The strip takes room from the map, which shows as much as before.
    assert scale <= seen[0]
    assert (middle["x"], middle["y"]) == pytest.approx((seen[1]["x"], seen[1]["y"]), abs=0.2)


def test_steps_are_printed_each_on_a_sheet_with_its_picture_and_the_view_is_as_before(reader: Reader) -> None:
    reader.open(consortia(), steps=STEPS, language="en")
    reader.tab.keyboard.press("n")
    counts = reader.shown("#counts")
    reader.tab.evaluate(
        """() => { window.print = () => {
        const sheets = [...document.querySelectorAll("#print-view .sheet")];
        window.sheets = sheets
        .map((one) => [one.querySelector("h2").textContent, one.querySelectorAll("text").length > 2]);
        }; }"""
    )
    reader.tab.keyboard.press("v")
    reader.tab.click('[data-steps="print"]')
    reader.tab.wait_for_function("() => window.sheets")
    titles = ["Three consortia", "One of them", "Someone who left"]
    assert reader.tab.evaluate("() => window.sheets") == [[title, True] for title in titles]
    assert strip(reader)[0] == "One of them"
    assert reader.shown("#counts") == counts
    assert reader.shown("#panel h2") == "Consortium 1"


def test_hostile_titles_and_texts_are_shown_as_they_stand(reader: Reader) -> None:
    hostile = '<img src=x onerror="alert(1)">{name}</script><script>alert(2)</script>'
    reader.open(consortia(), steps=[{"title": hostile, "text": hostile, "view": f"n={hostile}"}], language="en")
    assert strip(reader)[:2] == [hostile, hostile]
    reader.tab.keyboard.press("v")
    assert reader.shown(".steps .node .name") == hostile
    assert reader.tab.locator("#story img, .steps img").count() == 0
