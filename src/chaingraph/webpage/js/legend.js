// Legend and filters as one sees them: entries that hide and show, sliders, what is left, and where one is (focus, path).
const entryName = (entry) => (entry.fact ? shown(entry.fact) : entry[view.language] ?? words().without);
const facetName = (facet) => (facet.name === "colour" ? legend.by[view.language] : facet.name === "class" ? attributeName("type") : facet.name === "relation" ? words().relation : attributeName(facet.name));
// By hand, because the first toLocaleString of a page costs a tenth of its first frame.
const counted = (count) => String(count).replace(/\B(?=(\d{3})+$)/g, ",");
let refreshers = [];

// ---- entries
function entryRow(facet, entry, number) {
  const count = make("span", { class: "count", title: words().count_note });
  const sign = entry.shape ? mark(entry.shape, entry.hue) : make("span", { class: facet.on === "tie" ? "tick tie" : "tick", "aria-hidden": "true" });
  const key = make("button", { class: "key", type: "button", on: () => toggleEntry(facet, number) }, sign, make("span", { class: "name", text: entryName(entry), title: entryName(entry) }), count);
  key.addEventListener("dblclick", () => onlyEntry(facet, number));
  const only = make("button", { class: "only", type: "button", text: words().only, "aria-label": filled(words().only_this, { name: entryName(entry) }), on: () => onlyEntry(facet, number) });
  refreshers.push(() => {
    count.textContent = counted(facet.counts[number]);
    key.setAttribute("aria-pressed", String(!facet.off.has(number)));
    key.setAttribute("aria-label", `${filled(words().hide, { name: entryName(entry) })} (${counted(facet.counts[number])})`);
    key.classList.toggle("nothing", !facet.counts[number]);
  });
  return make("li", {}, key, facet.entries.length > 1 && only);
}

function entryList(facet, most) {
  const list = make("ul", { "aria-label": facetName(facet) });
  const rows = facet.entries.map((entry, number) => entryRow(facet, entry, number));
  list.append(...rows.slice(0, most));
  const more = rows.length > most && make("button", { class: "more", type: "button", text: filled(words().more, { count: rows.length - most }), on: () => { list.append(...rows.slice(most)); more.remove(); } });
  return [list, more];
}

function foldedFacet(facet) {
  const heading = make("summary", { text: facetName(facet) });
  const fold = make("details", { class: "facet" }, heading, ...entryList(facet, 10));
  fold.open = openFolds.has(`${facet.on}.${facet.name}`);
  fold.addEventListener("toggle", () => openFolds[fold.open ? "add" : "delete"](`${facet.on}.${facet.name}`));
  refreshers.push(() => heading.classList.toggle("active", facet.off.size > 0));
  return fold;
}
const openFolds = new Set();

// ---- a slider with two handles over a list of stops
function slider(label, stops, textOf, amounts, state, take) {
  const ends = ["low", "high"].map((end) => make("input", { type: "range", class: end, min: 0, max: stops.length - 1, step: 1, "aria-label": `${label}: ${words()[end]}` }));
  const most = Math.max(1, ...amounts);
  const bars = make("div", { class: "bars", "aria-hidden": "true" }, ...amounts.map((amount) => {
    const bar = make("i");
    bar.style.height = `${amount ? Math.max(6, 100 * Math.sqrt(amount / most)) : 0}%`;
    return bar;
  }));
  const told = make("output", { class: "told" });
  let asked = 0;
  ends.forEach((end, which) => end.addEventListener("input", () => {
    const [low, high] = ends.map((one) => Number(one.value));
    if (low > high) end.value = String(which ? low : high);
    // Read now: until the frame comes, another slider's answer may have put these handles back.
    const chosen = ends.map((one) => Number(one.value));
    cancelAnimationFrame(asked);
    asked = requestAnimationFrame(() => take(...chosen));
  }));
  refreshers.push(() => {
    const [low, high, text] = state();
    [low, high].forEach((stop, which) => { ends[which].value = String(stop); ends[which].setAttribute("aria-valuetext", textOf(stops[stop])); });
    [...bars.children].forEach((bar, position) => {
      const stop = (position / Math.max(1, amounts.length - 1)) * (stops.length - 1);
      bar.classList.toggle("in", stop >= low && stop <= high);
    });
    // Where both handles stand at the right end, the left one must be the upper to be caught.
    ends[0].classList.toggle("upper", low > (stops.length - 1) / 2);
    told.textContent = text;
  });
  return [make("div", { class: "slider" }, bars, ...ends), told];
}

const numeral = (value) => shown(["", value]);

