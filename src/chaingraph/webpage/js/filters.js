// Filters: which nodes and ties are shown, and how many each entry of the legend would show.
const MOST_VALUES = 40;
const MOST_STOPS = 100;

// ---- facets: an attribute that divides all nodes, or all ties, into few parts; `entryOf` is the entry of each
function createFacet(name, kind, entries, entryOf) {
  return { name, kind, entries, entryOf, excluded: new Set(), counts: new Array(entries.length).fill(0) };
}

function isCategory(name, value) {
  if (hasUse("unfiltered", name) || value === null) return false;
  return typeof value !== "number" || hasUse("category", name);
}

// The values of each attribute that are categories: by name, then by text, with the positions that have the value.
function categories(items, skipped) {
  const byName = new Map();
  items.forEach((item, index) => {
    for (const [name, value] of item.attributes) {
      if (!isCategory(name, value) || name === skipped) continue;
      if (!byName.has(name)) byName.set(name, new Map());
      const key = String(value.en ?? value);
      const values = byName.get(name);
      if (!values.has(key)) values.set(key, { key, value, members: [] });
      values.get(key).members.push(index);
    }
  });
  return byName;
}

// One facet for each attribute that has few values, what most have first; to have none is an entry too.
function attributeFacets(items, kind) {
  const facetsWithCount = [];
  for (const [name, values] of categories(items, kind === "node" ? legend.attribute : undefined)) {
    const count = [...values.values()].reduce((sum, value) => sum + value.members.length, 0);
    const parts = values.size + (count < items.length ? 1 : 0);
    if (parts < 2 || values.size > MOST_VALUES || values.size === count) continue;
    const order = [...values.values()].sort((a, b) => b.members.length - a.members.length || (a.key < b.key ? -1 : 1));
    const entryOf = new Int16Array(items.length).fill(order.length);
    order.forEach(({ members }, number) => { for (const index of members) entryOf[index] = number; });
    const none = count < items.length ? [{ key: "" }] : [];
    facetsWithCount.push({ count, facet: createFacet(name, kind, [...order.map(({ key, value }) => ({ key, value })), ...none], entryOf) });
  }
  return facetsWithCount.sort((a, b) => b.count - a.count || (a.facet.name < b.facet.name ? -1 : 1)).map(({ facet }) => facet);
}

function relationFacets() {
  const none = ties.some((tie) => tie.relation === undefined);
  const entries = relations.map(({ key, name }) => ({ key, name }));
  if (entries.length + (none ? 1 : 0) < 2) return [];
  const entryOf = Int16Array.from(ties, (tie) => tie.relation ?? entries.length);
  return [createFacet("relation", "tie", none ? [...entries, { key: "" }] : entries, entryOf)];
}

const legendFacet = (name, entries, entryOf) => createFacet(name, "node", entries.map((entry) => ({ ...entry, key: entry.name.en })), entryOf);
const facets = [];
// What a facet divides: that of the colours has the attribute that they show.
const subjectOf = ({ kind, name }, colour) => `${kind}.${name === "colour" ? colour : name}`;

// Anew when colours show another attribute; what was hidden remains hidden where the same values are there.
let facetColour;
function createFacets() {
  const excluded = new Map(facets.map((facet) => [subjectOf(facet, facetColour), new Set([...facet.excluded].map((number) => facet.entries[number].key))]));
  facetColour = legend.attribute;
  facets.splice(0, facets.length, ...[
    ...(legend.attribute ? [legendFacet("colour", legend.colours, Int32Array.from(nodes, (node) => node.colour))] : []),
    legendFacet("class", legend.classes, Int16Array.from(nodes, (node) => node.type)),
    ...attributeFacets(nodes, "node"),
    ...relationFacets(),
    ...attributeFacets(ties, "tie"),
  ]);
  for (const facet of facets) {
    const keys = excluded.get(subjectOf(facet, facetColour));
    facet.entries.forEach(({ key }, number) => { if (keys?.has(key)) facet.excluded.add(number); });
  }
}
createFacets();

function toggleEntry(facet, number) {
  if (!facet.excluded.delete(number)) facet.excluded.add(number);
  applyFilters();
}

// Only this entry; if it is the only one already, all of them.
function onlyEntry(facet, number) {
  const isOnly = !facet.excluded.has(number) && facet.excluded.size === facet.entries.length - 1;
  facet.excluded = new Set(isOnly ? [] : facet.entries.keys());
  if (!isOnly) facet.excluded.delete(number);
  applyFilters();
}

// ---- a number of each node: its ties, or a measure
const valuesByMeasure = new Map();
function valuesOf(name) {
  if (!valuesByMeasure.has(name)) {
    const number = (node) => { const value = attributeOf(node, name); return typeof value === "number" ? value : NaN; };
    valuesByMeasure.set(name, Float64Array.from(nodes, (node, index) => (name === "degree" ? tiesOf[index].length : number(node))));
  }
  return valuesByMeasure.get(name);
}

