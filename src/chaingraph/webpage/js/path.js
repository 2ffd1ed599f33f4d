// Paths: from one node to another by the fewest shown ties.
view.path = null;
view.pathStart = null;

function neighboursOnPath(index) {
  const byNeighbour = new Map();
  for (const number of tiesOf[index]) {
    if (tieHidden[number]) continue;
    const { source, target } = ties[number];
    const other = source === index ? target : source;
    const isForward = source === index || !data.directed || view.path.undirected;
    if (other === index || !isForward) continue;
    if (!byNeighbour.has(other)) byNeighbour.set(other, []);
    byNeighbour.get(other).push(number);
  }
  return [...byNeighbour].sort((a, b) => a[0] - b[0]);
}

// A region has many things in common that know nothing of each other: a path runs through it only where none avoids it.
const isBackground = (index) => legend.background?.includes(nodes[index].type);
function findPath() {
  searchPath(isBackground);
  const avoided = view.path.exists;
  if (!avoided) searchPath(() => false);
  view.path.background = !avoided && view.path.exists;
}

// Breadth-first search. Of several shortest paths the first by the order of nodes is shown, and they are counted.
function searchPath(isAvoided) {
  const { from, to } = view.path;
  const distance = new Map([[from, 0]]);
  const pathCount = new Map([[from, 1]]);
  const previous = new Map();
  let frontier = [from];
  while (frontier.length && !distance.has(to)) {
    const next = [];
    for (const index of frontier) {
      for (const [other, numbers] of neighboursOnPath(index)) {
        if (other !== to && isAvoided(other)) continue;
        if (!distance.has(other)) {
          distance.set(other, distance.get(index) + 1);
          previous.set(other, { index, numbers });
          pathCount.set(other, 0);
          next.push(other);
        }
        if (distance.get(other) === distance.get(index) + 1) pathCount.set(other, pathCount.get(other) + pathCount.get(index));
      }
    }
    frontier = next.sort((a, b) => a - b);
  }
  const steps = [];
  for (let index = to; previous.has(index); index = previous.get(index).index) steps.unshift({ to: index, from: previous.get(index).index, numbers: previous.get(index).numbers });
  Object.assign(view.path, { steps, count: pathCount.get(to) ?? 0, exists: distance.has(to) });
}

function startPath(from) {
  view.pathStart = from;
  notifyChange();
  search.focus();
}

function cancelPath() {
  view.pathStart = null;
  clearSearch();
  notifyChange();
  (panel.querySelector('[data-action="path_to"]') ?? surface).focus();
}

function completePath(to) {
  const from = view.pathStart;
  view.pathStart = null;
  if (to === from) return select(from);
  reveal(to);
  reveal(from);
  view.path = { from, to, undirected: data.undirected_paths };
  findPath();
  Object.assign(view, { selected: null, tie: null });
  showSelection();
  notifyChange();
  writeAddress();
  lookAt(pathNodes().filter(isShown), 1.5, true);
  panel.querySelector("h2").focus();
}

const pathNodes = () => [view.path.from, ...view.path.steps.map((step) => step.to), view.path.to];

function closePath() {
  view.path = null;
  showSelection();
  notifyChange();
  writeAddress();
}

function setUndirected(undirected) {
  view.path.undirected = undirected;
  findPath();
  showSelection();
  notifyChange();
  writeAddress();
  panel.querySelector("input")?.focus();
  lookAt(pathNodes().filter(isShown), 1.5, true);
}

function pathRow(step) {
  const buttons = step.numbers.map((number) => {
    const arrow = !data.directed ? "│" : ties[number].source === step.from ? "↓" : "↑";
    return element("button", { class: "step", type: "button", "data-tie": number, onclick: () => { selectTie(number); panel.querySelector("h2").focus(); } },
      element("span", { class: "arrow", "aria-hidden": "true", text: arrow }), element("span", { text: tieName(ties[number]) }));
  });
  return [element("li", { class: "between" }, ...buttons), element("li", {}, nodeButton(step.to))];
}

function directionSwitch(undirected) {
  const check = element("input", { type: "checkbox", ...(undirected ? { checked: "" } : {}) });
  check.addEventListener("change", () => setUndirected(check.checked));
  return element("label", { class: "switch" }, check, element("span", { text: words().ignore_direction }));
}

function pathSummary({ steps, count, exists, undirected, background }) {
  if (!exists) return words()[data.directed && !undirected ? "no_path_along" : "no_path"];
  return formatted(words().path_steps, { count: steps.length }) + (count > 1 ? formatted(words().path_ways, { count }) : "") + (background ? words().path_background : "");
}

function drawPathPanel() {
  const { from, to, steps, exists, undirected } = view.path;
  const summary = pathSummary(view.path);
  const rest = exists ? steps.flatMap(pathRow) : [element("li", { class: "between gap", text: "⋯" }), element("li", {}, nodeButton(to))];
  panel.replaceChildren(...[
    closeButton(closePath),
    element("div", { class: "kind", text: words().path }),
    panelHeading(`${nameOf(from)} → ${nameOf(to)}`),
    element("p", { class: "subtitle summary", text: summary }),
    data.directed && directionSwitch(undirected),
    element("section", {}, element("ol", { class: "path" }, element("li", {}, nodeButton(from)), ...rest)),
  ].filter(Boolean));
  announce(`${nameOf(from)} → ${nameOf(to)}: ${summary}`);
}

registerAddressPart({
  write(parameters) {
    if (!view.path) return;
    parameters.append("path", nodes[view.path.from].id);
    parameters.append("path", nodes[view.path.to].id);
    if (view.path.undirected !== data.undirected_paths) parameters.set("direction", view.path.undirected ? "ignored" : "along");
  },
  read(parameters) {
    const [from, to] = parameters.getAll("path").map((id) => indexOf.get(id));
    const undirected = parameters.has("direction") ? parameters.get("direction") === "ignored" : data.undirected_paths;
    view.path = from === undefined || to === undefined || from === to ? null : { from, to, undirected };
  },
});
