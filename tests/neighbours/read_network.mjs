// Reads what `chaingraph network` writes with the library it is for, and prints how many nodes and ties arrived.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const [format, path] = process.argv.slice(2);
const text = readFileSync(path, "utf8");
const document = format === "gexf" ? null : JSON.parse(text);
const readers = {
  gexf() {
    const Graph = require("graphology");
    const { parse } = require("graphology-gexf");
    const graph = parse(Graph, text);
    const best = graph.nodes().sort((one, other) => graph.degree(other) - graph.degree(one))[0];
    const weights = new Set(graph.mapEdges((_, data) => typeof data.memberships));
    const version = require("graphology-gexf/package.json").version;
    return { nodes: graph.order, ties: graph.size, best: graph.getNodeAttribute(best, "label"), version, weights: [...weights] };
  },
  cytoscape() {
    const cytoscape = require("cytoscape");
    const graph = cytoscape({ headless: true, elements: document.elements });
    const best = graph.nodes().max((node) => node.degree(false)).ele;
    return { nodes: graph.nodes().length, ties: graph.edges().length, best: best.data("name"), version: cytoscape.version };
  },
  g6() {
    const { Graph } = require("@antv/graphlib");
    const version = require("@antv/g6/package.json").version;
    const graph = new Graph(document);
    const best = graph.getAllNodes().sort((one, other) => graph.getDegree(other.id) - graph.getDegree(one.id))[0];
    return { nodes: graph.getAllNodes().length, ties: graph.getAllEdges().length, best: best.style.labelText, version };
  },
  echarts() {
    const echarts = require("echarts");
    const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width: 800, height: 600 });
    chart.setOption(document);
    const graph = chart.getModel().getSeriesByIndex(0).getGraph();
    const best = [...graph.nodes].sort((one, other) => other.edges.length - one.edges.length)[0];
    const name = graph.data.getName(best.dataIndex);
    if (!chart.renderToSVGString().startsWith("<svg")) throw new Error("nothing was drawn");
    return { nodes: graph.nodes.length, ties: graph.edges.length, best: name, version: echarts.version };
  },
};
process.stdout.write(JSON.stringify(readers[format]()));
process.exit(0);
