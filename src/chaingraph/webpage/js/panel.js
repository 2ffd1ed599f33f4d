// The panel: attributes, sources and neighbours of a node or a tie.
const panel = document.getElementById("panel");
const MOST_ROWS = 12;

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
  const text = element("blockquote", {},
    quote.prefix && element("span", { class: "context", text: `…${quote.prefix}` }),
    quote.exact && element("q", { text: quote.exact }),
    quote.record && element("span", { text: formatted(words().record, { number: quote.record }) }),
    quote.suffix && element("span", { class: "context", text: `${quote.suffix}…` }));
  const address = webAddress(quote.url || "");
  const title = quote.title || (address ? quote.url : words().untitled);
  const source = element("figcaption", {}, address
    ? element("a", { href: address, target: "_blank", rel: "noopener noreferrer", text: title })
    : element("span", { text: title }));
  if (quote.published) source.append(` · ${quote.published}`);
  if (quote.url && !address) source.append(` · ${quote.url}`);
  return element("figure", {}, text, source);
}

function quotesSection(quotes) {
  if (!quotes.length) return null;
  const section = element("section", { class: "quotes" }, countHeading(words().quotes, quotes.length), ...quotes.slice(0, MOST_ROWS).map(quoteFigure));
  section.append(...moreButton(quotes.slice(MOST_ROWS).map((quote) => () => quoteFigure(quote)), (figures) => section.append(...figures)));
  return section;
}

const countHeading = (text, count) => element("h3", {}, element("span", { text }), element("span", { text: String(count) }));

// A button, if there is anything more, that makes way for further rows; the first of them that can be focused is.
function moreButton(rest, insert) {
  if (!rest.length) return [];
  const more = element("button", { class: "more", type: "button", text: formatted(words().more, { count: rest.length }), onclick: () => {
    const rows = rest.map((create) => create());
    insert(rows);
    more.remove();
    rows[0].querySelector("button, a")?.focus();
  } });
  return [more];
}

// ---- attributes
function attributeList(attributes, ofNode = false) {
  if (!attributes.length) return null;
  return element("dl", {}, ...attributes.flatMap(([name, value]) => [element("dt", { text: attributeName(name) }), element("dd", { text: valueText(value) }, ofNode && rankNote(name, value))]));
}

// The rank of the node's number among all nodes that have one.
function rankNote(name, value) {
  if (!measures.includes(name) || typeof value !== "number") return null;
  const { rank, of } = rankOf(name, value);
  return of > 1 ? element("span", { class: "rank", text: formatted(words().rank, { rank: countText(rank), of: countText(of) }) }) : null;
}

// ---- neighbours
function neighbourHeading(tie, outward) {
  if (!data.directed) return tieName(tie);
  const inverse = tie.relation === undefined ? null : relations[tie.relation].inverse;
  if (!inverse) return outward ? `${tieName(tie)} →` : `← ${tieName(tie)}`;
  return outward ? tieName(tie) : inverse[view.language];
}

function nodeButton(index, small = "") {
  return element("button", { class: isShown(index) ? "node" : "node filtered", type: "button", "data-node": index, onclick: () => goTo(index) },
    symbolOf(index), element("span", { class: "name", text: nameOf(index) }, small && element("small", { text: small })));
}

function neighbourRow({ other, tie }) {
  const counts = tie.attributes.filter(([name]) => name !== "supply").map(attributeText).join(" · ");
  const item = element("li", {}, nodeButton(other, counts));
  if (tie.quotes.length) item.append(element("details", {}, element("summary", { text: `${words().quotes} ${tie.quotes.length}` }), ...tie.quotes.map(quoteFigure)));
  return item;
}

function neighbourSections(index) {
  const groups = new Map();
  for (const number of tiesOf[index]) {
    const tie = ties[number];
    const outward = tie.source === index;
    const heading = neighbourHeading(tie, outward);
    if (!groups.has(heading)) groups.set(heading, []);
    groups.get(heading).push({ other: outward ? tie.target : tie.source, tie });
  }
  return [...groups].map(([heading, rows]) => {
    rows.sort((a, b) => places[b.other].radius - places[a.other].radius || a.other - b.other);
    const list = element("ul", {}, ...rows.slice(0, MOST_ROWS).map(neighbourRow));
    const more = moreButton(rows.slice(MOST_ROWS).map((row) => () => neighbourRow(row)), (items) => list.append(...items));
    return element("section", { class: "neighbours" }, countHeading(heading, rows.length), list, ...more);
  });
}

// ---- the panel of a node and of a tie
// From a node one can look around it, and look for a path.
function actions(index) {
  const action = (name, onclick, pressed) => element("button", { class: "action", type: "button", "data-action": name, text: words()[name], onclick, ...(pressed === undefined ? {} : { "aria-pressed": String(pressed) }) });
  const isAround = (steps) => view.focus?.centre === index && view.focus.steps === steps;
  const focusOn = (steps) => () => {
    if (isAround(steps)) leaveFocus();
    else enterFocus(index, steps);
    panel.querySelector(`[data-action="focus_${steps}"]`)?.focus();
  };
  return element("div", { class: "actions" },
    tiesOf[index].length > 0 && action("focus_1", focusOn(1), isAround(1)),
    tiesOf[index].length > 0 && action("focus_2", focusOn(2), isAround(2)),
    nodes.length > 1 && action("path_to", () => startPath(index)),
    backToPathButton());
}

function backToPathButton() {
  return view.path && element("button", { class: "action", type: "button", text: words().back_to_path, onclick: () => { clearSelection(); panel.querySelector("h2").focus(); } });
}

function closeButton(close) {
  return element("button", { class: "close", type: "button", "aria-label": words().close, text: "×", onclick: close });
}

const panelHeading = (text) => element("h2", { class: "name", tabindex: "-1", text });

function drawNodePanel(index) {
  const node = nodes[index];
  const sections = neighbourSections(index);
  const attributes = node.attributes.filter(([name]) => name !== "kind" && name !== "degree");
  panel.replaceChildren(...[
    closeButton(clearSelection),
    element("div", { class: "kind" }, symbolOf(index), element("span", { text: classLine(index) })),
    panelHeading(nameOf(index)),
    otherName(index) !== nameOf(index) && element("p", { class: "subtitle name", text: otherName(index) }),
    node.leading && element("span", { class: "badge", text: words().leading }),
    actions(index),
    attributeList([...attributes, ["degree", tiesOf[index].length]], true),
    quotesSection(node.quotes),
    ...(sections.length ? sections : [element("section", {}, element("h3", { text: words().no_neighbours }))]),
  ].filter(Boolean));
}

function drawTiePanel(number) {
  const tie = ties[number];
  panel.replaceChildren(...[
    closeButton(clearSelection),
    element("div", { class: "kind", text: words().tie }),
    panelHeading(tieName(tie)),
    attributeList(tie.attributes),
    element("section", {}, element("ul", {},
      element("li", {}, nodeButton(tie.source)),
      data.directed && element("li", { class: "arrow", "aria-hidden": "true", text: "↓" }),
      element("li", {}, nodeButton(tie.target)))),
    quotesSection(tie.quotes),
    view.path && element("div", { class: "actions" }, backToPathButton()),
  ].filter(Boolean));
}
