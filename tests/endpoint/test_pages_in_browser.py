"""The pages in a real browser: a hostile graph does nothing, and keyboard, themes and narrow windows work."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Page, Request, expect, sync_playwright

from tests.endpoint.hostility import LONG
from tests.servers import GIVE_UP
from tests.webpage.conftest import CHROMIUM, FLAGS, needs_browser

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from tests.servers import ServerProcess

pytestmark = needs_browser
WAIT = 1000 * GIVE_UP
ADDRESSES = (
    "/",
    "/search?q=script",
    "/search",
    "/thing/a/organizations/script",
    "/thing/b/organizations/script",
    "/thing/a/organizations/%253Cb%253E",
    "/thing/a/organizations/long",
    "/thing/a/organizations/long?relation=hostedBy&class=Platform",
    "/thing/a/consortia/one",
    "/thing/a/reported/r",
    "/thing/a/claims/c",
    "/thing/a/quotes/q1",
    "/thing/a/sources/s1",
    "/question/who-leads",
    "/question/quotes-behind?thing=https://w3id.org/chaingraph/id/a/organizations/script",
)
REFUSED = ('/question/who-leads?consortium="><script>alert(8)</script>', '/thing/a/"><script>alert(9)</script>')


@dataclass
class Visitor:
    """A tab, and everything in it that should not be."""

    tab: Page
    base: str
    faults: list[str] = field(default_factory=list)

    def on_message(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.faults.append(message.text)

    def on_dialog(self, dialog: Dialog) -> None:
        self.faults.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def on_request(self, request: Request) -> None:
        if not request.url.startswith((self.base, "data:")):
            self.faults.append(f"request: {request.url}")

    def open(self, address: str) -> None:
        self.tab.goto(self.base + address)
        self.tab.wait_for_selector("html[data-ready]")


@pytest.fixture
def base(hostile_server: ServerProcess) -> str:
    return str(hostile_server.client.base_url).rstrip("/")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        launched = play.chromium.launch(executable_path=CHROMIUM or None, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB", reduced_motion="reduce")
    context.set_default_timeout(WAIT)
    yield context
    context.close()


@pytest.fixture
def visitor(context: BrowserContext, base: str) -> Iterator[Visitor]:
    visitor = Visitor(context.new_page(), base)
    visitor.tab.on("console", visitor.on_message)
    visitor.tab.on("pageerror", lambda error: visitor.faults.append(str(error)))
    visitor.tab.on("dialog", visitor.on_dialog)
    visitor.tab.on("request", visitor.on_request)
    yield visitor
    assert visitor.faults == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_hostile_graph_does_nothing_and_fits_wide_and_narrow_windows(visitor: Visitor, language: str) -> None:
    title = {"zh": "数据<b>集</b>", "en": "<script>alert('title')</script>"}[language]
    for address in ADDRESSES:
        visitor.open(f"{address}{'&' if '?' in address else '?'}lang={language}")
        visitor.tab.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        for width in (1280, 375):
            visitor.tab.set_viewport_size({"width": width, "height": 800})
            wide = visitor.tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, (address, width, wide)
        assert visitor.tab.locator("footer cite").inner_text() == title


def test_a_refused_page_does_nothing_either(visitor: Visitor) -> None:
    for address in REFUSED:
        visitor.open(address)
        assert len(visitor.faults) == 1
        assert "Failed to load resource: the server responded with a status of 40" in visitor.faults.pop()
    assert visitor.tab.locator("h1").inner_text() == "Nothing found"


def test_links_of_the_data_lead_only_to_http_and_away_without_a_way_back(visitor: Visitor) -> None:
    visitor.open("/thing/a/consortia/one")
    visitor.tab.locator("details.evidence").first.evaluate("one => { one.open = true; }")
    link = visitor.tab.locator("figcaption a").first
    assert link.get_attribute("href") == "https://source.example/a?b=1&c=%22"
    assert link.get_attribute("rel") == "noopener noreferrer nofollow"
    visitor.open("/thing/a/organizations/script")
    assert visitor.tab.locator("[href^='javascript']").count() == 0
    assert visitor.tab.locator("figcaption").first.inner_text() == "<title>"
    assert "javascript:alert(4)" in visitor.tab.locator(".facts").inner_text()


def test_slash_goes_to_the_search_and_enter_finds(visitor: Visitor) -> None:
    visitor.open("/thing/a/regions/x")
    visitor.tab.keyboard.press("/")
    visitor.tab.keyboard.type("联合体")
    visitor.tab.keyboard.press("Enter")
    visitor.tab.wait_for_url("**/search?q=*")
    assert visitor.tab.locator(".found li").first.inner_text().splitlines()[:2] == [
        'Consortium " onmouseover=alert(5) x="',
        "联合体",
    ]
    visitor.tab.locator("input[type=search]").press("End")
    visitor.tab.keyboard.press("/")
    assert visitor.tab.locator("input[type=search]").input_value() == "联合体/"


def test_the_first_tab_skips_to_the_content_and_focus_is_seen(visitor: Visitor) -> None:
    visitor.open("/question/who-leads")
    visitor.tab.keyboard.press("Tab")
    assert visitor.tab.evaluate("document.activeElement.className") == "skip"
    visitor.tab.keyboard.press("Enter")
    visitor.tab.keyboard.press("Tab")
    seen = visitor.tab.evaluate("""() => { const style = getComputedStyle(document.activeElement);
        return [document.activeElement.closest("main") !== null, style.outlineStyle, style.outlineWidth]; }""")
    assert seen == [True, "solid", "2px"]


def test_a_chosen_theme_holds_on_the_next_page(visitor: Visitor) -> None:
    visitor.open("/")
    dark = "getComputedStyle(document.body).backgroundColor"
    light = visitor.tab.evaluate(dark)
    visitor.tab.locator("#theme").click()
    assert visitor.tab.locator("#theme").get_attribute("aria-label") == "Appearance: dark"
    visitor.open("/search?q=a")
    assert (light, visitor.tab.evaluate(dark)) == ("rgb(247, 244, 236)", "rgb(21, 25, 29)")


def test_a_field_offers_the_names_that_hold_what_is_typed(visitor: Visitor) -> None:
    visitor.open("/question/members-by-role-and-kind")
    field = visitor.tab.locator("#p-consortium")
    field.fill("联")
    expect(visitor.tab.locator("#list-consortium option")).to_have_count(1, timeout=WAIT)
    offered = visitor.tab.locator("#list-consortium option").evaluate_all("all => all.map((o) => [o.value, o.label])")
    assert offered == [["联合体", 'Consortium " onmouseover=alert(5) x="']]


def test_without_a_script_everything_can_still_be_asked(browser: Browser, base: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    context.set_default_timeout(WAIT)
    tab = context.new_page()
    tab.goto(f"{base}/")
    tab.locator("#q").fill("联合体")
    tab.locator("#q").press("Enter")
    tab.locator(".found a").first.click()
    assert tab.locator("h1").inner_text() == "联合体"
    assert tab.locator("#theme").is_hidden()
    tab.goto(f"{base}/question/who-leads")
    tab.locator("#p-consortium").fill("联合体")
    tab.locator(".fields button").click()
    assert tab.locator("#answer").inner_text() == "1 行"
    context.close()


def test_a_very_long_name_can_be_opened_whole(visitor: Visitor) -> None:
    visitor.open("/thing/a/organizations/long?lang=zh")
    assert visitor.tab.locator("h1").inner_text() == f"{LONG[:300]}…"
    visitor.tab.locator("details.long summary").click()
    assert visitor.tab.locator("details.long bdi").inner_text() == LONG
