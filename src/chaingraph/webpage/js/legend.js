// Legend and filters as one sees them: entries that hide and show, sliders, and what is left.
const entryText = (entry) => ("value" in entry ? valueText(entry.value) : entry.name?.[view.language] ?? words().without);
const FACET_NAMES = { colour: () => attributeName(legend.attribute), class: () => attributeName("type"), relation: () => words().relation };
const facetText = (facet) => (Object.hasOwn(FACET_NAMES, facet.name) ? FACET_NAMES[facet.name]() : attributeName(facet.name));
const MOST_ENTRIES = 16;
const MOST_FACET_ENTRIES = 10;
let updates = [];
let measureOnScreen = null;

// ---- entries
// The first click of a double click may move the rows, so that the second one falls on another: it counts for the first.
let clicked = null;
function clickEntry(facet, number, count) {
  if (count < 2 || !clicked) {
    clicked = [facet, number];
    return toggleEntry(facet, number);
  }
  toggleEntry(...clicked);
  onlyEntry(...clicked);
  clicked = null;
}

function entryRow(facet, entry, number) {
  const text = entryText(entry);
  const count = element("span", { class: "count", title: words().count_note });
  const sign = entry.shape ? symbol(entry.shape, entry.hue) : element("span", { class: facet.kind === "tie" ? "tick tie" : "tick", "aria-hidden": "true" });
  const key = element("button", { class: "key", type: "button", onclick: ({ detail }) => clickEntry(facet, number, detail) }, sign, element("span", { class: "name", text, title: text }), " ", count);
  const only = element("button", { class: "only", type: "button", text: words().only, "aria-label": formatted(words().only_this, { name: text }), onclick: () => onlyEntry(facet, number) });
  updates.push(() => {
    count.textContent = countText(facet.counts[number]);
    key.setAttribute("aria-pressed", String(!facet.excluded.has(number)));
    key.setAttribute("aria-label", `${formatted(words().hide, { name: text })} ${countText(facet.counts[number])}`);
    key.classList.toggle("empty-entry", !facet.counts[number]);
  });
  return element("li", {}, key, facet.entries.length > 1 && only);
}

function entryList(facet, most) {
  const list = element("ul", { "aria-label": facetText(facet) });
  const rows = facet.entries.map((entry, number) => entryRow(facet, entry, number));
  list.append(...rows.slice(0, most));
  const more = rows.length > most && element("button", { class: "more", type: "button", text: formatted(words().more, { count: rows.length - most }), onclick: () => { list.append(...rows.slice(most)); more.remove(); } });
  return [list, more];
}

const openFacets = new Set();
function collapsibleFacet(facet) {
  const heading = element("summary", { text: facetText(facet) });
  const details = element("details", { class: "facet" }, heading, ...entryList(facet, MOST_FACET_ENTRIES));
  details.open = openFacets.has(`${facet.kind}.${facet.name}`);
  details.addEventListener("toggle", () => openFacets[details.open ? "add" : "delete"](`${facet.kind}.${facet.name}`));
  updates.push(() => heading.classList.toggle("active", facet.excluded.size > 0));
  return details;
}

// ---- a slider with two handles over a list of stops
function slider(label, stops, textOf, amounts, state, apply) {
  const handles = ["low", "high"].map((end) => element("input", { type: "range", class: end, min: 0, max: stops.length - 1, step: 1, "aria-label": `${label}: ${words()[end]}` }));
  const most = Math.max(1, ...amounts);
  const bars = element("div", { class: "bars", "aria-hidden": "true" }, ...amounts.map((amount) => {
    const bar = element("i");
    bar.style.height = `${amount ? Math.max(6, 100 * Math.sqrt(amount / most)) : 0}%`;
    return bar;
  }));
  const summary = element("output", { class: "summary" });
  let frame = 0;
  handles.forEach((handle, which) => handle.addEventListener("input", () => {
    const [low, high] = handles.map((one) => Number(one.value));
    if (low > high) handle.value = String(which ? low : high);
    // Read now: until the frame comes, another slider's update may have put these handles back.
    const values = handles.map((one) => Number(one.value));
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => apply(...values));
  }));
  updates.push(() => {
    const [low, high, text] = state();
    [low, high].forEach((stop, which) => { handles[which].value = String(stop); handles[which].setAttribute("aria-valuetext", textOf(stops[stop])); });
    [...bars.children].forEach((bar, position) => {
      const stop = (position / Math.max(1, amounts.length - 1)) * (stops.length - 1);
      bar.classList.toggle("in-range", stop >= low && stop <= high);
    });
    // Where both handles stand at the right end, the left one must be the upper to be caught.
    handles[0].classList.toggle("upper", low > (stops.length - 1) / 2);
    summary.textContent = text;
  });
  return [element("div", { class: "slider" }, bars, ...handles), summary];
}

