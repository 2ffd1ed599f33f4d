"""Take the pictures of what other programs make of our files, each drawn by the program or library itself.

``python -m docs.pictures_elsewhere`` takes all, with names after it some. It needs chromium and the packages of
tests/neighbours, and for some pictures openrefine, R with igraph, or LibreOffice.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import igraph
import matplotlib.pyplot as plt
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

    from matplotlib.figure import Figure
    from playwright.sync_api import Browser, Page

ASSETS = Path(__file__).with_name("assets")
MODULES = Path(__file__).parents[1] / "tests" / "neighbours" / "node_modules"
STORE = "jiangsu.kg"
FONT = "Noto Sans CJK JP"
"""As matplotlib calls the collection of fonts with Chinese characters, too."""


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
    draw_elements(browser, elements, "cytoscape.png")


def draw_elements(browser: Browser, elements: object, name: str) -> None:
    """Let Cytoscape.js draw nodes and ties."""
    script = """elements => new Promise(done => {
      const style = [{ selector: 'node', style: { width: 12, height: 12, 'background-color': '#2f6f9f' } },
        { selector: 'node[type = "Consortium"], node[class = "Consortium"]',
          style: { label: 'data(label_zh)', 'font-size': 12, 'text-max-width': 110,
            'text-overflow-wrap': 'anywhere', width: 24,
          height: 24, 'background-color': '#c2571a', 'text-wrap': 'wrap' } },
        { selector: 'edge', style: { width: 1.5, 'line-color': '#b8c2cc' } }];
      const chart = cytoscape({ container: document.getElementById('chart'), elements, style });
      chart.nodes().filter(node => node.degree() === 0).remove();
      chart.layout({ name: 'cose', animate: false, randomize: true, componentSpacing: 80, padding: 20 }).run();
      chart.fit(undefined, 30); setTimeout(done, 1000); })"""
    page = chart_page(browser, "cytoscape/dist/cytoscape.min.js")
    page.evaluate(script, elements)
    picture(page, name, selector="#chart")


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


def in_networkx(folder: Path, _: Browser) -> None:
    """The network from GraphML by networkx, drawn with matplotlib."""
    network = nx.read_graphml(folder / "x.graphml")
    network.remove_nodes_from(list(nx.isolates(network)))
    consortia = [node for node, data in network.nodes(data=True) if data["type"] == "Consortium"]
    figure, axes = plt.subplots(figsize=(8.6, 5.6))
    places = nx.forceatlas2_layout(network, seed=3, scaling_ratio=3.0, strong_gravity=True)
    nx.draw_networkx_edges(network, places, ax=axes, edge_color="#b8c2cc")
    nx.draw_networkx_nodes(network, places, ax=axes, node_size=40, node_color="#2f6f9f")
    nx.draw_networkx_nodes(network, places, consortia, ax=axes, node_size=160, node_color="#c2571a")
    names = {node: in_lines(network.nodes[node]["label_zh"]) for node in consortia}
    above = {node: (x, y + 0.9) for node, (x, y) in places.items()}
    nx.draw_networkx_labels(
        network, above, names, ax=axes, font_size=8, font_family=FONT, verticalalignment="bottom", clip_on=False
    )
    save_figure(figure, "networkx.png")


def in_igraph(folder: Path, _: Browser) -> None:
    """The network from GraphML by igraph in Python, drawn with matplotlib."""
    network = igraph.Graph.Read_GraphML(str(folder / "x.graphml"))
    network.delete_vertices(network.vs.select(_degree=0))
    are_consortia = [kind == "Consortium" for kind in network.vs["type"]]
    # What has no label of its own is drawn with this attribute.
    network.vs["label"] = [
        in_lines(name) if one else "" for one, name in zip(are_consortia, network.vs["label_zh"], strict=True)
    ]
    figure, axes = plt.subplots(figsize=(8.6, 5.6))
    random.seed(3)
    plt.rcParams["font.family"] = FONT
    igraph.plot(
        network,
        target=axes,
        layout=network.layout_fruchterman_reingold(),
        vertex_size=[14 if one else 7 for one in are_consortia],
        vertex_color=["#c2571a" if one else "#2f6f9f" for one in are_consortia],
        vertex_frame_width=0,
        vertex_label_size=8,
        edge_color="#b8c2cc",
    )
    save_figure(figure, "igraph.png")


def gexf(folder: Path, browser: Browser) -> None:
    """The network as graphology reads it from GEXF, drawn by Cytoscape.js: nodes and ties with their attributes."""
    script = """const Graph = require("graphology"), { parse } = require("graphology-gexf");
      const graph = parse(Graph, require("fs").readFileSync(process.argv[1], "utf8"));
      const nodes = graph.mapNodes((id, data) => ({ data: { ...data, id } }));
      const edges = graph.mapEdges((id, data, source, target) => ({ data: { ...data, id: `t${id}`, source, target } }));
      process.stdout.write(JSON.stringify({ nodes, edges }));"""
    command = ["node", "-e", script, str(folder / "x.gexf")]
    result = subprocess.run(command, check=True, capture_output=True, text=True, cwd=MODULES.parent)
    draw_elements(browser, json.loads(result.stdout), "gexf.png")


def of_cordis(folder: Path, browser: Browser) -> None:
    """The page of the battery projects that were imported from the download of CORDIS."""
    kg = cg.open(sample("horizon-batteries"))
    cg.page(cg.participation(kg, minimum=1)).save(folder / "batteries.html")
    page = browser.new_page(viewport={"width": 1180, "height": 660})
    page.goto((folder / "batteries.html").as_uri())
    page.wait_for_timeout(4000)
    page.screenshot(path=ASSETS / "cordis.png")
    smaller("cordis.png")


def in_lines(name: str) -> str:
    """Return a Chinese name in lines of at most nine characters."""
    return "\n".join(name[start : start + 9] for start in range(0, len(name), 9))


def save_figure(figure: Figure, name: str) -> None:
    """Save a figure of matplotlib."""
    for axes in figure.axes:
        axes.set_axis_off()
        axes.margins(x=0.2, y=0.06)
    figure.savefig(ASSETS / name, dpi=100, bbox_inches="tight", pad_inches=0)
    smaller(name)


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
    "networkx": in_networkx,
    "igraph": in_igraph,
    "gexf": gexf,
    "cordis": of_cordis,
    "spreadsheet": in_a_spreadsheet,
    "geojson": on_a_map,
}


def main() -> None:
    """Take the pictures that are named, or all."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        kg = KnowledgeGraph.build([sample("jiangsu-2022")], folder / STORE)
        network = cg.affiliation(kg)
        for ending in ("cyjs", "g6.json", "graphml", "gexf"):
            write_network(network, folder / f"x.{ending}")
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium")
        for one in sys.argv[1:] or PICTURES:
            PICTURES[one](folder, browser)
        browser.close()


if __name__ == "__main__":
    main()
