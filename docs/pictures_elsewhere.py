"""Take the pictures of what other programs make of our files, each drawn by the program or library itself.

``python -m docs.pictures_elsewhere`` takes all, with names after it some. It needs chromium and the packages of
tests/neighbours, and for some pictures openrefine, R with igraph, or LibreOffice.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import networkx as nx
import pyogrio
from PIL import Image
from playwright.sync_api import sync_playwright
from tests.endpoint.openrefine import openrefine

import chaingraph as cg
from chaingraph.cli.network_workbook import workbook_sheets
from chaingraph.export.networks import write_network
from chaingraph.export.tables import write_tables
from chaingraph.resources import sample
from chaingraph.store import KnowledgeGraph

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

ASSETS = Path(__file__).with_name("assets")
MODULES = Path(__file__).parents[1] / "tests" / "neighbours" / "node_modules"
STORE = "jiangsu.kg"


def picture(page: Page, name: str, *, selector: str = "body") -> None:
    """Save what the page shows."""
    page.locator(selector).screenshot(path=ASSETS / name)


def smaller(name: str) -> None:
    """Let a picture have 32 colours."""
    with Image.open(ASSETS / name) as image:
        few = image.convert("RGB").quantize(32)
    few.save(ASSETS / name, optimize=True)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve the store, and yield the address."""
    command = [sys.executable, "-m", "chaingraph", "serve", str(folder / STORE), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield server.stdout.readline().strip()
        server.terminate()


def in_openrefine(folder: Path, browser: Browser) -> None:
    """A column that OpenRefine has matched and extended."""
    with served(folder) as address, openrefine(folder / "projects") as refine:
        service = f"{address}reconcile"
        project = refine.project("成员单位", ["苏大维格", "东南大学", "SuDaWeiGe", "火星第一研究所"])
        refine.reconcile(project, service, ("Organization", "单位"))
        refine.extend(project, service, ["kind", "leads"])
        page = browser.new_page(viewport={"width": 1180, "height": 470})
        page.goto(f"{refine.address}/project?project={project}")
        page.wait_for_selector("a.data-table-recon-new-name, .data-table-recon-match, td .data-table-recon-action")
        page.wait_for_timeout(1500)
        page.screenshot(path=ASSETS / "openrefine.png")


def cytoscape(folder: Path, browser: Browser) -> None:
    """The network by Cytoscape.js."""
    elements = json.loads((folder / "x.cyjs").read_text(encoding="utf-8"))["elements"]
    script = """elements => new Promise(done => {
      const style = [{ selector: 'node', style: { width: 12, height: 12, 'background-color': '#2f6f9f' } },
        { selector: 'node[type = "Consortium"]', style: { label: 'data(label_zh)', 'font-size': 9, width: 24,
          height: 24, 'background-color': '#c2571a', 'text-wrap': 'wrap' } },
        { selector: 'edge', style: { width: 1.5, 'line-color': '#b8c2cc' } }];
      const chart = cytoscape({ container: document.getElementById('chart'), elements, style });
      chart.nodes().filter(node => node.degree() === 0).remove();
      chart.layout({ name: 'cose', animate: false, randomize: true, componentSpacing: 150, padding: 40 }).run();
      chart.fit(undefined, 30); setTimeout(done, 1000); })"""
    page = chart_page(browser, "cytoscape/dist/cytoscape.min.js")
    page.evaluate(script, elements)
    picture(page, "cytoscape.png", selector="#chart")


def g6(folder: Path, browser: Browser) -> None:
    """The network by G6."""
    data = json.loads((folder / "x.g6.json").read_text(encoding="utf-8"))
    ends = {tie[end] for tie in data["edges"] for end in ("source", "target")}
    data["nodes"] = [node for node in data["nodes"] if node["id"] in ends]
    script = """async data => {
      const graph = new G6.Graph({ container: 'chart', width: 880, height: 560, data, autoFit: 'view', animation: false,
        node: { style: { size: node => node.data.type === 'Consortium' ? 26 : 14, labelFontSize: 10,
          labelText: node => node.data.type === 'Consortium' ? node.data.label_zh : '',
          fill: node => node.data.type === 'Consortium' ? '#c2571a' : '#2f6f9f' } },
        edge: { style: { stroke: '#b8c2cc' } }, layout: { type: 'force', preventOverlap: true } });
      await graph.render(); }"""
    page = chart_page(browser, "@antv/g6/dist/g6.min.js")
    page.evaluate(script, data)
    page.wait_for_timeout(4000)
    picture(page, "g6.png", selector="#chart")


def chart_page(browser: Browser, script: str) -> Page:
    """Return a page with a library and a place to draw."""
    page = browser.new_page(viewport={"width": 900, "height": 600})
    page.set_content("<div id='chart' style='width:880px;height:560px'></div>")
    page.add_script_tag(path=MODULES / script)
    return page


def in_r(folder: Path, _: Browser) -> None:
    """The network by igraph in R."""
    script = f"""library(igraph); g <- read_graph("{folder}/x.graphml", format = "graphml")
      g <- delete_vertices(g, degree(g) == 0); set.seed(3); big <- V(g)$type == "Consortium"
      png("{ASSETS}/r.png", width = 860, height = 560, type = "cairo", family = "Noto Sans CJK SC")
      par(mar = rep(0, 4))
      plot(g, vertex.size = ifelse(big, 8, 4), vertex.color = ifelse(big, "#c2571a", "#2f6f9f"),
        vertex.label = ifelse(big, V(g)$label_zh, NA), vertex.label.cex = 0.9,
        vertex.label.family = "Noto Sans CJK SC")"""
    subprocess.run(["Rscript", "-e", script], check=True, capture_output=True)


def in_a_spreadsheet(folder: Path, browser: Browser) -> None:
    """The workbook of a network in LibreOffice: the sheet of measures."""
    sheets = workbook_sheets(KnowledgeGraph.open(folder / STORE), nx.read_graphml(folder / "x.graphml"))
    measures = sheets["measures"].drop(columns="id").iloc[:, :6].head(14).round(3)
    measures["label"] = measures["label"].str.slice(0, 24)
    write_tables({"measures": measures}, folder / "measures.xlsx")
    command = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(folder / "measures.xlsx")]
    subprocess.run(command, check=True, capture_output=True)
    command = ["pdftoppm", "-png", "-r", "90", "-singlefile", "-x", "40", "-y", "50", "-W", "720", "-H", "330"]
    subprocess.run([*command, str(folder / "measures.pdf"), str(ASSETS / "spreadsheet")], check=True)


