// A large network opens as its communities: which of them are open, and in words what is not drawn.
const discs = overview?.discs ?? [];
const openDiscs = new Set();
const overviewPanel = document.getElementById("overview");
const discCounts = new Uint32Array(discs.length);
const discShares = discs.map(() => []);
let discTies = [];
let discCursor = null;
let hoveredDisc = null;

const discOf = (index) => overview.homes[index];
const discRadius = (number) => overview.scale * Math.sqrt(discCounts[number]);
const isClosed = (number) => !openDiscs.has(number) && discCounts[number] > 0 && !view.focus;
const closedDiscs = () => discs.map((_, number) => number).filter(isClosed);
const closedDiscPlaces = () => closedDiscs().map((number) => ({ x: discs[number].x, y: discs[number].y, radius: discRadius(number) }));
const largestFirst = () => discs.map((_, number) => number).filter((number) => discCounts[number]).sort((a, b) => discCounts[b] - discCounts[a] || a - b);

function discText(number) {
  const sentence = discs[number].outside ? words().community_outside : words().community;
  return formatted(sentence, { name: nameOf(discs[number].hub), count: countText(discCounts[number]) });
}

// ---- what of the filtered network is in each community
function countDiscs() {
  if (!overview) return;
  discCounts.fill(0);
  const colours = discs.map(() => new Map());
  nodes.forEach((node, index) => {
    if (hidden[index]) return;
    const disc = discOf(index);
    discCounts[disc] += 1;
    colours[disc].set(node.colour, (colours[disc].get(node.colour) || 0) + 1);
  });
  colours.forEach((counts, number) => { discShares[number] = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]); });
  const between = new Map();
  ties.forEach(({ source, target }, number) => {
    if (tieHidden[number]) return;
    const [one, other] = [discOf(source), discOf(target)].sort((a, b) => a - b);
    if (one === other) return;
    const key = one * discs.length + other;
    between.set(key, (between.get(key) || 0) + 1);
  });
  discTies = [...between].map(([key, count]) => ({ one: Math.floor(key / discs.length), other: key % discs.length, count }))
    .sort((a, b) => a.count - b.count || a.one - b.one || a.other - b.other);
}

// vis-network gets what is drawn and nothing else, so that ten thousand nodes cost what one community costs.
function updateOpenItems() {
  if (!overview) return;
  nodes.forEach((_, index) => { inClosed[index] = view.focus || openDiscs.has(discOf(index)) ? 0 : 1; });
  const isOpen = (index) => !hidden[index] && !inClosed[index];
  const isTieOpen = (number) => !tieHidden[number] && isOpen(ties[number].source) && isOpen(ties[number].target);
  const remove = (items, isWanted) => items.remove(items.getIds().filter((id) => !isWanted(id)));
  const add = (items, all, isWanted, copy) => items.add(all.filter(({ id }) => isWanted(id) && items.get(id) === null).map(copy));
  remove(tieItems, isTieOpen);
  remove(nodeItems, isOpen);
  add(nodeItems, visNodes, isOpen, (item) => ({ ...item, x: places[item.id].x, y: places[item.id].y }));
  add(tieItems, visEdges, isTieOpen, (item) => ({ ...item }));
  countDiscs();
}

function setOpenDiscs(numbers) {
  openDiscs.clear();
  for (const number of numbers) openDiscs.add(number);
  hoveredDisc = null;
  updateOpenItems();
  notifyChange();
  network.redraw();
}

function openDisc(number) {
  setOpenDiscs([...openDiscs, number]);
  announce(formatted(words().opened, { name: discText(number) }));
  lookAtPlaces(discs[number].outside ? places.filter((_, index) => !inClosed[index]) : [discs[number]], 1.6, true);
}

function closeDisc(number) {
  setOpenDiscs([...openDiscs].filter((other) => other !== number));
  showWhole(true);
}

// A node that is searched for or linked to is shown in its community.
function openDiscOf(index) {
  if (overview && inClosed[index]) setOpenDiscs([...openDiscs, discOf(index)]);
}

function backToOverview() {
  if (!openDiscs.size) return false;
  clearSelection();
  setOpenDiscs([]);
  showWhole(true);
  return true;
}

// ---- pointer and keys
function discAt({ x, y }) {
  return closedDiscs().find((number) => Math.hypot(discs[number].x - x, discs[number].y - y) <= discRadius(number)) ?? null;
}

