// The table: what the map shows, in rows. Only the rows in view are in the document, so ten thousand scroll at once.
const table = document.getElementById("table");
const tableScroller = document.getElementById("rows");
const tableButton = document.getElementById("switch");
const ROW_HEIGHT = 34;
const ROWS_BEYOND = 10;
const tableState = { open: false, kind: "nodes", first: -1, rows: [], columns: [], active: -1 };
const sortOrders = { nodes: { key: "degree", descending: true }, ties: { key: null, descending: false } };
const tableHead = element("tr", { "aria-rowindex": "1" });
const tableBody = element("tbody");
const tableGrid = element("table", { role: "grid" }, element("thead", {}, tableHead), tableBody);
tableScroller.append(tableGrid);
const itemsOf = (kind) => (kind === "nodes" ? nodes : ties);

// ---- columns: key, heading, value to sort by, text to show
function attributeColumns(items) {
  const columns = new Map();
  for (const item of items) {
    for (const [name, value] of item.attributes) {
      if (!columns.has(name)) columns.set(name, { count: 0, number: true });
      columns.get(name).count += 1;
      if (value !== null && typeof value !== "number") columns.get(name).number = false;
    }
  }
  const byCount = [...columns].sort(([, a], [, b]) => b.count - a.count);
  return byCount.map(([name, { number }]) => {
    const text = (index) => { const value = attributeOf(items[index], name); return value === undefined ? "" : valueText(value); };
    return {
      key: `attribute ${name}`, heading: attributeName(name), number, text,
      value: (index) => (number ? attributeOf(items[index], name) ?? null : text(index)),
    };
  });
}

const textColumn = (key, heading, value, mark) => ({ key, heading, number: false, value, text: value, mark });
const countColumn = (key, heading, value) => ({ key, heading, number: true, value, text: (index) => String(value(index)) });

function nodeColumns() {
  const hasTwoNames = nodes.some((node) => node.name.zh !== node.name.en);
  return [
    textColumn("name", words().column_name, nameOf, symbolOf),
    ...(hasTwoNames ? [textColumn("other", words().column_other, (index) => (otherName(index) === nameOf(index) ? "" : otherName(index)))] : []),
    textColumn("class", attributeName("type"), className),
    countColumn("degree", attributeName("degree"), (index) => tiesOf[index].length),
    ...attributeColumns(nodes),
  ];
}

function tieColumns() {
  const [from, to] = data.directed ? ["column_from", "column_to"] : ["column_end", "column_other_end"];
  const endColumn = (key, heading, end) => textColumn(key, heading, (number) => nameOf(ties[number][end]), (number) => symbolOf(ties[number][end]));
  return [
    endColumn("from", words()[from], "source"),
    ...(relations.length ? [textColumn("relation", words().column_relation, (number) => relationName(ties[number]))] : []),
    endColumn("to", words()[to], "target"),
    ...attributeColumns(ties),
    ...(ties.some((tie) => tie.quotes.length) ? [countColumn("quotes", words().column_quotes, (number) => ties[number].quotes.length)] : []),
  ];
}

const columnsOf = (kind) => (kind === "nodes" ? nodeColumns() : tieColumns());

// ---- rows: what the filters leave, in the order that the reader chose; rows without a value come last
const rowOrders = new Map();

function orderedRows(kind, columns) {
  const { key, descending } = sortOrders[kind];
  const cacheKey = `${kind} ${key} ${descending} ${view.language}`;
  if (!rowOrders.has(cacheKey)) {
    const column = columns.find((one) => one.key === key);
    const all = Array.from(itemsOf(kind).keys());
    rowOrders.set(cacheKey, column ? sortedRows(all, column, descending ? -1 : 1) : all);
  }
  return rowOrders.get(cacheKey);
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
  const count = kind === "nodes" ? shownNodeCount() : shownTieCount();
  return formatted(words()[`rows_${kind}`], { count: countText(count), all: countText(itemsOf(kind).length) });
}

// ---- drawing
function drawTable() {
  if (!tableState.open) return;
  const active = tableState.rows[tableState.active];
  tableState.columns = columnsOf(tableState.kind);
  tableState.rows = shownRows(tableState.kind, tableState.columns);
  tableState.active = tableState.rows.indexOf(active);
  tableState.first = -1;
  for (const kind of ["nodes", "ties"]) document.getElementById(`tab-${kind}`).setAttribute("aria-selected", String(kind === tableState.kind));
  document.getElementById("row-count").textContent = countLine(tableState.kind);
  tableScroller.setAttribute("aria-labelledby", `tab-${tableState.kind}`);
  tableGrid.setAttribute("aria-rowcount", String(tableState.rows.length + 1));
  drawHead();
  drawRows();
}

function drawHead() {
  const focusedKey = tableHead.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  const { key, descending } = sortOrders[tableState.kind];
  tableHead.replaceChildren(...tableState.columns.map((column) => {
    const sort = column.key !== key ? "none" : descending ? "descending" : "ascending";
    const button = element("button", { type: "button", "data-key": column.key, onclick: () => sortBy(column) }, element("span", { text: column.heading, title: column.heading }));
    return element("th", { scope: "col", "data-column": column.key, "aria-sort": sort, class: column.number ? "number" : column.mark ? "wide" : "text" }, button);
  }));
  if (focusedKey) tableHead.querySelector(`[data-key="${CSS.escape(focusedKey)}"]`)?.focus();
}

