"""Make the README's picture: the page of the Jiangsu data set, as a browser shows it."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

import chaingraph as cg
from chaingraph.resources import sample

CHROMIUM = "/usr/bin/chromium"
SELECTED = "#n=id%3Acn%2Forganizations%2Fhua-jin-ban-dao-ti&lang=zh"


def main(target: Path) -> None:
    """Draw, open, select one organization and take the picture."""
    drawn = cg.page(cg.whole(cg.open(sample("jiangsu-2022")), quotes=True))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = drawn.save(Path(folder) / "page.html")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        tab = browser.new_page(viewport={"width": 1360, "height": 850})
        tab.goto(path.as_uri() + (SELECTED if "--selected" in sys.argv else ""))
        tab.wait_for_selector("html[data-ready]")
        tab.screenshot(path=target)
        browser.close()


if __name__ == "__main__":
    main(Path(__file__).resolve().parent / "network.png")
