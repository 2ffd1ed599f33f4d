// The words about a node and a tie, and how an element with words is made. Text reaches the page through textContent only.
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
function factsList(facts, ofNode = false) {
  if (!facts?.length) return null;
  return make("dl", {}, ...facts.flatMap((fact) => [make("dt", { text: attributeName(fact[0]) }), make("dd", { text: shown(fact) }, ofNode && place(fact))]));
}

// Where the node's number stands among all that have it.
function place([name, value]) {
  if (!measures.includes(name) || typeof value !== "number") return null;
  const { rank, of } = rankOf(name, value);
  return of > 1 ? make("span", { class: "rank", text: filled(words().rank, { rank: counted(rank), of: counted(of) }) }) : null;
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

function neighbourRow({ other, tie }) {
  const counts = (tie.facts || []).filter(([name]) => name !== "supply").map((fact) => `${attributeName(fact[0])} ${shown(fact)}`).join(" · ");
  const item = make("li", {}, make("button", { class: isShown(other) ? "near" : "near out", type: "button", "data-node": other, on: () => go(other) },
    markOf(other), make("span", { class: "name", text: nameOf(other) }, counts && make("small", { text: counts }))));
  if (tie.quotes) item.append(make("details", {}, make("summary", { text: `${words().quotes} ${tie.quotes.length}` }), ...tie.quotes.map(quoteFigure)));
  return item;
}

function neighbourSections(index) {
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
    const list = make("ul", {}, ...rows.slice(0, 12).map(neighbourRow));
    const rest = rows.slice(12);
    const more = rest.length && make("button", { class: "more", type: "button", text: filled(words().more, { count: rest.length }), on: () => {
      const items = rest.map(neighbourRow);
      list.append(...items);
      more.remove();
      items[0].querySelector("button").focus();
    } });
    return make("section", { class: "neighbours" }, make("h3", {}, make("span", { text: heading }), make("span", { text: String(rows.length) })), list, more);
  });
}

// What one can do from a node: look around it, and look for a path from it.
function actions(index) {
  const action = (name, on, pressed) => make("button", { class: "action", type: "button", "data-act": name, text: words()[name], on, ...(pressed === undefined ? {} : { "aria-pressed": String(pressed) }) });
  const around = (steps) => view.focus?.centre === index && view.focus.steps === steps;
  const focusOn = (steps) => () => {
    if (around(steps)) leaveFocus();
    else enterFocus(index, steps);
    panel.querySelector(`[data-act="focus_${steps}"]`)?.focus();
  };
  return make("div", { class: "actions" },
    tiesOf[index].length && action("focus_1", focusOn(1), around(1)),
    tiesOf[index].length && action("focus_2", focusOn(2), around(2)),
    things.length > 1 && action("path_to", () => startPath(index)),
    view.path && make("button", { class: "action", type: "button", text: words().back_to_path, on: () => { clear(); panel.querySelector("h2").focus(); } }));
}

function closeButton(close) {
  return make("button", { class: "close", type: "button", "aria-label": words().close, text: "×", on: close });
}

function drawNodePanel(index) {
  const thing = things[index];
  const other = thing.name[1 - languageIndex()];
  const sections = neighbourSections(index);
  const facts = (thing.facts || []).filter(([name]) => name !== "kind" && name !== "degree");
  panel.replaceChildren(...[
    closeButton(clear),
    make("div", { class: "kind" }, markOf(index), make("span", { text: classLine(index) })),
    make("h2", { class: "name", tabindex: "-1", text: nameOf(index) }),
    other !== nameOf(index) && make("p", { class: "also name", text: other }),
    thing.leading && make("span", { class: "badge", text: words().leading }),
    actions(index),
    factsList([...facts, ["degree", tiesOf[index].length]], true),
    quotesSection(thing.quotes),
    ...(sections.length ? sections : [make("section", {}, make("h3", { text: words().no_neighbours }))]),
  ].filter(Boolean));
}

function drawTiePanel(number) {
  const { from, to } = data.edges[number];
  const tie = ties[number];
  panel.replaceChildren(...[
    closeButton(clear),
    make("div", { class: "kind", text: words().tie }),
    make("h2", { class: "name", tabindex: "-1", text: `${relationName(tie) || words().tied}` }),
    factsList(tie.facts),
    make("section", {}, make("ul", {}, make("li", {}, nearButton(from)), data.directed && make("li", { class: "arrow", "aria-hidden": "true", text: "↓" }), make("li", {}, nearButton(to)))),
    quotesSection(tie.quotes),
    view.path && make("div", { class: "actions" }, make("button", { class: "action", type: "button", text: words().back_to_path, on: () => { clear(); panel.querySelector("h2").focus(); } })),
  ].filter(Boolean));
}
