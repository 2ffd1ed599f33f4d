"""What axe-core finds on the pages of a server: nothing serious."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright

from tests.accessibility import LOOKS, browser_tab, prepare, serious_findings
from tests.webpage.conftest import needs_browser

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page as Tab

    from tests.servers import ServerProcess

pytestmark = needs_browser
PAGES = [
    "/",
    "/search?class=Consortium",
    "/thing/cn/organizations/tong-fu-wei-dian",
    "/question/reported-and-known",
    "/network?projection=affiliation",
    "/chain-map",
    "/sparql",
    "/no-such-page",
]


@pytest.fixture(scope="module")
def tab() -> Iterator[Tab]:
    """A tab of a browser."""
    with sync_playwright() as playwright:
        yield from browser_tab(playwright)


@pytest.mark.parametrize(("language", "theme", "width"), LOOKS)
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_serious_on_a_page_of_the_server(
    tab: Tab, server: ServerProcess, path: str, language: str, theme: str, width: int
) -> None:
    prepare(tab, theme, width)
    tab.goto(f"http://127.0.0.1:{server.port}{path}{'&' if '?' in path else '?'}lang={language}")
    assert serious_findings(tab) == []
