// The table: what the map shows, in rows. Only the rows in view stand in the document, so ten thousand scroll at once.
const table = document.getElementById("table");
const tableScroller = document.getElementById("rows");
const switchButton = document.getElementById("switch");
const ROW_HEIGHT = 34;
const ROWS_BEYOND = 10;
const tableState = { open: false, of: "nodes", first: -1, rows: [], columns: [], active: -1 };
const rowOrder = { nodes: { key: "degree", down: true }, ties: { key: null, down: false } };
const tableHead = make("tr", { "aria-rowindex": "1" });
const tableBody = make("tbody");
const tableGrid = make("table", { role: "grid" }, make("thead", {}, tableHead), tableBody);
tableScroller.append(tableGrid);

// ---- columns: key, heading, value to sort by, text to show
function factColumns(records) {
  const kinds = new Map();
  for (const record of records) {
    for (const fact of record.facts || []) {
      const value = fact[1];
      if (!kinds.has(fact[0])) kinds.set(fact[0], { count: 0, number: true });
      const kind = kinds.get(fact[0]);
      kind.count += 1;
      if (fact.length === 3 || (value !== null && typeof value !== "number")) kind.number = false;
    }
  }
  const byCount = [...kinds].sort(([, a], [, b]) => b.count - a.count);
  return byCount.map(([key, { number }]) => {
    const factOf = (index) => (records[index].facts || []).find(([name]) => name === key);
    return {
      key: `fact ${key}`, heading: attributeName(key), number,
      value: (index) => { const fact = factOf(index); return fact === undefined ? null : number ? fact[1] : shown(fact); },
      text: (index) => { const fact = factOf(index); return fact === undefined ? "" : shown(fact); },
    };
  });
}

const textColumn = (key, heading, value, mark) => ({ key, heading, number: false, value, text: value, mark });
const countColumn = (key, heading, value) => ({ key, heading, number: true, value, text: (index) => String(value(index)) });
const otherName = (index) => things[index].name[1 - languageIndex()];

function nodeColumns() {
  const twice = things.some((thing) => thing.name[0] !== thing.name[1]);
  return [
    textColumn("name", words().column_name, nameOf, markOf),
    ...(twice ? [textColumn("other", words().column_other, (index) => (otherName(index) === nameOf(index) ? "" : otherName(index)))] : []),
    textColumn("class", attributeName("type"), (index) => classEntries[things[index].class][view.language]),
    countColumn("degree", attributeName("degree"), (index) => tiesOf[index].length),
    ...factColumns(things),
  ];
}

function tieColumns() {
  const [from, to] = data.directed ? ["column_from", "column_to"] : ["column_end", "column_other_end"];
  return [
    textColumn("from", words()[from], (number) => nameOf(data.edges[number].from), (number) => markOf(data.edges[number].from)),
    ...(data.relations.length ? [textColumn("relation", words().column_relation, (number) => relationName(ties[number]))] : []),
    textColumn("to", words()[to], (number) => nameOf(data.edges[number].to), (number) => markOf(data.edges[number].to)),
    ...factColumns(ties),
    ...(ties.some((tie) => tie.quotes) ? [countColumn("quotes", words().column_quotes, (number) => (ties[number].quotes || []).length)] : []),
  ];
}

const columnsOf = (kind) => (kind === "nodes" ? nodeColumns() : tieColumns());

// ---- rows: what the filters leave, in the order that the reader chose; rows without a value come last
const rowOrders = new Map();

function orderedRows(kind, columns) {
  const { key, down } = rowOrder[kind];
  const at = `${kind} ${key} ${down} ${view.language}`;
  if (!rowOrders.has(at)) {
    const column = columns.find((one) => one.key === key);
    const everything = Array.from((kind === "nodes" ? things : ties).keys());
    rowOrders.set(at, column ? sortedRows(everything, column, down ? -1 : 1) : everything);
  }
  return rowOrders.get(at);
}

