// What is shown: the only place that decides which nodes and ties the filters leave, and how many each entry would show.
const MOST_VALUES = 40;
const STOPS = 100;
const uses = data.uses;
const nodeFilters = [];
const tieFilters = [];
const revealers = [];
const factOf = (record, name) => (record.facts || []).find(([held]) => held === name);
const usedFor = (use, name) => uses[use].includes(name);

// ---- facets: an attribute that splits all nodes, or all ties, into few parts
function makeFacet(name, on, entries, of) {
  return { name, on, entries, of, off: new Set(), counts: new Array(entries.length).fill(0) };
}

function isCategory(name, value) {
  if (usedFor("neither", name) || value === null) return false;
  return typeof value !== "number" || usedFor("category", name);
}

// One facet for each attribute that has few values, what most have first; to have none is an entry too.
function attributeFacets(records, on) {
  const byName = new Map();
  records.forEach((record, index) => {
    for (const [name, ...texts] of record.facts || []) {
      if (!isCategory(name, texts[0]) || (on === "node" && name === legend.attribute)) continue;
      if (!byName.has(name)) byName.set(name, new Map());
      const key = String(texts.at(-1));
      const values = byName.get(name);
      if (!values.has(key)) values.set(key, { key, fact: [name, ...texts], members: [] });
      values.get(key).members.push(index);
    }
  });
  const found = [];
  for (const [name, values] of byName) {
    const holders = [...values.values()].reduce((sum, value) => sum + value.members.length, 0);
    const parts = values.size + (holders < records.length ? 1 : 0);
    if (parts < 2 || values.size > MOST_VALUES || values.size === holders) continue;
    const ranked = [...values.values()].sort((a, b) => b.members.length - a.members.length || (a.key < b.key ? -1 : 1));
    const of = new Int16Array(records.length).fill(ranked.length);
    ranked.forEach((value, number) => { for (const index of value.members) of[index] = number; });
    const none = holders < records.length ? [{ key: "" }] : [];
    found.push({ holders, facet: makeFacet(name, on, [...ranked.map(({ key, fact }) => ({ key, fact })), ...none], of) });
  }
  return found.sort((a, b) => b.holders - a.holders || (a.facet.name < b.facet.name ? -1 : 1)).map(({ facet }) => facet);
}

function relationFacets() {
  const loose = ties.some((tie) => tie.relation === undefined);
  const entries = data.relations.map(([key, zh, en]) => ({ key, zh, en }));
  if (entries.length + (loose ? 1 : 0) < 2) return [];
  const of = Int16Array.from(ties, (tie) => tie.relation ?? entries.length);
  return [makeFacet("relation", "tie", loose ? [...entries, { key: "" }] : entries, of)];
}

const keyed = (entries) => entries.map((entry) => ({ ...entry, key: entry.en }));
const facets = [
  ...(legend.by ? [makeFacet("colour", "node", keyed(legend.colours), Int32Array.from(things, (thing) => thing.colour))] : []),
  makeFacet("class", "node", keyed(classEntries), Int16Array.from(things, (thing) => thing.class)),
  ...attributeFacets(things, "node"),
  ...relationFacets(),
  ...attributeFacets(ties, "tie"),
];

function toggleEntry(facet, number) {
  if (!facet.off.delete(number)) facet.off.add(number);
  applyFilters();
}

// Only this entry; if it is the only one already, all of them.
function onlyEntry(facet, number) {
  const alone = !facet.off.has(number) && facet.off.size === facet.entries.length - 1;
  facet.off = new Set(alone ? [] : facet.entries.keys());
  if (!alone) facet.off.delete(number);
  applyFilters();
}

// ---- a number of nodes: their ties, or a measure
const numbers = new Map();
function numbersOf(name) {
  if (!numbers.has(name)) {
    const value = (thing) => { const fact = factOf(thing, name); return typeof fact?.[1] === "number" ? fact[1] : NaN; };
    numbers.set(name, Float64Array.from(things, (thing, index) => (name === "degree" ? tiesOf[index].length : value(thing))));
  }
  return numbers.get(name);
}

const isMeasure = (name) => !usedFor("neither", name) && !usedFor("category", name);
const measures = ["degree", ...new Set(things.flatMap((thing) => (thing.facts || [])
  .filter(([name, value]) => name !== "degree" && typeof value === "number" && isMeasure(name)).map(([name]) => name)))];

