// A large network opens as its communities: the only place that opens and closes them, and says what is not drawn.
const overview = data.overview;
const discs = overview ? overview.discs : [];
const unfolded = new Set();
const bar = document.getElementById("overview");
const discCounts = new Uint32Array(discs.length);
const discShares = discs.map(() => []);
let discTies = [];
let discCursor = null;
let discHovered = null;

const homeOf = (index) => overview.homes[index];
const discRadius = (number) => overview.scale * Math.sqrt(discCounts[number]);
const isFolded = (number) => !unfolded.has(number) && discCounts[number] > 0 && !view.focus;

function discName(number) {
  const held = words();
  const count = counted(discCounts[number]);
  return filled(discs[number].outside ? held.community_outside : held.community, { name: nameOf(discs[number].hub), count });
}

// ---- what of the filtered network each community holds
function countDiscs() {
  if (!overview) return;
  discCounts.fill(0);
  const colours = discs.map(() => new Map());
  things.forEach((thing, index) => {
    if (hidden[index]) return;
    const home = homeOf(index);
    discCounts[home] += 1;
    colours[home].set(thing.colour, (colours[home].get(thing.colour) || 0) + 1);
  });
  colours.forEach((held, number) => { discShares[number] = [...held].sort((a, b) => b[1] - a[1] || a[0] - b[0]); });
  const between = new Map();
  data.edges.forEach(({ from, to }, number) => {
    if (tieHidden[number]) return;
    const [one, other] = [homeOf(from), homeOf(to)].sort((a, b) => a - b);
    if (one === other) return;
    const key = one * discs.length + other;
    between.set(key, (between.get(key) || 0) + 1);
  });
  discTies = [...between].map(([key, count]) => ({ one: Math.floor(key / discs.length), other: key % discs.length, count }))
    .sort((a, b) => a.count - b.count || a.one - b.one || a.other - b.other);
}

// vis-network holds what is drawn and nothing else, so that ten thousand nodes cost what one community costs.
function drawOpened() {
  if (!overview) return;
  things.forEach((_, index) => { inClosed[index] = view.focus || unfolded.has(homeOf(index)) ? 0 : 1; });
  const wanted = (index) => !hidden[index] && !inClosed[index];
  const wantedTie = (number) => !tieHidden[number] && wanted(data.edges[number].from) && wanted(data.edges[number].to);
  const drop = (dataset, isWanted) => dataset.remove(dataset.getIds().filter((id) => !isWanted(id)));
  const add = (dataset, all, isWanted, made) => dataset.add(all.filter(({ id }) => isWanted(id) && dataset.get(id) === null).map(made));
  drop(edges, wantedTie);
  drop(nodes, wanted);
  add(nodes, data.nodes, wanted, (node) => ({ ...node, x: places[node.id].x, y: places[node.id].y }));
  add(edges, data.edges, wantedTie, (edge) => ({ ...edge }));
  countDiscs();
}

function unfold(numbers) {
  unfolded.clear();
  for (const number of numbers) unfolded.add(number);
  discHovered = null;
  drawOpened();
  changed();
  network.redraw();
}

function openDisc(number) {
  unfold([...unfolded, number]);
  document.getElementById("said").textContent = filled(words().opened, { name: discName(number) });
  lookAtPlaces(discs[number].outside ? places.filter((_, index) => !inClosed[index]) : [discs[number]], 1.6, true);
}

function closeDisc(number) {
  unfold([...unfolded].filter((other) => other !== number));
  showWhole(true);
}

// A node that is searched for or linked to is shown in its community.
function openHome(index) {
  if (overview && inClosed[index]) unfold([...unfolded, homeOf(index)]);
}

function backToOverview() {
  if (!unfolded.size) return false;
  clear();
  unfold([]);
  showWhole(true);
  return true;
}

const foldedDiscs = () => discs.map((_, number) => number).filter(isFolded);
const foldedPlaces = () => foldedDiscs().map((number) => ({ x: discs[number].x, y: discs[number].y, radius: discRadius(number) }));

// ---- pointer and keys
function discAt({ x, y }) {
  return foldedDiscs().find((number) => Math.hypot(discs[number].x - x, discs[number].y - y) <= discRadius(number)) ?? null;
}

