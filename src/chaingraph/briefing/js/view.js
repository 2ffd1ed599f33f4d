// The map as elements: chains under each other, boxes and cards at their places, arrows behind them.
const mapBox = document.getElementById("map");
const board = document.getElementById("board");
const surface = mapBox;
surface.tabIndex = -1;
Object.assign(view, { chain: 0, stage: null });
const ALL = -1;
const shownChains = () => (view.chain === ALL ? chains : chains.slice(view.chain, view.chain + 1));
let layouts = [];
let tabStop = null;

// ---- what belongs to the selection: a holder is on several stages, a consortium has members, a stage has neighbours
function isRelated(holder) {
  const { selected } = view;
  if (selected === null) return false;
  const isInRegion = holderOf.get(selected)?.kind === "Region" && holder.region.en === nodes[selected].name.en;
  return holder.node === selected || holder.consortia.includes(selected) || isInRegion;
}

function boxState(place) {
  if (view.selected === null) return "";
  if (place.box.node === view.selected) return "selected";
  const chain = chains.find(({ boxes }) => boxes.includes(place.box));
  const linked = chain.arrows.some(({ source, target }) => [source, target].some((end) => chain.boxes[end].node === view.selected) && [source, target].some((end) => chain.boxes[end] === place.box));
  return linked || place.cards.some(({ holder }) => isRelated(holders[holder])) ? "related" : "";
}

// ---- elements
function at(created, { x, y, width, height }) {
  Object.assign(created.style, { left: `${x}px`, top: `${y}px`, width: `${width}px` });
  if (height) created.style.height = `${height}px`;
  return created;
}

function holderSymbol(holder) {
  const sign = symbolOf(holder.node);
  if (nodes[holder.node].leading) {
    const ring = document.createElementNS(SVG, "circle");
    ring.setAttribute("r", "1.45");
    ring.setAttribute("class", "ring");
    sign.append(ring);
  }
  return sign;
}

// The whole name where it fits, else the one that is cut where it is like others; on a narrow card that one cut again.
const CARD_FONT = (sans) => `400 13.5px ${sans}`;
const nameRoom = (width) => width - 2 * SIZE.padding - 46;
function cardName(holder, width) {
  const name = holderName(holder);
  return textWidth(name, CARD_FONT(theme.sans)) <= nameRoom(width) ? name : clipped(holder.short[view.language], nameRoom(width), CARD_FONT(theme.sans));
}

const secondLine = (holder) => holder.line[view.language];

function cardElement(place, card) {
  const holder = holders[card.holder];
  const shown = cardName(holder, place.width);
  const badge = element("span", { class: holder.is_known ? "basis" : "basis reported", text: badgeText(holder) });
  const button = element("button", { class: "card", type: "button", "data-node": holder.node, "data-key": `${place.box.key}:${card.holder}`, "aria-pressed": String(view.selected === holder.node), title: holderName(holder), tabindex: "-1", onclick: () => choose(holder.node, place.box) },
    holderSymbol(holder),
    element("span", { class: "name", text: shown }), " ",
    element("span", { class: "line" }, element("span", { class: "what", text: secondLine(holder) }), " ", badge));
  // What is seen comes first, so that one can say it to the browser; then the whole name, where that is cut.
  const parts = [shown, secondLine(holder), badgeText(holder), ...(shown === holderName(holder) ? [] : [holderName(holder)])];
  button.setAttribute("aria-label", parts.join(words().comma));
  button.classList.toggle("related", isRelated(holder));
  return element("li", {}, button);
}

// How many there are of each class, with its symbol.
function countSymbols(cards) {
  const groups = new Map();
  for (const { holder } of cards) {
    const { node } = holders[holder];
    groups.set(nodes[node].type, [...(groups.get(nodes[node].type) ?? []), node]);
  }
  return [...groups.values()].map((members) => ({ node: members[0], count: members.length }));
}

const EMPTY_NOTES = { held: "nobody_known", unknown: "nobody_known", absent: "stated_absent", planned: "stated_planned" };

function boxBody(place) {
  const { box, note, shown, rest } = place;
  if (note === "empty") return [element("p", { class: "note", text: words()[EMPTY_NOTES[box.status]] })];
  if (note === "filtered") return [element("p", { class: "note", text: words().filtered_out })];
  if (note === "counts") {
    return [element("button", { class: "counts", type: "button", tabindex: "-1", "data-key": `${box.key}:counts`, "aria-label": withNumber("open_box", place.cards.length), onclick: () => foldBox(box, true) },
      ...countSymbols(place.cards).map(({ node, count }) => element("span", {}, symbolOf(node), element("span", { text: countText(count) }))))];
  }
  const list = element("ul", { "aria-label": nameOf(box.node) }, ...shown.map((card) => cardElement(place, card)));
  const more = rest > 0 && element("button", { class: "rest", type: "button", tabindex: "-1", "data-key": `${box.key}:rest`, text: withNumber("more", rest), onclick: () => { wholeBoxes.add(box.key); draw(); notifyChange(); } });
  return [list, more].filter(Boolean);
}

