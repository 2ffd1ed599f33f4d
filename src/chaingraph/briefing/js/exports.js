// Exports: pictures, tables, records, paper. All of it is made here, nothing is fetched, nothing is sent.
const printView = document.getElementById("print-view");
const LONGEST_SIDE = 16000;
// A sheet of A4 across, in units of the map; on A3 the same sheet is larger.
const SHEET = { width: 1180, height: 790 };

// ---- pictures
const pictureParts = () => layouts.map((layout) => ({ layout, heading: layouts.length > 1 || chains.length > 1 ? layout.chain.name[view.language] : "" }));
const pictureTitle = () => (layouts.length === 1 && chains.length > 1 ? "" : data.title[view.language]);

function savePng() {
  const contextOf = (width, height) => {
    const ratio = Math.min(2, LONGEST_SIDE / Math.max(width, height));
    const canvas = element("canvas", { width: Math.round(ratio * width), height: Math.round(ratio * height) });
    return { context: canvas.getContext("2d"), ratio };
  };
  paintPicture(pictureParts(), { title: pictureTitle(), contextOf }).canvas.toBlob((blob) => saveAs(blob, "image/png", ".png"), "image/png");
}

function vectorPicture(parts, options) {
  const { svg } = paintPicture(parts, { ...options, contextOf: (width, height) => ({ context: new VectorContext(width, height), ratio: 1 }) });
  svg.prepend(svgElement("title", {}, xmlText(data.title[view.language])), svgElement("desc", {}, xmlText(data.introduction[view.language])), pictureMetadata());
  svg.setAttribute("xml:lang", root.lang);
  return svg;
}

function saveSvg() {
  const svg = vectorPicture(pictureParts(), { title: pictureTitle() });
  saveAs(`<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(svg)}\n`, "image/svg+xml", ".svg");
}

// ---- a table: one row per card, and one per stage without a card
function mapRows() {
  const quoteText = (quote) => quote.exact || (quote.record && formatted(words().record, { number: quote.record }));
  return shownChains().flatMap((chain) => chain.boxes.flatMap((box) => {
    const start = [chain.name[view.language], nameOf(box.node), words()[`segment_${box.segment}`], words()[`status_${box.status}`]];
    const cards = cardsOf(box);
    if (!cards.length) return box.cards.length ? [] : [[...start, ...new Array(9).fill("")]];
    return cards.map((card) => {
      const holder = holders[card.holder];
      const quotes = card.ties.flatMap((number) => ties[number].quotes);
      const joined = (texts) => allOf(texts.filter(Boolean)).join(" | ");
      return [...start, holderName(holder), otherName(holder.node), nodes[holder.node].id, holder.line[view.language], words()[nodes[holder.node].leading ? "yes" : "no"], words()[holder.is_known ? "badge_known" : "badge_reported"],
        joined(holder.consortia.map(nameOf)), joined(quotes.map(quoteText)), joined(quotes.map((quote) => quote.url))];
    });
  }));
}

function saveCsv() {
  const headings = ["chain", "stage", "column", "status", "holder", "other_name", "id", "kind", "leading", "basis", "consortia", "quotes", "address"].map((name) => words()[`csv_${name}`]);
  saveAs(`\uFEFF${[headings, ...mapRows()].map((cells) => `${cells.map(csvCell).join(",")}\n`).join("")}`, "text/csv;charset=utf-8", ".csv");
}

// ---- records
function mapRecords() {
  const holderRecord = ({ holder, ties: numbers }) => {
    const { node, kind, region, consortia, is_known: isKnown } = holders[holder];
    return { id: nodes[node].id, name: nodes[node].name, kind, region, leading: Boolean(nodes[node].leading), known: isKnown, consortia: consortia.map((one) => nodes[one].id), counts: nodes[node].counts, quotes: numbers.flatMap((number) => ties[number].quotes) };
  };
  const boxRecord = (box) => ({ id: nodes[box.node].id, name: nodes[box.node].name, segment: box.segment, status: box.status, holders: cardsOf(box).map(holderRecord) });
  const chainRecord = (chain) => ({
    id: nodes[chain.node]?.id ?? null, name: chain.name, stages: chain.boxes.map(boxRecord),
    links: chain.arrows.map(({ source, target, kind }) => ({ source: nodes[chain.boxes[source].node].id, target: nodes[chain.boxes[target].node].id, kind })),
  });
  return { title: data.title, datasets: data.datasets, chains: shownChains().map(chainRecord) };
}

const saveJson = () => saveAs(`${JSON.stringify(mapRecords(), null, 1)}\n`, "application/json", ".json");

// ---- paper: every chain on sheets of its own; what does not fit on one goes on on the next
function sheetsOf(chain) {
  const room = { width: SHEET.width - 2 * SHEET_MARGIN, height: SHEET.height - 150 };
  const layout = layoutChain(chain, room.width, { everything: "cards" });
  if (layout.height <= room.height) return [layout];
  const tighter = layoutChain(chain, room.width * 1.3, { everything: "cards" });
  if (tighter.height <= room.height * 1.3) return [tighter];
  return paginated(chain, room);
}

// Fills sheet after sheet with boxes in their order; a box that is too high for a sheet is divided.
function paginated(chain, room) {
  const sheets = [];
  let boxes = chain.boxes.flatMap((box) => parts(chain, box, room.height));
  while (boxes.length) {
    let count = boxes.length;
    const layoutOf = (number) => layoutChain({ ...chain, arrows: [], boxes: boxes.slice(0, number) }, room.width, { everything: true });
    while (count > 1 && layoutOf(count).height > room.height) count -= 1;
    sheets.push(layoutOf(count));
    boxes = boxes.slice(count);
  }
  return sheets;
}

function parts(chain, box, height) {
  if (!isOpen(chain, box)) return [{ ...box, cards: box.cards }];
  const most = Math.max(1, Math.floor((height - SIZE.heading - 90) / (SIZE.card + SIZE.between)));
  const cards = cardsOf(box);
  if (cards.length <= most) return [box];
  return Array.from({ length: Math.ceil(cards.length / most) }, (_, number) => ({ ...box, cards: cards.slice(number * most, (number + 1) * most) }));
}

// A sheet is as wide as the map, at least as wide as a sheet of paper, and as high as that makes it.
function sheetSize(layout) {
  const leastWidth = Math.max(SHEET.width, layout.width + 2 * SHEET_MARGIN);
  return { leastWidth, least: Math.round((leastWidth / SHEET.width) * SHEET.height) };
}

function drawPrintView() {
  withLightTheme(() => {
    const sheets = shownChains().flatMap((chain) => {
      const pages = sheetsOf(chain);
      return pages.map((layout, number) => ({ layout, chain, note: pages.length > 1 ? formatted(words().sheet, { number: number + 1, of: pages.length }) : "" }));
    });
    printView.replaceChildren(...sheets.map(({ layout, chain, note }) => vectorPicture([{ layout, heading: "" }], { title: chain.name[view.language], note, ...sheetSize(layout) })));
  });
}

addEventListener("beforeprint", drawPrintView);
addEventListener("afterprint", () => printView.replaceChildren());

// ---- the menu
const exportActions = { png: savePng, svg: saveSvg, csv: saveCsv, json: saveJson, print: () => print() };
const exportCount = () => withNumber("cards_shown", shownChains().reduce((sum, chain) => sum + chain.boxes.reduce((cards, box) => cards + cardsOf(box).length, 0), 0));
