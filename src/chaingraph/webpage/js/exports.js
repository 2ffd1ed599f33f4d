// Exports: pictures, tables, records, paper. All of it is made here, nothing is fetched, nothing is sent.
const printView = document.getElementById("print-view");
const LONGEST_SIDE = 8192;
const PRINT_WIDTH = 1040;
const PRINT_ROWS = 100;
const PRINT_COLUMNS = 6;

// ---- pictures
const WHOLE_PICTURE = { hasTitle: true, hasLegend: true, hasSources: true };

function savePng() {
  const { canvas } = paintPicture(screenFrame(), WHOLE_PICTURE, (width, height) => {
    const ratio = Math.min(2, LONGEST_SIDE / Math.max(width, height));
    const target = element("canvas", { width: Math.round(ratio * width), height: Math.round(ratio * height) });
    // The labels ask their canvas how large it is on screen; this one is on none.
    Object.defineProperties(target, { clientWidth: { value: width }, clientHeight: { value: height } });
    return { context: target.getContext("2d"), ratio };
  });
  canvas.toBlob((blob) => saveAs(blob, "image/png", ".png"), "image/png");
}

function vectorPicture(frame, parts) {
  const { svg } = paintPicture(frame, parts, (width, height) => ({ context: new VectorContext(width, height), ratio: 1 }));
  svg.prepend(svgElement("title", {}, xmlText(data.title[view.language])), svgElement("desc", {}, xmlText(introductionText(view.language))), pictureMetadata());
  svg.setAttribute("xml:lang", root.lang);
  return svg;
}

function saveSvg() {
  const svg = vectorPicture(screenFrame(), WHOLE_PICTURE);
  saveAs(`<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(svg)}\n`, "image/svg+xml", ".svg");
}

// ---- tables
function csvText(columns, rows) {
  const lines = [columns.map(({ heading }) => heading), ...rows.map((index) => columns.map(({ value }) => value(index)))];
  return `\uFEFF${lines.map((cells) => `${cells.map(csvCell).join(",")}\n`).join("")}`;
}

function csvColumns(kind) {
  const column = (heading, value) => ({ heading, value });
  const columns = columnsOf(kind).filter(({ key }) => key !== "quotes");
  const items = itemsOf(kind);
  const headingOf = (key) => columns.find((one) => one.key === key).heading;
  const idColumns = kind === "nodes"
    ? [column(words().column_id, (index) => nodes[index].id)]
    : [column(`${headingOf("from")} ${words().column_id}`, (number) => nodes[ties[number].source].id), column(`${headingOf("to")} ${words().column_id}`, (number) => nodes[ties[number].target].id)];
  const quoteText = (quote) => quote.exact || (quote.record && formatted(words().record, { number: quote.record }));
  const joined = (textOf) => (index) => items[index].quotes.map(textOf).filter(Boolean).join(" | ");
  const quoteColumns = items.some((item) => item.quotes.length) ? [column(words().quotes, joined(quoteText)), column(words().column_source, joined((quote) => quote.url))] : [];
  return [...idColumns, ...columns, ...quoteColumns];
}

const saveCsv = (kind) => saveAs(csvText(csvColumns(kind), shownRows(kind)), "text/csv;charset=utf-8", `-${kind}.csv`);

// ---- records
function nodeRecord(index) {
  const { id, name, type, leading, attributes, quotes } = nodes[index];
  return { id, name, class: legend.classes[type].name, leading: Boolean(leading), degree: tiesOf[index].length, attributes: Object.fromEntries(attributes), quotes };
}

function tieRecord(number) {
  const { source, target, relation, attributes, quotes } = ties[number];
  const { key, name } = relations[relation] ?? {};
  return { source: nodes[source].id, target: nodes[target].id, relation: key === undefined ? null : { key, ...name }, attributes: Object.fromEntries(attributes), quotes };
}

function shownRecords() {
  const [nodeRows, tieRows] = [shownRows("nodes"), shownRows("ties")];
  return {
    title: data.title,
    datasets: data.datasets,
    directed: data.directed,
    counts: { nodes: nodeRows.length, nodesInAll: nodes.length, ties: tieRows.length, tiesInAll: ties.length },
    nodes: nodeRows.map(nodeRecord),
    ties: tieRows.map(tieRecord),
  };
}

const saveJson = () => saveAs(`${JSON.stringify(shownRecords(), null, 1)}\n`, "application/json", ".json");

// ---- paper
function drawPrintView() {
  if (isPrintingSteps) return;
  const allColumns = nodeColumns();
  const columns = allColumns.slice(0, PRINT_COLUMNS);
  const rows = shownRows("nodes", allColumns);
  const cellClass = (column) => (column.number ? "number" : "text");
  const heading = (column) => element("th", { "data-column": column.key, class: cellClass(column), text: column.heading });
  const row = (index) => element("tr", {}, ...columns.map((column) => element("td", { class: cellClass(column), text: column.text(index) })));
  const rest = rows.length - PRINT_ROWS;
  withLightTheme(() => {
    const svg = vectorPicture(wholeFrame(PRINT_WIDTH), { hasTitle: false, hasLegend: true, hasSources: false });
    printView.replaceChildren(...[
      svg,
      element("p", { text: `${countLine("nodes")} · ${countLine("ties")}` }),
      rows.length > 0 && element("table", {}, element("thead", {}, element("tr", {}, ...columns.map(heading))), element("tbody", {}, ...rows.slice(0, PRINT_ROWS).map(row))),
      rest > 0 && element("p", { text: formatted(words().rest, { count: countText(rest) }) }),
    ].filter(Boolean));
  });
}

addEventListener("beforeprint", drawPrintView);
addEventListener("afterprint", () => printView.replaceChildren());

// ---- the menu
const exportActions = { png: savePng, svg: saveSvg, nodes: () => saveCsv("nodes"), ties: () => saveCsv("ties"), json: saveJson, print: () => print() };
const exportCount = () => `${countLine("nodes")} · ${countLine("ties")}`;
