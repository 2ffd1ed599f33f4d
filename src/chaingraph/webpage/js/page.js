// What the reader does: select, move, switch the language, follow a link. It runs last and starts the page.
const tooltip = document.getElementById("tooltip");

// ---- selection
function select(index, { travel = false } = {}) {
  if (view.pathStart !== null) return completePath(index);
  reveal(index);
  openDiscOf(index);
  Object.assign(view, { selected: index, tie: null, cursor: null });
  showSelection();
  announce(formatted(words().selected, { name: nameOf(index), count: view.highlighted.size }));
  notifyChange();
  writeAddress();
  if (travel) lookAt([index, ...view.highlighted].filter(isShown), 1.5, true);
  else if (!isInView(index)) lookAt([index], network.getScale(), true);
}

function goTo(index) {
  select(index, { travel: true });
  panel.querySelector("h2").focus();
}

function selectTie(number) {
  Object.assign(view, { selected: null, tie: number, cursor: null });
  showSelection();
  notifyChange();
  writeAddress();
}

// The nodes and ties that the map highlights: around a node, else of a tie, else of a path.
function updateHighlight() {
  const { selected, tie, path } = view;
  if (selected !== null) view.highlightedTies = tiesOf[selected].filter(isTieShown);
  else view.highlightedTies = tie !== null ? [tie] : path.steps.flatMap((step) => step.numbers);
  const highlighted = new Set(selected === null && tie === null ? pathNodes() : []);
  for (const number of view.highlightedTies) highlighted.add(ties[number].source).add(ties[number].target);
  highlighted.delete(selected);
  view.highlighted = highlighted;
}

// What the panel shows: a node, else a tie, else a path. It is drawn anew only for another one.
let panelKey = "";
function showSelection() {
  const { selected, tie, path, focus } = view;
  if (selected === null && tie === null && path === null) {
    if (panel.contains(document.activeElement)) surface.focus();
    panel.hidden = true;
    panelKey = "";
    return fadeTo(0);
  }
  updateHighlight();
  const key = JSON.stringify([selected, tie, path, focus && [focus.centre, focus.steps], view.language]);
  if (key !== panelKey) {
    panelKey = key;
    if (selected !== null) drawNodePanel(selected);
    else if (tie !== null) drawTiePanel(tie);
    else drawPathPanel();
    panel.hidden = false;
    panel.scrollTop = 0;
    hideTooltip();
  }
  fadeTo(1);
}

function clearSelection() {
  if (view.selected === null && view.tie === null) return void (view.path && closePath());
  Object.assign(view, { selected: null, tie: null });
  showSelection();
  notifyChange();
  writeAddress();
}

escapeActions.push(
  () => view.pathStart !== null && (cancelPath(), true),
  () => (view.selected !== null || view.tie !== null || view.path !== null) && (clearSelection(), true),
  () => view.focus !== null && (leaveFocus(), writeAddress(), true),
  backToOverview,
);

// ---- pointer
function hideTooltip() { tooltip.hidden = true; }

function showTooltip(lines, { x, y }) {
  tooltip.replaceChildren(element("span", { class: "name", text: lines[0] }), ...lines.slice(1).filter(Boolean).map((text) => element("small", { text })));
  tooltip.hidden = false;
  tooltip.style.left = `${Math.max(4, Math.min(x + 14, mapBox.clientWidth - tooltip.offsetWidth - 8))}px`;
  tooltip.style.top = `${Math.max(4, Math.min(y + 14, mapBox.clientHeight - tooltip.offsetHeight - 8))}px`;
}

network.on("click", (event) => {
  if (event.nodes.length) select(event.nodes[0]);
  else if (clickDisc(event.pointer.canvas)) return;
  else if (event.edges.length) selectTie(event.edges[0]);
  else if (view.pathStart === null) clearSelection();
});
network.on("hoverNode", (event) => {
  view.hovered = event.node;
  surface.style.cursor = "pointer";
  showTooltip([nameOf(event.node), classLine(event.node)], event.pointer.DOM);
});
network.on("blurNode", () => { view.hovered = null; surface.style.cursor = ""; hideTooltip(); });
network.on("hoverEdge", (event) => {
  const tie = ties[event.edge];
  surface.style.cursor = "pointer";
  showTooltip([tieName(tie), `${nameOf(tie.source)} ${data.directed ? "→" : "—"} ${nameOf(tie.target)}`, tie.attributes.map(attributeText).join(" · ")], event.pointer.DOM);
});
network.on("blurEdge", () => { surface.style.cursor = ""; hideTooltip(); });
network.on("dragStart", hideTooltip);
network.on("zoom", hideTooltip);

// ---- keyboard
function nextNode(direction) {
  const start = view.cursor ?? view.selected;
  if (start === null) return byImportance.find(isDrawn) ?? null;
  return nearestInDirection(places, start, allIndices.filter(isDrawn), direction);
}

