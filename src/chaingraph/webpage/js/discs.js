// How communities look on the map: discs, the ties between them and their names; overview.js decides which are closed.
function discTieEnd(from, to, folded) {
  const reach = folded ? discRadius(from) : discs[from].radius;
  const angle = Math.atan2(discs[to].y - discs[from].y, discs[to].x - discs[from].x);
  return { x: discs[from].x + reach * Math.cos(angle), y: discs[from].y + reach * Math.sin(angle) };
}

// Under the nodes: the land of what is open, and the ties between communities, of which one end is closed.
function paintDiscTies(context) {
  if (!overview || view.focus) return;
  for (const number of unfolded) {
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
  context.strokeStyle = theme.tie;
  context.lineCap = "round";
  for (const { one, other, count } of discTies) {
    if (!isFolded(one) && !isFolded(other)) continue;
    const [from, to] = [discTieEnd(one, other, isFolded(one)), discTieEnd(other, one, isFolded(other))];
    const lit = [one, other].includes(discHovered ?? discCursor);
    context.globalAlpha = lit ? 0.95 : 0.06 + 0.5 * (count / most) ** 0.7;
    context.strokeStyle = lit ? theme.strong : theme.tie;
    context.lineWidth = unit * (0.7 + 7 * Math.sqrt(count / most));
    context.beginPath();
    context.moveTo(from.x, from.y);
    context.lineTo(to.x, to.y);
    context.stroke();
  }
  context.globalAlpha = 1;
}

// One pixel of the whole view, in units of the map: what is thin there is thin, whatever the size of the map.
const discUnit = () => Math.max(...discs.map((disc) => Math.abs(disc.x) + disc.radius)) / 700;

function paintDisc(context, number) {
  const { x, y } = discs[number];
  const radius = discRadius(number);
  const strong = number === discHovered || number === discCursor;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = theme.sheet;
  context.fill();
  context.globalAlpha = strong ? 0.42 : 0.24;
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
  if (!strong) return;
  context.beginPath();
  context.arc(x, y, radius + 3 * discUnit(), 0, 2 * Math.PI);
  context.strokeStyle = number === discCursor ? theme.accent : theme.ring;
  context.lineWidth = 2 * discUnit();
  context.stroke();
}

function paintDiscs(context) {
  if (overview) for (const number of foldedDiscs()) paintDisc(context, number);
}

// The largest communities first, each named under its disc where nothing is covered; `taken` keeps nodes' labels off.
function discLabels(context, taken, scale, left, top) {
  if (!overview || view.focus) return [];
  const labels = [];
  const order = discs.map((_, number) => number).filter((number) => discCounts[number]).sort((a, b) => discCounts[b] - discCounts[a] || a - b);
  for (const number of foldedDiscs()) {
    const [x, y, reach] = [discs[number].x * scale + left, discs[number].y * scale + top, discRadius(number) * scale * 0.8];
    taken.push([x - reach, y - reach, x + reach, y + reach]);
  }
  for (const number of order) {
    const [x, y] = [discs[number].x * scale + left, discs[number].y * scale + top];
    const reach = (isFolded(number) ? discRadius(number) : discs[number].radius) * scale;
    if (x + reach < 0 || y + reach < 0 || x - reach > context.canvas.clientWidth || y - reach > context.canvas.clientHeight) continue;
    const strong = number === discHovered || number === discCursor;
    const size = Math.round(Math.min(16, 10.5 + reach / 12));
    context.font = `600 ${size}px ${theme.sans}`;
    const name = discs[number].outside ? words().outside : shortened(nameOf(discs[number].hub), 26);
    const half = context.measureText(name).width / 2;
    const below = isFolded(number) ? y + reach + size * 0.75 : y - reach - size * 0.75;
    const spot = [x - half, below - size / 2, x + half, below + size / 2];
    const free = taken.every((other) => spot[2] < other[0] || spot[0] > other[2] || spot[3] < other[1] || spot[1] > other[3]);
    if (isFolded(number) && reach > 9) labels.push({ name: counted(discCounts[number]), font: `600 ${Math.round(Math.min(19, 8 + reach / 5))}px ${theme.sans}`, x, y });
    if (!free && !strong) continue;
    taken.push(spot);
    labels.push({ name, font: context.font, x, y: below });
  }
  return labels;
}
