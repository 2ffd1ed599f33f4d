"""Take the pictures of the documentation: python docs/pictures.py (needs chromium and, for the last of them, node).

``python docs/pictures.py roster`` takes only those of the first page: a roster as an office keeps it, drawn from its
own cells, and the page that one command makes of it; ``python docs/pictures.py tiles`` only those of maps of tiles.
"""

from __future__ import annotations

import csv
import html
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
from PIL import Image
from playwright.sync_api import sync_playwright

import chaingraph as cg
from chaingraph.assistant.toolbox import Toolbox
from chaingraph.export.networks import write_network
from chaingraph.resources import sample
from chaingraph.store import KnowledgeGraph

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ASSETS = Path(__file__).with_name("assets")
ROSTER = ASSETS / "roster.csv"
_HEADINGS = 2
"""The row of headings in the roster, below its title."""
CONSORTIUM = "江苏省新型显示产业技术创新联合体"
_STYLE = """body { margin: 0; padding: 22px 26px; width: 760px; color: #1c2430;
  font: 14px/1.6 "Noto Sans CJK SC", sans-serif }
.call { font: 12.5px/1.5 monospace; background: #eef2f6; padding: 8px 12px; border-radius: 6px; margin: 12px 0 4px }
.answer { border-left: 3px solid #2f6f9f; padding: 2px 12px; margin: 0 0 10px }
.basis { color: #2f6f9f; font-weight: 600 }
blockquote { margin: 4px 0; padding-left: 10px; border-left: 2px solid #c8d2dc; color: #3b4756 }"""


def transcript(toolbox: Toolbox) -> str:
    """Return a conversation with real answers, as HTML."""
    calls = [
        ("how-many-consortia", {}, toolbox.ask("how-many-consortia", {}, limit=3)),
        ("who-leads", {"consortium": CONSORTIUM}, toolbox.ask("who-leads", {"consortium": CONSORTIUM})),
    ]
    parts = []
    for name, parameters, text in calls:
        answer = json.loads(text)
        rows = "".join(
            f"<div>{html.escape(str(row.get('organization_zh') or row.get('count_zh')))}"
            f" {html.escape(str(row.get('reported', '')))}</div><blockquote>{html.escape(row['quote'])}</blockquote>"
            for row in answer["rows"]
        )
        call = html.escape(json.dumps({"question": name, "parameters": parameters}, ensure_ascii=False))
        parts.append(f'<div class="call">ask {call}</div><div class="answer">')
        parts.append(f'<div class="basis">basis: {answer["basis"]}</div>{rows}</div>')
    return f"<!DOCTYPE html><meta charset='utf-8'><style>{_STYLE}</style><body>{''.join(parts)}</body>"


_SHEET = """body { margin: 0; padding: 14px; width: 1212px; background: #fff; color: #22272c;
  font: 13px/1.5 "Noto Sans CJK SC", sans-serif }
h1 { margin: 0 0 10px; font: 600 14px/1.4 "Noto Sans CJK SC", sans-serif; color: #1d6b42 }
table { width: 100%; border-collapse: collapse; table-layout: auto }
td, th { padding: 5px 8px; border: 1px solid #d5d9dd; text-align: left; vertical-align: top; font-weight: 400 }
th { background: #eef1f3; color: #7a828a; text-align: center; padding: 2px 8px; font-size: 12px }
tr.heading td { background: #e5f1ea; font-weight: 600; white-space: nowrap }
td.title { text-align: center; font-size: 17px; font-weight: 600 }"""


