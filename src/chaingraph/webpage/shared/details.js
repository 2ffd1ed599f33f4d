// Details of a node: its attributes and its neighbours. A page says what goTo, isShown and importanceOf do.
const panel = document.getElementById("panel");

// `noteOf(name, value)` is an element that follows a value, or null.
function attributeList(attributes, noteOf = () => null) {
  if (!attributes.length) return null;
  return element("dl", {}, ...attributes.flatMap(([name, value]) => [element("dt", { text: attributeName(name) }), element("dd", { text: valueText(value) }, noteOf(name, value))]));
}

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

// A section for each relation; without the neighbours that the panel lists elsewhere.
function neighbourSections(index, elsewhere = new Set()) {
  const groups = new Map();
  for (const number of tiesOf[index]) {
    const tie = ties[number];
    const outward = tie.source === index;
    if (elsewhere.has(outward ? tie.target : tie.source)) continue;
    const heading = neighbourHeading(tie, outward);
    if (!groups.has(heading)) groups.set(heading, []);
    groups.get(heading).push({ other: outward ? tie.target : tie.source, tie });
  }
  return [...groups].map(([heading, rows]) => {
    rows.sort((a, b) => importanceOf(b.other) - importanceOf(a.other) || a.other - b.other);
    const list = element("ul", {}, ...rows.slice(0, MOST_ROWS).map(neighbourRow));
    const more = moreButton(rows.slice(MOST_ROWS).map((row) => () => neighbourRow(row)), (items) => list.append(...items));
    return element("section", { class: "neighbours" }, countHeading(heading, rows.length), list, ...more);
  });
}

function closeButton(close) {
  return element("button", { class: "close", type: "button", "aria-label": words().close, text: "×", onclick: close });
}

const panelHeading = (text) => element("h2", { class: "name", tabindex: "-1", text });
