"""The editor and the pages of networks in a real browser, over a store whose every text is hostile."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from playwright.sync_api import sync_playwright

from chaingraph.store import KnowledgeGraph
from tests.servers import GIVE_UP, end_server, start_server
from tests.webpage.conftest import CHROMIUM, FLAGS, needs_browser

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page

pytestmark = needs_browser
WAIT = 1000 * GIVE_UP
EVIL = ("<script>alert(1)</script>", "\\u202Egnp.exe", "\"'><img src=//evil.example/x onerror=alert(2)>", "{{ 7*7 }}")
HOSTILE = """
@prefix cg: <https://w3id.org/chaingraph/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix id: <https://w3id.org/chaingraph/id/x/> .
id:set a dcat:Dataset ; dcterms:identifier "x" ; dcterms:title "{0}"@en ; cg:attribution "{2}"@en .
<https://w3id.org/chaingraph/id/x/organizations/a> a cg:Organization ; rdfs:label "{0}"@en , "{1}"@zh .
<https://w3id.org/chaingraph/id/x/organizations/b> a cg:Organization ; rdfs:label "{2}" .
<https://w3id.org/chaingraph/id/x/consortia/c> a cg:Consortium ; rdfs:label "{3}{long}"@en .
<https://w3id.org/chaingraph/id/x/memberships/m> a cg:Membership ; cg:organization
  <https://w3id.org/chaingraph/id/x/organizations/a> ; cg:consortium <https://w3id.org/chaingraph/id/x/consortia/c> .