const isMeasure = (name) => !hasUse("unfiltered", name) && !hasUse("category", name);
const measures = ["degree", ...new Set(nodes.flatMap((node) => node.attributes
  .filter(([name, value]) => name !== "degree" && typeof value === "number" && isMeasure(name)).map(([name]) => name)))];

const sortedByMeasure = new Map();
// Of all nodes, or of those of a class.
function sortedValues(name, type = -1) {
  const key = `${name} ${type}`;
  if (!sortedByMeasure.has(key)) sortedByMeasure.set(key, valuesOf(name).filter((value, index) => !Number.isNaN(value) && (type < 0 || nodes[index].type === type)).sort());
  return sortedByMeasure.get(key);
}

// The places among the nodes of a class that have the number, the largest first: equal numbers, but for rounding, share
// them.
function rankOf(name, value, type) {
  const values = sortedValues(name, type);
  const margin = 1e-9 * Math.abs(value);
  const countUpTo = (limit) => {
    let [low, high] = [0, values.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (values[middle] > limit) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  const last = values.length - values.findIndex((one) => one >= value - margin);
  return { first: values.length - countUpTo(value + margin) + 1, last, of: values.length };
}

// The stops of a slider: each value, or, of many, a hundred on a line or, if skewed, on a logarithmic scale.
function sliderStops(name) {
  const values = sortedValues(name);
  const distinct = [...values].filter((value, index) => index === 0 || value !== values[index - 1]);
  if (distinct.length <= MOST_STOPS) return { stops: distinct, log: false };
  const least = distinct.find((value) => value > 0) ?? 0;
  const most = distinct.at(-1);
  const log = distinct[0] >= 0 && most > 20 * Math.max(least, values[values.length >> 1]);
  const at = (share) => (log ? least * (most / least) ** share : distinct[0] + share * (most - distinct[0]));
  const stops = new Set([distinct[0]]);
  for (let step = 0; step < MOST_STOPS; step += 1) stops.add(distinct.find((value) => value >= at(step / (MOST_STOPS - 1)) * (1 - 1e-12)) ?? most);
  return { stops: [...stops], log };
}

// ---- time: ISO texts of a year, a month or a day; an open end is any time
const DATE = /^\d{4}(-\d{2}){0,2}$/;
function periodOf(item) {
  const [since, until] = ["since", "until"].map((name) => { const value = attributeOf(item, name); return DATE.test(value) ? value : ""; });
  return since || until ? [since, until] : null;
}
const nodePeriods = nodes.map(periodOf);
const tiePeriods = ties.map(periodOf);
const periods = [...nodePeriods, ...tiePeriods].filter(Boolean);
const dates = periods.flat().filter(Boolean).sort();
// Months where all is within three years and a month is known, else years.
const dateLength = dates.length && dates.at(-1).slice(0, 4) - dates[0].slice(0, 4) < 3 && dates.some((date) => date.length > 4) ? 7 : 4;
const firstOf = (date) => `${date}-01-01`.slice(0, dateLength);
const lastOf = (date) => `${date}-12-31`.slice(0, dateLength);

function allTimeSteps() {
  if (!dates.length) return [];
  const first = periods.flatMap(([since, until]) => [since && firstOf(since), until && lastOf(until)]).filter(Boolean).sort()[0];
  const last = dates.map(lastOf).sort().at(-1);
  const steps = [];
  for (let year = Number(first.slice(0, 4)); year <= Number(last.slice(0, 4)) && steps.length < 600; year += 1) {
    const text = String(year).padStart(4, "0");
    const own = dateLength === 4 ? [text] : Array.from({ length: 12 }, (_, month) => `${text}-${String(month + 1).padStart(2, "0")}`);
    steps.push(...own.filter((step) => step >= first && step <= last));
  }
  return steps;
}
// Where few have a date, a slider would move little and say much: no ties or nodes are filtered by time then.
const MOSTLY = 0.5;
const isMostlyDated = [nodePeriods, tiePeriods].some((own) => own.length > 0 && own.filter(Boolean).length >= MOSTLY * own.length);
const timeSteps = isMostlyDated ? allTimeSteps() : [];
const isWithinTime = (period, { low, high }) => !period || ((!period[0] || firstOf(period[0]) <= high) && (!period[1] || lastOf(period[1]) >= low));

// ---- all filters together
const ANY_NUMBER = { low: -Infinity, high: Infinity };
const ANY_TIME = { low: "", high: "~" };
const filters = { measure: "degree", range: ANY_NUMBER, time: ANY_TIME, hideIsolates: false };
const isWithinRange = (index) => filters.range === ANY_NUMBER || (valuesOf(filters.measure)[index] >= filters.range.low && valuesOf(filters.measure)[index] <= filters.range.high);

// Returns 1 for what is hidden. An entry counts what would be shown if it alone were on: all that no other filter hides.
function filtered(kind, count, passesOthers) {
  const own = facets.filter((facet) => facet.kind === kind);
  for (const facet of own) facet.counts.fill(0);
  const result = new Uint8Array(count);
  for (let index = 0; index < count; index += 1) {
    const failing = own.filter((facet) => facet.excluded.has(facet.entryOf[index]));
    const passes = passesOthers(index);
    result[index] = passes && !failing.length ? 0 : 1;
    if (!passes || failing.length > 1) continue;
    for (const facet of failing.length ? failing : own) facet.counts[facet.entryOf[index]] += 1;
  }
  return result;
}

function updateHidden(target, next, items) {
  const changes = [];
  next.forEach((now, id) => {
    if (now !== target[id]) changes.push({ id, hidden: Boolean(now) || (items === nodeItems && isFolded(id)) });
    target[id] = now;
  });
  if (changes.length && !overview) items.update(changes);
}

function applyFilters() {
  const hiddenNodes = filtered("node", nodes.length, (index) => isWithinRange(index) && isWithinTime(nodePeriods[index], filters.time));
  const hiddenTies = filtered("tie", ties.length, (number) => !hiddenNodes[ties[number].source] && !hiddenNodes[ties[number].target] && isWithinTime(tiePeriods[number], filters.time));
  if (filters.hideIsolates) nodes.forEach((_, index) => { if (tiesOf[index].every((number) => hiddenTies[number])) hiddenNodes[index] = 1; });
  limitToFocus(hiddenNodes, hiddenTies);
  updateHidden(hidden, hiddenNodes, nodeItems);
  updateHidden(tieHidden, hiddenTies, tieItems);
  updateOpenItems();
  if (view.path) findPath();
  if ((view.selected !== null && hidden[view.selected]) || (view.tie !== null && tieHidden[view.tie])) Object.assign(view, { selected: null, tie: null });
  showSelection();
  notifyChange();
}

const isFiltered = () => filters.range !== ANY_NUMBER || filters.time !== ANY_TIME || filters.hideIsolates || facets.some((facet) => facet.excluded.size);

function resetFilters() {
  for (const facet of facets) facet.excluded.clear();
  Object.assign(filters, { range: ANY_NUMBER, time: ANY_TIME, hideIsolates: false });
}

function showAll() {
  resetFilters();
  applyFilters();
}

// Drop just those filters that hide a node which the reader goes to.
function reveal(index) {
  if (isShown(index)) return;
  for (const facet of facets) if (facet.kind === "node") facet.excluded.delete(facet.entryOf[index]);
  if (!isWithinRange(index)) filters.range = ANY_NUMBER;
  if (!isWithinTime(nodePeriods[index], filters.time)) filters.time = ANY_TIME;
  applyFilters();
  if (isShown(index)) return;
  if (view.focus) leaveFocus();
  if (isShown(index)) return;
  filters.hideIsolates = false;
  applyFilters();
}

const shownNodeCount = () => hidden.reduce((sum, value) => sum + 1 - value, 0);
const shownTieCount = () => tieHidden.reduce((sum, value) => sum + 1 - value, 0);
const undatedTieCount = () => tiePeriods.reduce((sum, period, number) => sum + (period || tieHidden[number] ? 0 : 1), 0);

// ---- address
function readRange(text) {
  const [, low, high] = /^(.*)\.\.(.*)$/.exec(text ?? "") ?? [];
  return low === undefined ? null : { low, high };
}

registerAddressPart({
  write(parameters) {
    for (const facet of facets) for (const number of [...facet.excluded].sort((a, b) => a - b)) parameters.append("f", `${facet.kind}.${facet.name}:${facet.entries[number].key}`);
    if (filters.range !== ANY_NUMBER) parameters.set("m", `${filters.measure}:${filters.range.low}..${filters.range.high}`);
    if (filters.time !== ANY_TIME) parameters.set("t", `${filters.time.low}..${filters.time.high}`);
    if (filters.hideIsolates) parameters.set("isolates", "no");
  },
  read(parameters) {
    resetFilters();
    const excluded = new Set(parameters.getAll("f"));
    for (const facet of facets) {
      const names = [`${facet.kind}.${facet.name}`, subjectOf(facet, legend.attribute)];
      facet.entries.forEach(({ key }, number) => { if (names.some((name) => excluded.has(`${name}:${key}`))) facet.excluded.add(number); });
    }
    const measure = measures.find((name) => parameters.get("m")?.startsWith(`${name}:`));
    const range = measure && readRange(parameters.get("m").slice(measure.length + 1));
    if (range && Number(range.low) <= Number(range.high)) Object.assign(filters, { measure, range: { low: Number(range.low), high: Number(range.high) } });
    const time = readRange(parameters.get("t"));
    if (time && timeSteps.includes(time.low) && timeSteps.includes(time.high) && time.low <= time.high) filters.time = time;
    filters.hideIsolates = parameters.get("isolates") === "no";
  },
});
