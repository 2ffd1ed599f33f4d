"""Take the pictures of the pages about other programs: python docs/pictures.py (needs chromium and node)."""

from __future__ import annotations

import html
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

import chaingraph as cg
from chaingraph.assistant.toolbox import Toolbox
from chaingraph.export.networks import write_network
from chaingraph.resources import sample
from chaingraph.store import KnowledgeGraph

if TYPE_CHECKING:
    from playwright.sync_api import Page

ASSETS = Path(__file__).with_name("assets")
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


def picture(page: Page, name: str, *, selector: str = "body") -> None:
    """Save what the page shows."""
    page.locator(selector).screenshot(path=ASSETS / name)


def main() -> None:
    """Take every picture."""
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
