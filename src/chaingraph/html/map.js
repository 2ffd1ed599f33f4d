// The map: what is drawn on vis-network's canvas. Nodes and labels are painted here, ties by vis-network.
const data = JSON.parse(document.getElementById("data").textContent);
const { things, ties, legend } = data;
const root = document.documentElement;
const view = { language: data.language, selected: null, tie: null, cursor: null, hovered: null, fade: 0, near: new Set(), lit: [] };
// A map is wide; on an upright screen it lies on its side.
if (innerHeight > 1.2 * innerWidth) {
  for (const node of data.nodes) [node.x, node.y] = [node.y, node.x];
  data.circles = data.circles.map(([x, y, radius]) => [y, x, radius]);
}
const places = data.nodes.map((node) => ({ x: node.x, y: node.y, radius: node.size }));
const hidden = new Uint8Array(things.length);
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
  theme = Object.fromEntries(["paper", "sheet", "ink", "soft", "land", "coast", "tie", "strong", "ring", "accent", "sans"].map((name) => [name, read(name)]));
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
  context.lineWidth = 1.5;
  context.fillStyle = theme.land;
  context.strokeStyle = theme.coast;
  for (const [x, y, radius] of data.circles) {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
  }
}

function paintFocus(context) {
  context.save();
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.globalAlpha = 0.86 * view.fade;
  context.fillStyle = theme.paper;
  context.fillRect(0, 0, context.canvas.width, context.canvas.height);
  context.restore();
  context.globalAlpha = view.fade;
  for (const tie of view.lit) paintTie(context, tie);
  for (const index of view.near) if (!hidden[index]) paintNode(context, index, "");
  if (view.selected !== null) paintNode(context, view.selected, "selected");
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
  if (hidden[edge.from] || hidden[edge.to] || edge.from === edge.to) return;
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

// ---- labels: the most important first, each only where it covers no other
const byImportance = things.map((_, index) => index).sort((a, b) => weightOf(b) - weightOf(a) || a - b);
const usual = places.length ? places.map((place) => place.radius).sort((a, b) => a - b)[places.length >> 1] : 0;
const widths = new Map();

function weightOf(index) {
  return places[index].radius + (things[index].leading ? 1 : 0);
}

function shortened(name, room) {
  let length = 0;
  let cut = 0;
  for (const sign of name) {
    length += sign.codePointAt(0) > 0x2e7f ? 2 : 1;
    if (length > room) return `${name.slice(0, cut)}…`;
    cut += sign.length;
  }
  return name;
}

function paintLabels(context) {
  const { a: scale, e: left, f: top } = context.getTransform();
  const ratio = context.canvas.width / context.canvas.clientWidth;
  const width = context.canvas.clientWidth;
  const height = context.canvas.clientHeight;
  const focus = view.fade > 0.5 && (view.selected !== null || view.tie !== null);
  const close = scale / ratio;
  const budget = Math.round(((width * height) / 20000) * Math.min(2.5, Math.max(0.6, close)));
  const crowd = crowdOnScreen(focus ? [view.selected, ...view.near].filter((index) => index !== null) : everyone, scale / ratio, left / ratio, top / ratio, width, height);
  const taken = [];
  const labels = [];
  const candidates = [...new Set([view.selected, view.cursor, view.hovered, ...(focus ? byImportance.filter((index) => view.near.has(index)) : byImportance)])];
  const hubs = Math.round((width * height) / 60000);
  let looked = 0;
  for (const index of candidates) {
    if (index === null || hidden[index]) continue;
    const must = index === view.selected || index === view.cursor || index === view.hovered;
    if (labels.length >= budget || looked > 900) break;
    const place = places[index];
    const x = (place.x * scale + left) / ratio;
    const y = (place.y * scale + top) / ratio;
    const reach = place.radius * close;
    if (x < -40 || y < -20 || x > width + 40 || y > height + 20) continue;
    looked += 1;
    const hub = must || focus || (looked <= hubs && place.radius > 1.3 * usual);
    if (!hub && reach < 6.5) continue;
    const size = Math.round(Math.min(15, 10.6 + reach / 6 + (index === view.selected ? 2 : 0)));
    const heavy = index === view.selected || reach > 11;
    const label = measured(context, index, size, heavy, focus ? 44 : 30);
    const spot = freeSpot(taken, label, x, y, reach + (index === view.selected ? 11 * close : 0) + (things[index].leading ? 5 : 3), crowd, hub, must);
    if (!spot) continue;
    taken.push(spot, [x - reach, y - reach, x + reach, y + reach]);
    labels.push({ ...label, x: (spot[0] + spot[2]) / 2, y: (spot[1] + spot[3]) / 2, must });
  }
  context.save();
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  for (const label of labels) {
    context.font = label.font;
    context.lineWidth = 3.6;
    context.strokeStyle = theme.paper;
    context.strokeText(label.name, label.x, label.y);
    context.fillStyle = theme.ink;
    context.fillText(label.name, label.x, label.y);
  }
  context.restore();
}

function measured(context, index, size, heavy, room) {
  const key = `${view.language}${index} ${size}${heavy}${room}`;
  if (!widths.has(key)) {
    const name = shortened(nameOf(index), room);
    const font = `${heavy ? 600 : 400} ${size}px ${theme.sans}`;
    context.font = font;
    widths.set(key, { name, font, size, width: context.measureText(name).width });
  }
  return widths.get(key);
}

// Which cells of 24 by 24 pixels hold nodes: a label of minor importance covers none.
const CELL = 24;
const everyone = things.map((_, index) => index);
function crowdOnScreen(indices, scale, left, top, width, height) {
  const cells = new Map();
  for (const index of indices) {
    if (hidden[index]) continue;
    const x = places[index].x * scale + left;
    const y = places[index].y * scale + top;
    if (x < 0 || y < 0 || x > width || y > height) continue;
    const key = Math.floor(x / CELL) * 4096 + Math.floor(y / CELL);
    if (!cells.has(key)) cells.set(key, []);
    cells.get(key).push([x, y, places[index].radius * scale]);
  }
  return cells;
}

// How much of the nodes a label at that spot would hide.
function covered(crowd, [west, north, east, south]) {
  let area = 0;
  for (let column = Math.floor(west / CELL) - 1; column <= Math.floor(east / CELL) + 1; column += 1) {
    for (let row = Math.floor(north / CELL) - 1; row <= Math.floor(south / CELL) + 1; row += 1) {
      for (const [x, y, reach] of crowd.get(column * 4096 + row) || []) {
        const across = Math.min(x + reach, east) - Math.max(x - reach, west);
        const down = Math.min(y + reach, south) - Math.max(y - reach, north);
        if (across > 0 && down > 0) area += across * down;
      }
    }
  }
  return area;
}

function freeSpot(taken, label, x, y, reach, crowd, hub, must) {
  const half = label.width / 2 + 2;
  const tall = label.size / 2 + 1;
  const spots = [[x, y + reach + tall], [x, y - reach - tall], [x + reach + half, y], [x - reach - half, y]]
    .map(([across, down]) => [across - half, down - tall, across + half, down + tall]);
  const free = spots.filter((spot) => taken.every((other) => spot[2] < other[0] || spot[0] > other[2] || spot[3] < other[1] || spot[1] > other[3]));
  let best = null;
  let least = hub ? Infinity : 1;
  for (const spot of free) {
    const area = covered(crowd, spot);
    if (area < least) [best, least] = [spot, area];
  }
  return best || (must ? spots[0] : null);
}

// ---- vis-network
const tieOpacity = Math.max(0.2, Math.min(0.62, 11 / Math.sqrt(data.edges.length + 1)));
const withTheme = () => ({ edges: { color: { color: theme.tie, opacity: tieOpacity, inherit: false } } });
const nodes = new vis.DataSet(data.nodes);
const edges = new vis.DataSet(data.edges);
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
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  readTheme();
  network.setOptions(withTheme());
  network.redraw();
});

