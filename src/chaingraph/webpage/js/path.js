// From one node to another by the fewest shown ties: the only place that finds paths and shows them.
view.path = null;
view.picking = null;

const goesBoth = () => !data.directed || view.path.loose;

function neighboursOn(index) {
  const found = new Map();
  for (const number of tiesOf[index]) {
    if (tieHidden[number]) continue;
    const { from, to } = data.edges[number];
    const other = from === index ? to : from;
    if (other === index || (from !== index && !goesBoth())) continue;
    if (!found.has(other)) found.set(other, []);
    found.get(other).push(number);
  }
  return [...found].sort((a, b) => a[0] - b[0]);
}

// Breadth first. Of several shortest paths the first by the order of nodes is shown, and their number is said.
function findPath() {
  const { from, to } = view.path;
  const distance = new Map([[from, 0]]);
  const ways = new Map([[from, 1]]);
  const before = new Map();
  let frontier = [from];
  while (frontier.length && !distance.has(to)) {
    const next = [];
    for (const index of frontier) {
      for (const [other, numbers] of neighboursOn(index)) {
        if (!distance.has(other)) {
          distance.set(other, distance.get(index) + 1);
          before.set(other, { index, numbers });
          ways.set(other, 0);
          next.push(other);
        }
        if (distance.get(other) === distance.get(index) + 1) ways.set(other, ways.get(other) + ways.get(index));
      }
    }
    frontier = next.sort((a, b) => a - b);
  }
  const steps = [];
  for (let index = to; before.has(index); index = before.get(index).index) steps.unshift({ to: index, from: before.get(index).index, numbers: before.get(index).numbers });
  Object.assign(view.path, { steps, ways: ways.get(to) ?? 0, found: distance.has(to) });
}

function startPath(from) {
  view.picking = from;
  changed();
  search.focus();
}

function stopPicking() {
  view.picking = null;
  endSearch();
  changed();
  (panel.querySelector('[data-act="path_to"]') ?? surface).focus();
}

function pick(to) {
  const from = view.picking;
  view.picking = null;
  if (to === from) return select(from);
  reveal(to);
  reveal(from);
  view.path = { from, to, loose: data.loose };
  findPath();
  Object.assign(view, { selected: null, tie: null });
  showSelection();
  changed();
  writeHash();
  lookAt(pathNodes().filter(isShown), 1.5, true);
  panel.querySelector("h2").focus();
}

const pathNodes = () => [view.path.from, ...view.path.steps.map((step) => step.to), view.path.to];

function endPath() {
  view.path = null;
  showSelection();
  changed();
  writeHash();
}

function setLoose(loose) {
  view.path.loose = loose;
  findPath();
  showSelection();
  changed();
  writeHash();
  panel.querySelector("input")?.focus();
  lookAt(pathNodes().filter(isShown), 1.5, true);
}

function pathRow(step) {
  const relation = step.numbers.map((number) => {
    const forth = data.edges[number].from === step.from;
    const name = relationName(ties[number]) || words().tied;
    return make("button", { class: "step", type: "button", "data-tie": number, on: () => { selectTie(number); panel.querySelector("h2").focus(); } },
      make("span", { class: "arrow", "aria-hidden": "true", text: !data.directed ? "│" : forth ? "↓" : "↑" }), make("span", { text: name }));
  });
  return [make("li", { class: "between" }, ...relation), make("li", {}, nearButton(step.to))];
}

const nearButton = (index) => make("button", { class: "near", type: "button", "data-node": index, on: () => go(index) }, markOf(index), make("span", { class: "name", text: nameOf(index) }));

function drawPathPanel() {
  const { from, to, steps, ways, found, loose } = view.path;
  const box = data.directed && make("label", { class: "switch" }, make("input", { type: "checkbox", ...(loose ? { checked: "" } : {}) }), make("span", { text: words().ignore_direction }));
  if (box) box.firstChild.addEventListener("change", (event) => setLoose(event.target.checked));
  const told = found ? filled(words().path_steps, { count: steps.length }) + (ways > 1 ? filled(words().path_ways, { count: ways }) : "") : words()[data.directed && !loose ? "no_path_along" : "no_path"];
  panel.replaceChildren(...[
    closeButton(endPath),
    make("div", { class: "kind", text: words().path }),
    make("h2", { class: "name", tabindex: "-1", text: `${nameOf(from)} → ${nameOf(to)}` }),
    make("p", { class: "also told", text: told }),
    box,
    make("section", {}, make("ol", { class: "path" }, make("li", {}, nearButton(from)), ...(found ? steps.flatMap(pathRow) : [make("li", { class: "between gap", text: "⋯" }), make("li", {}, nearButton(to))]))),
  ].filter(Boolean));
  document.getElementById("said").textContent = `${nameOf(from)} → ${nameOf(to)}: ${told}`;
}

inAddress({
  write(parts) {
    if (!view.path) return;
    parts.append("path", things[view.path.from].id);
    parts.append("path", things[view.path.to].id);
    if (view.path.loose !== data.loose) parts.set("any", view.path.loose ? "1" : "0");
  },
  read(parts) {
    const [from, to] = parts.getAll("path").map((id) => indexOf.get(id));
    view.path = from === undefined || to === undefined || from === to ? null : { from, to, loose: parts.has("any") ? parts.get("any") === "1" : data.loose };
  },
});
