// The picture: what the map shows, with title, legend and sources, painted by the map's own functions on another surface.
const SVG = "http://www.w3.org/2000/svg";
const XMLNS = "http://www.w3.org/2000/xmlns/";
const PEN = { fillStyle: "#000", strokeStyle: "#000", lineWidth: 1, lineJoin: "miter", lineCap: "butt", globalAlpha: 1, font: "10px sans-serif", textAlign: "start", textBaseline: "alphabetic", dash: [] };
const ruler = document.createElement("canvas").getContext("2d");
const outlineOf = new Map(Object.entries(paths).map(([name, path]) => [path, OUTLINES[name]]));
const LABEL_ROOM = 200;
const LEAST_WIDTH = 560;
const rounded = (value) => String(Math.round(value * 100) / 100);
// XML holds no control characters; a name that has one would spoil the whole file.
const xmlText = (text) => String(text).replace(/[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD");

function vector(tag, properties = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(properties)) if (value !== undefined) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

// A drawing context that keeps lines and letters instead of pixels.
class VectorContext {
  constructor(width, height) {
    this.canvas = { width, height, clientWidth: width, clientHeight: height };
    this.svg = vector("svg", { viewBox: `0 0 ${width} ${height}`, width, height });
    this.matrix = new DOMMatrix();
    this.stack = [];
    this.group = { key: "", element: null };
    this.outline = "";
    Object.assign(this, PEN);
  }

  save() { this.stack.push([this.matrix, ...Object.keys(PEN).map((name) => this[name])]); }
  restore() {
    if (!this.stack.length) return;
    const [matrix, ...values] = this.stack.pop();
    this.matrix = matrix;
    Object.keys(PEN).forEach((name, position) => { this[name] = values[position]; });
  }
  getTransform() { return DOMMatrix.fromMatrix(this.matrix); }
  setTransform(...values) { this.matrix = new DOMMatrix(values); }
  translate(x, y) { this.matrix = this.matrix.translate(x, y); }
  scale(x, y) { this.matrix = this.matrix.scale(x, y); }
  rotate(angle) { this.matrix = this.matrix.rotate((angle * 180) / Math.PI); }
  setLineDash(dash) { this.dash = dash; }
  measureText(text) { ruler.font = this.font; return ruler.measureText(text); }

  get magnified() { return Math.hypot(this.matrix.a, this.matrix.b); }
  at(x, y) {
    const { a, b, c, d, e, f } = this.matrix;
    return `${rounded(a * x + c * y + e)} ${rounded(b * x + d * y + f)}`;
  }

  beginPath() { this.outline = ""; }
  closePath() { if (this.outline) this.outline += "Z"; }
  moveTo(x, y) { this.outline += `M${this.at(x, y)}`; }
  lineTo(x, y) { this.outline += `${this.outline ? "L" : "M"}${this.at(x, y)}`; }
  quadraticCurveTo(x, y, u, v) { this.outline += `Q${this.at(x, y)} ${this.at(u, v)}`; }
  bezierCurveTo(x, y, p, q, u, v) { this.outline += `C${this.at(x, y)} ${this.at(p, q)} ${this.at(u, v)}`; }
  rect(x, y, width, height) { this.outline += `M${this.at(x, y)}L${this.at(x + width, y)}L${this.at(x + width, y + height)}L${this.at(x, y + height)}Z`; }
  arc(x, y, radius, from, to, back = false) {
    const turn = 2 * Math.PI;
    const whole = Math.abs(to - from) >= turn - 1e-9;
    const span = whole ? turn : ((((back ? from - to : to - from) % turn) + turn) % turn);
    const on = (angle) => this.at(x + radius * Math.cos(angle), y + radius * Math.sin(angle));
    const reach = rounded(radius * this.magnified);
    const end = from + (back ? -span : span);
    const half = (from + end) / 2;
    // Two arcs of half the span: one arc cannot come back to where it began.
    this.outline += `${this.outline ? "L" : "M"}${on(from)}A${reach} ${reach} 0 0 ${back ? 0 : 1} ${on(half)}A${reach} ${reach} 0 0 ${back ? 0 : 1} ${on(end)}`;
  }

  fill(path) { this.put(path, this.ink("fill", this.fillStyle)); }
  stroke(path) {
    // A whole outline is drawn in its own units; its transform magnifies the line with it.
    const width = Math.round(1e4 * this.lineWidth * (path ? 1 : this.magnified)) / 1e4;
    this.put(path, {
      fill: "none", ...this.ink("stroke", this.strokeStyle), "stroke-width": width,
      "stroke-linejoin": this.lineJoin === "miter" ? undefined : this.lineJoin,
      "stroke-linecap": this.lineCap === "butt" ? undefined : this.lineCap,
      "stroke-dasharray": this.dash.length ? this.dash.map((one) => rounded(one * this.magnified)).join(" ") : undefined,
    });
  }
  fillRect(x, y, width, height) {
    const before = this.outline;
    this.outline = "";
    this.rect(x, y, width, height);
    this.fill();
    this.outline = before;
  }
  fillText(text, x, y) { this.write(text, x, y, this.ink("fill", this.fillStyle)); }
  strokeText(text, x, y) {
    this.write(text, x, y, { fill: "none", ...this.ink("stroke", this.strokeStyle), "stroke-width": rounded(this.lineWidth * this.magnified), "stroke-linejoin": this.lineJoin });
  }

  // Drawing programs read a colour and an opacity, but not rgba().
  ink(name, colour) {
    const mixed = /^rgba\((\d+), ?(\d+), ?(\d+), ?([\d.e-]+)\)$/.exec(colour);
    const opacity = this.globalAlpha * (mixed ? Number(mixed[4]) : 1);
    return { [name]: mixed ? `rgb(${mixed.slice(1, 4).join(",")})` : colour, [`${name}-opacity`]: opacity < 1 ? rounded(opacity) : undefined };
  }
  put(path, style) {
    const { a, b, c, d, e, f } = this.matrix;
    const placed = path ? { d: outlineOf.get(path), transform: `matrix(${[a, b, c, d, e, f].map((one) => Math.round(one * 1e4) / 1e4).join(" ")})` } : { d: this.outline };
    if (placed.d) this.append(vector("path", placed), style);
  }
  write(text, x, y, style) {
    const [, weight, size, family] = /^(?:(\w+) )?([\d.]+)px (.+)$/.exec(this.font);
    const pixels = Number(size) * this.magnified;
    const [left, top] = this.at(x, y).split(" ").map(Number);
    const anchor = { center: "middle", right: "end", end: "end" }[this.textAlign];
    // 0.35 em from the middle of a line down to its baseline: few programs read dominant-baseline.
    const base = this.textBaseline === "middle" ? 0.35 * pixels : 0;
    this.append(vector("text", { x: rounded(left), y: rounded(top + base) }, xmlText(text)), { ...style, "font-family": family, "font-weight": weight, "font-size": rounded(pixels), "text-anchor": anchor });
  }
  append(element, style) {
    const key = JSON.stringify(style);
    if (key !== this.group.key) {
      this.group = { key, element: vector("g", style) };
      this.svg.append(this.group.element);
    }
    this.group.element.append(element);
  }
}

// ---- frames: which part of the map goes on how large a sheet, in CSS pixels
function frameOnScreen() {
  const { x, y } = network.canvasToDOM({ x: 0, y: 0 });
  const frame = { width: box.clientWidth, height: box.clientHeight, scale: network.getScale(), left: x, top: y };
  const reaches = placesDrawn()
    .map((place) => [place.x * frame.scale + x, place.y * frame.scale + y, place.radius * frame.scale])
    .filter(([across, down, reach]) => across > -reach && down > -reach && across < frame.width + reach && down < frame.height + reach);
  return reaches.length ? narrowed(frame, reaches) : frame;
}

// Without the empty strip that lies under the legend on screen.
function narrowed(frame, reaches) {
  const west = Math.max(0, Math.floor(Math.min(...reaches.map(([x, , reach]) => x - reach - LABEL_ROOM))));
  const east = Math.min(frame.width, Math.ceil(Math.max(...reaches.map(([x, , reach]) => x + reach + LABEL_ROOM))));
  const more = Math.max(0, LEAST_WIDTH - (east - west)) / 2;
  return { ...frame, width: Math.round(east - west + 2 * more), left: frame.left - west + more };
}

function frameOfAll(width) {
  const around = { west: Infinity, east: -Infinity, north: Infinity, south: -Infinity };
  for (const { x, y, radius } of placesDrawn()) {
    around.west = Math.min(around.west, x - radius);
    around.east = Math.max(around.east, x + radius);
    around.north = Math.min(around.north, y - radius);
    around.south = Math.max(around.south, y + radius);
  }
  if (around.west > around.east) return { width, height: width / 2, scale: 1, left: 0, top: 0 };
  const [across, down] = [around.east - around.west, around.south - around.north];
  const height = Math.round(width * Math.min(1.1, Math.max(0.45, down / across)));
  const scale = Math.min(1.6, (width - 1.1 * LABEL_ROOM) / across, (height - 60) / down);
  const middle = (low, high, room) => room / 2 - (scale * (low + high)) / 2;
  return { width, height, scale, left: middle(around.west, around.east, width), top: middle(around.north, around.south, height) };
}

// ---- painting
function paintMap(context, { scale, left, top }, ratio) {
  context.save();
  context.setTransform(ratio * scale, 0, 0, ratio * scale, ratio * left, ratio * top);
  // The order of vis-network's own frame, on our context.
  network.body.emitter.emit("beforeDrawing", context);
  network.renderer._drawEdges(context);
  network.renderer._drawNodes(context, true);
  network.renderer._drawArrows(context);
  network.body.emitter.emit("afterDrawing", context);
  context.restore();
}

function creditLines() {
  const lines = data.datasets.map((held) => [held[view.language], held.attribution[view.language], held.licence && `${words().licence} ${held.licence}`].filter(Boolean).join(" · "));
  return lines.length ? lines : [words().unknown_data];
}

function wrapped(text, room, font) {
  ruler.font = font;
  const lines = [""];
  for (const piece of text.match(/[\u0020-\u2e7f]+?(?:\s|$)|./gsu) || []) {
    const line = lines.at(-1) + piece;
    if (lines.at(-1) && ruler.measureText(line).width > room) lines.push(piece.trimStart());
    else lines[lines.length - 1] = line;
  }
  return lines;
}

function legendEntries() {
  const shapesApart = legend.by && legend.classes.length > 1 ? legend.classes : [];
  return [...legend.colours, ...shapesApart].map((entry) => ({ ...entry, text: `${entry[view.language]} ${entry.count.toLocaleString("en")}` }));
}

// What the picture leaves out, in words: nodes behind a filter, members of closed communities.
function omissionLines() {
  const filtered = !things.every((_, index) => isShown(index)) || !ties.every((_, number) => isTieShown(number));
  return [filtered && `${countLine("nodes")} · ${countLine("ties")}`, !bar.hidden && bar.querySelector("p").textContent].filter(Boolean);
}

// Rows of texts under the map: each with its place, so that they can be counted before they are painted.
function footOf(width, { legendShown, sourcesShown }) {
  const pieces = [];
  let [x, y] = [20, 22];
  const font = `400 12.5px ${theme.sans}`;
  ruler.font = font;
  for (const entry of legendShown ? legendEntries() : []) {
    const room = ruler.measureText(entry.text).width + 42;
    if (x > 20 && x + room > width - 20) [x, y] = [20, y + 22];
    pieces.push({ x: x + 22, y, text: entry.text, font, colour: theme.ink, entry });
    x += room;
  }
  if (legendShown) y += 24;
  const small = `400 11px ${theme.sans}`;
  const lines = [...(legendShown ? omissionLines() : []), ...(sourcesShown ? creditLines() : [])];
  for (const line of lines.flatMap((one) => wrapped(one, width - 40, small))) {
    pieces.push({ x: 20, y, text: line, font: small, colour: theme.soft });
    y += 17;
  }
  return { pieces, height: y - 4 };
}

function paintMark(context, { shape, hue }, x, y) {
  context.save();
  context.translate(x, y);
  context.scale(5.2, 5.2);
  context.fillStyle = getComputedStyle(root).getPropertyValue(`--hue-${hue < 0 ? "none" : hue}`).trim();
  context.fill(paths[shape]);
  context.restore();
}

function paintWords(context, pieces, down) {
  context.textAlign = "left";
  context.textBaseline = "middle";
  for (const piece of pieces) {
    if (piece.entry) paintMark(context, piece.entry, piece.x - 14, down + piece.y);
    context.font = piece.font;
    context.fillStyle = piece.colour;
    context.fillText(piece.text, piece.x, down + piece.y);
  }
}

// Calls contextOf with the size of the whole picture, and paints on what it gives.
function paintPicture(frame, parts, contextOf) {
  const font = `600 20px ${theme.serif}`;
  const title = parts.titleShown ? wrapped(data.titles[view.language], frame.width - 40, font).map((text, line) => ({ x: 20, y: 26 + 27 * line, text, font, colour: theme.ink })) : [];
  const head = title.length ? 27 * title.length + 22 : 0;
  const foot = footOf(frame.width, parts);
  const height = Math.ceil(head + frame.height + foot.height);
  const { context, ratio } = contextOf(frame.width, height);
  context.fillStyle = theme.paper;
  context.fillRect(0, 0, ratio * frame.width, ratio * height);
  paintMap(context, { ...frame, top: frame.top + head }, ratio);
  context.save();
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.fillStyle = theme.paper;
  context.fillRect(0, 0, frame.width, head);
  context.fillRect(0, head + frame.height, frame.width, foot.height + 1);
  paintWords(context, title, 0);
  paintWords(context, foot.pieces, head + frame.height);
  context.restore();
  return context;
}
