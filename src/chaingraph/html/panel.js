// The words around the map: legend, search and panel. Text reaches the page through textContent only.
const words = () => data.words[view.language];
const attributeName = (name) => (Object.hasOwn(data.attributes, name) ? data.attributes[name][view.language] : name);
const filled = (sentence, parts) => sentence.replace(/\{(\w+)\}/g, (_, name) => parts[name]);

function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "text") element.textContent = value;
    else if (name === "on") element.addEventListener("click", value);
    else element.setAttribute(name, value);
  }
  element.append(...children.filter(Boolean));
  return element;
}

function mark(shape, hue) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", "-1.6 -1.6 3.2 3.2");
  svg.setAttribute("width", "16");
  svg.setAttribute("height", "16");
  svg.setAttribute("class", "mark");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", OUTLINES[shape]);
  path.style.fill = `var(--hue-${hue < 0 ? "none" : hue})`;
  svg.append(path);
  return svg;
}

const markOf = (index) => mark(shapes[things[index].class], legend.colours[things[index].colour].hue);
const classEntries = legend.classes.length ? legend.classes : legend.colours;

function classLine(index) {
  const held = classEntries[things[index].class][view.language];
  const kind = (things[index].facts || []).find(([name]) => name === "kind");
  return kind && shown(kind) !== held ? `${held} · ${shown(kind)}` : held;
}

function shown(fact) {
  const value = fact.length === 3 ? fact[1 + languageIndex()] : fact[1];
  if (value === null) return words().undefined;
  if (typeof value === "boolean") return value ? words().yes : words().no;
  if (typeof value !== "number") return String(value);
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}

// ---- legend
function drawLegend(toggle, isOff) {
  const keys = document.getElementById("keys");
  const section = (kind, heading, entries) => {
    const list = make("ul", heading ? { "aria-label": heading } : {});
    entries.forEach((entry, number) => {
      const key = make("button", { class: "key", type: "button", "aria-pressed": String(!isOff(kind, number)), "aria-label": `${filled(words().hide, { name: entry[view.language] })} (${entry.count})` },
        mark(entry.shape, entry.hue), make("span", { class: "name", text: entry[view.language] }), make("span", { class: "count", text: entry.count.toLocaleString("en") }));
      key.addEventListener("click", () => {
        toggle(kind, number);
        key.setAttribute("aria-pressed", String(!isOff(kind, number)));
      });
      list.append(make("li", {}, key));
    });
    return [heading && make("h2", { text: heading }), list];
  };
  const parts = legend.by
    ? [...section("colour", legend.by[view.language], legend.colours), ...(legend.classes.length > 1 ? section("class", attributeName("type"), legend.classes) : [])]
    : section("class", "", legend.colours);
  if (things.some((thing) => thing.leading)) {
    const ring = mark("circle", -1);
    ring.firstChild.style.fill = "none";
    ring.firstChild.style.stroke = "var(--ring)";
    ring.firstChild.style.strokeWidth = "0.3";
    parts.push(make("ul", {}, make("li", { class: "key still" }, ring, make("span", { class: "name", text: words().leading }), make("span", { class: "count", text: String(things.filter((thing) => thing.leading).length) }))));
  }
  keys.replaceChildren(...parts.filter(Boolean));
}

