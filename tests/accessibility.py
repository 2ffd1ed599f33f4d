"""What axe-core finds on a page that a browser shows: the tests of pages hold that nothing of it is serious."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from tests.webpage.conftest import CHROMIUM, FLAGS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Playwright
    from playwright.sync_api import Page as Tab

SERIOUS = {"serious", "critical"}
LOOKS = [("zh", "light", 1440), ("en", "dark", 375)]
"""The languages, themes and widths that a page is looked at in; ``bench/accessibility.py`` has all combinations."""


def browser_tab(playwright: Playwright) -> Iterator[Tab]:
    """Give a tab in which a script of ours runs beside those of the page."""
    browser: Browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield browser.new_context(bypass_csp=True).new_page()
    browser.close()


def prepare(tab: Tab, theme: str, width: int) -> None:
    """Set the theme and the width of the window."""
    tab.set_viewport_size({"width": width, "height": 900})
    tab.emulate_media(color_scheme="dark" if theme == "dark" else "light")


def serious_findings(tab: Tab) -> list[tuple[str, list[str]]]:
    """Return the rule and the element of each serious finding on the page that a tab shows."""
    tab.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
    violations = tab.evaluate("async () => (await axe.run(document, { resultTypes: ['violations'] })).violations")
    return [(one["id"], node["target"]) for one in violations if one["impact"] in SERIOUS for node in one["nodes"]]