function measureFilter() {
  const name = filters.measure;
  const { stops, log } = stopsOf(name);
  const choice = make("select", { "aria-label": words().measure }, ...measures.map((one) => make("option", { value: one, text: attributeName(one), ...(one === name ? { selected: "" } : {}) })));
  choice.addEventListener("change", () => {
    Object.assign(filters, { measure: choice.value, range: WHOLE });
    applyFilters();
    drawFilters();
    document.querySelector("#filters select").focus();
  });
  const amounts = new Array(stops.length).fill(0);
  for (const value of ranked(name)) amounts[stops.findIndex((stop) => value <= stop)] += 1;
  const missing = things.length - ranked(name).length;
  const state = () => {
    const { low, high } = filters.range;
    const first = Math.max(0, stops.findIndex((stop) => stop >= low));
    const last = stops.findLastIndex((stop) => stop <= high);
    const text = [filled(words().between, { low: numeral(stops[first]), high: numeral(stops[Math.max(first, last)]) }), filled(words().remain, { count: counted(shownNodes()) })];
    if (log) text.push(words().log);
    if (missing && filters.range !== WHOLE) text.push(filled(words().valueless, { count: counted(missing) }));
    return [first, Math.max(first, last), text.join(words().stop)];
  };
  const take = (low, high) => {
    filters.range = low === 0 && high === stops.length - 1 ? WHOLE : { low: stops[low], high: stops[high] };
    applyFilters();
  };
  return make("div", { class: "range" }, make("label", {}, choice), ...slider(attributeName(name), stops, numeral, amounts, state, take));
}

function timeFilter() {
  const amounts = periods.map((period) => spans.filter((span) => isIn(span, { low: period, high: period })).length);
  const state = () => {
    const { low, high } = filters.time;
    const first = Math.max(0, periods.indexOf(low));
    const last = periods.includes(high) ? periods.indexOf(high) : periods.length - 1;
    const text = [filled(words().between, { low: periods[first], high: periods[last] }), filled(words().ties_shown, { count: counted(shownTies()) })];
    if (undated()) text.push(filled(words().undated, { count: counted(undated()) }));
    return [first, last, text.join(words().stop)];
  };
  const take = (low, high) => {
    filters.time = low === 0 && high === periods.length - 1 ? ALWAYS : { low: periods[low], high: periods[high] };
    applyFilters();
  };
  return make("div", { class: "range", id: "time" }, make("h2", { text: words().time }), ...slider(words().time, periods, String, amounts, state, take));
}

function bareSwitch() {
  const check = make("input", { type: "checkbox", id: "bare" });
  check.addEventListener("change", () => { filters.bare = check.checked; applyFilters(); });
  refreshers.push(() => { check.checked = filters.bare; });
  return make("label", { class: "switch" }, check, make("span", { text: words().bare }));
}

// ---- all of it, anew only when its words change
function drawFilters() {
  refreshers = [];
  const heads = facets.filter((facet) => facet.name === "colour" || (facet.name === "class" && (!legend.by || facet.entries.length > 1)));
  const parts = heads.flatMap((facet) => [legend.by && make("h2", { text: facetName(facet) }), ...entryList(facet, 16)]);
  if (things.some((thing) => thing.leading)) {
    const ring = mark("circle", -1);
    ring.firstChild.style.fill = "none";
    ring.firstChild.style.stroke = "var(--ring)";
    ring.firstChild.style.strokeWidth = ".24";
    parts.push(make("ul", {}, make("li", { class: "key still" }, ring, make("span", { class: "name", text: words().leading }), make("span", { class: "count", text: counted(things.filter((thing) => thing.leading).length) }))));
  }
  document.getElementById("keys").replaceChildren(...parts.filter(Boolean));
  document.getElementById("filters").replaceChildren(...[
    stopsOf(filters.measure).stops.length > 1 || measures.length > 1 ? measureFilter() : null,
    periods.length > 1 ? timeFilter() : null,
    ties.length ? bareSwitch() : null,
    ...facets.filter((facet) => !heads.includes(facet) && facet.name !== "class").map(foldedFacet),
  ].filter(Boolean));
  drawnMeasure = filters.measure;
  refresh();
}
let drawnMeasure = null;

function refresh() {
  if (drawnMeasure !== filters.measure) return drawFilters();
  for (const refresher of refreshers) refresher();
  const [count, tied] = [shownNodes(), shownTies()];
  const whole = count === things.length && tied === ties.length;
  document.getElementById("shown").textContent = filled(words()[whole ? "shown_all" : "shown_some"], { nodes: counted(count), all: counted(things.length), ties: counted(tied), all_ties: counted(ties.length) });
  document.getElementById("everything").hidden = !isFiltered();
  document.getElementById("hint").hidden = isFiltered();
  drawStrip();
}

// ---- where one is: around a node, or choosing the end of a path
function stripParts() {
  const button = (act, text, on, pressed) => make("button", { type: "button", "data-act": act, text, on, ...(pressed === undefined ? {} : { "aria-pressed": String(pressed) }) });
  if (view.picking !== null) {
    return [make("span", { text: filled(words().pick, { name: nameOf(view.picking) }) }), button("cancel", words().cancel, () => { stopPicking(); })];
  }
  if (!view.focus) return [];
  const { centre, steps, members, left } = view.focus;
  const told = filled(words().around, { name: nameOf(centre), count: counted(members.size - 1) }) + (left ? filled(words().left_out, { count: counted(left) }) : "");
  return [
    make("span", { text: told }),
    ...[1, 2].map((one) => button(`steps-${one}`, words()[`steps_${one}`], () => enterFocus(centre, one), steps === one)),
    button("back", words().back, leaveFocus),
  ];
}

function drawStrip() {
  const strip = document.getElementById("strip");
  const act = strip.contains(document.activeElement) ? document.activeElement.dataset.act : null;
  const parts = stripParts();
  strip.replaceChildren(...parts);
  strip.hidden = !parts.length;
  root.toggleAttribute("data-picking", view.picking !== null);
  if (act) (strip.querySelector(`[data-act="${act}"]`) ?? surface).focus();
}
