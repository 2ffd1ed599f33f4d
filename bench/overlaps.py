"""Overlaps in pictures: nodes that cover each other, and names that cover each other, in every view of the samples.

Networks by each layout (communities, chain, map, two modes), with nothing selected and with the best connected node
selected, chain map and brief; Chinese and English, 375 and 1440 pixels wide. Names are what the canvas is told to draw
in its last frame, boxes and names of SVG and HTML what the browser says of them; two overlap where they share more than
a pixel in both directions. Nodes at the same place of a map are moved apart by the layout, and count like all others.
Prints a table, writes bench/results/overlaps.md and overlaps.json, and ends with 1 where anything overlaps.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(Path(__file__).resolve().parent))
from page import CHROMIUM, FLAGS, RESULTS  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

SAMPLES = ROOT / "graph"
NETWORKS = (
    ("jiangsu-2022", "affiliation", "two-mode"),
    ("jiangsu-2022", "affiliation", "communities"),
    ("jiangsu-2022", "affiliation", "map"),
    ("jiangsu-2022", "whole", "chain"),
    ("jiangsu-2022", "whole", "communities"),
    ("china-consortia", "affiliation", "two-mode"),
    ("china-consortia", "co_membership", "communities"),
    ("china-consortia", "co_membership", "map"),
    ("horizon-batteries", "co_membership", "communities"),
)
WIDTHS = (375, 1440)
LANGUAGES = ("zh", "en")
SCRIPT = Path(__file__).with_name("overlaps.js")


def run(*arguments: str) -> None:
    """Run a command of the program."""
    subprocess.run([sys.executable, "-m", "chaingraph", *arguments], check=True, stdout=subprocess.DEVNULL)


def overlaps(tab: Page, boxes: list[Any]) -> list[list[str]]:
    """Return the pairs of boxes that share more than a pixel in both directions, by their texts."""
    pairs: list[list[str]] = tab.evaluate("boxes => counting.overlaps(boxes)", boxes)
    return pairs


def elements(tab: Page, selector: str) -> list[Any]:
    """Return the boxes of elements with their texts."""
    boxes: list[Any] = tab.evaluate("selector => counting.elements(selector)", selector)
    return boxes


def row(view: str, nodes: list[list[str]], names: list[list[str]]) -> dict[str, Any]:
    """Return one row of the results, and print it."""
    entry = {"view": view, "nodes": len(nodes), "names": len(names), "examples": [*nodes[:3], *names[:3]]}
    print(json.dumps(entry, ensure_ascii=False), file=sys.stderr, flush=True)
    return entry


def networks(tab: Page, folder: Path) -> Iterator[dict[str, Any]]:
    """Yield a row for each look at each network."""
    for sample, network, layout in NETWORKS:
        file = folder / f"{sample}-{network}-{layout}.html"
        run("page", str(SAMPLES / sample), "--network", network, "--layout", layout, "--no-stability", "-o", str(file))
        for language in LANGUAGES:
            for width in WIDTHS:
                tab.set_viewport_size({"width": width, "height": 900})
                tab.goto("about:blank")
                tab.goto(f"{file.as_uri()}#lang={language}")
                tab.wait_for_selector("html[data-ready]")
                for state in ("", ", one selected"):
                    if state:
                        tab.evaluate("counting.select()")
                    tab.wait_for_timeout(1200)
                    texts = tab.evaluate("window.drawnTexts")
                    name = f"{network} of {sample}, {layout}, {language}, {width} px{state}"
                    yield row(name, tab.evaluate("counting.nodes()"), overlaps(tab, texts))


def documents(tab: Page, folder: Path) -> Iterator[dict[str, Any]]:
    """Yield a row for each look at the chain map and the brief."""
    run("chain", "map", str(SAMPLES / "jiangsu-2022"), "-o", str(folder / "map.html"))
    for language in LANGUAGES:
        run(
            "brief", str(SAMPLES / "jiangsu-2022"), "--language", language, "-o", str(folder / f"brief-{language}.html")
        )
        for width in WIDTHS:
            tab.set_viewport_size({"width": width, "height": 900})
            tab.goto("about:blank")
            tab.goto(f"{(folder / 'map.html').as_uri()}#lang={language}")
            tab.wait_for_timeout(800)
            cards = overlaps(tab, elements(tab, "button.card, .box > .note"))
            names = overlaps(tab, elements(tab, "button.card .name, button.card .line, .box h4 .name"))
            yield row(f"chain map, {language}, {width} px", cards, names)
            tab.goto((folder / f"brief-{language}.html").as_uri())
            circles = overlaps(tab, elements(tab, "svg circle"))
            names = overlaps(tab, elements(tab, "svg text"))
            yield row(f"picture of the brief, {language}, {width} px", circles, names)


def table(rows: list[dict[str, Any]]) -> str:
    """Write the results as Markdown."""
    lines = ["| view | overlapping nodes | overlapping names |", "|---|---:|---:|"]
    lines += [f"| {one['view']} | {one['nodes']} | {one['names']} |" for one in rows]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Count, print and write; end with 1 where anything overlaps."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.parse_args()
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = browser.new_context(reduced_motion="reduce", bypass_csp=True)
        context.add_init_script(path=SCRIPT)
        tab = context.new_page()
        rows = [*networks(tab, Path(name)), *documents(tab, Path(name))]
        browser.close()
    print(table(rows))
    nodes, names = sum(one["nodes"] for one in rows), sum(one["names"] for one in rows)
    note = f"{len(rows)} views; {nodes} pairs of nodes and {names} pairs of names overlap. See bench/overlaps.py.\n\n"
    (RESULTS / "overlaps.md").write_text(note + table(rows), encoding="utf-8")
    text = json.dumps({"facts": {"views": len(rows)}, "rows": rows}, indent=1, ensure_ascii=False)
    (RESULTS / "overlaps.json").write_text(text + "\n", encoding="utf-8")
    return int(nodes + names > 0)


if __name__ == "__main__":
    sys.exit(main())
