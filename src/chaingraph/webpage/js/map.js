// The map: what is drawn on vis-network's canvas. Nodes and labels are painted here, ties by vis-network.
const data = readData();
const { things, ties, legend } = data;
const root = document.documentElement;
const view = { language: data.language, selected: null, tie: null, cursor: null, hovered: null, fade: 0, near: new Set(), lit: [] };
// A map is wide; on an upright screen it lies on its side.
if (data.upright && innerHeight > 1.2 * innerWidth) {
  for (const node of data.nodes) [node.x, node.y] = [node.y, node.x];
  data.circles = data.circles.map(([x, y, radius]) => [y, x, radius]);
  for (const line of data.lines) line.points = line.points.map(([x, y]) => [y, x]);
  for (const disc of data.overview?.discs || []) [disc.x, disc.y] = [disc.y, disc.x];
}
const places = data.nodes.map((node) => ({ x: node.x, y: node.y, radius: node.size }));
// What filters and focus leave out. A tie of a hidden node is hidden too. filters.js alone writes them.
const hidden = new Uint8Array(things.length);
const tieHidden = new Uint8Array(data.edges.length);
const isShown = (index) => !hidden[index];
// What no community that is closed hides; see overview.js. Counts, tables and exports ask isShown instead.
const inClosed = new Uint8Array(things.length).fill(data.overview ? 1 : 0);
const isDrawn = (index) => !hidden[index] && (!inClosed[index] || index === view.selected || view.near.has(index));
const isTieShown = (number) => !tieHidden[number];
// Whoever shows a part of the page is told when something of what is shown changes: filters, language, selection, theme.
const watchers = [];
function onChange(watcher) { watchers.push(watcher); }
function changed() { for (const watcher of watchers) watcher(); }
// Whoever has a state that a link should reopen: write(parts) sets keys of an URLSearchParams, read(parts) takes them.
const keepers = [];
function inAddress(keeper) { keepers.push(keeper); }
// Esc closes the innermost thing: the first of these that was open.
const closers = [];
// One key for one deed, anywhere but where one types.
function onKey(key, action) {
  document.addEventListener("keydown", (event) => {
    if (event.key !== key || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
    event.preventDefault();
    action();
  });
}
const tiesOf = things.map(() => []);
data.edges.forEach((edge, number) => {
  tiesOf[edge.from].push(number);
  if (edge.to !== edge.from) tiesOf[edge.to].push(number);
});
const indexOf = new Map(things.map((thing, index) => [thing.id, index]));
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches || data.large;

// Outlines of equal area, one unit around the origin.
const OUTLINES = {
  circle: "M1 0A1 1 0 1 1-1 0A1 1 0 1 1 1 0Z",
  ring: "M1.1 0A1.1 1.1 0 1 1-1.1 0A1.1 1.1 0 1 1 1.1 0ZM.55 0A.55 .55 0 1 0-.55 0A.55 .55 0 1 0 .55 0Z",
  hexagon: polygon(6, 1.1, -Math.PI / 2),
  pentagon: polygon(5, 1.15, -Math.PI / 2),
  diamond: polygon(4, 1.25, -Math.PI / 2),
  square: polygon(4, 1.25, Math.PI / 4),
  triangle: polygon(3, 1.45, -Math.PI / 2),
  wedge: polygon(3, 1.45, Math.PI / 2),
  star: polygon(10, 1.5, -Math.PI / 2, 0.7),
  cross: "M-.42-1.15H.42V-.42H1.15V.42H.42V1.15H-.42V.42H-1.15V-.42H-.42Z",
};
const paths = Object.fromEntries(Object.entries(OUTLINES).map(([name, outline]) => [name, new Path2D(outline)]));
const shapes = (legend.classes.length ? legend.classes : legend.colours).map((entry) => entry.shape);

function polygon(corners, radius, turn, inner = radius) {
  const points = Array.from({ length: corners }, (_, corner) => {
    const angle = turn + (2 * Math.PI * corner) / corners;
    const reach = corner % 2 ? inner : radius;
    return `${(reach * Math.cos(angle)).toFixed(3)} ${(reach * Math.sin(angle)).toFixed(3)}`;
  });
  return `M${points.join("L")}Z`;
}

let theme;
function readTheme() {
  const style = getComputedStyle(root);
  const read = (name) => style.getPropertyValue(`--${name}`).trim();
  theme = Object.fromEntries(["paper", "sheet", "ink", "soft", "land", "coast", "tie", "strong", "ring", "accent", "sans", "serif"].map((name) => [name, read(name)]));
  theme.hues = legend.colours.map((entry) => read(`hue-${entry.hue < 0 ? "none" : entry.hue}`));
}
readTheme();

const nameOf = (index) => things[index].name[view.language === "zh" ? 0 : 1];
const languageIndex = () => (view.language === "zh" ? 0 : 1);

// ---- nodes
function paintNode(context, index, emphasis) {
  const { x, y, radius } = places[index];
  const thing = things[index];
  const scale = radius * (emphasis === "selected" ? 1.12 : 1);
  context.save();
  context.translate(x, y);
  if (emphasis === "selected" || emphasis === "cursor") {
    context.beginPath();
    context.arc(0, 0, scale * 1.1 + 7, 0, 2 * Math.PI);
    context.lineWidth = 3;
    context.strokeStyle = theme.accent;
    context.setLineDash(emphasis === "cursor" ? [5, 4] : []);
    context.stroke();
    context.setLineDash([]);
  }
  if (thing.leading) {
    context.beginPath();
    context.arc(0, 0, scale + 3.4, 0, 2 * Math.PI);
    context.fillStyle = theme.paper;
    context.fill();
    context.lineWidth = 1.6;
    context.strokeStyle = theme.ring;
    context.stroke();
  }
  context.scale(scale, scale);
  context.lineWidth = (emphasis === "hover" ? 4 : 2) / scale;
  context.strokeStyle = emphasis === "hover" ? theme.ring : theme.paper;
  context.lineJoin = "round";
  const path = paths[shapes[thing.class]];
  context.stroke(path);
  context.fillStyle = theme.hues[thing.colour];
  context.fill(path);
  context.restore();
}

function nodeShape({ ctx, id, x, y, state }) {
  const place = places[id];
  place.x = x;
  place.y = y;
  const reach = 2.4 * place.radius + 4;
  return {
    drawNode: () => paintNode(ctx, id, state.hover ? "hover" : ""),
    nodeDimensions: { width: reach, height: reach },
  };
}

// ---- what lies under and over the nodes
function paintLand(context) {
  if (view.focus) return;
  paintDiscTies(context);
  paintDiscs(context);
  context.lineWidth = 1.5;
  context.fillStyle = theme.land;
  context.strokeStyle = theme.coast;
  for (const [x, y, radius] of data.circles) {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
  }
  for (const line of data.lines) paintLine(context, line);
}

// A line, and beyond its last point a label of constant size on screen.
function paintLine(context, { points, label }) {
  const pixel = context.canvas.width / context.canvas.clientWidth / context.getTransform().a;
  context.lineWidth = 1.2 * pixel;
  context.strokeStyle = theme.coast;
  context.beginPath();
  points.forEach(([x, y], position) => (position ? context.lineTo(x, y) : context.moveTo(x, y)));
  context.stroke();
  if (!label) return;
  const [x, y] = points.at(-1);
  const [u, v] = points.at(-2) || [x, y + 1];
  const length = Math.hypot(x - u, y - v) || 1;
  const [across, down] = [(x - u) / length, (y - v) / length];
  context.font = `600 ${13 * pixel}px ${theme.sans}`;
  context.fillStyle = theme.soft;
  context.textAlign = across > 0.5 ? "left" : across < -0.5 ? "right" : "center";
  context.textBaseline = "middle";
  context.lineWidth = 4 * pixel;
  context.strokeStyle = theme.paper;
  context.strokeText(label[view.language], x + 6 * pixel * across, y + 12 * pixel * down);
  context.fillText(label[view.language], x + 6 * pixel * across, y + 12 * pixel * down);
}

const isFocusOnSelected = () => view.focus !== null && view.focus.centre === view.selected;

function paintFocus(context) {
  context.save();
  context.setTransform(1, 0, 0, 1, 0, 0);
  // Around the selected node there is nothing that would have to step back.
  context.globalAlpha = (isFocusOnSelected() ? 0.3 : 0.86) * view.fade;
  context.fillStyle = theme.paper;
  context.fillRect(0, 0, context.canvas.width, context.canvas.height);
  context.restore();
  context.globalAlpha = view.fade;
  for (const tie of view.lit) paintTie(context, tie);
  for (const index of view.near) if (!hidden[index]) paintNode(context, index, "");
  const ends = view.tie === null && view.path ? [view.path.from, view.path.to] : [];
  for (const index of view.selected === null ? ends : [view.selected]) if (!hidden[index]) paintNode(context, index, "selected");
  context.globalAlpha = 1;
}

// The same curve as vis-network's curvedCW and curvedCCW, so that the lit tie covers the pale one.
function bendOf(edge, from, to) {
  if (!edge.smooth) return { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
  const sign = edge.smooth.type === "curvedCW" ? 1 : -1;
  const half = 0.5 * sign * edge.smooth.roundness + 0.5;
  const across = to.x - from.x;
  const down = from.y - to.y;
  const angle = Math.atan2(down, across) + half * Math.PI;
  const reach = half * Math.hypot(across, down);
  return { x: from.x + reach * Math.sin(angle), y: from.y + reach * Math.cos(angle) };
}

function paintTie(context, number) {
  const edge = data.edges[number];
  const from = places[edge.from];
  const to = places[edge.to];
  if (tieHidden[number] || edge.from === edge.to) return;
  const bend = bendOf(edge, from, to);
  const width = (edge.width || 1) + 0.4;
  context.lineWidth = width;
  context.strokeStyle = context.fillStyle = theme.strong;
  context.beginPath();
  context.moveTo(from.x, from.y);
  context.quadraticCurveTo(bend.x, bend.y, to.x, to.y);
  context.stroke();
  if (!data.directed) return;
  const angle = Math.atan2(to.y - bend.y, to.x - bend.x);
  const reach = to.radius * 1.15 + (things[edge.to].leading ? 4 : 1);
  context.save();
  context.translate(to.x - reach * Math.cos(angle), to.y - reach * Math.sin(angle));
  context.rotate(angle);
  context.beginPath();
  context.moveTo(0, 0);
  context.lineTo(-8 - width, 3.4 + width / 2);
  context.lineTo(-8 - width, -3.4 - width / 2);
  context.fill();
  context.restore();
}

// ---- vis-network
// The wider the map, the thinner its ties in the whole view: there they need more colour to be seen.
const across = Math.max(1, ...["x", "y"].map((side) => places.reduce((most, place) => Math.max(most, place[side]), -Infinity) - places.reduce((least, place) => Math.min(least, place[side]), Infinity)));
const tieOpacity = Math.max(0.2, Math.min(0.62, (11 / Math.sqrt(data.edges.length + 1)) * Math.max(1, across / 1600)));
const withTheme = () => ({ edges: { color: { color: theme.tie, opacity: tieOpacity, inherit: false } } });
const nodes = new vis.DataSet(data.overview ? [] : data.nodes);
const edges = new vis.DataSet(data.overview ? [] : data.edges);
const box = document.getElementById("map");
const options = { ...data.options, ...withTheme() };
options.nodes = { ...data.options.nodes, ctxRenderer: nodeShape };
options.edges = { ...data.options.edges, ...withTheme().edges };
const network = new vis.Network(box, { nodes, edges }, options);

network.on("beforeDrawing", paintLand);
network.on("afterDrawing", (context) => {
  if (view.fade > 0) paintFocus(context);
  if (view.cursor !== null) paintNode(context, view.cursor, "cursor");
  if (view.hovered !== null && view.fade > 0) paintNode(context, view.hovered, "hover");
  paintLabels(context);
});
const surface = box.firstElementChild;
