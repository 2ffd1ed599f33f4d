// Colours by the attribute that the reader chooses: of the values that most nodes have, or of ranges of numbers.
const { views } = data;
const firstColours = { name: legend.attribute ?? "type", entries: legend.colours, of: nodes.map((node) => node.colour) };
view.colour = firstColours.name;

const hasSeveralNumbers = (name) => { const values = sortedValues(name); return values.length > 1 && values[0] < values.at(-1); };
const byFrequency = (values) => [...values.values()].sort((a, b) => b.members.length - a.members.length || (a.key < b.key ? -1 : 1));

// Whether colours would tell much: few values, or some that many nodes have.
function isColourable(values) {
  const counts = byFrequency(values).map(({ members }) => members.length);
  const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
  const parts = counts.length + (sum(counts) < nodes.length ? 1 : 0);
  return parts > 1 && counts.length < sum(counts) && sum(counts.slice(0, views.palette.hues.length)) >= sum(counts) / 2;
}

function colourChoices() {
  const texts = [...categories(nodes)].filter(([, values]) => isColourable(values)).map(([name]) => name);
  return [...new Set([firstColours.name, ...(legend.classes.length > 1 ? ["type"] : []), ...texts, ...measures.filter(hasSeveralNumbers)])];
}

const inBothLanguages = (textOf) => Object.fromEntries(Object.keys(data.words).map((language) => [language, textOf(language)]));
const pageWord = (key, parts = {}) => inBothLanguages((language) => formatted(data.words[language][key], parts));
function valueTexts(value) {
  if (typeof value === "boolean") return pageWord(value ? "yes" : "no");
  return typeof value === "object" ? value : inBothLanguages(() => String(value));
}

// An entry of the legend for each member of `groups` that has nodes, and its position for each of these.
function coloursOf(groups) {
  const of = new Array(nodes.length).fill(0);
  const entries = groups.filter(({ members }) => members.length).map(({ name, hue, members }, number) => {
    for (const index of members) of[index] = number;
    return { name, hue, shape: "circle", count: members.length };
  });
  return { entries, of };
}

const membersOf = (test) => allIndices.filter(test);

// The most frequent values have a hue of their own, the others share one; grey is what is not stated.
function valueColours(name) {
  const own = views.palette.values[name] ?? {};
  const values = byFrequency(categories(nodes).get(name));
  const isUnknown = ({ key }) => own[key] < 0;
  const known = values.filter((value) => !isUnknown(value));
  const free = views.palette.hues.filter((hue) => !Object.values(own).includes(hue));
  const hasOther = known.filter(({ key }) => !(key in own)).length > free.length;
  const otherHue = hasOther ? free.pop() : null;
  const groups = [];
  const rest = [];
  for (const { key, value, members } of known) {
    const hue = own[key] ?? free.shift();
    if (hue === undefined) rest.push(...members);
    else groups.push({ name: valueTexts(value), hue, members });
  }
  const restCount = known.length - groups.length;
  const stated = new Set(known.flatMap(({ members }) => members));
  return coloursOf([...groups, { name: pageWord("other_values", { count: restCount }), hue: otherHue, members: rest }, { name: pageWord("unstated"), hue: -1, members: membersOf((index) => !stated.has(index)) }]);
}

// Ranges of about as many different numbers each, the lowest first.
function rangeColours(name) {
  const values = valuesOf(name);
  const distinct = [...new Set(sortedValues(name))];
  const hues = views.palette.numbers;
  const limits = [...new Set(hues.map((_, part) => distinct[Math.ceil((distinct.length * (part + 1)) / hues.length) - 1]).filter((limit) => limit !== undefined))];
  const groups = limits.map((limit, position) => {
    const least = distinct.find((value) => position === 0 || value > limits[position - 1]);
    const text = least === limit ? valueText(limit) : `${valueText(least)} – ${valueText(limit)}`;
    return { name: inBothLanguages(() => text), hue: hues[position], members: membersOf((index) => values[index] >= least && values[index] <= limit) };
  });
  return coloursOf([...groups, { name: pageWord("unstated"), hue: -1, members: membersOf((index) => Number.isNaN(values[index])) }]);
}

function classColours() {
  legend.classes.forEach((entry, number) => { entry.hue = views.palette.classes[number]; });
  return { entries: legend.classes, of: nodes.map((node) => node.type) };
}

function setColour(name) {
  if (name === view.colour) return;
  view.colour = name;
  const isType = name === "type";
  const colours = isType ? classColours() : name === firstColours.name ? firstColours : measures.includes(name) ? rangeColours(name) : valueColours(name);
  // Shapes show the classes then, in grey.
  if (!isType) for (const entry of legend.classes) entry.hue = -1;
  legend.attribute = isType ? undefined : name;
  legend.colours = colours.entries;
  nodes.forEach((node, index) => { node.colour = colours.of[index]; });
  createFacets();
  updateColours();
  applyFilters();
  drawFilters();
  panelKey = "";
  showSelection();
}
