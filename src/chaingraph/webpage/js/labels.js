// The names on the map: the most important first, each only where it covers no other.
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
  const focus = view.fade > 0.5 && (view.selected !== null || view.tie !== null || view.path !== null) && !isFocusOnSelected();
  const few = view.focus && view.focus.members.size <= 120;
  const close = scale / ratio;
  // Up to 500 nodes every label is shown that covers nothing; zooming in makes room for the others.
  const all = things.length <= 500;
  const budget = all ? things.length : Math.round(((width * height) / 20000) * Math.min(2.5, Math.max(0.6, close)));
  const crowd = crowdOnScreen(focus ? [view.selected, ...view.near].filter((index) => index !== null) : everyone, scale / ratio, left / ratio, top / ratio, width, height);
  const taken = context.canvas.isConnected ? coveredByPanels() : [];
  const labels = discLabels(context, taken, scale / ratio, left / ratio, top / ratio);
  const starred = new Set(focus ? [] : data.hubs);
  const candidates = [...new Set([view.selected, view.cursor, view.hovered, ...(focus ? byImportance.filter((index) => view.near.has(index)) : [...starred, ...byImportance])])];
  const hubs = Math.round((width * height) / 60000);
  let looked = 0;
  for (const index of candidates) {
    if (index === null || !isDrawn(index)) continue;
    const chosen = index === view.selected || (view.selected === null && view.path !== null && (index === view.path.from || index === view.path.to));
    const must = chosen || index === view.cursor || index === view.hovered;
    if (labels.length >= budget || looked > 900) break;
    const place = places[index];
    const x = (place.x * scale + left) / ratio;
    const y = (place.y * scale + top) / ratio;
    const reach = place.radius * close;
    if (x < -40 || y < -20 || x > width + 40 || y > height + 20) continue;
    looked += 1;
    const hub = must || focus || few || starred.has(index) || (looked <= hubs && place.radius > 1.3 * usual);
    if (!hub && !all && reach < 6.5) continue;
    const size = Math.round(Math.min(15, 10.6 + reach / 6 + (chosen ? 2 : 0)));
    const heavy = chosen || index === view.focus?.centre || reach > 11;
    const label = measured(context, index, size, heavy, focus ? 44 : 30);
    const spot = freeSpot(taken, label, x, y, reach + (chosen ? 11 * close : 0) + (things[index].leading ? 5 : 3), crowd, hub, must, [0, 0, width, height]);
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

// A label behind the legend or the panel could not be read.
function coveredByPanels() {
  const map = box.getBoundingClientRect();
  return ["legend", "overview", "panel", "zoom"].map((id) => document.getElementById(id)).filter((panel) => !panel.hidden).map((panel) => {
    const { left, top, right, bottom } = panel.getBoundingClientRect();
    return [left - map.left, top - map.top, right - map.left, bottom - map.top];
  });
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

function freeSpot(taken, label, x, y, reach, crowd, hub, must, frame) {
  const half = label.width / 2 + 2;
  const tall = label.size / 2 + 1;
  const spots = [[x, y + reach + tall], [x, y - reach - tall], [x + reach + half, y], [x - reach - half, y]]
    .map(([across, down]) => [across - half, down - tall, across + half, down + tall]);
  const isWhole = (spot) => spot[0] >= frame[0] && spot[1] >= frame[1] && spot[2] <= frame[2] && spot[3] <= frame[3];
  const free = spots.filter((spot) => isWhole(spot) && taken.every((other) => spot[2] < other[0] || spot[0] > other[2] || spot[3] < other[1] || spot[1] > other[3]));
  let best = null;
  let least = hub ? Infinity : 1;
  for (const spot of free) {
    const area = covered(crowd, spot);
    if (area < least) [best, least] = [spot, area];
  }
  return best || (must ? spots[0] : null);
}