def sheet(path: Path) -> str:
    """Return a roster as a spreadsheet program shows it, as HTML, from the cells of its file."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    width = max(map(len, rows))
    lines = ["<tr><th></th>" + "".join(f"<th>{chr(65 + column)}</th>" for column in range(width)) + "</tr>"]
    for number, row in enumerate(rows, start=1):
        if number == 1:
            cells = f"<td class='title' colspan='{width}'>{html.escape(row[0])}</td>"
        else:
            cells = "".join(f"<td>{html.escape(cell)}</td>" for cell in row)
        lines.append(f"<tr{' class=heading' if number == _HEADINGS else ''}><th>{number}</th>{cells}</tr>")
    return (
        f"<!DOCTYPE html><meta charset='utf-8'><style>{_SHEET}</style><h1>名单.xlsx</h1><table>{''.join(lines)}</table>"
    )


def roster(browser: Browser) -> None:
    """Take the pictures of a roster and of the page that one command makes of it, in both languages."""
    page = browser.new_page(viewport={"width": 1240, "height": 760})
    page.set_content(sheet(ROSTER))
    picture(page, "roster.png")
    for language in ("en", "zh"):
        with tempfile.TemporaryDirectory() as name:
            target = Path(name) / "page.html"
            command = [sys.executable, "-m", "chaingraph", "page", str(ROSTER), "-o", str(target)]
            subprocess.run([*command, "--language", language], check=True, stderr=subprocess.DEVNULL)
            page.goto(target.as_uri())
            page.wait_for_selector("html[data-ready]")
            page.wait_for_timeout(500)
            page.screenshot(path=ASSETS / f"roster-page.{language}.png")
    page.close()
    for file in ASSETS.glob("roster*.png"):
        with Image.open(file) as image:
            image.quantize(128, dither=Image.Dither.NONE).save(file, optimize=True)


def tiles(browser: Browser) -> None:
    """Take the pictures of maps of tiles: countries counted in a data set, provinces with numbers of one's own."""
    counts = cg.indicators.tile_values(cg.open(sample("horizon-batteries")))
    numbers = pd.Series({"江苏": 34.0, "浙江": 21.0, "上海": 18.0, "湖北": 9.0, "西藏": 0.0})
    title = {"zh": "创新联合体数量", "en": "Number of consortia"}
    page = browser.new_page(viewport={"width": 1200, "height": 830})
    with tempfile.TemporaryDirectory() as name:
        for file, tile_page in (
            ("tiles.en.png", cg.tile_map(counts, language="en")),
            ("tiles.zh.png", cg.tile_map(numbers, title=title, language="zh")),
        ):
            page.goto(tile_page.save(Path(name) / "tiles.html").as_uri())
            page.screenshot(path=ASSETS / file)
    page.close()
    for file in ASSETS.glob("tiles.*.png"):
        with Image.open(file) as image:
            image.quantize(64, dither=Image.Dither.NONE).save(file, optimize=True)


def picture(page: Page, name: str, *, selector: str = "body") -> None:
    """Save what the page shows."""
    page.locator(selector).screenshot(path=ASSETS / name)


def main() -> None:
    """Take every picture, or only those of the roster or of the maps of tiles."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium")
        for name, take in (("roster", roster), ("tiles", tiles)):
            if sys.argv[1:] in ([], [name]):
                take(browser)
        browser.close()
    if sys.argv[1:]:
        return
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        store = folder / "jiangsu.kg"
        KnowledgeGraph.build([sample("jiangsu-2022")], store)
        kg = KnowledgeGraph.open(store)
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium")
        page = browser.new_page(device_scale_factor=2)
        page.set_content(transcript(Toolbox(kg)))
        picture(page, "assistant.png")

        command = [sys.executable, "-m", "chaingraph", "serve", str(store), "--port", "0"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            address = server.stdout.readline().strip()
            page.set_viewport_size({"width": 430, "height": 320})
            iri = kg.select(f"SELECT ?c {{ ?c rdfs:label '{CONSORTIUM}'@zh }}")["c"][0]
            full = iri.replace("id:", "https://w3id.org/chaingraph/id/")
            page.goto(f"{address}reconcile/preview?lang=zh&id={full}")
            page.screenshot(path=ASSETS / "reconciliation.png")
            server.terminate()

        write_network(cg.affiliation(kg), folder / "x.echarts.json")
        script = (
            Path(__file__).parents[1] / "tests" / "neighbours" / "node_modules" / "echarts" / "dist" / "echarts.min.js"
        )
        page = browser.new_page(viewport={"width": 900, "height": 620})
        page.set_content("<div id='chart' style='width:880px;height:600px'></div>")
        page.add_script_tag(path=script)
        option = (folder / "x.echarts.json").read_text(encoding="utf-8")
        page.evaluate("option => echarts.init(document.getElementById('chart')).setOption(option)", json.loads(option))
        page.wait_for_timeout(9000)
        picture(page, "echarts.png", selector="#chart")
        browser.close()


if __name__ == "__main__":
    main()
