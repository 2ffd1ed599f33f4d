// What the reader does: select, search, hide, switch the language, follow a link.
const panel = document.getElementById("panel");
const search = document.getElementById("search");
const found = document.getElementById("found");
const tip = document.getElementById("tip");
const surface = box.firstElementChild;
const tiesOf = things.map(() => []);
data.edges.forEach((edge, number) => {
  tiesOf[edge.from].push(number);
  if (edge.to !== edge.from) tiesOf[edge.to].push(number);
});
const indexOf = new Map(things.map((thing, index) => [thing.id, index]));
const off = { class: new Set(), colour: new Set() };

// ---- selection
function select(index, how = {}) {
  if (index === null) return clear();
  show("class", things[index].class);
  show("colour", things[index].colour);
  Object.assign(view, { selected: index, tie: null, lit: tiesOf[index], near: new Set() });
  for (const number of tiesOf[index]) {
    view.near.add(data.edges[number].from);
    view.near.add(data.edges[number].to);
  }
  view.near.delete(index);
  drawNodePanel(index, (other) => { select(other, { travel: true }); panel.querySelector("h2").focus(); }, close);
  opened(how);
  document.getElementById("said").textContent = filled(words().selected, { name: nameOf(index), count: view.near.size });
  if (how.travel) lookAt([index, ...view.near].filter((one) => !hidden[one]), 1.5, true);
  else if (!isInView(index)) lookAt([index], network.getScale(), true);
}

function selectTie(number) {
  const { from, to } = data.edges[number];
  Object.assign(view, { selected: null, tie: number, lit: [number], near: new Set([from, to]) });
  drawTiePanel(number, (other) => select(other, { travel: true }), close);
  opened({});
}

function opened(how) {
  view.cursor = null;
  panel.hidden = false;
  panel.scrollTop = 0;
  hideTip();
  fadeTo(1);
  if (!how.fromHash) writeHash();
}

function clear(how = {}) {
  if (panel.contains(document.activeElement)) surface.focus();
  Object.assign(view, { selected: null, tie: null });
  panel.hidden = true;
  fadeTo(0);
  if (!how.fromHash) writeHash();
}
const close = () => clear();

// ---- classes on and off
function toggle(kind, number) {
  if (!off[kind].delete(number)) off[kind].add(number);
  applyHidden();
}

function show(kind, number) {
  if (!legend.by) kind = "class";
  if (!off[kind].delete(number)) return;
  applyHidden();
  drawLegend(toggle, (which, entry) => off[which].has(entry));
}

function applyHidden() {
  const changed = [];
  things.forEach((thing, index) => {
    const now = off.class.has(thing.class) || off.colour.has(thing.colour) ? 1 : 0;
    if (now !== hidden[index]) changed.push({ id: index, hidden: Boolean(now) });
    hidden[index] = now;
  });
  // vis-network leaves out the ties of a hidden node by itself.
  nodes.update(changed);
  if (view.selected !== null && hidden[view.selected]) clear();
  else network.redraw();
}

// ---- search
const folded = (text) => text.normalize("NFKC").toLowerCase();
const haystack = things.map((thing) => [...new Set([...thing.name, thing.id])].map(folded));
let matches = [];
let active = -1;

function rank(index, needle) {
  const texts = haystack[index];
  if (texts.some((text) => text === needle)) return 0;
  if (texts.some((text) => text.startsWith(needle))) return 1;
  return texts.slice(0, 2).some((text) => text.includes(needle)) ? 2 : 3;
}

function look() {
  const needle = folded(search.value.trim());
  matches = needle ? byImportance.filter((index) => haystack[index].some((text) => text.includes(needle))) : [];
  const count = matches.length;
  const ranks = new Map(matches.map((index) => [index, rank(index, needle)]));
  matches = matches.sort((a, b) => ranks.get(a) - ranks.get(b)).slice(0, 12);
  active = matches.length ? 0 : -1;
  found.replaceChildren(...matches.map((index, position) => {
    const other = things[index].name[1 - languageIndex()];
    const second = other === nameOf(index) ? classLine(index) : `${other} · ${classLine(index)}`;
    const option = make("li", { id: `found-${position}`, role: "option", "data-node": index }, markOf(index), make("span", {}, make("span", { class: "name", text: nameOf(index) }), make("small", { text: second })));
    option.addEventListener("pointerdown", (event) => { event.preventDefault(); choose(position); });
    return option;
  }));
  if (needle && !count) found.append(make("li", { class: "none", role: "option", "aria-disabled": "true", text: words().none }));
  found.hidden = !needle;
  search.setAttribute("aria-expanded", String(Boolean(needle)));
  if (needle) document.getElementById("said").textContent = count ? filled(words().found, { count }) : words().none;
  point();
}

function point() {
  [...found.children].forEach((option, position) => option.setAttribute("aria-selected", String(position === active)));
  if (active < 0) return search.removeAttribute("aria-activedescendant");
  search.setAttribute("aria-activedescendant", `found-${active}`);
  found.children[active].scrollIntoView({ block: "nearest" });
}

function choose(position) {
  const index = matches[position];
  if (index === undefined) return;
  endSearch();
  select(index, { travel: true });
}

function endSearch() {
  search.value = "";
  look();
  search.blur();
}

search.addEventListener("input", look);
search.addEventListener("blur", () => { found.hidden = true; search.setAttribute("aria-expanded", "false"); });
search.addEventListener("focus", () => { if (search.value) look(); });
search.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (event.key === "Enter") choose(active);
  else if (event.key === "Escape") endSearch();
  else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && matches.length) {
    active = (active + (event.key === "ArrowDown" ? 1 : -1) + matches.length) % matches.length;
    point();
  } else return;
  event.preventDefault();
  event.stopPropagation();
});