function measureFilter() {
  const name = filters.measure;
  const { stops, log } = sliderStops(name);
  const choice = element("select", { "aria-label": words().measure }, ...measures.map((one) => element("option", { value: one, text: attributeName(one), ...(one === name ? { selected: "" } : {}) })));
  choice.addEventListener("change", () => {
    Object.assign(filters, { measure: choice.value, range: ANY_NUMBER });
    applyFilters();
    drawFilters();
    document.querySelector("#filters select").focus();
  });
  const amounts = new Array(stops.length).fill(0);
  for (const value of sortedValues(name)) amounts[stops.findIndex((stop) => value <= stop)] += 1;
  const missing = nodes.length - sortedValues(name).length;
  const state = () => {
    const { low, high } = filters.range;
    const first = Math.max(0, stops.findIndex((stop) => stop >= low));
    const last = Math.max(first, stops.findLastIndex((stop) => stop <= high));
    const text = [formatted(words().between, { low: valueText(stops[first]), high: valueText(stops[last]) }), formatted(words().remain, { count: countText(shownNodeCount()) })];
    if (log) text.push(words().log);
    if (missing && filters.range !== ANY_NUMBER) text.push(formatted(words().valueless, { count: countText(missing) }));
    return [first, last, text.join(words().stop)];
  };
  const apply = (low, high) => {
    filters.range = low === 0 && high === stops.length - 1 ? ANY_NUMBER : { low: stops[low], high: stops[high] };
    applyFilters();
  };
  return element("div", { class: "range" }, element("label", {}, choice), ...slider(attributeName(name), stops, valueText, amounts, state, apply));
}

function timeFilter() {
  const amounts = timeSteps.map((step) => periods.filter((period) => isWithinTime(period, { low: step, high: step })).length);
  const state = () => {
    const { low, high } = filters.time;
    const first = Math.max(0, timeSteps.indexOf(low));
    const last = timeSteps.includes(high) ? timeSteps.indexOf(high) : timeSteps.length - 1;
    const text = [formatted(words().between, { low: timeSteps[first], high: timeSteps[last] }), formatted(words().ties_shown, { count: countText(shownTieCount()) })];
    if (undatedTieCount()) text.push(formatted(words().undated, { count: countText(undatedTieCount()) }));
    return [first, last, text.join(words().stop)];
  };
  const apply = (low, high) => {
    filters.time = low === 0 && high === timeSteps.length - 1 ? ANY_TIME : { low: timeSteps[low], high: timeSteps[high] };
    applyFilters();
  };
  return element("div", { class: "range", id: "time" }, element("h2", { text: words().time }), ...slider(words().time, timeSteps, String, amounts, state, apply));
}

function isolatesSwitch() {
  const check = element("input", { type: "checkbox", id: "hide-isolates" });
  check.addEventListener("change", () => { filters.hideIsolates = check.checked; applyFilters(); });
  updates.push(() => { check.checked = filters.hideIsolates; });
  return element("label", { class: "switch" }, check, element("span", { text: words().hide_isolates }));
}

// The chip that stands for the nodes without a tie.
const isolatesChip = document.getElementById("isolates");
function drawIsolatesChip() {
  const count = isolates.filter(isShown).length;
  isolatesChip.hidden = !canFold || !count;
  isolatesChip.setAttribute("aria-expanded", String(!view.folded));
  isolatesChip.replaceChildren(element("b", { text: countText(count) }), ` ${words()[count === 1 ? "isolate" : "isolates"]}`, element("span", { text: words()[view.folded ? "isolates_draw" : "isolates_fold"] }));
}