// ---- camera
function freeArea() {
  const free = { left: 30, top: 20, right: 30, bottom: 30 };
  const panel = document.getElementById("panel");
  const sheet = innerWidth <= 640;
  if (!panel.hidden) free[sheet ? "bottom" : "right"] += sheet ? panel.offsetHeight : panel.offsetWidth + 14;
  if (!sheet) free.left += Math.min(document.getElementById("legend").offsetWidth, box.clientWidth / 5);
  if (!panel.hidden && !sheet) free.right += 40;
  return free;
}

function lookAt(indices, closest, animated) {
  if (!indices.length) return;
  const free = freeArea();
  const edge = (side, sign, pick) => pick(...indices.map((index) => places[index][side] + sign * (places[index].radius + 12)));
  const [west, east, north, south] = [edge("x", -1, Math.min), edge("x", 1, Math.max), edge("y", -1, Math.min), edge("y", 1, Math.max)];
  const width = Math.max(60, box.clientWidth - free.left - free.right);
  const height = Math.max(60, box.clientHeight - free.top - free.bottom);
  const scale = Math.min(closest, width / (east - west), height / (south - north));
  const position = {
    x: (west + east) / 2 + (free.right - free.left) / 2 / scale,
    y: (north + south) / 2 + (free.bottom - free.top) / 2 / scale,
  };
  network.moveTo({ position, scale, animation: animated && !calm ? { duration: 420, easingFunction: "easeInOutCubic" } : false });
}

function isInView(index) {
  const free = freeArea();
  const at = network.canvasToDOM(places[index]);
  return at.x > free.left && at.y > free.top && at.x < box.clientWidth - free.right && at.y < box.clientHeight - free.bottom;
}

function showWhole(animated) {
  const shown = [];
  for (let index = 0; index < things.length; index += 1) if (!hidden[index]) shown.push(index);
  lookAt(shown, 1.6, animated);
}

let fading = 0;
function fadeTo(target) {
  cancelAnimationFrame(fading);
  if (calm) view.fade = target;
  const step = () => {
    view.fade += Math.sign(target - view.fade) * Math.min(0.14, Math.abs(target - view.fade));
    if (target === 0 && view.fade === 0) view.near = new Set();
    network.redraw();
    if (view.fade !== target) fading = requestAnimationFrame(step);
  };
  step();
}