function drawRows() {
  const first = Math.max(0, Math.floor(tableScroller.scrollTop / ROW_HEIGHT) - ROWS_BEYOND);
  if (first === tableState.first) return;
  tableState.first = first - (first % 2);
  const last = Math.min(tableState.rows.length, tableState.first + Math.ceil(tableScroller.clientHeight / ROW_HEIGHT) + 2 * ROWS_BEYOND + 2);
  const rows = tableState.rows.slice(tableState.first, last).map((index, position) => tableRow(index, tableState.first + position));
  tableBody.replaceChildren(tableGap(tableState.first), ...rows, tableGap(tableState.rows.length - last));
}

function tableGap(rows) {
  const cell = element("td", { colspan: tableState.columns.length });
  cell.style.height = `${rows * ROW_HEIGHT}px`;
  return element("tr", { class: "gap", "aria-hidden": "true" }, cell);
}

function tableRow(index, position) {
  const selected = tableState.kind === "nodes" ? view.selected === index : view.tie === index;
  const cells = tableState.columns.map((column, place) => {
    const text = column.text(index);
    const properties = { title: text, class: column.number ? "number" : column.mark ? "name" : "text" };
    return element(place ? "td" : "th", place ? properties : { ...properties, scope: "row" }, column.mark && column.mark(index), element("span", { text }));
  });
  const choose = () => { tableState.active = position; selectRow(); };
  return element("tr", { id: `row-${position}`, "aria-rowindex": position + 2, "aria-selected": String(selected), class: position === tableState.active ? "active" : "", onclick: choose }, ...cells);
}

// ---- what the reader does
function selectRow() {
  const index = tableState.rows[tableState.active];
  if (index === undefined) return;
  if (tableState.kind === "nodes") select(index);
  else selectTie(index);
}

function sortBy({ key, number }) {
  const current = sortOrders[tableState.kind];
  sortOrders[tableState.kind] = { key, descending: current.key === key ? !current.descending : number };
  tableScroller.scrollTop = 0;
  tableState.active = -1;
  drawTable();
}

// Shows the table of nodes or ties, or the map (null).
function showTable(kind) {
  if (kind) {
    const isNew = !tableState.open || kind !== tableState.kind;
    Object.assign(tableState, { open: true, kind, active: isNew ? -1 : tableState.active });
    tableScroller.scrollTop = 0;
  } else tableState.open = false;
  const hadFocus = table.contains(document.activeElement);
  root.dataset.view = tableState.open ? "table" : "map";
  table.hidden = !tableState.open;
  mapBox.inert = tableState.open;
  tableButton.setAttribute("aria-pressed", String(tableState.open));
  drawTable();
  if (hadFocus && !tableState.open) surface.focus();
  notifyChange();
}

const toggleTable = () => showTable(tableState.open ? null : tableState.kind);

function moveToRow(position) {
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
tableScroller.addEventListener("focus", () => { if (tableScroller.matches(":focus-visible")) moveToRow(Math.max(0, tableState.active)); });
tableScroller.addEventListener("scroll", drawRows, { passive: true });
tableScroller.addEventListener("keydown", (event) => {
  if (event.target !== tableScroller || event.ctrlKey || event.metaKey || event.altKey) return;
  const page = Math.max(1, Math.floor(tableScroller.clientHeight / ROW_HEIGHT) - 2);
  const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
  if (event.key in steps) moveToRow(Math.max(tableState.active, event.key === "ArrowDown" ? -1 : 0) + steps[event.key]);
  else if (event.key === "Enter" || event.key === " ") selectRow();
  else return;
  event.preventDefault();
});
for (const kind of ["nodes", "ties"]) {
  const tab = document.getElementById(`tab-${kind}`);
  tab.addEventListener("click", () => showTable(kind));
  tab.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    const other = kind === "nodes" ? "ties" : "nodes";
    showTable(other);
    document.getElementById(`tab-${other}`).focus();
  });
}
tableButton.addEventListener("click", toggleTable);
onKey("t", () => { toggleTable(); if (tableState.open) tableScroller.focus(); });
addEventListener("resize", () => { tableState.first = -1; if (tableState.open) drawRows(); });
escapeActions.push(() => tableState.open && view.selected === null && view.tie === null && (showTable(null), true));
onChange(() => {
  tableButton.title = `${words()[tableState.open ? "to_map" : "to_table"]} (t)`;
  tableButton.setAttribute("aria-label", words().to_table);
  drawTable();
});
registerAddressPart({
  write(parameters) { if (tableState.open) parameters.set("table", tableState.kind); },
  read(parameters) {
    const kind = ["nodes", "ties"].includes(parameters.get("table")) ? parameters.get("table") : null;
    if (kind !== (tableState.open ? tableState.kind : null)) showTable(kind);
  },
});
