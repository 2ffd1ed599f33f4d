// The map: what is drawn on vis-network's canvas. Nodes and labels are painted here, ties by vis-network.
// A map is wide; on an upright screen x and y change places.
const isUpright = innerHeight > 1.2 * innerWidth;
if ((drawing.swappable ?? true) && isUpright) {
  for (const item of drawing.nodes) [item.x, item.y] = [item.y, item.x];
  drawing.circles = drawing.circles.map(([x, y, radius]) => [y, x, radius]);
  for (const line of drawing.lines) line.points = line.points.map(([x, y]) => [y, x]);
  for (const disc of overview?.discs ?? []) [disc.x, disc.y] = [disc.y, disc.x];
}
const visNodes = drawing.nodes.map((item, id) => ({ id, ...item, ...(isFolded(id) ? { hidden: true } : {}) }));
const visEdges = drawing.edges.map((item, id) => ({ id, from: ties[id].source, to: ties[id].target, ...item }));
// A tie that says who leads is drawn stronger than one of a member.
const LEAD_WIDTH = 2.6;
const leadTies = visEdges.filter(({ id }) => ties[id].leads);
const leadColour = () => ({ color: theme.strong, opacity: 0.85, inherit: false });
for (const item of leadTies) Object.assign(item, { width: Math.max(LEAD_WIDTH, item.width ?? 1), color: leadColour() });
// vis-network takes whole units.
const wholeUnits = ({ x, y }) => ({ x: Math.trunc(x), y: Math.trunc(y) });
const places = drawing.nodes.map(({ x, y, size }) => ({ ...wholeUnits({ x, y }), radius: size }));