function sortedRows(indices, { value, number }, sign) {
  const collator = new Intl.Collator(view.language === "zh" ? "zh-CN-u-co-pinyin" : "en", { numeric: true });
  const values = new Map(indices.map((index) => [index, value(index)]));
  const isMissing = (one) => one === null || one === "";
  return indices.sort((a, b) => {
    const [x, y] = [values.get(a), values.get(b)];
    if (isMissing(x) || isMissing(y)) return isMissing(x) - isMissing(y) || a - b;
    return sign * (number ? x - y : collator.compare(x, y)) || a - b;
  });
}

function shownRows(kind, columns = columnsOf(kind)) {
  return orderedRows(kind, columns).filter(kind === "nodes" ? isShown : isTieShown);
}

function countLine(kind) {
  const [all, is] = kind === "nodes" ? [things.length, isShown] : [ties.length, isTieShown];
  let count = 0;
  for (let index = 0; index < all; index += 1) if (is(index)) count += 1;
  return filled(words()[`rows_${kind}`], { count: count.toLocaleString("en"), all: all.toLocaleString("en") });
}

// ---- drawing
function drawTable() {
  if (!tableState.open) return;
  const chosen = tableState.rows[tableState.active];
  tableState.columns = columnsOf(tableState.of);
  tableState.rows = shownRows(tableState.of, tableState.columns);
  tableState.active = tableState.rows.indexOf(chosen);
  tableState.first = -1;
  for (const kind of ["nodes", "ties"]) document.getElementById(`tab-${kind}`).setAttribute("aria-selected", String(kind === tableState.of));
  document.getElementById("counted").textContent = countLine(tableState.of);
  tableScroller.setAttribute("aria-labelledby", `tab-${tableState.of}`);
  tableGrid.setAttribute("aria-rowcount", String(tableState.rows.length + 1));
  drawHead();
  drawRows();
}

function drawHead() {
  const focused = tableHead.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  const { key, down } = rowOrder[tableState.of];
  tableHead.replaceChildren(...tableState.columns.map((column) => {
    const sort = column.key !== key ? "none" : down ? "descending" : "ascending";
    const button = make("button", { type: "button", "data-key": column.key, on: () => sortBy(column) }, make("span", { text: column.heading, title: column.heading }));
    return make("th", { scope: "col", "data-column": column.key, "aria-sort": sort, class: column.number ? "number" : column.mark ? "wide" : "text" }, button);
  }));
  if (focused) tableHead.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
}

function drawRows() {
  const first = Math.max(0, Math.floor(tableScroller.scrollTop / ROW_HEIGHT) - ROWS_BEYOND);
  if (first === tableState.first) return;
  tableState.first = first - (first % 2);
  const last = Math.min(tableState.rows.length, tableState.first + Math.ceil(tableScroller.clientHeight / ROW_HEIGHT) + 2 * ROWS_BEYOND + 2);
  tableBody.replaceChildren(tableGap(tableState.first), ...tableState.rows.slice(tableState.first, last).map((index, position) => drawRow(index, tableState.first + position)), tableGap(tableState.rows.length - last));
}

function tableGap(rows) {
  const cell = make("td", { colspan: tableState.columns.length });
  cell.style.height = `${rows * ROW_HEIGHT}px`;
  return make("tr", { class: "gap", "aria-hidden": "true" }, cell);
}

function drawRow(index, position) {
  const selected = tableState.of === "nodes" ? view.selected === index : view.tie === index;
  const cells = tableState.columns.map((column, place) => {
    const text = column.text(index);
    const properties = { title: text, class: column.number ? "number" : column.mark ? "name" : "text" };
    return make(place ? "td" : "th", place ? properties : { ...properties, scope: "row" }, column.mark && column.mark(index), make("span", { text }));
  });
  const row = make("tr", { id: `row-${position}`, "aria-rowindex": position + 2, "aria-selected": String(selected), class: position === tableState.active ? "active" : "", on: () => choose(position) }, ...cells);
  return row;

  function choose(at) {
    tableState.active = at;
    pickRow();
  }
}