surface.tabIndex = 0;
surface.setAttribute("role", "application");
surface.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || handleDiscKey(event)) return;
  if (ARROWS[event.key]) {
    view.cursor = nextNode(ARROWS[event.key]);
    if (view.cursor === null) return;
    announce(`${nameOf(view.cursor)}, ${classLine(view.cursor)}`);
    if (!isInView(view.cursor)) lookAt([view.cursor], network.getScale(), true);
    network.redraw();
  } else if (event.key === "Enter" && view.cursor !== null) select(view.cursor);
  else if (event.key === "Enter" && !panel.hidden) panel.querySelector("h2").focus();
  else if (event.key === "+" || event.key === "=") zoomBy(1.3);
  else if (event.key === "-") zoomBy(1 / 1.3);
  else if (event.key === "0") {
    showWhole(true);
    notifyChange();
  }
  else return;
  event.preventDefault();
});
surface.addEventListener("blur", () => { if (view.cursor !== null) { view.cursor = null; network.redraw(); } });
document.getElementById("zoom-in").addEventListener("click", () => zoomBy(1.4));
document.getElementById("zoom-out").addEventListener("click", () => zoomBy(1 / 1.4));
document.getElementById("zoom-whole").addEventListener("click", () => { showWhole(true); notifyChange(); });
document.getElementById("show-all").addEventListener("click", () => { showAll(); document.querySelector("#keys button")?.focus(); });

// ---- where one is: around a node, or choosing the end of a path
function statusParts() {
  const button = (action, text, onclick, pressed) => element("button", { type: "button", "data-action": action, text, onclick, ...(pressed === undefined ? {} : { "aria-pressed": String(pressed) }) });
  if (view.pathStart !== null) {
    return [element("span", { text: formatted(words().pick, { name: nameOf(view.pathStart) }) }), button("cancel", words().cancel, cancelPath)];
  }
  if (!view.focus) return [];
  const { centre, steps, members, omitted } = view.focus;
  const text = formatted(words().around, { name: nameOf(centre), count: countText(members.size - 1) }) + (omitted ? formatted(words().left_out, { count: countText(omitted) }) : "");
  return [
    element("span", { text }),
    ...[1, 2].map((one) => button(`steps-${one}`, words()[`steps_${one}`], () => enterFocus(centre, one), steps === one)),
    button("back", words().back, leaveFocus),
  ];
}

function drawStatus() {
  const status = document.getElementById("status");
  const action = status.contains(document.activeElement) ? document.activeElement.dataset.action : null;
  const parts = statusParts();
  status.replaceChildren(...parts);
  status.hidden = !parts.length;
  root.toggleAttribute("data-choosing", view.pathStart !== null);
  if (action) (status.querySelector(`[data-action="${action}"]`) ?? surface).focus();
}

// ---- language
function setLanguage(language) {
  applyLanguage(language);
  for (const button of document.querySelectorAll("#zoom button")) button.title = words()[button.dataset.label];
  surface.setAttribute("aria-label", words().map);
  drawFilters();
  updateMatches();
  showSelection();
}

// ---- address
registerAddressPart({
  write(parameters) { if (view.tie !== null) parameters.set("tie", view.tie); },
  read() {},
});

// Shows what the parameters of an address say. A step looks at all of the map where it has no camera and no selection.
function applyState(parameters, isStep = false) {
  readAddressParts(parameters);
  const index = indexOf.get(parameters.get("n")) ?? null;
  const number = parameters.get("tie") ?? "";
  const tie = index === null && /^\d+$/.test(number) && ties[number] ? Number(number) : null;
  const isNew = isStep || index !== view.selected;
  Object.assign(view, { selected: index, tie, pathStart: null });
  applyFilters();
  if (index !== null && isNew) select(index, { travel: true });
  else if (view.path && index === null && tie === null) lookAt(pathNodes().filter(isShown), 1.5, true);
  else if (isStep) showWhole(true);
  // After the change of places that a focus leaves for the end of the turn.
  queueMicrotask(() => {
    const camera = cameraOf(parameters);
    if (!camera) return;
    view.camera = true;
    network.moveTo({ ...camera, animation: isStep && !isStill() ? { duration: 420, easingFunction: "easeInOutCubic" } : false });
  });
}
const readAddress = () => applyState(addressState());

// ---- start
onChange(updateFilters);
if (innerWidth <= 640) document.getElementById("legend").open = false;
// Before the camera: the height of the heading depends on its language.
setLanguage(addressLanguage(new URLSearchParams(location.hash.slice(1))));
showWhole(false);
network.once("afterDrawing", markReady);
if (location.hash.length > 1) withoutWriting(readAddress);
else if (story.steps.length) showStep(0);
else applyFilters();
followAddress(readAddress);
window.chaingraph = Object.freeze({ data, network, nodes: nodeItems, edges: tieItems, indexOf: (id) => indexOf.get(id), isShown, isTieShown, places });