// Neighbours of the selection are painted over the discs; else a click on a disc opens it.
function clickDisc(point) {
  if (!overview) return false;
  const neighbour = [...view.highlighted].find((index) => inClosed[index] && !hidden[index] && Math.hypot(places[index].x - point.x, places[index].y - point.y) <= places[index].radius * 1.3);
  if (neighbour !== undefined) {
    select(neighbour);
    return true;
  }
  const number = discAt(point);
  if (number === null) return false;
  openDisc(number);
  return true;
}

function hoverDisc(event) {
  const { left, top } = mapBox.getBoundingClientRect();
  const pointer = { x: event.clientX - left, y: event.clientY - top };
  const number = view.hovered === null ? discAt(network.DOMtoCanvas(pointer)) : null;
  if (number !== null) showTooltip([discText(number), words().open_it], pointer);
  if (number === hoveredDisc) return;
  hoveredDisc = number;
  surface.style.cursor = number === null ? "" : "pointer";
  if (number === null) hideTooltip();
  network.redraw();
}

// Arrow keys go from disc to disc until one is open; after that the list opens the others.
function nextDisc(direction) {
  const candidates = closedDiscs();
  if (discCursor === null) return candidates.reduce((best, number) => (best === null || discCounts[number] > discCounts[best] ? number : best), null);
  return nearestInDirection(discs, discCursor, candidates, direction);
}

function handleDiscKey(event) {
  if (!overview || openDiscs.size || view.focus || event.ctrlKey || event.metaKey || event.altKey) return false;
  if (ARROWS[event.key]) {
    discCursor = nextDisc(ARROWS[event.key]);
    if (discCursor !== null) announce(discText(discCursor));
  } else if (event.key === "Enter" && discCursor !== null) {
    const number = discCursor;
    discCursor = null;
    openDisc(number);
  } else return false;
  event.preventDefault();
  network.redraw();
  return true;
}

// ---- what is drawn and what is not, in words
function overviewText() {
  const outside = discs.findIndex((disc) => disc.outside);
  const communities = discCounts.filter((count, number) => count && number !== outside).length;
  const counts = formatted(words().overview, { nodes: countText(shownNodeCount()), communities: countText(communities) });
  const outsideText = outside >= 0 && discCounts[outside] ? formatted(words().overview_outside, { count: countText(discCounts[outside]) }) : "";
  const inOpen = [...openDiscs].reduce((sum, number) => sum + discCounts[number], 0);
  const openText = openDiscs.size ? formatted(words().overview_open, { count: countText(openDiscs.size), nodes: countText(inOpen) }) : words().overview_closed;
  return counts + outsideText + openText;
}

function discButton(number) {
  const toggle = () => {
    (openDiscs.has(number) ? closeDisc : openDisc)(number);
    overviewPanel.querySelector(`[data-disc="${number}"]`)?.focus();
  };
  const text = discs[number].outside ? words().outside : nameOf(discs[number].hub);
  return element("button", { type: "button", class: "node", "data-disc": number, "aria-pressed": String(openDiscs.has(number)), onclick: toggle },
    element("span", { class: "name", text }), element("span", { class: "count", text: countText(discCounts[number]) }));
}

function drawOverview() {
  if (!overview) return;
  overviewPanel.querySelector("p").textContent = overviewText();
  overviewPanel.querySelector("summary").textContent = words().communities;
  const back = overviewPanel.querySelector("button");
  back.textContent = words().to_overview;
  back.hidden = !openDiscs.size;
  overviewPanel.querySelector("ul").replaceChildren(...largestFirst().map((number) => element("li", {}, discButton(number))));
}

if (overview) {
  overviewPanel.hidden = false;
  overviewPanel.querySelector("button").addEventListener("click", backToOverview);
  mapBox.addEventListener("pointermove", hoverDisc);
  mapBox.addEventListener("pointerleave", hoverDisc);
  onChange(drawOverview);
  registerAddressPart({
    write(parameters) { if (openDiscs.size) parameters.set("c", [...openDiscs].sort((a, b) => a - b).join(".")); },
    read(parameters) {
      const numbers = (parameters.get("c") ?? "").split(".").filter((text) => /^\d+$/.test(text)).map(Number);
      openDiscs.clear();
      for (const number of numbers) if (number < discs.length) openDiscs.add(number);
      updateOpenItems();
    },
  });
  countDiscs();
}
