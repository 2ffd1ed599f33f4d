// What leaves the page: pictures, tables, records, paper. All of it is made here, nothing is fetched, nothing is sent.
const exportButton = document.getElementById("export");
const exportList = document.getElementById("export-list");
const printed = document.getElementById("printed");
const LONGEST_SIDE = 8192;
const PRINTED_WIDTH = 1040;
const PRINTED_ROWS = 100;
const PRINTED_COLUMNS = 6;

// ---- files
function fileName(ending) {
  const safe = data.titles[view.language].normalize("NFC").replace(/[\p{C}\\/:*?"<>|.]+/gu, " ").replace(/\s+/g, " ").trim();
  return `${[...safe].slice(0, 100).join("").trim() || "chaingraph"}${ending}`;
}

function saveAs(text, type, ending) {
  const blob = text instanceof Blob ? text : new Blob([text], { type });
  const link = make("a", { href: URL.createObjectURL(blob), download: fileName(ending) });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  document.getElementById("said").textContent = filled(words().saved, { name: link.download });
}

// ---- pictures
const WHOLE_PICTURE = { titleShown: true, legendShown: true, sourcesShown: true };

function savePng() {
  const { canvas } = paintPicture(frameOnScreen(), WHOLE_PICTURE, (width, height) => {
    const ratio = Math.min(2, LONGEST_SIDE / Math.max(width, height));
    const made = make("canvas", { width: Math.round(ratio * width), height: Math.round(ratio * height) });
    // The labels ask their canvas how large it is on screen; this one is on none.
    Object.defineProperties(made, { clientWidth: { value: width }, clientHeight: { value: height } });
    return { context: made.getContext("2d"), ratio };
  });
  canvas.toBlob((blob) => saveAs(blob, "image/png", ".png"), "image/png");
}

function vectorPicture(frame, parts) {
  const { svg } = paintPicture(frame, parts, (width, height) => ({ context: new VectorContext(width, height), ratio: 1 }));
  const said = document.querySelector(`.about p .in-${view.language}`)?.textContent || "";
  svg.prepend(vector("title", {}, xmlText(data.titles[view.language])), vector("desc", {}, xmlText(said)), sourcesOfPicture());
  svg.setAttribute("xml:lang", root.lang);
  return svg;
}

function sourcesOfPicture() {
  const part = (name, text) => {
    const element = document.createElementNS("http://purl.org/dc/elements/1.1/", `dc:${name}`);
    element.textContent = xmlText(text);
    return element;
  };
  const parts = data.datasets.flatMap((held) => [part("source", held[view.language]), part("creator", held.attribution[view.language]), part("rights", held.licence)]);
  return vector("metadata", {}, ...parts.filter((one) => one.textContent));
}

function saveSvg() {
  const svg = vectorPicture(frameOnScreen(), WHOLE_PICTURE);
  saveAs(`<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(svg)}\n`, "image/svg+xml", ".svg");
}

// ---- tables: UTF-8 with a mark, so that Excel reads Chinese; no text can become a formula; numbers stay numbers
function csvCell(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(value);
  let text = String(value).replace(/\r\n?/g, "\n");
  if (/^[=+\-@\t\n＝＋－＠]/.test(text)) text = `'${text}`;
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function csvText(columns, rows) {
  const lines = [columns.map(({ heading }) => heading), ...rows.map((index) => columns.map(({ value }) => value(index)))];
  return `\uFEFF${lines.map((cells) => `${cells.map(csvCell).join(",")}\r\n`).join("")}`;
}

function csvColumns(kind) {
  const column = (heading, value) => ({ heading, value });
  const columns = columnsOf(kind).filter(({ key }) => key !== "quotes");
  const records = kind === "nodes" ? things : ties;
  const quoted = (part) => (index) => (records[index].quotes || []).map((quote) => quote[part]).filter(Boolean).join(" | ");
  const ids = kind === "nodes"
    ? [column(words().column_id, (index) => things[index].id)]
    : [column(`${columns[0].heading} ${words().column_id}`, (number) => things[data.edges[number].from].id), column(`${columns.find(({ key }) => key === "to").heading} ${words().column_id}`, (number) => things[data.edges[number].to].id)];
  const sourceColumns = records.some((record) => record.quotes) ? [column(words().quotes, quoted("exact")), column(words().column_source, quoted("url"))] : [];
  return [...ids, ...columns, ...sourceColumns];
}

const saveCsv = (kind) => saveAs(csvText(csvColumns(kind), shownRows(kind)), "text/csv;charset=utf-8", `-${kind}.csv`);

// ---- records
function factsRecord(facts) {
  return Object.fromEntries((facts || []).map((fact) => [fact[0], fact.length === 3 ? { zh: fact[1], en: fact[2] } : fact[1]]));
}

function shownRecord() {
  const inBoth = ([zh, en]) => ({ zh, en });
  const rowsOf = { nodes: shownRows("nodes"), ties: shownRows("ties") };
  return {
    title: data.titles,
    datasets: data.datasets,
    directed: data.directed,
    counts: { nodes: rowsOf.nodes.length, nodesInAll: things.length, ties: rowsOf.ties.length, tiesInAll: ties.length },
    nodes: rowsOf.nodes.map((index) => ({
      id: things[index].id,
      name: inBoth(things[index].name),
      class: inBoth([classEntries[things[index].class].zh, classEntries[things[index].class].en]),
      leading: Boolean(things[index].leading),
      degree: tiesOf[index].length,
      facts: factsRecord(things[index].facts),
      quotes: things[index].quotes || [],
    })),
    ties: rowsOf.ties.map((number) => ({
      source: things[data.edges[number].from].id,
      target: things[data.edges[number].to].id,
      relation: ties[number].relation === undefined ? null : { key: data.relations[ties[number].relation][0], ...inBoth(data.relations[ties[number].relation].slice(1, 3)) },
      facts: factsRecord(ties[number].facts),
      quotes: ties[number].quotes || [],
    })),
  };
}

const saveJson = () => saveAs(`${JSON.stringify(shownRecord(), null, 1)}\n`, "application/json", ".json");

// ---- paper
function drawPrinted() {
  const all = nodeColumns();
  const columns = all.slice(0, PRINTED_COLUMNS);
  const rows = shownRows("nodes", all);
  const cells = (index) => columns.map((column) => make("td", { class: column.number ? "number" : "text", text: column.text(index) }));
  const rest = rows.length - PRINTED_ROWS;
  inLight(() => {
    const svg = vectorPicture(frameOfAll(PRINTED_WIDTH), { titleShown: false, legendShown: true, sourcesShown: false });
    printed.replaceChildren(...[
      svg,
      make("p", { text: `${countLine("nodes")} · ${countLine("ties")}` }),
      rows.length > 0 && make("table", {}, make("thead", {}, make("tr", {}, ...columns.map((column) => make("th", { "data-column": column.key, class: column.number ? "number" : "text", text: column.heading })))),
        make("tbody", {}, ...rows.slice(0, PRINTED_ROWS).map((index) => make("tr", {}, ...cells(index))))),
      rest > 0 && make("p", { text: filled(words().rest, { count: rest.toLocaleString("en") }) }),
    ].filter(Boolean));
  });
}

addEventListener("beforeprint", drawPrinted);
addEventListener("afterprint", () => printed.replaceChildren());

// ---- the menu
const EXPORTS = { png: savePng, svg: saveSvg, nodes: () => saveCsv("nodes"), ties: () => saveCsv("ties"), json: saveJson, print: () => print() };
const exportItems = [...exportList.querySelectorAll("button")];

function showExports(open) {
  const inside = exportList.contains(document.activeElement);
  exportList.hidden = !open;
  exportButton.setAttribute("aria-expanded", String(open));
  if (open) {
    document.getElementById("exported").textContent = `${countLine("nodes")} · ${countLine("ties")}`;
    exportItems[0].focus();
  } else if (inside) exportButton.focus();
}

for (const item of exportItems) {
  item.addEventListener("click", () => {
    showExports(false);
    EXPORTS[item.dataset.export]();
  });
}
exportList.addEventListener("keydown", (event) => {
  const at = exportItems.indexOf(document.activeElement);
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
  if (next === undefined) return;
  exportItems.at(next % exportItems.length).focus();
  event.preventDefault();
});
exportList.addEventListener("focusout", (event) => { if (event.relatedTarget && !exportList.contains(event.relatedTarget) && event.relatedTarget !== exportButton) showExports(false); });
document.addEventListener("pointerdown", (event) => { if (!exportList.hidden && !event.target.closest("#exports")) showExports(false); });
exportButton.addEventListener("click", () => showExports(exportList.hidden));
closers.push(() => !exportList.hidden && (showExports(false), true));
onKey("e", () => showExports(exportList.hidden));
onChange(() => { exportButton.title = `${words().export} (e)`; });