// ---- nodes
function paintNode(context, index, emphasis) {
  const { x, y, radius } = places[index];
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
  if (nodes[index].leading) {
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
  const path = paths[shapeOf(index)];
  context.stroke(path);
  context.fillStyle = theme.hues[nodes[index].colour];
  context.fill(path);
  context.restore();
}

function nodeRenderer({ ctx, id, x, y, state }) {
  const place = places[id];
  place.x = x;
  place.y = y;
  const extent = 2.4 * place.radius + 4;
  return {
    drawNode: () => paintNode(ctx, id, state.hover ? "hover" : ""),
    nodeDimensions: { width: extent, height: extent },
  };
}

// ---- what lies under and over the nodes
function paintBackground(context) {
  if (view.focus) return;
  paintDiscTies(context);
  paintDiscs(context);
  context.lineWidth = 1.5;
  context.fillStyle = theme.land;
  context.strokeStyle = theme.coast;
  for (const [x, y, radius] of drawing.circles) {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
  }
  lineLabels = [];
  for (const line of drawing.lines) paintLine(context, line);
}

// The boxes of the labels of lines on screen, in CSS pixels: names of nodes keep off them.
let lineLabels = [];

// A line, and beyond its last point a label of constant size on screen, where it covers no other.
function paintLine(context, { points, label, kind }) {
  const pixel = context.canvas.width / context.canvas.clientWidth / context.getTransform().a;
  context.lineWidth = (kind ? 0.9 : 1.2) * pixel;
  context.strokeStyle = kind ? theme.water : theme.coast;
  context.lineJoin = "round";
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
  const [labelX, labelY] = [x + 6 * pixel * across, y + 12 * pixel * down];
  const { scale, left, top } = screenOf(context);
  const width = context.measureText(label[view.language]).width;
  const start = { left: 0, right: -width, center: -width / 2 }[context.textAlign];
  const box = [(labelX + start) * scale + left, labelY * scale + top - 9, (labelX + start + width) * scale + left, labelY * scale + top + 9];
  if (lineLabels.some((other) => overlaps(box, other))) return;
  lineLabels.push(box);
  context.lineWidth = 4 * pixel;
  context.strokeStyle = theme.paper;
  context.strokeText(label[view.language], labelX, labelY);
  context.fillText(label[view.language], labelX, labelY);
}

const isFocusOnSelected = () => view.focus !== null && view.focus.centre === view.selected;

// The selection over a veil that lets the rest of the map step back.
function paintHighlight(context) {
  context.save();
  context.setTransform(1, 0, 0, 1, 0, 0);
  // Around the selected node of a focus there is nothing that would have to step back.
  context.globalAlpha = (isFocusOnSelected() ? 0.3 : 0.86) * view.fade;
  context.fillStyle = theme.paper;
  context.fillRect(0, 0, context.canvas.width, context.canvas.height);
  context.restore();
  context.globalAlpha = view.fade;
  for (const number of view.highlightedTies) paintTie(context, number);
  for (const index of view.highlighted) if (!hidden[index]) paintNode(context, index, "");
  const ends = view.tie === null && view.path ? [view.path.from, view.path.to] : [];
  for (const index of view.selected === null ? ends : [view.selected]) if (!hidden[index]) paintNode(context, index, "selected");
  context.globalAlpha = 1;
}

// The control point of the same curve as vis-network's curvedCW and curvedCCW, so that the bright tie covers the pale one.
function curveControl(curve, from, to) {
  if (!curve) return { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
  const sign = curve.type === "curvedCW" ? 1 : -1;
  const half = 0.5 * sign * curve.roundness + 0.5;
  const across = to.x - from.x;
  const down = from.y - to.y;
  const angle = Math.atan2(down, across) + half * Math.PI;
  const reach = half * Math.hypot(across, down);
  return { x: from.x + reach * Math.sin(angle), y: from.y + reach * Math.cos(angle) };
}

function paintTie(context, number) {
  const { source, target } = ties[number];
  if (tieHidden[number] || source === target) return;
  const [from, to] = [places[source], places[target]];
  const control = curveControl(visEdges[number].smooth, from, to);
  const width = (visEdges[number].width || 1) + 0.4;
  context.lineWidth = width;
  context.strokeStyle = context.fillStyle = theme.strong;
  context.beginPath();
  context.moveTo(from.x, from.y);
  context.quadraticCurveTo(control.x, control.y, to.x, to.y);
  context.stroke();
  if (!data.directed) return;
  const angle = Math.atan2(to.y - control.y, to.x - control.x);
  const reach = to.radius * 1.15 + (nodes[target].leading ? 4 : 1);
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
const extent = Math.max(1, ...["x", "y"].map((axis) => places.reduce((most, place) => Math.max(most, place[axis]), -Infinity) - places.reduce((least, place) => Math.min(least, place[axis]), Infinity)));
const tieOpacity = Math.max(0.2, Math.min(0.62, (11 / Math.sqrt(ties.length + 1)) * Math.max(1, extent / 1600)));
const tieColour = () => ({ color: { color: theme.tie, opacity: tieOpacity, inherit: false } });
const nodeItems = new vis.DataSet(overview ? [] : visNodes);
const tieItems = new vis.DataSet(overview ? [] : visEdges);
const mapBox = document.getElementById("map");
const network = new vis.Network(mapBox, { nodes: nodeItems, edges: tieItems }, {
  ...drawing.options,
  nodes: { ...drawing.options.nodes, ctxRenderer: nodeRenderer },
  edges: { ...drawing.options.edges, ...tieColour() },
});

network.on("beforeDrawing", paintBackground);
network.on("afterDrawing", (context) => {
  if (view.fade > 0) paintHighlight(context);
  if (view.cursor !== null) paintNode(context, view.cursor, "cursor");
  if (view.hovered !== null && view.fade > 0) paintNode(context, view.hovered, "hover");
  paintLabels(context);
});
const surface = mapBox.firstElementChild;
onTheme(() => {
  network.setOptions({ edges: tieColour() });
  for (const item of leadTies) item.color = leadColour();
  tieItems.update(leadTies.filter(({ id }) => tieItems.get(id)).map(({ id, color }) => ({ id, color })));
  network.redraw();
});