function foldIsolates(folded) {
  if (!canFold || folded === view.folded) return;
  view.folded = folded;
  nodeItems.update(isolates.map((id) => ({ id, hidden: Boolean(hidden[id]) || folded })));
  drawIsolatesChip();
}
isolatesChip.addEventListener("click", () => {
  foldIsolates(!view.folded);
  showWhole(true);
  notifyChange();
  writeAddress();
});
registerAddressPart({
  write(parameters) { if (canFold && view.folded === Boolean(drawing.isolates)) parameters.set("alone", view.folded ? "folded" : "drawn"); },
  read(parameters) { foldIsolates(["folded", "drawn"].includes(parameters.get("alone")) ? parameters.get("alone") === "folded" : !drawing.isolates); },
});

// What the ring around a node and the strong line mean; they hide nothing.
function leadingEntry() {
  const ring = symbol("circle", -1);
  ring.firstChild.style.fill = "none";
  ring.firstChild.style.stroke = "var(--ring)";
  ring.firstChild.style.strokeWidth = ".24";
  const count = nodes.filter((node) => node.leading).length;
  const row = (sign, text, amount) => element("li", { class: "key static" }, sign, element("span", { class: "name", text }), element("span", { class: "count", text: countText(amount) }));
  const line = element("span", { class: "tick tie lead", "aria-hidden": "true" });
  return element("ul", {}, row(ring, words().leading, count), leadTies.length > 0 && row(line, words().leading_tie, leadTies.length));
}

// How large the smallest, the middle and the largest number is drawn, as far as they differ.
const LARGEST_SAMPLE = 9;
function areaEntry() {
  const values = view.size === ONE_SIZE ? [] : [...sortedValues(view.size)].filter((value) => value > 0);
  const samples = [...new Set([values[0], values[values.length >> 1], values.at(-1)])];
  if (values.length === 0 || samples.length < 2) return null;
  const radii = samples.map((value) => places[valuesOf(view.size).indexOf(value)].radius);
  const sample = (value, number) => {
    const circle = element("i", { "aria-hidden": "true" });
    circle.style.width = circle.style.height = `${Math.max(3, (2 * LARGEST_SAMPLE * radii[number]) / radii.at(-1))}px`;
    return element("span", {}, circle, valueText(value));
  };
  return element("p", { class: "areas" }, element("span", { text: attributeName(view.size) }), ...samples.map(sample));
}

// ---- all of it, anew only when its words change
function drawFilters() {
  updates = [];
  const main = facets.filter((facet) => facet.name === "colour" || (facet.name === "class" && (!legend.attribute || facet.entries.length > 1)));
  const keys = main.flatMap((facet) => [legend.attribute && element("h2", { text: facetText(facet) }), ...entryList(facet, MOST_ENTRIES)]);
  if (nodes.some((node) => node.leading)) keys.push(leadingEntry());
  keys.push(areaEntry());
  if (nodes.some((_, index) => memberCount(index))) keys.push(element("p", { class: "note", text: words().counts_note }));
  document.getElementById("keys").replaceChildren(...keys.filter(Boolean));
  document.getElementById("filters").replaceChildren(...[
    sliderStops(filters.measure).stops.length > 1 || measures.length > 1 ? measureFilter() : null,
    timeSteps.length > 1 ? timeFilter() : null,
    ties.length ? isolatesSwitch() : null,
    ...facets.filter((facet) => !main.includes(facet) && facet.name !== "class").map(collapsibleFacet),
  ].filter(Boolean));
  measureOnScreen = filters.measure;
  updateFilters();
}

function updateFilters() {
  if (measureOnScreen !== filters.measure) return drawFilters();
  for (const update of updates) update();
  const [nodeCount, tieCount] = [shownNodeCount(), shownTieCount()];
  const all = nodeCount === nodes.length && tieCount === ties.length;
  document.getElementById("counts").textContent = formatted(words()[all ? "shown_all" : "shown_some"], { nodes: countText(nodeCount), all: countText(nodes.length), ties: countText(tieCount), all_ties: countText(ties.length) });
  document.getElementById("show-all").hidden = !isFiltered();
  drawIsolatesChip();
  document.getElementById("hint").hidden = isFiltered();
  drawStatus();
}
