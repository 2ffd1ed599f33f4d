// The names on the map: the most important first, each only where it covers no other.
const allIndices = nodes.map((_, index) => index);
const byImportance = [...allIndices];
let medianRadius = 0;
const labelCache = new Map();
// As many as there is room for, those of the best connected and the leaders, or only that of the selection.
const LABEL_CHOICES = ["auto", "few", "none"];
view.labels = "auto";
// Up to this number of nodes every label is drawn that covers nothing; zooming in makes room for the others.
const ALL_LABELS = 500;
const MOST_TRIED = 900;

function importanceOf(index) {
  return places[index].radius + (nodes[index].leading ? 1 : 0);
}

function orderByImportance() {
  byImportance.sort((a, b) => importanceOf(b) - importanceOf(a) || a - b);
  medianRadius = places.length ? places.map((place) => place.radius).sort((a, b) => a - b)[places.length >> 1] : 0;
}
orderByImportance();

function setLabels(name) {
  view.labels = name;
  network.redraw();
}

const roomOf = (text) => [...text].reduce((sum, letter) => sum + (letter.codePointAt(0) > 0x2e7f ? 2 : 1), 0);
const truncated = (name, room) => cutInTheMiddle(name, (text) => roomOf(text) <= room);

// What of the canvas is seen, and how: pixel ratio, scale and offset in CSS pixels.
function screenOf(context) {
  const { a, e, f } = context.getTransform();
  const { width, clientWidth, clientHeight } = context.canvas;
  const ratio = width / clientWidth;
  return { ratio, scale: a / ratio, left: e / ratio, top: f / ratio, width: clientWidth, height: clientHeight };
}

function paintLabels(context) {
  const screen = screenOf(context);
  const occupied = [...(context.canvas.isConnected ? panelBoxes() : []), ...lineLabels];
  const labels = discLabels(context, occupied, screen.scale, screen.left, screen.top);
  placeNodeLabels(context, screen, occupied, labels);
  context.save();
  context.setTransform(screen.ratio, 0, 0, screen.ratio, 0, 0);
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  for (const label of labels) {
    context.font = label.font;
    if (!label.colour) {
      context.lineWidth = 3.6;
      context.strokeStyle = theme.paper;
      context.strokeText(label.name, label.x, label.y);
    }
    context.fillStyle = label.colour ?? theme.ink;
    context.fillText(label.name, label.x, label.y);
  }
  context.restore();
}

// Adds labels of nodes, in the order of importance, to those of discs.
function placeNodeLabels(context, screen, occupied, labels) {
  const { scale, left, top, width, height } = screen;
  const highlight = view.fade > 0.5 && (view.selected !== null || view.tie !== null || view.path !== null) && !isFocusOnSelected();
  const smallFocus = Boolean(view.focus?.members) && view.focus.members.size <= 120;
  const all = nodes.length <= ALL_LABELS;
  const most = all ? nodes.length : Math.round(((width * height) / 20000) * Math.min(2.5, Math.max(0.6, scale)));
  const cells = nodeCells(highlight ? [view.selected, ...view.highlighted].filter((index) => index !== null) : allIndices, screen);
  const first = new Set(highlight ? [] : drawing.labelled);
  const order = highlight ? byImportance.filter((index) => view.highlighted.has(index)) : { auto: [...first, ...byImportance], few: first, none: [] }[view.labels];
  const prominentCount = Math.round((width * height) / 60000);
  let tried = 0;
  for (const index of new Set([view.selected, view.cursor, view.hovered, ...order])) {
    if (index === null || !isDrawn(index)) continue;
    if (labels.length >= most || tried > MOST_TRIED) break;
    const place = places[index];
    const [x, y, reach] = [place.x * scale + left, place.y * scale + top, place.radius * scale];
    if (x < -40 || y < -20 || x > width + 40 || y > height + 20) continue;
    tried += 1;
    const selected = index === view.selected || (view.selected === null && view.path !== null && (index === view.path.from || index === view.path.to));
    const required = selected || index === view.cursor || index === view.hovered;
    const prominent = required || highlight || smallFocus || first.has(index) || (tried <= prominentCount && place.radius > 1.3 * medianRadius);
    if (!prominent && !all && reach < 6.5) continue;
    const size = Math.round(Math.min(15, 10.6 + reach / 6 + (selected ? 2 : 0)));
    const label = labelOf(context, index, size, selected || index === view.focus?.centre || reach > 11, highlight ? 44 : 30);
    const inside = highlight ? null : insideLabels(context, index, x, y, reach);
    if (inside) {
      occupied.push([x - reach, y - reach, x + reach, y + reach]);
      labels.push(...inside);
      continue;
    }
    const distance = reach + (selected ? 11 * scale : 0) + (nodes[index].leading ? 5 : 3);
    const box = labelBox(label, { x, y, distance }, { occupied, cells, prominent, required, width, height });
    if (!box) continue;
    occupied.push(box, [x - reach, y - reach, x + reach, y + reach]);
    labels.push({ ...label, x: (box[0] + box[2]) / 2, y: (box[1] + box[3]) / 2 });
  }
}