// ---- quotes
function webAddress(text) {
  try {
    const address = new URL(text);
    return address.protocol === "https:" || address.protocol === "http:" ? address.href : null;
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

function quoteFigure(quote) {
  const said = make("blockquote", {},
    quote.prefix && make("span", { class: "beside", text: `…${quote.prefix}` }),
    quote.exact && make("q", { text: quote.exact }),
    quote.record && make("span", { text: filled(words().record, { number: quote.record }) }),
    quote.suffix && make("span", { class: "beside", text: `${quote.suffix}…` }));
  const address = webAddress(quote.url || "");
  const title = quote.title || (address ? quote.url : words().untitled);
  const source = make("figcaption", {}, address
    ? make("a", { href: address, target: "_blank", rel: "noopener noreferrer", text: title })
    : make("span", { text: title }));
  if (quote.published) source.append(` · ${quote.published}`);
  if (quote.url && !address) source.append(` · ${quote.url}`);
  return make("figure", {}, said, source);
}

function quotesSection(quotes) {
  if (!quotes) return null;
  return make("section", { class: "quotes" }, make("h3", {}, make("span", { text: words().quotes }), make("span", { text: String(quotes.length) })), ...quotes.map(quoteFigure));
}

// ---- the panel of a node and of a tie
function factsList(facts, without) {
  const rows = (facts || []).filter(([name]) => name !== without);
  if (!rows.length) return null;
  return make("dl", {}, ...rows.flatMap((fact) => [make("dt", { text: attributeName(fact[0]) }), make("dd", { text: shown(fact) })]));
}

function relationName(tie) {
  return tie.relation === undefined ? "" : data.relations[tie.relation][1 + languageIndex()];
}

function headingOf(tie, outward) {
  const relation = relationName(tie) || words().tied;
  if (!data.directed) return relation;
  const inverse = tie.relation === undefined ? "" : data.relations[tie.relation][3 + languageIndex()];
  if (!inverse) return outward ? `${relation} →` : `← ${relation}`;
  return outward ? relation : inverse;
}

function neighbourSections(index, choose) {
  const groups = new Map();
  for (const number of tiesOf[index]) {
    const { from, to } = data.edges[number];
    const outward = from === index;
    const heading = headingOf(ties[number], outward);
    if (!groups.has(heading)) groups.set(heading, []);
    groups.get(heading).push({ other: outward ? to : from, tie: ties[number] });
  }
  return [...groups].map(([heading, rows]) => {
    rows.sort((a, b) => places[b.other].radius - places[a.other].radius || a.other - b.other);
    const list = make("ul");
    const add = (row) => {
      const counts = (row.tie.facts || []).map((fact) => `${attributeName(fact[0])} ${shown(fact)}`).join(" · ");
      const item = make("li", {}, make("button", { class: "near", type: "button", "data-node": row.other, on: () => choose(row.other) },
        markOf(row.other), make("span", { class: "name", text: nameOf(row.other) }), counts && make("span", { class: "count", text: counts })));
      if (row.tie.quotes) item.append(make("details", {}, make("summary", { text: `${words().quotes} ${row.tie.quotes.length}` }), ...row.tie.quotes.map(quoteFigure)));
      list.append(item);
    };
    rows.slice(0, 12).forEach(add);
    const rest = rows.slice(12);
    const more = rest.length && make("button", { class: "more", type: "button", text: filled(words().more, { count: rest.length }), on: () => { rest.forEach(add); more.remove(); } });
    return make("section", { class: "neighbours" }, make("h3", {}, make("span", { text: heading }), make("span", { text: String(rows.length) })), list, more);
  });
}

function closeButton(close) {
  return make("button", { class: "close", type: "button", "aria-label": words().close, text: "×", on: close });
}

function drawNodePanel(index, choose, close) {
  const thing = things[index];
  const other = thing.name[1 - languageIndex()];
  const sections = neighbourSections(index, choose);
  document.getElementById("panel").replaceChildren(...[
    closeButton(close),
    make("div", { class: "kind" }, markOf(index), make("span", { text: classLine(index) })),
    make("h2", { class: "name", tabindex: "-1", text: nameOf(index) }),
    other !== nameOf(index) && make("p", { class: "also name", text: other }),
    thing.leading && make("span", { class: "badge", text: words().leading }),
    factsList([...(thing.facts || []), ["degree", tiesOf[index].length]], "kind"),
    quotesSection(thing.quotes),
    ...(sections.length ? sections : [make("section", {}, make("h3", { text: words().no_neighbours }))]),
  ].filter(Boolean));
}

function drawTiePanel(number, choose, close) {
  const { from, to } = data.edges[number];
  const tie = ties[number];
  const end = (index) => make("li", {}, make("button", { class: "near", type: "button", "data-node": index, on: () => choose(index) }, markOf(index), make("span", { class: "name", text: nameOf(index) })));
  document.getElementById("panel").replaceChildren(...[
    closeButton(close),
    make("div", { class: "kind", text: words().tie }),
    make("h2", { class: "name", tabindex: "-1", text: `${relationName(tie) || words().tied}` }),
    factsList(tie.facts),
    make("section", {}, make("ul", {}, end(from), data.directed && make("li", { class: "arrow", "aria-hidden": "true", text: "↓" }), end(to))),
    quotesSection(tie.quotes),
  ].filter(Boolean));
}
