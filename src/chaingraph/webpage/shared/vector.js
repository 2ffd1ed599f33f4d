// A picture as SVG: the map's own painting functions on another surface.
const SVG = "http://www.w3.org/2000/svg";
const CONTEXT_STATE = { fillStyle: "#000", strokeStyle: "#000", lineWidth: 1, lineJoin: "miter", lineCap: "butt", globalAlpha: 1, font: "10px sans-serif", textAlign: "start", textBaseline: "alphabetic", dash: [] };
const measuringContext = document.createElement("canvas").getContext("2d");
const outlineOf = new Map(Object.entries(paths).map(([name, path]) => [path, OUTLINES[name]]));
const rounded = (value) => String(Math.round(value * 100) / 100);
// XML allows no control characters; a name that has one would spoil the whole file.
const xmlText = (text) => String(text).replace(/[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD");

function svgElement(tag, properties = {}, ...children) {
  const created = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(properties)) if (value !== undefined) created.setAttribute(name, value);
  created.append(...children);
  return created;
}

// A drawing context that writes paths and texts of SVG instead of pixels, as far as this page paints.
class VectorContext {
  constructor(width, height) {
    this.canvas = { width, height, clientWidth: width, clientHeight: height };
    this.svg = svgElement("svg", { viewBox: `0 0 ${width} ${height}`, width, height });
    this.matrix = new DOMMatrix();
    this.stack = [];
    this.group = { key: "", element: null };
    this.outline = "";
    Object.assign(this, CONTEXT_STATE);
  }

  save() { this.stack.push([this.matrix, ...Object.keys(CONTEXT_STATE).map((name) => this[name])]); }
  restore() {
    if (!this.stack.length) return;
    const [matrix, ...values] = this.stack.pop();
    this.matrix = matrix;
    Object.keys(CONTEXT_STATE).forEach((name, position) => { this[name] = values[position]; });
  }
  getTransform() { return DOMMatrix.fromMatrix(this.matrix); }
  setTransform(...values) { this.matrix = new DOMMatrix(values); }
  translate(x, y) { this.matrix = this.matrix.translate(x, y); }
  scale(x, y) { this.matrix = this.matrix.scale(x, y); }
  rotate(angle) { this.matrix = this.matrix.rotate((angle * 180) / Math.PI); }
  setLineDash(dash) { this.dash = dash; }
  measureText(text) { measuringContext.font = this.font; return measuringContext.measureText(text); }

  get scaleFactor() { return Math.hypot(this.matrix.a, this.matrix.b); }
  point(x, y) {
    const { a, b, c, d, e, f } = this.matrix;
    return `${rounded(a * x + c * y + e)} ${rounded(b * x + d * y + f)}`;
  }

  beginPath() { this.outline = ""; }
  closePath() { if (this.outline) this.outline += "Z"; }
  moveTo(x, y) { this.outline += `M${this.point(x, y)}`; }
  lineTo(x, y) { this.outline += `${this.outline ? "L" : "M"}${this.point(x, y)}`; }
  quadraticCurveTo(x, y, u, v) { this.outline += `Q${this.point(x, y)} ${this.point(u, v)}`; }
  bezierCurveTo(x, y, p, q, u, v) { this.outline += `C${this.point(x, y)} ${this.point(p, q)} ${this.point(u, v)}`; }
  rect(x, y, width, height) { this.outline += `M${this.point(x, y)}L${this.point(x + width, y)}L${this.point(x + width, y + height)}L${this.point(x, y + height)}Z`; }
  arc(x, y, radius, from, to, counterclockwise = false) {
    const circle = 2 * Math.PI;
    const whole = Math.abs(to - from) >= circle - 1e-9;
    const span = whole ? circle : ((((counterclockwise ? from - to : to - from) % circle) + circle) % circle);
    const pointAt = (angle) => this.point(x + radius * Math.cos(angle), y + radius * Math.sin(angle));
    const reach = rounded(radius * this.scaleFactor);
    const end = from + (counterclockwise ? -span : span);
    const half = (from + end) / 2;
    // Two arcs of half the span: one arc cannot come back to where it began.
    this.outline += `${this.outline ? "L" : "M"}${pointAt(from)}A${reach} ${reach} 0 0 ${counterclockwise ? 0 : 1} ${pointAt(half)}A${reach} ${reach} 0 0 ${counterclockwise ? 0 : 1} ${pointAt(end)}`;
  }

  fill(path) { this.appendPath(path, this.paint("fill", this.fillStyle)); }
  stroke(path) {
    // A whole outline is drawn in its own units; its transform magnifies the line with it.
    const width = Math.round(1e4 * this.lineWidth * (path ? 1 : this.scaleFactor)) / 1e4;
    this.appendPath(path, {
      fill: "none", ...this.paint("stroke", this.strokeStyle), "stroke-width": width,
      "stroke-linejoin": this.lineJoin === "miter" ? undefined : this.lineJoin,
      "stroke-linecap": this.lineCap === "butt" ? undefined : this.lineCap,
      "stroke-dasharray": this.dash.length ? this.dash.map((one) => rounded(one * this.scaleFactor)).join(" ") : undefined,
    });
  }
  fillRect(x, y, width, height) {
    const outline = this.outline;
    this.outline = "";
    this.rect(x, y, width, height);
    this.fill();
    this.outline = outline;
  }
  fillText(text, x, y) { this.appendText(text, x, y, this.paint("fill", this.fillStyle)); }
  strokeText(text, x, y) {
    this.appendText(text, x, y, { fill: "none", ...this.paint("stroke", this.strokeStyle), "stroke-width": rounded(this.lineWidth * this.scaleFactor), "stroke-linejoin": this.lineJoin });
  }

  // Drawing programs read a colour and an opacity, but not rgba().
  paint(name, colour) {
    const mixed = /^rgba\((\d+), ?(\d+), ?(\d+), ?([\d.e-]+)\)$/.exec(colour);
    const opacity = this.globalAlpha * (mixed ? Number(mixed[4]) : 1);
    return { [name]: mixed ? `rgb(${mixed.slice(1, 4).join(",")})` : colour, [`${name}-opacity`]: opacity < 1 ? rounded(opacity) : undefined };
  }
  appendPath(path, style) {
    const { a, b, c, d, e, f } = this.matrix;
    const properties = path ? { d: outlineOf.get(path), transform: `matrix(${[a, b, c, d, e, f].map((one) => Math.round(one * 1e4) / 1e4).join(" ")})` } : { d: this.outline };
    if (properties.d) this.append(svgElement("path", properties), style);
  }
  appendText(text, x, y, style) {
    const [, weight, size, family] = /^(?:(\w+) )?([\d.]+)px (.+)$/.exec(this.font);
    const pixels = Number(size) * this.scaleFactor;
    const [left, top] = this.point(x, y).split(" ").map(Number);
    const anchor = { center: "middle", right: "end", end: "end" }[this.textAlign];
    // 0.35 em from the middle of a line down to its baseline: few programs read dominant-baseline.
    const base = this.textBaseline === "middle" ? 0.35 * pixels : 0;
    this.append(svgElement("text", { x: rounded(left), y: rounded(top + base) }, xmlText(text)), { ...style, "font-family": family, "font-weight": weight, "font-size": rounded(pixels), "text-anchor": anchor });
  }
  append(element, style) {
    const key = JSON.stringify(style);
    if (key !== this.group.key) {
      this.group = { key, element: svgElement("g", style) };
      this.svg.append(this.group.element);
    }
    this.group.element.append(element);
  }
}