def on_a_map(folder: Path, _: Browser) -> None:
    """The GeoJSON of a network, read by GDAL and drawn by geopandas."""
    write_network(cg.co_membership(cg.open(sample("horizon-batteries"))), folder / "batteries.geojson")
    frame = pyogrio.read_dataframe(folder / "batteries.geojson")
    lines, points = (frame[frame.geometry.geom_type == kind] for kind in ("LineString", "Point"))
    axes = lines.plot(figsize=(8.6, 5.6), color="#2f6f9f", linewidth=0.15, alpha=0.25)
    points.plot(ax=axes, color="#c2571a", markersize=6)
    axes.set(xlim=(-12, 32), ylim=(35, 66))
    axes.set_axis_off()
    axes.figure.savefig(ASSETS / "geojson.png", dpi=75, bbox_inches="tight")
    smaller("geojson.png")


PICTURES = {
    "openrefine": in_openrefine,
    "cytoscape": cytoscape,
    "g6": g6,
    "r": in_r,
    "spreadsheet": in_a_spreadsheet,
    "geojson": on_a_map,
}


def main() -> None:
    """Take the pictures that are named, or all."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        kg = KnowledgeGraph.build([sample("jiangsu-2022")], folder / STORE)
        network = cg.affiliation(kg)
        for ending in ("cyjs", "g6.json", "graphml"):
            write_network(network, folder / f"x.{ending}")
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium")
        for one in sys.argv[1:] or PICTURES:
            PICTURES[one](folder, browser)
        browser.close()


if __name__ == "__main__":
    main()
