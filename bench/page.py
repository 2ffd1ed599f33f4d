"""Our page against pyvis with its default settings, in one headless browser, on the networks of synthetic.py.

Ours: from opening the file to the first frame that one can use. pyvis: from opening its file to the stable picture
(its event ``stabilizationIterationsDone``); what takes more than 90 s counts as 90. Every load is in a tab of its own
without network; loads of both alternate, and medians are reported. pyvis's file names a script on the web that it
cannot load offline and does not need for its picture. Also: the size of both files, the layout in Python, and the
response of the search field. Prints a table, and writes bench/results/page.md and page.json.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright
from playwright.sync_api import TimeoutError as BrowserTimeoutError

from chaingraph import layout
from chaingraph.webpage import page

sys.path.insert(0, str(Path(__file__).resolve().parent))
from synthetic import synthetic

RESULTS = Path(__file__).resolve().parent / "results"
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
TIMEOUT = 90.0
FRAMES = {200: 0.5, 1_000: 1.0, 3_000: 1.5, 10_000: 4.0}
FASTER = {200: 30, 1_000: 50}
LAYOUTS = {10_000: 2.0, 50_000: 12.0}
SMALLER = (3_000, 0.60)
SEARCH = (10_000, 0.100)
# vis-network reports it; pyvis has the network in a global variable.
LISTEN = """
Object.defineProperty(window, "network", { configurable: true, set(network) {
  Object.defineProperty(window, "network", { value: network, writable: true });
  network.on("stabilizationIterationsDone", () => { window.stableAfter = performance.now(); });
} });
"""


def our_seconds(browser: Browser, file: Path, fragment: str = "") -> float:
    """Return the seconds from opening our page to its first usable frame."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, offline=True)
    tab = context.new_page()
    tab.goto(file.as_uri() + fragment)
    tab.wait_for_selector("html[data-ready]", timeout=TIMEOUT * 1000)
    frame = tab.evaluate("performance.getEntriesByName('chaingraph-first-frame')[0].startTime")
    context.close()
    return float(frame) / 1000


def pyvis_seconds(browser: Browser, file: Path) -> float:
    """Return the seconds from opening pyvis's page to its stable picture, 90 if it takes longer."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, offline=True)
    tab = context.new_page()
    tab.add_init_script(LISTEN)
    try:
        tab.goto(file.as_uri(), wait_until="commit")
        tab.wait_for_function("window.stableAfter !== undefined", timeout=TIMEOUT * 1000)
        return min(TIMEOUT, float(tab.evaluate("window.stableAfter")) / 1000)
    except BrowserTimeoutError:
        return TIMEOUT
    finally:
        context.close()


def pyvis_file(size: int, folder: Path) -> Path:
    """Write the same network with the same attributes by pyvis, all in one file; return its path."""
    from pyvis.network import Network

    network = Network(cdn_resources="in_line")
    network.from_nx(synthetic(size))
    file = folder / f"pyvis-{size}.html"
    file.write_text(network.generate_html(), encoding="utf-8")
    return file


def search_seconds(browser: Browser, file: Path) -> float:
    """Return the median seconds from an input in the search field to the list of matches."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, offline=True)
    tab = context.new_page()
    tab.goto(file.as_uri())
    tab.wait_for_selector("html[data-ready]")
    seconds = tab.evaluate(
        """async (texts) => {
          const field = document.getElementById("search");
          const durations = [];
          for (const text of texts) {
            const start = performance.now();
            field.value = text;
            field.dispatchEvent(new InputEvent("input", { bubbles: true }));
            document.getElementById("matches").getBoundingClientRect();
            durations.push(performance.now() - start);
            if (!document.querySelector("#matches li")) throw new Error(`no matches for ${text}`);
            await new Promise(requestAnimationFrame);
          }
          return durations;
        }""",
        ["s", "sy", "organization 77", "合成", "组织 999", "9999", "hczz", "zz-none", "synthetic organization 5"],
    )
    context.close()
    return statistics.median(seconds) / 1000