// ---- pointer
function hideTip() { tip.hidden = true; }

function showTip(lines, at) {
  tip.replaceChildren(make("span", { class: "name", text: lines[0] }), ...lines.slice(1).filter(Boolean).map((text) => make("small", { text })));
  tip.hidden = false;
  tip.style.left = `${Math.max(4, Math.min(at.x + 14, box.clientWidth - tip.offsetWidth - 8))}px`;
  tip.style.top = `${Math.max(4, Math.min(at.y + 14, box.clientHeight - tip.offsetHeight - 8))}px`;
}

network.on("click", (event) => {
  if (event.nodes.length) select(event.nodes[0]);
  else if (event.edges.length) selectTie(event.edges[0]);
  else clear();
});
network.on("hoverNode", (event) => {
  view.hovered = event.node;
  surface.style.cursor = "pointer";
  showTip([nameOf(event.node), classLine(event.node)], event.pointer.DOM);
});
network.on("blurNode", () => { view.hovered = null; surface.style.cursor = ""; hideTip(); });
network.on("hoverEdge", (event) => {
  const tie = ties[event.edge];
  const { from, to } = data.edges[event.edge];
  const counts = (tie.facts || []).map((fact) => `${attributeName(fact[0])} ${shown(fact)}`).join(" · ");
  surface.style.cursor = "pointer";
  showTip([relationName(tie) || words().tied, `${nameOf(from)} ${data.directed ? "→" : "—"} ${nameOf(to)}`, counts], event.pointer.DOM);
});
network.on("blurEdge", () => { surface.style.cursor = ""; hideTip(); });
network.on("dragStart", hideTip);
network.on("zoom", hideTip);

// ---- keyboard
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function step([across, down]) {
  const start = view.cursor ?? view.selected;
  if (start === null) return byImportance.find((index) => !hidden[index]) ?? null;
  let best = null;
  let least = Infinity;
  places.forEach((place, index) => {
    const x = place.x - places[start].x;
    const y = place.y - places[start].y;
    const ahead = x * across + y * down;
    const aside = Math.abs(x * down) + Math.abs(y * across);
    if (hidden[index] || ahead <= 0 || aside > ahead) return;
    if (ahead + 2 * aside < least) [best, least] = [index, ahead + 2 * aside];
  });
  return best ?? start;
}

function zoomBy(factor) {
  network.moveTo({ scale: Math.min(6, Math.max(0.03, network.getScale() * factor)), animation: calm ? false : { duration: 180, easingFunction: "easeInOutQuad" } });
}

surface.tabIndex = 0;
surface.setAttribute("role", "application");
surface.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (ARROWS[event.key]) {
    view.cursor = step(ARROWS[event.key]);
    if (view.cursor === null) return;
    document.getElementById("said").textContent = `${nameOf(view.cursor)}, ${classLine(view.cursor)}`;
    if (!isInView(view.cursor)) lookAt([view.cursor], network.getScale(), true);
    network.redraw();
  } else if (event.key === "Enter" && view.cursor !== null) select(view.cursor);
  else if (event.key === "+" || event.key === "=") zoomBy(1.3);
  else if (event.key === "-") zoomBy(1 / 1.3);
  else if (event.key === "0") showWhole(true);
  else return;
  event.preventDefault();
});
surface.addEventListener("blur", () => { if (view.cursor !== null) { view.cursor = null; network.redraw(); } });
document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/" && document.activeElement !== search) {
    search.focus();
    event.preventDefault();
  } else if (event.key === "Escape" && (view.selected !== null || view.tie !== null)) clear();
});
document.getElementById("in").addEventListener("click", () => zoomBy(1.4));
document.getElementById("out").addEventListener("click", () => zoomBy(1 / 1.4));
document.getElementById("whole").addEventListener("click", () => showWhole(true));
document.getElementById("language").addEventListener("click", () => { speak(view.language === "zh" ? "en" : "zh"); writeHash(); });

// ---- language and address
function speak(language) {
  view.language = language;
  root.lang = language === "zh" ? "zh-CN" : "en";
  root.dataset.language = language;
  document.title = data.titles[language];
  for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", words()[element.dataset.label]);
  for (const button of document.querySelectorAll("#zoom button")) button.title = words()[button.dataset.label];
  search.placeholder = words().search;
  surface.setAttribute("aria-label", words().map);
  drawLegend(toggle, (kind, number) => off[kind].has(number));
  look();
  if (view.selected !== null) select(view.selected, { fromHash: true });
  else if (view.tie !== null) selectTie(view.tie);
  network.redraw();
}

function writeHash() {
  const parts = new URLSearchParams();
  if (view.selected !== null) parts.set("n", things[view.selected].id);
  if (view.language !== data.language) parts.set("lang", view.language);
  // Assigning the hash works where history.replaceState throws: in the sandboxed frame of a notebook.
  if (parts.toString() !== location.hash.slice(1)) location.hash = parts.toString();
}

function readHash() {
  const parts = new URLSearchParams(location.hash.slice(1));
  const language = ["zh", "en"].includes(parts.get("lang")) ? parts.get("lang") : data.language;
  if (language !== view.language) speak(language);
  const index = indexOf.get(parts.get("n")) ?? null;
  if (index === view.selected) return;
  if (index === null) clear({ fromHash: true });
  else select(index, { fromHash: true, travel: true });
}

// ---- start
if (innerWidth <= 640) document.getElementById("legend").open = false;
speak(view.language);
showWhole(false);
network.once("afterDrawing", () => {
  performance.mark("chaingraph-first-frame");
  root.dataset.ready = "true";
});
readHash();
addEventListener("hashchange", readHash);
window.chaingraph = Object.freeze({ network, nodes, edges, indexOf: (id) => indexOf.get(id) });