// What is painted near the selection lies over the discs; else a click on a disc opens it.
function openAt(point) {
  if (!overview) return false;
  const near = [...view.near].find((index) => inClosed[index] && !hidden[index] && Math.hypot(places[index].x - point.x, places[index].y - point.y) <= places[index].radius * 1.3);
  if (near !== undefined) {
    select(near);
    return true;
  }
  const number = discAt(point);
  if (number === null) return false;
  openDisc(number);
  return true;
}

function hoverDisc(event) {
  const { left, top } = box.getBoundingClientRect();
  const at = { x: event.clientX - left, y: event.clientY - top };
  const number = view.hovered === null ? discAt(network.DOMtoCanvas(at)) : null;
  if (number !== null) showTip([discName(number), words().open_it], at);
  if (number === discHovered) return;
  discHovered = number;
  surface.style.cursor = number === null ? "" : "pointer";
  if (number === null) hideTip();
  network.redraw();
}

// Arrow keys go from disc to disc until one is open; after that the list opens the others.
function stepDiscs([across, down]) {
  const folded = foldedDiscs();
  if (discCursor === null) return folded.reduce((best, number) => (best === null || discCounts[number] > discCounts[best] ? number : best), null);
  let [best, least] = [discCursor, Infinity];
  for (const number of folded) {
    const [x, y] = [discs[number].x - discs[discCursor].x, discs[number].y - discs[discCursor].y];
    const ahead = x * across + y * down;
    const aside = Math.abs(x * down) + Math.abs(y * across);
    if (ahead > 0 && aside <= ahead && ahead + 2 * aside < least) [best, least] = [number, ahead + 2 * aside];
  }
  return best;
}

function discKey(event) {
  if (!overview || unfolded.size || view.focus || event.ctrlKey || event.metaKey || event.altKey) return false;
  if (ARROWS[event.key]) {
    discCursor = stepDiscs(ARROWS[event.key]);
    if (discCursor !== null) document.getElementById("said").textContent = discName(discCursor);
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
function drawBar() {
  if (!overview) return;
  const outside = discs.findIndex((disc) => disc.outside);
  const communities = discCounts.filter((count, one) => count && one !== outside).length;
  const parts = { nodes: counted(shownNodes()), communities: counted(communities) };
  const apart = outside >= 0 && discCounts[outside] ? filled(words().overview_outside, { count: counted(discCounts[outside]) }) : "";
  const shown = [...unfolded].reduce((sum, one) => sum + discCounts[one], 0);
  const sentence = filled(words().overview, parts) + apart + (unfolded.size ? filled(words().overview_open, { count: counted(unfolded.size), nodes: counted(shown) }) : words().overview_closed);
  bar.querySelector("p").textContent = sentence;
  bar.querySelector("summary").textContent = words().communities;
  const back = bar.querySelector("button");
  back.textContent = words().to_overview;
  back.hidden = !unfolded.size;
  const order = discs.map((_, one) => one).filter((one) => discCounts[one]).sort((a, b) => discCounts[b] - discCounts[a] || a - b);
  bar.querySelector("ul").replaceChildren(...order.map((one) => make("li", {}, make("button", {
    type: "button", class: "near", "data-disc": one, "aria-pressed": String(unfolded.has(one)), on: () => { (unfolded.has(one) ? closeDisc : openDisc)(one); bar.querySelector(`[data-disc="${one}"]`)?.focus(); },
  }, make("span", { class: "name", text: discs[one].outside ? words().outside : nameOf(discs[one].hub) }), make("span", { class: "count", text: counted(discCounts[one]) })))));
}

if (overview) {
  bar.hidden = false;
  bar.querySelector("button").addEventListener("click", backToOverview);
  box.addEventListener("pointermove", hoverDisc);
  box.addEventListener("pointerleave", hoverDisc);
  onChange(drawBar);
  inAddress({
    write(parts) { if (unfolded.size) parts.set("c", [...unfolded].sort((a, b) => a - b).join(".")); },
    read(parts) {
      const asked = (parts.get("c") ?? "").split(".").filter((text) => /^\d+$/.test(text)).map(Number).filter((number) => number < discs.length);
      unfolded.clear();
      for (const number of asked) unfolded.add(number);
      drawOpened();
    },
  });
  countDiscs();
}