// ---- names inside the circle or hexagon of a node, where the whole name fits and can be read on its colour
const INSIDE_SIZES = [13, 12, 11];
const ROOM = { circle: 0.95, hexagon: 0.9 };

const luminances = new Map();
function luminance(colour) {
  if (!luminances.has(colour)) {
    measuringContext.fillStyle = colour;
    const parts = /^#(..)(..)(..)$/.exec(measuringContext.fillStyle)?.slice(1).map((part) => parseInt(part, 16) / 255) ?? [0.5, 0.5, 0.5];
    const [red, green, blue] = parts.map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    luminances.set(colour, 0.2126 * red + 0.7152 * green + 0.0722 * blue);
  }
  return luminances.get(colour);
}

// White or black, whichever has more contrast: on any colour that is 4.5:1 or more (WCAG).
const readableOn = (ground) => (1.05 / (luminance(ground) + 0.05) >= 4.5 ? "#ffffff" : "#000000");

// The parts of a name between which a line may end: letters of Chinese, words of others.
const breakable = (name) => name.match(/[\u2e80-\uffef]|[^\s\u2e80-\uffef]+\s?/g) ?? [];

// The lines of a name in a circle of that radius, or null where it does not fit.
function linesInside(parts, radius, size, widthOf) {
  const tall = 1.18 * size;
  for (let count = 1; count * tall < 1.8 * radius; count += 1) {
    const lines = [];
    let next = 0;
    for (let number = 0; number < count; number += 1) {
      const edge = Math.abs((number - (count - 1) / 2) * tall) + 0.45 * size;
      const room = edge < radius ? 2 * Math.sqrt(radius ** 2 - edge ** 2) : 0;
      let line = "";
      while (next < parts.length && widthOf((line + parts[next]).trimEnd()) <= room) line += parts[next++];
      lines.push(line.trimEnd());
    }
    if (next === parts.length && lines.every(Boolean)) return lines.map((line, number) => ({ line, down: (number - (count - 1) / 2) * tall }));
  }
  return null;
}

const insideCache = new Map();
function insideLabels(context, index, x, y, reach) {
  const room = ROOM[shapeOf(index)];
  if (!room || reach < INSIDE_SIZES.at(-1)) return null;
  const colour = readableOn(theme.hues[nodes[index].colour]);
  const key = `${view.language}${index} ${Math.round(reach)}`;
  if (!insideCache.has(key)) {
    const count = memberCount(index);
    const parts = [...breakable(nameOf(index)), ...(count ? [` ${shortCount(count)}`] : [])];
    const fits = INSIDE_SIZES.map((size) => {
      const font = `600 ${size}px ${theme.sans}`;
      context.font = font;
      const lines = linesInside(parts, room * Math.round(reach), size, (text) => context.measureText(text).width);
      return lines && { font, lines };
    });
    insideCache.set(key, fits.find(Boolean) ?? null);
  }
  const fit = insideCache.get(key);
  return fit && fit.lines.map(({ line, down }) => ({ name: line, font: fit.font, colour, x, y: y + down }));
}

