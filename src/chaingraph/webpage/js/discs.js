// How communities look on the map: discs, the ties between them and their names; overview.js says which are closed.
function discTieEnd(from, to) {
  const reach = isClosed(from) ? discRadius(from) : discs[from].radius;
  const angle = Math.atan2(discs[to].y - discs[from].y, discs[to].x - discs[from].x);
  return { x: discs[from].x + reach * Math.cos(angle), y: discs[from].y + reach * Math.sin(angle) };
}

const isEmphasized = (number) => number === hoveredDisc || number === discCursor;
// One pixel of the whole view, in units of the map: what is thin there is thin, whatever the size of the map.
const discUnit = () => Math.max(...discs.map((disc) => Math.abs(disc.x) + disc.radius)) / 700;

// Under the nodes: the circles of open communities, and the ties between communities of which one is closed.
function paintDiscTies(context) {
  if (!overview || view.focus) return;
  for (const number of openDiscs) {
    if (discs[number].outside) continue;
    context.beginPath();
    context.arc(discs[number].x, discs[number].y, discs[number].radius, 0, 2 * Math.PI);
    context.fillStyle = theme.land;
    context.strokeStyle = theme.coast;
    context.lineWidth = 1.5;
    context.fill();
    context.stroke();
  }
  const unit = discUnit();
  const most = discTies.length ? discTies.at(-1).count : 1;
  context.lineCap = "round";
  for (const { one, other, count } of discTies) {
    if (!isClosed(one) && !isClosed(other)) continue;
    const [from, to] = [discTieEnd(one, other), discTieEnd(other, one)];
    const isBright = [one, other].includes(hoveredDisc ?? discCursor);
    context.globalAlpha = isBright ? 0.95 : 0.06 + 0.5 * (count / most) ** 0.7;
    context.strokeStyle = isBright ? theme.strong : theme.tie;
    context.lineWidth = unit * (0.7 + 7 * Math.sqrt(count / most));
    context.beginPath();
    context.moveTo(from.x, from.y);
    context.lineTo(to.x, to.y);
    context.stroke();
  }
  context.globalAlpha = 1;
}

function paintDisc(context, number) {
  const { x, y } = discs[number];
  const radius = discRadius(number);
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = theme.sheet;
  context.fill();
  context.globalAlpha = isEmphasized(number) ? 0.42 : 0.24;
  context.fillStyle = theme.hues[discShares[number][0][0]];
  context.fill();
  context.globalAlpha = 1;
  // The rim is divided as the colours of the nodes are.
  const rim = Math.max(radius * 0.14, 1.5 * discUnit());
  let angle = -Math.PI / 2;
  context.lineCap = "butt";
  context.lineWidth = rim;
  for (const [colour, count] of discShares[number]) {
    const next = angle + (2 * Math.PI * count) / discCounts[number];
    context.beginPath();
    context.arc(x, y, radius - rim / 2, angle, next);
    context.strokeStyle = theme.hues[colour];
    context.stroke();
    angle = next;
  }
  if (!isEmphasized(number)) return;
  context.beginPath();
  context.arc(x, y, radius + 3 * discUnit(), 0, 2 * Math.PI);
  context.strokeStyle = number === discCursor ? theme.accent : theme.ring;
  context.lineWidth = 2 * discUnit();
  context.stroke();
}

function paintDiscs(context) {
  if (overview) for (const number of closedDiscs()) paintDisc(context, number);
}

// The largest communities first, each named under its disc where nothing is covered; `occupied` keeps other labels off.
function discLabels(context, occupied, scale, left, top) {
  if (!overview || view.focus) return [];
  const onScreen = (number, radius) => ({ x: discs[number].x * scale + left, y: discs[number].y * scale + top, reach: radius * scale });
  for (const number of closedDiscs()) {
    const { x, y, reach } = onScreen(number, discRadius(number) * 0.8);
    occupied.push([x - reach, y - reach, x + reach, y + reach]);
  }
  const labels = [];
  for (const number of largestFirst()) {
    const { x, y, reach } = onScreen(number, isClosed(number) ? discRadius(number) : discs[number].radius);
    if (x + reach < 0 || y + reach < 0 || x - reach > context.canvas.clientWidth || y - reach > context.canvas.clientHeight) continue;
    if (isClosed(number) && reach > 9) labels.push({ name: countText(discCounts[number]), font: `600 ${Math.round(Math.min(19, 8 + reach / 5))}px ${theme.sans}`, x, y });
    const label = discLabel(context, number, { x, y, reach }, occupied);
    if (!label) continue;
    occupied.push(label.box);
    labels.push(label);
  }
  return labels;
}

// The name of a disc below, above or beside it, shorter where there is less room; null where there is none.
const NAME_ROOMS = [26, 16, 10];
function discLabel(context, number, { x, y, reach }, occupied) {
  const size = Math.round(Math.min(16, 10.5 + reach / 12));
  context.font = `600 ${size}px ${theme.sans}`;
  const whole = discs[number].outside ? words().outside : nameOf(discs[number].hub);
  const [below, above] = [y + reach + size * 0.75, y - reach - size * 0.75];
  let first = null;
  for (const room of NAME_ROOMS) {
    const name = truncated(whole, room);
    const half = context.measureText(name).width / 2;
    const beside = reach + half + 4;
    const places = isClosed(number) ? [[x, below], [x, above], [x + beside, y], [x - beside, y]] : [[x, above], [x, below]];
    for (const [across, down] of places) {
      const label = { name, font: context.font, x: across, y: down, box: [across - half, down - size / 2, across + half, down + size / 2] };
      first ??= label;
      if (!occupied.some((other) => overlaps(label.box, other))) return label;
    }
  }
  return isEmphasized(number) ? first : null;
}
