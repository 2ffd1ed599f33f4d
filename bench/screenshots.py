"""Take pictures of pages, to look at: three seeded synthetic sizes, an overview, two real networks, and chain maps.

Each in Chinese and English, light and dark, to build/screenshots/NAME-LANGUAGE-THEME.png. With --readme FILE it takes
the README's picture instead: the chain map of Jiangsu with a leading enterprise selected, and the words behind it.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import networkx as nx
from playwright.sync_api import Browser, sync_playwright

import chaingraph as cg
from chaingraph.resources import sample
from chaingraph.webpage import Page, page

sys.path.insert(0, str(Path(__file__).resolve().parent))
from synthetic import synthetic, synthetic_chain

FOLDER = Path(__file__).resolve().parents[1] / "build" / "screenshots"
CHROMIUM = "/usr/bin/chromium"
LANGUAGES, THEMES = ("zh", "en"), ("light", "dark")
SCREEN, README_SCREEN = (1360, 850), (1240, 780)
README_NODE = "id:cn/organizations/hua-jin-ban-dao-ti"


def jiangsu() -> nx.Graph[Any]:
    """Return everything of the Jiangsu pilot, with its quotes."""
    return cg.whole(cg.open(sample("jiangsu-2022")), quotes=True)


def pages() -> dict[str, tuple[Page, dict[str, str]]]:
    """Return what is pictured, and the state in the address that it is opened with."""
    batteries = cg.co_participation(cg.open(sample("horizon-batteries")), quotes=True)
    return {
        "synthetic-200": (page(synthetic(200), colour="community"), {}),
        "synthetic-1000": (page(synthetic(1_000), colour="kind"), {}),
        "synthetic-3000": (page(synthetic(3_000), colour="kind"), {}),
        "synthetic-10000": (page(synthetic(10_000), colour="kind"), {"c": "1"}),
        "jiangsu": (page(jiangsu()), {}),
        "jiangsu-selected": (page(jiangsu()), {"n": README_NODE}),
        "batteries": (page(batteries, colour="kind"), {}),
        "chain-map": (cg.chain_map(cg.open(sample("jiangsu-2022"))), {"n": README_NODE}),
        "chain-map-synthetic": (cg.chain_map(synthetic_chain(40, 500)), {"boxes": "open"}),
    }


def take(
    browser: Browser, file: Path, state: dict[str, str], theme: str, target: Path, size: tuple[int, int] = SCREEN
) -> None:
    """Open a page with a state and take its picture."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
        offline=True,
    )
    tab = context.new_page()
    tab.goto(f"{file.as_uri()}#{urlencode(state)}")
    tab.wait_for_selector("html[data-ready]")
    tab.wait_for_timeout(400)
    tab.screenshot(path=target)
    context.close()


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readme", type=Path, help="take the README's picture only, to this file")
    parser.add_argument("--only", help="only the page of this name")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        file = Path(name) / "page.html"
        if options.readme:
            cg.chain_map(cg.open(sample("jiangsu-2022")), language="en").save(file)
            take(browser, file, {"n": README_NODE}, "light", options.readme, README_SCREEN)
            return
        FOLDER.mkdir(parents=True, exist_ok=True)
        for what, (picture, state) in pages().items():
            if options.only not in (None, what):
                continue
            picture.save(file)
            for language in LANGUAGES:
                for theme in THEMES:
                    take(browser, file, {**state, "lang": language}, theme, FOLDER / f"{what}-{language}-{theme}.png")
            print(FOLDER.name, what, flush=True)
        browser.close()


if __name__ == "__main__":
    main()