// ---- what the reader does
function pickRow() {
  const index = tableState.rows[tableState.active];
  if (index === undefined) return;
  if (tableState.of === "nodes") select(index);
  else selectTie(index);
}

function sortBy({ key, number }) {
  const now = rowOrder[tableState.of];
  rowOrder[tableState.of] = { key, down: now.key === key ? !now.down : number };
  tableScroller.scrollTop = 0;
  tableState.active = -1;
  drawTable();
}

function openTable(kind) {
  const opening = !tableState.open;
  Object.assign(tableState, { open: true, of: kind, active: opening || kind !== tableState.of ? -1 : tableState.active });
  tableScroller.scrollTop = 0;
  layTable();
}

function closeTable() {
  tableState.open = false;
  layTable();
}

function layTable() {
  const focusInside = table.contains(document.activeElement);
  root.dataset.view = tableState.open ? "table" : "map";
  table.hidden = !tableState.open;
  box.inert = tableState.open;
  switchButton.setAttribute("aria-pressed", String(tableState.open));
  drawTable();
  if (focusInside && !tableState.open) surface.focus();
}

function turnTable(kind) {
  if (kind) openTable(kind);
  else closeTable();
  changed();
}

function moveRow(position) {
  tableState.active = Math.max(0, Math.min(tableState.rows.length - 1, position));
  const top = tableState.active * ROW_HEIGHT;
  const room = tableScroller.clientHeight - tableHead.offsetHeight;
  if (top < tableScroller.scrollTop) tableScroller.scrollTop = top;
  else if (top + ROW_HEIGHT > tableScroller.scrollTop + room) tableScroller.scrollTop = top + ROW_HEIGHT - room;
  tableState.first = -1;
  drawRows();
  if (tableState.rows.length) tableScroller.setAttribute("aria-activedescendant", `row-${tableState.active}`);
}

// Only for the keyboard: rows drawn anew under a pressed button would swallow the click.
tableScroller.addEventListener("focus", () => { if (tableScroller.matches(":focus-visible")) moveRow(Math.max(0, tableState.active)); });
tableScroller.addEventListener("scroll", drawRows, { passive: true });
tableScroller.addEventListener("keydown", (event) => {
  if (event.target !== tableScroller || event.ctrlKey || event.metaKey || event.altKey) return;
  const page = Math.max(1, Math.floor(tableScroller.clientHeight / ROW_HEIGHT) - 2);
  const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
  if (event.key in steps) moveRow(Math.max(tableState.active, event.key === "ArrowDown" ? -1 : 0) + steps[event.key]);
  else if (event.key === "Enter" || event.key === " ") pickRow();
  else return;
  event.preventDefault();
});
for (const kind of ["nodes", "ties"]) {
  const tab = document.getElementById(`tab-${kind}`);
  tab.addEventListener("click", () => turnTable(kind));
  tab.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    const other = kind === "nodes" ? "ties" : "nodes";
    turnTable(other);
    document.getElementById(`tab-${other}`).focus();
  });
}
switchButton.addEventListener("click", () => turnTable(tableState.open ? null : tableState.of));
onKey("t", () => { turnTable(tableState.open ? null : tableState.of); if (tableState.open) tableScroller.focus(); });
addEventListener("resize", () => { tableState.first = -1; if (tableState.open) drawRows(); });
closers.push(() => tableState.open && view.selected === null && view.tie === null && (turnTable(null), true));
onChange(() => {
  switchButton.title = `${words()[tableState.open ? "to_map" : "to_table"]} (t)`;
  switchButton.setAttribute("aria-label", words().to_table);
  drawTable();
});
inAddress({
  write(parts) { if (tableState.open) parts.set("table", tableState.of); },
  read(parts) {
    const kind = ["nodes", "ties"].includes(parts.get("table")) ? parts.get("table") : null;
    if (kind !== (tableState.open ? tableState.of : null)) turnTable(kind);
  },
});
