// What the reader does: select, move, switch the language, follow a link.
const panel = document.getElementById("panel");
const tip = document.getElementById("tip");
// ---- selection
function select(index, how = {}) {
  if (view.picking !== null) return pick(index);
  reveal(index);
  openHome(index);
  Object.assign(view, { selected: index, tie: null, cursor: null });
  showSelection();
  document.getElementById("said").textContent = filled(words().selected, { name: nameOf(index), count: view.near.size });
  changed();
  writeHash();
  if (how.travel) lookAt([index, ...view.near].filter(isShown), 1.5, true);
  else if (!isInView(index)) lookAt([index], network.getScale(), true);
}

function go(index) {
  select(index, { travel: true });
  panel.querySelector("h2").focus();
}

function selectTie(number) {
  Object.assign(view, { selected: null, tie: number, cursor: null });
  showSelection();
  changed();
  writeHash();
}

// What the panel shows and the map lights: a node, else a tie, else a path. The panel is drawn anew only for another one.
let drawn = "";
function showSelection() {
  const { selected, tie, path, focus } = view;
  const open = selected !== null || tie !== null || path !== null;
  if (!open) {
    if (panel.contains(document.activeElement)) surface.focus();
    panel.hidden = true;
    drawn = "";
    return fadeTo(0);
  }
  const near = new Set();
  if (selected !== null) view.lit = tiesOf[selected].filter(isTieShown);
  else view.lit = tie !== null ? [tie] : path.steps.flatMap((step) => step.numbers);
  if (selected === null && tie === null) for (const index of pathNodes()) near.add(index);
  for (const number of view.lit) near.add(data.edges[number].from).add(data.edges[number].to);
  near.delete(selected);
  view.near = near;
  const now = JSON.stringify([selected, tie, path, focus && [focus.centre, focus.steps], view.language]);
  if (now !== drawn) {
    drawn = now;
    if (selected !== null) drawNodePanel(selected);
    else if (tie !== null) drawTiePanel(tie);
    else drawPathPanel();
    panel.hidden = false;
    panel.scrollTop = 0;
    hideTip();
  }
  fadeTo(1);
}

function clear() {
  if (view.selected === null && view.tie === null) return void (view.path && endPath());
  Object.assign(view, { selected: null, tie: null });
  showSelection();
  changed();
  writeHash();
}

closers.push(
  () => view.picking !== null && (stopPicking(), true),
  () => (view.selected !== null || view.tie !== null || view.path !== null) && (clear(), true),
  () => view.focus !== null && (leaveFocus(), writeHash(), true),
  backToOverview,
);

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
  else if (openAt(event.pointer.canvas)) return;
  else if (event.edges.length) selectTie(event.edges[0]);
  else if (view.picking === null) clear();
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
  if (start === null) return byImportance.find(isDrawn) ?? null;
  let best = null;
  let least = Infinity;
  places.forEach((place, index) => {
    const x = place.x - places[start].x;
    const y = place.y - places[start].y;
    const ahead = x * across + y * down;
    const aside = Math.abs(x * down) + Math.abs(y * across);
    if (!isDrawn(index) || ahead <= 0 || aside > ahead) return;
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
  if (event.ctrlKey || event.metaKey || event.altKey || discKey(event)) return;
  if (ARROWS[event.key]) {
    view.cursor = step(ARROWS[event.key]);
    if (view.cursor === null) return;
    document.getElementById("said").textContent = `${nameOf(view.cursor)}, ${classLine(view.cursor)}`;
    if (!isInView(view.cursor)) lookAt([view.cursor], network.getScale(), true);
    network.redraw();
  } else if (event.key === "Enter" && view.cursor !== null) select(view.cursor);
  else if (event.key === "Enter" && !panel.hidden) panel.querySelector("h2").focus();
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
  } else if (event.key === "Escape") closers.some((close) => close());
});
document.getElementById("in").addEventListener("click", () => zoomBy(1.4));
document.getElementById("out").addEventListener("click", () => zoomBy(1 / 1.4));
document.getElementById("whole").addEventListener("click", () => showWhole(true));
document.getElementById("language").addEventListener("click", () => { speak(view.language === "zh" ? "en" : "zh"); changed(); writeHash(); });

document.getElementById("everything").addEventListener("click", () => { showEverything(); document.querySelector("#keys button")?.focus(); });

// ---- language
function speak(language) {
  view.language = language;
  root.lang = language === "zh" ? "zh-CN" : "en";
  root.dataset.language = language;
  document.title = data.titles[language];
  for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", words()[element.dataset.label]);
  for (const button of document.querySelectorAll("#zoom button")) button.title = words()[button.dataset.label];
  search.placeholder = words().search;
  surface.setAttribute("aria-label", words().map);
  drawFilters();
  look();
  showSelection();
}

// ---- address
let reading = false;
let writing = 0;
let written = location.hash;
inAddress({
  write(parts) {
    if (view.selected !== null) parts.set("n", things[view.selected].id);
    if (view.tie !== null) parts.set("tie", view.tie);
    if (view.language !== data.language) parts.set("lang", view.language);
  },
  read(parts) {
    const language = ["zh", "en"].includes(parts.get("lang")) ? parts.get("lang") : data.language;
    if (language !== view.language) speak(language);
  },
});

function writeHash() {
  clearTimeout(writing);
  if (reading) return;
  const parts = new URLSearchParams();
  for (const keeper of keepers) keeper.write(parts);
  // Assigning the hash works where history.replaceState throws: in the sandboxed frame of a notebook.
  if (parts.toString() !== location.hash.slice(1)) location.hash = parts.toString();
  written = location.hash;
}

function readHash() {
  const parts = new URLSearchParams(location.hash.slice(1));
  reading = true;
  for (const keeper of keepers) keeper.read(parts);
  const index = indexOf.get(parts.get("n")) ?? null;
  const tie = index === null && /^\d+$/.test(parts.get("tie") ?? "") && data.edges[parts.get("tie")] ? Number(parts.get("tie")) : null;
  const travel = index !== view.selected;
  Object.assign(view, { selected: index, tie, picking: null });
  applyFilters();
  if (index !== null && travel) select(index, { travel: true });
  else if (view.path && index === null && tie === null) lookAt(pathNodes().filter(isShown), 1.5, true);
  reading = false;
}

// ---- start
keepers.unshift(keepers.pop());
onChange(refresh);
// A handle that is drawn along would write a hundred addresses.
onChange(() => { clearTimeout(writing); writing = setTimeout(writeHash, 250); });
if (innerWidth <= 640) document.getElementById("legend").open = false;
speak(view.language);
showWhole(false);
network.once("afterDrawing", () => {
  performance.mark("chaingraph-first-frame");
  root.dataset.ready = "true";
});
if (location.hash.length > 1) readHash();
else applyFilters();
// The page's own addresses come back as events, when the reader may be further already.
addEventListener("hashchange", () => {
  if (location.hash === written) return;
  written = location.hash;
  readHash();
});
window.chaingraph = Object.freeze({ data, network, nodes, edges, indexOf: (id) => indexOf.get(id), isShown, isTieShown, places });