<javascript:alert(3)> rdfs:seeAlso <https://w3id.org/chaingraph/id/x/organizations/b> ; rdfs:label "=1+1" .
"""
TIES = "CONSTRUCT { ?o cg:memberOf ?c } WHERE { ?m cg:organization ?o ; cg:consortium ?c }"


@dataclass
class Visitor:
    """A tab at a server, and everything that went wrong in it."""

    tab: Page
    base: str
    requests: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def visit(self, address: str) -> int:
        response = self.tab.goto(self.base + address, timeout=WAIT)
        assert response is not None
        self.tab.wait_for_selector("html[data-ready]")
        return response.status

    def on_message(self, message: ConsoleMessage) -> None:
        # The browser says itself that a page came with an error status.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.faults.append(message.text)

    def on_dialog(self, dialog: Dialog) -> None:
        self.faults.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    @property
    def overflow(self) -> int:
        """How many pixels of the page lie beside the window."""
        return int(self.tab.evaluate("document.documentElement.scrollWidth - window.innerWidth"))

    @property
    def text(self) -> str:
        return self.tab.locator("#query").input_value()

    @property
    def focused(self) -> str:
        return str(self.tab.evaluate("document.activeElement.id || document.activeElement.tagName"))


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("hostile")
    text = HOSTILE
    for place, evil in enumerate(EVIL):
        text = text.replace(f"{{{place}}}", evil.replace('"', '\\"'))
    (folder / "x.ttl").write_text(text.replace("{long}", "长" * 10_000), encoding="utf-8")
    KnowledgeGraph.build([folder / "x.ttl"], folder / "x.kg")
    server = start_server(folder / "x.kg", workers=2)
    yield f"http://127.0.0.1:{server.port}"
    end_server(server)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        launched = play.chromium.launch(executable_path=CHROMIUM or None, args=FLAGS)
        yield launched
        launched.close()


both_widths = pytest.mark.parametrize("visitor", [1280, 375], indirect=True)


@pytest.fixture
def visitor(browser: Browser, base: str, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    context = browser.new_context(viewport={"width": getattr(request, "param", 1280), "height": 800}, locale="en-GB")
    context.set_default_timeout(WAIT)
    visitor = Visitor(context.new_page(), base)
    visitor.tab.on("request", lambda sent: visitor.requests.append(sent.url))
    visitor.tab.on("console", visitor.on_message)
    visitor.tab.on("pageerror", lambda error: visitor.faults.append(str(error)))
    visitor.tab.on("dialog", visitor.on_dialog)
    yield visitor
    assert visitor.faults == []
    assert [url for url in visitor.requests if not url.startswith((base, "data:", "blob:"))] == []
    context.close()


@both_widths
def test_hostile_texts_stay_texts_in_results_and_in_the_box(visitor: Visitor) -> None:
    query = "SELECT ?s ?n { ?s rdfs:label ?n } # </textarea><script>alert(4)</script>"
    assert visitor.visit(f"/sparql?query={quote(query)}") == 200
    assert visitor.text == query
    text = visitor.tab.locator("#result").inner_text()
    assert "<script>alert(1)</script>" in text
    assert "{{ 7*7 }}" in text
    addresses = visitor.tab.locator("#result a").evaluate_all("all => all.map((one) => one.protocol)")
    assert set(addresses) == {"http:"}
    assert visitor.overflow == 0


@both_widths
def test_a_hostile_mistake_stays_a_text(visitor: Visitor) -> None:
    query = "SELECT * { ?a ?b <img src=x onerror=alert(5)> c }"
    assert visitor.visit(f"/sparql?query={quote(query)}") == 400
    assert visitor.text == query
    assert visitor.tab.locator("main img").count() == 0
    assert visitor.overflow == 0


@both_widths
def test_hostile_texts_are_drawn_in_a_frame_that_reaches_nothing(visitor: Visitor) -> None:
    assert visitor.visit(f"/network?query={quote(TIES)}") == 200
    assert "Nodes: 2, ties: 1" in visitor.tab.locator(".rendered").inner_text()
    frame = visitor.tab.frame_locator("iframe")
    frame.locator("html[data-ready]").wait_for(timeout=WAIT)
    assert "<script>alert(1)</script>" in frame.locator("footer, header").first.inner_text()
    reached = visitor.tab.evaluate(
        "() => { try { return document.querySelector('iframe').contentDocument } catch { return 1 } }"
    )
    assert reached is None
    assert visitor.overflow == 0


def test_a_query_is_run_from_the_keyboard_and_its_address_asks_it_again(visitor: Visitor) -> None:
    visitor.visit("/sparql")
    visitor.tab.locator("#query").fill("ASK { ?c a cg:Consortium }")
    visitor.tab.keyboard.press("Control+Enter")
    visitor.tab.wait_for_selector(".verdict")
    assert visitor.tab.locator(".verdict").inner_text() == "yes"
    assert visitor.tab.url == f"{visitor.base}/sparql?query=ASK+%7B+%3Fc+a+cg%3AConsortium+%7D"


def test_tab_indents_and_escape_lets_it_leave(visitor: Visitor) -> None:
    visitor.visit("/sparql")
    box = visitor.tab.locator("#query")
    box.fill("ASK {}")
    box.press("Tab")
    assert (visitor.text, visitor.focused) == ("ASK {}  ", "query")
    box.press("Escape")
    visitor.tab.keyboard.press("Tab")
    assert (visitor.text, visitor.focused) == ("ASK {}  ", "run")
    visitor.tab.keyboard.press("Shift+Tab")
    visitor.tab.keyboard.press("Shift+Tab")
    assert visitor.focused != "query"


def test_the_place_of_a_mistake_is_selected_and_its_line_is_marked(visitor: Visitor) -> None:
    query = 'SELECT * {\n  ?a rdfs:label "𝒳苏" . ?a ?b c }'
    visitor.visit(f"/sparql?query={quote(query)}")
    assert visitor.tab.locator(".gutter .broken").inner_text() == "2"
    selection = (
        "() => { const box = document.activeElement; return box.value.slice(box.selectionStart, box.selectionEnd); }"
    )
    assert visitor.tab.evaluate(selection) == "}"
    visitor.tab.locator("#numbers").uncheck()
    assert not visitor.tab.locator(".gutter").is_visible()


def test_missing_prefixes_are_filled_in_once(visitor: Visitor) -> None:
    visitor.visit("/sparql")
    box = visitor.tab.locator("#query")
    box.fill('PREFIX rdfs: <http://a#> ASK { ?s a cg:Stage ; rdfs:label "id:no" # skos:no\n}')
    visitor.tab.locator("#fill").click()
    after = visitor.text
    assert after.startswith("PREFIX cg: <https://w3id.org/chaingraph/ontology#>\nPREFIX rdfs: <http://a#> ASK")
    visitor.tab.locator("#fill").click()
    assert visitor.text == after


def test_a_long_query_is_sent_by_post_and_keeps_the_language(visitor: Visitor) -> None:
    visitor.visit("/sparql?lang=zh")
    visitor.tab.locator("#query").fill(f"ASK {{}} # {'x' * 7000}")
    visitor.tab.locator("#run").click()
    visitor.tab.wait_for_selector(".verdict")
    assert visitor.tab.locator(".verdict").inner_text() == "是"
    assert visitor.tab.url == f"{visitor.base}/sparql?lang=zh"
    assert "查询过长" in visitor.tab.locator("#result").inner_text()


def test_a_running_query_is_shown_and_can_be_cancelled(visitor: Visitor) -> None:
    visitor.visit("/sparql")
    hard = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(12)) + " }"
    visitor.tab.locator("#query").fill(hard)
    # The driver waits for the page that is under way, so the page watches itself.
    before, after = visitor.tab.evaluate(
        """async () => {
          const running = document.getElementById("running");
          const state = () => [running.textContent, document.getElementById("run").disabled,
            document.getElementById("cancel").hidden];
          document.getElementById("editor").requestSubmit(document.getElementById("run"));
          const first = running.textContent;
          while (running.textContent === first) await new Promise((done) => setTimeout(done, 50));
          const before = state();
          document.getElementById("cancel").click();
          return [before, state()];
        }"""
    )
    assert re.fullmatch(r"running · [1-9][0-9]* s", before[0])
    assert before[1:] == [True, False]
    assert after == ["cancelled", False, True]
    assert (visitor.text, visitor.focused, visitor.tab.url) == (hard, "query", f"{visitor.base}/sparql")


@both_widths
def test_a_network_is_chosen_and_drawn_from_its_form(visitor: Visitor) -> None:
    visitor.visit("/network")
    visitor.tab.locator("#projection").select_option("affiliation")
    visitor.tab.locator("#isolates").select_option("no")
    visitor.tab.get_by_role("button", name="Draw").click()
    visitor.tab.wait_for_selector("iframe", timeout=WAIT)
    assert "Nodes: 2, ties: 1" in visitor.tab.locator(".rendered").inner_text()
    assert "projection=affiliation" in visitor.tab.url
    assert "region=" not in visitor.tab.url
    assert visitor.overflow == 0


def test_everything_works_without_scripts(browser: Browser, base: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    context.set_default_timeout(WAIT)
    tab = context.new_page()
    tab.goto(f"{base}/sparql")
    tab.locator("#example").select_option("how-many-consortia")
    tab.get_by_role("button", name="填入").click()
    assert tab.locator("#query").input_value().startswith("# en: ")
    tab.locator("#run").click()
    assert tab.locator("#result").is_visible()
    assert not tab.locator("#keys").is_visible()
    context.close()