// A label behind the legend or the panel could not be read.
function panelBoxes() {
  const map = mapBox.getBoundingClientRect();
  return ["legend", "overview", "panel", "zoom"].map((id) => document.getElementById(id)).filter((element) => !element.hidden).map((element) => {
    const { left, top, right, bottom } = element.getBoundingClientRect();
    return [left - map.left, top - map.top, right - map.left, bottom - map.top];
  });
}

function labelOf(context, index, size, bold, room) {
  const key = `${view.language}${index} ${size}${bold}${room}`;
  if (!labelCache.has(key)) {
    const count = memberCount(index);
    const name = truncated(nameOf(index), room) + (count ? ` ${shortCount(count)}` : "");
    const font = `${bold ? 600 : 400} ${size}px ${theme.sans}`;
    context.font = font;
    labelCache.set(key, { name, font, size, width: context.measureText(name).width });
  }
  return labelCache.get(key);
}

// Which cells of 24 by 24 pixels have nodes: a label of minor importance covers none.
const CELL = 24;
function nodeCells(indices, { scale, left, top, width, height }) {
  const cells = new Map();
  for (const index of indices) {
    if (!isDrawn(index)) continue;
    const x = places[index].x * scale + left;
    const y = places[index].y * scale + top;
    if (x < 0 || y < 0 || x > width || y > height) continue;
    const key = Math.floor(x / CELL) * 4096 + Math.floor(y / CELL);
    if (!cells.has(key)) cells.set(key, []);
    cells.get(key).push([x, y, places[index].radius * scale]);
  }
  return cells;
}

// How much of the nodes a label in that box would hide.
function coveredArea(cells, [west, north, east, south]) {
  let area = 0;
  for (let column = Math.floor(west / CELL) - 1; column <= Math.floor(east / CELL) + 1; column += 1) {
    for (let row = Math.floor(north / CELL) - 1; row <= Math.floor(south / CELL) + 1; row += 1) {
      for (const [x, y, reach] of cells.get(column * 4096 + row) || []) {
        const across = Math.min(x + reach, east) - Math.max(x - reach, west);
        const down = Math.min(y + reach, south) - Math.max(y - reach, north);
        if (across > 0 && down > 0) area += across * down;
      }
    }
  }
  return area;
}

const overlaps = (box, other) => box[2] >= other[0] && box[0] <= other[2] && box[3] >= other[1] && box[1] <= other[3];

// The box below, above, right or left of a node that covers least; null where each is taken, unless a label is required.
function labelBox(label, { x, y, distance }, { occupied, cells, prominent, required, width, height }) {
  const half = label.width / 2 + 2;
  const tall = label.size / 2 + 1;
  const sides = [[x, y + distance + tall], [x, y - distance - tall], [x + distance + half, y], [x - distance - half, y]];
  const corners = [-1, 1].flatMap((down) => [-1, 1].map((across) => [x + across * (distance + half), y + down * (distance + tall)]));
  const boxes = [...sides, ...(required ? corners : [])]
    .map(([across, down]) => [across - half, down - tall, across + half, down + tall]);
  const isInside = (box) => box[0] >= 0 && box[1] >= 0 && box[2] <= width && box[3] <= height;
  let best = null;
  let least = prominent ? Infinity : 1;
  for (const box of boxes) {
    if (!isInside(box) || occupied.some((other) => overlaps(box, other))) continue;
    const area = coveredArea(cells, box);
    if (area < least) [best, least] = [box, area];
  }
  return best || (required ? boxes[0] : null);
}
