"""axe-core over every page and view: networks, chain map, brief, start page of the demo, and the pages of the server.

Each view in Chinese and English, light and dark, 375 and 1440 pixels wide. Counts the findings of axe-core that are
serious or critical (contrast below 4.5:1 is one); the target is none. axe-core is the one that the package
axe-playwright-python brings (an extra of the project's development), or another one named with --axe. Prints a table,
and writes bench/results/accessibility.md and accessibility.json.
"""

from __future__ import annotations

import argparse
import itertools
import json
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(Path(__file__).resolve().parent))
from page import CHROMIUM, FLAGS, RESULTS  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

SERIOUS = {"serious", "critical"}
WIDTHS = (375, 1440)
LANGUAGES = ("zh", "en")
THEMES = ("light", "dark")
SAMPLES = ROOT / "graph"
SERVER_PAGES = (
    "/",
    "/search?class=Consortium",
    "/search?class=Stage",
    "/search?q=江苏",
    "/thing/cn/organizations/tong-fu-wei-dian",
    "/thing/cn/regions/jiang-su-sheng",
    "/question/who-leads?consortium=江苏省半导体产业技术创新联合体",
    "/question/reported-and-known",
    "/network",
    "/network?projection=affiliation",
    "/chain-map",
    "/sparql",
    "/no-such-page",
)


class View(NamedTuple):
    """A page by its name and address, and what is done before it is looked at: a script, or nothing."""

    name: str
    address: str
    script: str = ""


NETWORK_VIEWS = {
    "": "",
    ", a node selected": """() => { const { data, nodes } = window.chaingraph;
      location.hash = "n=" + encodeURIComponent(data.nodes[0].id); }""",
    ", table": """() => document.getElementById("switch").click()""",
}


def written_pages(folder: Path) -> Iterator[View]:
    """Write the pages of the samples; yield their views."""

    def run(*arguments: str) -> None:
        subprocess.run([sys.executable, "-m", "chaingraph", *arguments], check=True, stdout=subprocess.DEVNULL)

    for sample, network in (
        ("jiangsu-2022", "affiliation"),
        ("jiangsu-2022", "whole"),
        ("china-consortia", "co_membership"),
        ("horizon-batteries", "affiliation"),
    ):
        file = folder / f"{sample}-{network}.html"
        run("page", str(SAMPLES / sample), "--network", network, "-o", str(file))
        for name, script in NETWORK_VIEWS.items():
            yield View(f"network {network} of {sample}{name}", file.as_uri(), script)
    run("chain", "map", str(SAMPLES / "jiangsu-2022"), "-o", str(folder / "map.html"))
    yield View("chain map", (folder / "map.html").as_uri())
    run("brief", str(SAMPLES / "jiangsu-2022"), "-o", str(folder / "brief.html"))
    yield View("brief", (folder / "brief.html").as_uri())
    run("demo", "-o", str(folder / "demo"))
    yield View("start page of the demo", (folder / "demo" / "index.html").as_uri())


def findings(page: Page, axe: str, view: View) -> Counter[str]:
    """Return the serious findings on a page, by rule, with the number of elements."""
    page.goto("about:blank")
    page.goto(view.address)
    if view.address.startswith("file:"):
        page.wait_for_timeout(300)
    if view.script:
        page.evaluate(view.script)
        page.wait_for_timeout(300)
    page.evaluate(axe)
    result = page.evaluate("async () => (await axe.run(document, { resultTypes: ['violations'] })).violations")
    return Counter({one["id"]: len(one["nodes"]) for one in result if one["impact"] in SERIOUS})


def address_in(view: View, language: str) -> View:
    """Return the view in a language, which stands in the address of a page of the server and after # in a file's."""
    if view.address.startswith("file:"):
        return view._replace(address=f"{view.address}#lang={language}")
    return view._replace(address=f"{view.address}{'&' if '?' in view.address else '?'}lang={language}")


def measured(browser: Browser, axe: str, views: list[View]) -> list[dict[str, Any]]:
    """Return one row per view: how often it was looked at, and what was found."""
    tab = browser.new_context(bypass_csp=True).new_page()
    rows = []
    for view in views:
        found: Counter[str] = Counter()
        looks = list(itertools.product(LANGUAGES, THEMES, WIDTHS))
        for language, theme, width in looks:
            tab.set_viewport_size({"width": width, "height": 900})
            tab.emulate_media(color_scheme="dark" if theme == "dark" else "light")
            found += findings(tab, axe, address_in(view, language))
        rows.append({"view": view.name, "looks": len(looks), "findings": dict(found)})
        print(json.dumps(rows[-1], ensure_ascii=False), file=sys.stderr, flush=True)
    return rows


def table(rows: list[dict[str, Any]]) -> str:
    """Write the results as Markdown."""
    lines = ["| view | looked at | serious findings |", "|---|---:|---|"]
    for row in rows:
        text = ", ".join(f"{name} {count}" for name, count in row["findings"].items()) or "0"
        lines.append(f"| {row['view']} | {row['looks']} times | {text} |")
    return "\n".join(lines) + "\n"


def server(folder: Path) -> tuple[subprocess.Popen[str], str]:
    """Start a server over the smallest sample; return its process and address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "chaingraph", "serve", str(SAMPLES / "jiangsu-2022"), "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=folder,
    )
    assert process.stdout is not None
    address = next(line.strip() for line in process.stdout if line.startswith("http://"))
    threading.Thread(target=process.stdout.read, daemon=True).start()
    return process, address.rstrip("/")


def main() -> int:
    """Measure, print and write; end with 1 where anything serious is found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--axe", help="another axe.min.js than that of axe-playwright-python")
    parser.add_argument("--only", default="", help="only views with these words in their names")
    options = parser.parse_args()
    file = files("axe_playwright_python").joinpath("axe.min.js") if options.axe is None else Path(options.axe)
    axe = file.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        process, address = server(Path(name))
        try:
            views = [View(f"server {path}", address + path) for path in SERVER_PAGES]
            if "server" not in options.only:
                views = [*written_pages(Path(name)), *views]
            views = [view for view in views if options.only in view.name]
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            rows = measured(browser, axe, views)
            browser.close()
        finally:
            process.terminate()
            process.wait()
    print(table(rows))
    if not options.only:
        version = axe.partition("axe v")[2].split()[0]
        looks = "each view in zh and en, light and dark, 375 and 1440 px"
        note = f"axe-core {version}; {looks}. See bench/accessibility.py.\n\n"
        (RESULTS / "accessibility.md").write_text(note + table(rows), encoding="utf-8")
        text = json.dumps({"facts": {"axe-core": version}, "rows": rows}, indent=1, ensure_ascii=False)
        (RESULTS / "accessibility.json").write_text(text + "\n", encoding="utf-8")
    return int(any(row["findings"] for row in rows))


if __name__ == "__main__":
    sys.exit(main())