def layout_seconds(size: int) -> float:
    """Return the seconds that the layout of a network takes."""
    graph = synthetic(size)
    start = time.perf_counter()
    layout.arrangement(graph, radii=dict.fromkeys(graph, 8.0))
    return time.perf_counter() - start


def row(what: str, size: int, value: float, unit: str, target: float, better: str = "<") -> dict[str, Any]:
    """Return one row of the results, with whether its target is met."""
    met = value < target if better == "<" else value >= target
    return {"what": what, "nodes": size, "value": value, "unit": unit, "target": f"{better} {target:g}", "met": met}


def results(browser: Browser, folder: Path, runs: int, pyvis_runs: int) -> list[dict[str, Any]]:
    """Measure everything; loads of both pages alternate."""
    rows = []
    files = {size: page(synthetic(size), language="en").save(folder / f"ours-{size}.html") for size in FRAMES}
    our_seconds(browser, files[200])
    for size, target in FRAMES.items():
        frames = [our_seconds(browser, files[size]) for _ in range(runs)]
        if size in FASTER:
            other = pyvis_file(size, folder)
            stable = []
            for _ in range(pyvis_runs):
                stable.append(pyvis_seconds(browser, other))
                frames.append(our_seconds(browser, files[size]))
        rows.append(row("first usable frame", size, statistics.median(frames), "s", target))
        rows[-1]["runs"] = frames
        if size in FASTER:
            rows.append(
                {"what": "pyvis: stable picture", "nodes": size, "value": statistics.median(stable), "unit": "s"}
            )
            rows[-1]["runs"] = stable
            ratio = statistics.median(stable) / statistics.median(frames)
            rows.append(row("faster than pyvis", size, ratio, "times", FASTER[size], ">="))
        print(json.dumps(rows[-1]), file=sys.stderr, flush=True)
    size, share = SMALLER
    other = pyvis_file(size, folder)
    rows.append(
        row("size of the file over pyvis's", size, files[size].stat().st_size / other.stat().st_size, "", share)
    )
    size, target = SEARCH
    rows.append(row("response of the search", size, search_seconds(browser, files[size]), "s", target))
    for size, target in LAYOUTS.items():
        seconds = [layout_seconds(size) for _ in range(3 if size < 20_000 else 1)]
        rows.append(row("layout", size, statistics.median(seconds), "s", target))
    return rows


def table(rows: list[dict[str, Any]]) -> str:
    """Write the results as Markdown."""
    lines = ["| what | nodes | measured | target | met |", "|---|---:|---:|---:|---|"]
    for entry in rows:
        met = "" if "met" not in entry else "yes" if entry["met"] else "no"
        value = f"{entry['value']:.3g} {entry['unit']}".strip()
        lines.append(f"| {entry['what']} | {entry['nodes']:,} | {value} | {entry.get('target', '')} | {met} |")
    return "\n".join(lines) + "\n"


def write_results(name: str, words: str, rows: list[dict[str, Any]], facts: dict[str, Any]) -> None:
    """Print the results, and write them as Markdown and JSON."""
    print(table(rows))
    RESULTS.mkdir(exist_ok=True)
    note = f"{words}; headless Chromium, 1280 x 800; medians. See bench/{name}.py.\n\n"
    (RESULTS / f"{name}.md").write_text(note + table(rows), encoding="utf-8")
    text = json.dumps({"facts": facts, "rows": rows}, indent=1, ensure_ascii=False)
    (RESULTS / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def machine(browser: Browser, *packages: str) -> dict[str, Any]:
    """Return what was measured with: Python, processors, browser, load and versions."""
    facts = {"python": platform.python_version(), "cores": os.cpu_count(), "browser": browser.version}
    facts["load"] = [round(load, 1) for load in os.getloadavg()]
    facts["versions"] = {package: version(package) for package in packages}
    return facts


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7, help="loads of our pages")
    parser.add_argument("--pyvis-runs", type=int, default=3, help="loads of pyvis's pages")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        rows = results(browser, Path(name), options.runs, options.pyvis_runs)
        facts = machine(browser, "pyvis", "networkx", "playwright")
        browser.close()
    write_results("page", "Synthetic networks (bench/synthetic.py)", rows, facts)


if __name__ == "__main__":
    main()
