// Arrows: from box to box through the gutters between columns and the bands above rows, so that none crosses a text.
const PORT = 22;

function routes(layout) {
  const placeOf = new Map(layout.boxes.map((place) => [place.box, place]));
  const tracks = new Map();
  // Of several arrows in one gutter or band each has a track of its own.
  const track = (key) => {
    const number = tracks.get(key) ?? 0;
    tracks.set(key, number + 1);
    return (number % 4) * SIZE.track;
  };
  const entries = new Map();
  return layout.chain.arrows.map((arrow) => {
    const [from, to] = [arrow.source, arrow.target].map((number) => placeOf.get(layout.chain.boxes[number]));
    const entry = entries.get(to) ?? 0;
    entries.set(to, entry + 1);
    return { arrow, points: from && to ? route(layout, from, to, track, entry) : [] };
  }).filter(({ points }) => points.length);
}

function route(layout, from, to, track, entry) {
  const under = from.x === to.x && to.y > from.y && !layout.boxes.some((box) => box.x === from.x && box.y > from.y && box.y < to.y);
  if (under) {
    const x = Math.round(from.x + from.width / 2);
    return [[x, from.y + from.height], [x, to.y]];
  }
  const start = [from.x + from.width, from.y + PORT];
  const end = [to.x, to.y + PORT + 7 * (entry % 3)];
  const right = start[0] + 8 + track(`right ${from.x}`);
  // Straight on to the next column; a strip between the two has a number of its own.
  if (to.column === from.column + 1 && to.x > from.x) return simplified([start, [right, start[1]], [right, end[1]], end]);
  if (layout.stacked && layout.width < 2 * SIZE.minimum) return sideRoute(from, to, track);
  const left = to.x - SIZE.gutter + 12 + track(`left ${to.x}`);
  const top = from.lane === to.lane || layout.stacked ? to.rowTop : Math.min(from.rowTop, to.rowTop, ...layout.boxes.map((box) => box.rowTop));
  const band = top - 5 - track(`band ${top}`) / 2;
  return simplified([start, [right, start[1]], [right, band], [left, band], [left, end[1]], end]);
}

// In a single column an arrow that skips a box runs along its left side.
function sideRoute(from, to, track) {
  const x = Math.max(3, from.x - 6 - track(`side ${from.x}`));
  return simplified([[from.x, from.y + from.height - 12], [x, from.y + from.height - 12], [x, to.y + PORT], [to.x, to.y + PORT]]);
}

// Without points that lie on a straight line between their neighbours.
function simplified(points) {
  return points.filter(([x, y], number) => {
    const [before, after] = [points[number - 1], points[number + 1]];
    return !before || !after || !((before[0] === x && x === after[0]) || (before[1] === y && y === after[1]));
  });
}

// The outline of a route with round corners, to a point before the arrow head.
function routeOutline(points, radius = 7) {
  const parts = [`M${points[0].map(rounded).join(" ")}`];
  points.slice(1, -1).forEach(([x, y], number) => {
    const [before, after] = [points[number], points[number + 2]];
    const reach = (to) => Math.min(radius, Math.hypot(to[0] - x, to[1] - y) / 2);
    const toward = (to) => { const length = Math.hypot(to[0] - x, to[1] - y) || 1; return [x + (reach(to) * (to[0] - x)) / length, y + (reach(to) * (to[1] - y)) / length].map(rounded).join(" "); };
    parts.push(`L${toward(before)}Q${rounded(x)} ${rounded(y)} ${toward(after)}`);
  });
  parts.push(`L${headOf(points).base.map(rounded).join(" ")}`);
  return parts.join("");
}

// The corners of the arrow head, and where the line meets it.
function headOf(points) {
  const [[u, v], [x, y]] = points.slice(-2);
  const length = Math.hypot(x - u, y - v) || 1;
  const [across, down] = [(x - u) / length, (y - v) / length];
  const corner = (side) => [x - 8 * across + side * 4 * down, y - 8 * down - side * 4 * across];
  return { base: [x - 7 * across, y - 7 * down], corners: [[x, y], corner(1), corner(-1)] };
}
const headOutline = (points) => `M${headOf(points).corners.map((corner) => corner.map(rounded).join(" ")).join("L")}Z`;