const sortedNumbers = new Map();
function ranked(name) {
  if (!sortedNumbers.has(name)) sortedNumbers.set(name, numbersOf(name).filter((value) => !Number.isNaN(value)).sort());
  return sortedNumbers.get(name);
}

// The place among all nodes that have the number, the largest first; equal numbers share the better place.
function rankOf(name, value) {
  const held = ranked(name);
  let [low, high] = [0, held.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (held[middle] > value) high = middle;
    else low = middle + 1;
  }
  return { rank: held.length - low + 1, of: held.length };
}

// What the handles can stand on: each value, or, of many, a hundred on a line or, if skewed, on a logarithmic scale.
function stopsOf(name) {
  const held = ranked(name);
  const distinct = [...held].filter((value, index) => index === 0 || value !== held[index - 1]);
  if (distinct.length <= STOPS) return { stops: distinct, log: false };
  const least = distinct.find((value) => value > 0) ?? 0;
  const most = distinct.at(-1);
  const log = distinct[0] >= 0 && most > 20 * Math.max(least, held[held.length >> 1]);
  const at = (share) => (log ? least * (most / least) ** share : distinct[0] + share * (most - distinct[0]));
  const stops = new Set([distinct[0]]);
  for (let step = 0; step < STOPS; step += 1) stops.add(distinct.find((value) => value >= at(step / (STOPS - 1)) * (1 - 1e-12)) ?? most);
  return { stops: [...stops], log };
}

// ---- time: ISO texts of a year, a month or a day; an open end is any time
const DATE = /^\d{4}(-\d{2}){0,2}$/;
function spanOf(record) {
  const [since, until] = ["since", "until"].map((name) => { const fact = factOf(record, name); return DATE.test(fact?.[1]) ? fact[1] : ""; });
  return since || until ? [since, until] : null;
}
const nodeSpans = things.map(spanOf);
const tieSpans = ties.map(spanOf);
const spans = [...nodeSpans, ...tieSpans].filter(Boolean);
const dates = spans.flat().filter(Boolean).sort();
// Months where all is within three years and a month is known, else years.
const unit = dates.length && dates.at(-1).slice(0, 4) - dates[0].slice(0, 4) < 3 && dates.some((date) => date.length > 4) ? 7 : 4;
const firstOf = (date) => `${date}-01-01`.slice(0, unit);
const lastOf = (date) => `${date}-12-31`.slice(0, unit);

function timeStops() {
  if (!dates.length) return [];
  const first = spans.flatMap(([since, until]) => [since && firstOf(since), until && lastOf(until)]).filter(Boolean).sort()[0];
  const last = dates.map(lastOf).sort().at(-1);
  const found = [];
  for (let year = Number(first.slice(0, 4)); year <= Number(last.slice(0, 4)) && found.length < 600; year += 1) {
    const head = String(year).padStart(4, "0");
    const steps = unit === 4 ? [head] : Array.from({ length: 12 }, (_, month) => `${head}-${String(month + 1).padStart(2, "0")}`);
    found.push(...steps.filter((step) => step >= first && step <= last));
  }
  return found;
}
const periods = timeStops();
const isIn = (span, { low, high }) => !span || ((!span[0] || firstOf(span[0]) <= high) && (!span[1] || lastOf(span[1]) >= low));

// ---- everything together
const WHOLE = { low: -Infinity, high: Infinity };
const ALWAYS = { low: "", high: "~" };
const filters = { measure: "degree", range: WHOLE, time: ALWAYS, bare: false };
const isWithin = (index) => filters.range === WHOLE || (numbersOf(filters.measure)[index] >= filters.range.low && numbersOf(filters.measure)[index] <= filters.range.high);

// An entry counts what would be shown if it alone were on: all that no other filter hides.
function sieve(on, count, others) {
  const own = facets.filter((facet) => facet.on === on);
  for (const facet of own) facet.counts.fill(0);
  const out = new Uint8Array(count);
  for (let index = 0; index < count; index += 1) {
    const failing = own.filter((facet) => facet.off.has(facet.of[index]));
    const passes = others(index);
    out[index] = passes && !failing.length ? 0 : 1;
    if (!passes || failing.length > 1) continue;
    for (const facet of failing.length ? failing : own) facet.counts[facet.of[index]] += 1;
  }
  return out;
}

