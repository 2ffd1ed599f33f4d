"""The chain map of 40 stages and 500 cards, and a brief of the same graph: how soon they are made and seen.

Of the chain map: from opening its file to the first frame that one can use, with its boxes folded to counts, as it
opens with so many cards, and with all of them open. Of both: the seconds from the graph to the file. Every load is in a
tab of its own without network. Prints a table, and writes bench/results/briefing.md and briefing.json.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import sync_playwright

from chaingraph.briefing import brief, chain_map

sys.path.insert(0, str(Path(__file__).resolve().parent))
from page import CHROMIUM, FLAGS, machine, our_seconds, row, write_results
from synthetic import synthetic_chain

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser

STAGES, CARDS = 40, 500
FRAME, SECONDS = 0.5, 5.0


def seconds_of(action: Callable[[], object]) -> float:
    """Return the median seconds of three runs."""
    seconds = []
    for _ in range(3):
        start = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def results(browser: Browser, folder: Path, runs: int) -> list[dict[str, Any]]:
    """Measure everything."""
    kg = synthetic_chain(STAGES, CARDS)
    file = folder / "map.html"
    making = {
        "chain map: made": seconds_of(lambda: chain_map(kg).save(file)),
        "brief: made": seconds_of(lambda: brief(kg).save(folder / "brief.html")),
    }
    our_seconds(browser, file)
    rows = []
    for what, fragment in (("folded", ""), ("all boxes open", "#boxes=open")):
        frames = [our_seconds(browser, file, fragment) for _ in range(runs)]
        rows.append(row(f"chain map, {what}: first usable frame", CARDS, statistics.median(frames), "s", FRAME))
        rows[-1]["runs"] = frames
    return rows + [row(what, CARDS, seconds, "s", SECONDS) for what, seconds in making.items()]


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7, help="loads of the chain map")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        rows = results(browser, Path(name), options.runs)
        facts = machine(browser, "networkx", "playwright")
        browser.close()
    words = f"A made-up chain of {STAGES} stages and {CARDS} cards (bench/synthetic.py)"
    write_results("briefing", words, rows, facts)


if __name__ == "__main__":
    main()