function boxElement(place) {
  const { box, cards } = place;
  const count = cards.length === box.cards.length ? countText(cards.length) : `${countText(cards.length)}/${countText(box.cards.length)}`;
  const heading = element("h4", {}, element("button", { class: "stage", type: "button", "data-node": box.node, "data-key": box.key, tabindex: "-1", "aria-pressed": String(view.selected === box.node), onclick: () => choose(box.node, box) }, element("span", { class: "name", text: nameOf(box.node) }), box.cards.length > 0 && element("span", { class: "count", text: count, title: withNumber("holders", box.cards.length) })));
  const created = at(element("section", { class: `box ${boxState(place)} ${box.cards.length ? "" : `open-end ${box.status}`}`.trim(), "aria-label": nameOf(box.node) }, heading, ...boxBody(place)), place);
  return created;
}

function headingElement({ segment, count, ...place }) {
  return at(element("h3", { class: "segment" }, element("span", { text: words()[`segment_${segment}`] }), element("span", { class: "count", text: withNumber("stages", count) })), place);
}

function stripElement({ segment, ...place }) {
  return at(element("p", { class: place.width > SIZE.strip ? "strip flat" : "strip", text: formatted(words().no_stage, { segment: words()[`segment_${segment}`] }) }), place);
}

function arrowsElement(layout) {
  const svg = svgElement("svg", { class: "arrows", width: layout.width, height: layout.height, "aria-hidden": "true" });
  for (const { arrow, points } of layout.arrows) {
    const ends = [arrow.source, arrow.target].map((number) => layout.chain.boxes[number].node);
    const group = svgElement("g", { class: `arrow ${arrow.kind === "inputOf" ? "input" : ""} ${ends.includes(view.selected) ? "related" : ""}` });
    group.append(svgElement("path", { class: "route", d: routeOutline(points) }), svgElement("path", { class: "head", d: headOutline(points) }));
    svg.append(group);
  }
  return svg;
}

// What the arrows say, for those who do not see them.
function arrowList(layout) {
  if (!layout.arrows.length) return null;
  const text = ({ arrow }) => formatted(words()[`arrow_${arrow.kind}`], { source: nameOf(layout.chain.boxes[arrow.source].node), target: nameOf(layout.chain.boxes[arrow.target].node) });
  return element("ul", { class: "visually-hidden" }, ...layout.arrows.map((one) => element("li", { text: text(one) })));
}

function chainElement(layout) {
  const { chain } = layout;
  const known = chain.boxes.filter((box) => box.cards.some(({ holder }) => holders[holder].is_known)).length;
  const summary = formatted(words().chain_summary, { stages: withNumber("stages", chain.boxes.length), known: countText(known), cards: withNumber("holders", allOf(chain.boxes.flatMap((box) => box.cards.map(({ holder }) => holder))).length) });
  const ground = at(element("div", { class: layout.stacked ? "ground stacked" : "ground" }, arrowsElement(layout), ...layout.headings.map(headingElement), ...layout.strips.map(stripElement), ...layout.boxes.map(boxElement)), { ...layout, x: 0, y: 0 });
  return element("section", { class: "chain", "aria-label": chain.name[view.language] }, element("div", { class: "chain-head" }, element("h2", { class: "name", text: chain.name[view.language] }), element("p", { text: summary })), ground, arrowList(layout));
}

// ---- drawing
const mapWidth = () => mapBox.clientWidth - parseFloat(getComputedStyle(mapBox).paddingLeft) - parseFloat(getComputedStyle(mapBox).paddingRight);

function draw() {
  const focused = mapBox.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  const width = Math.floor(mapWidth());
  layouts = shownChains().map((chain) => layoutChain(chain, width));
  mapBox.replaceChildren(...layouts.map(chainElement));
  mapBox.classList.toggle("selecting", view.selected !== null);
  const stops = [...mapBox.querySelectorAll("[data-key]")];
  setTabStop(stops.find((stop) => stop.dataset.key === tabStop) ?? stops[0]);
  if (focused) (stops.find((stop) => stop.dataset.key === focused) ?? stops.find((stop) => stop.dataset.key === focused.split(":")[0]))?.focus({ preventScroll: true });
}

function setTabStop(stop) {
  for (const other of mapBox.querySelectorAll('[tabindex="0"]')) other.tabIndex = -1;
  if (stop) stop.tabIndex = 0;
  tabStop = stop?.dataset.key ?? null;
}

// Arrow keys move to the nearest stage or card; the map takes one stop of the Tab key.
mapBox.addEventListener("focusin", ({ target }) => { if (target.dataset.key) setTabStop(target); });
mapBox.addEventListener("keydown", (event) => {
  const stop = event.target.closest("[data-key]");
  if (!stop || !ARROWS[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  const stops = [...mapBox.querySelectorAll("[data-key]")];
  const middles = stops.map((one) => { const { left, top, width, height } = one.getBoundingClientRect(); return { x: left + width / 2, y: top + height / 2 }; });
  const start = stops.indexOf(stop);
  const next = stops[nearestInDirection(middles, start, stops.keys(), ARROWS[event.key])];
  next.focus();
});