function take(target, next, dataset) {
  const changes = [];
  next.forEach((now, id) => {
    if (now !== target[id]) changes.push({ id, hidden: Boolean(now) });
    target[id] = now;
  });
  if (changes.length && !overview) dataset.update(changes);
}

function applyFilters() {
  const nodesOut = sieve("node", things.length, (index) => isWithin(index) && isIn(nodeSpans[index], filters.time) && nodeFilters.every((passes) => passes(index)));
  const tiesOut = sieve("tie", ties.length, (number) => {
    const { from, to } = data.edges[number];
    return !nodesOut[from] && !nodesOut[to] && isIn(tieSpans[number], filters.time) && tieFilters.every((passes) => passes(number));
  });
  if (filters.bare) things.forEach((_, index) => { if (tiesOf[index].every((number) => tiesOut[number])) nodesOut[index] = 1; });
  narrowToFocus(nodesOut, tiesOut);
  take(hidden, nodesOut, nodes);
  take(tieHidden, tiesOut, edges);
  drawOpened();
  if (view.path) findPath();
  if ((view.selected !== null && hidden[view.selected]) || (view.tie !== null && tieHidden[view.tie])) Object.assign(view, { selected: null, tie: null });
  showSelection();
  changed();
}

const isFiltered = () => filters.range !== WHOLE || filters.time !== ALWAYS || filters.bare || facets.some((facet) => facet.off.size);

function resetFilters() {
  for (const facet of facets) facet.off.clear();
  Object.assign(filters, { range: WHOLE, time: ALWAYS, bare: false });
}

function showEverything() {
  resetFilters();
  applyFilters();
}

// Drop just those filters that hide a node which somebody asks for.
function reveal(index) {
  if (isShown(index)) return;
  for (const facet of facets) if (facet.on === "node") facet.off.delete(facet.of[index]);
  if (!isWithin(index)) filters.range = WHOLE;
  if (!isIn(nodeSpans[index], filters.time)) filters.time = ALWAYS;
  for (const revealer of revealers) revealer(index);
  applyFilters();
  if (isShown(index)) return;
  if (view.focus) leaveFocus();
  if (isShown(index)) return;
  filters.bare = false;
  applyFilters();
}

const shownNodes = () => hidden.reduce((sum, out) => sum + 1 - out, 0);
const shownTies = () => tieHidden.reduce((sum, out) => sum + 1 - out, 0);
const undated = () => tieSpans.reduce((sum, span, number) => sum + (span || tieHidden[number] ? 0 : 1), 0);

// ---- address
function readRange(text) {
  const [, low, high] = /^(.*)\.\.(.*)$/.exec(text ?? "") ?? [];
  return low === undefined ? null : { low, high };
}

inAddress({
  write(parts) {
    for (const facet of facets) for (const number of [...facet.off].sort((a, b) => a - b)) parts.append("f", `${facet.on}.${facet.name}:${facet.entries[number].key}`);
    if (filters.range !== WHOLE) parts.set("m", `${filters.measure}:${filters.range.low}..${filters.range.high}`);
    if (filters.time !== ALWAYS) parts.set("t", `${filters.time.low}..${filters.time.high}`);
    if (filters.bare) parts.set("bare", "1");
  },
  read(parts) {
    resetFilters();
    const off = new Set(parts.getAll("f"));
    for (const facet of facets) facet.entries.forEach((entry, number) => { if (off.has(`${facet.on}.${facet.name}:${entry.key}`)) facet.off.add(number); });
    const measure = measures.find((name) => parts.get("m")?.startsWith(`${name}:`));
    const range = measure && readRange(parts.get("m").slice(measure.length + 1));
    if (range && Number(range.low) <= Number(range.high)) Object.assign(filters, { measure, range: { low: Number(range.low), high: Number(range.high) } });
    const time = readRange(parts.get("t"));
    if (time && periods.includes(time.low) && periods.includes(time.high) && time.low <= time.high) filters.time = time;
    filters.bare = parts.get("bare") === "1";
  },
});
