// One or two steps around a node, laid out anew: the only place that moves nodes. The way back puts them where they were.
const MOST_AROUND = 300;
const RING = 44; // nodes that a ring holds before the step takes another
view.focus = null;
let home = null;
let moving = 0;

// ---- who is around: over the ties that the filters leave; of too many, those most strongly tied to the step before
function stepFrom(inner, taken, nodesOut, tiesOut) {
  const found = new Map();
  for (const index of inner) {
    for (const number of tiesOf[index]) {
      const { from, to, width } = data.edges[number];
      const other = from === index ? to : from;
      if (tiesOut[number] || nodesOut[other] || taken.has(other)) continue;
      if (!found.has(other)) found.set(other, { strength: 0, parent: index });
      found.get(other).strength += width || 1;
    }
  }
  return found;
}

function around(centre, steps, nodesOut, tiesOut) {
  const taken = new Set([centre]);
  const rings = [];
  const parents = new Map();
  let left = 0;
  for (let step = 0; step < steps; step += 1) {
    const found = stepFrom(step ? rings[step - 1] : [centre], taken, nodesOut, tiesOut);
    const strongest = [...found.keys()].sort((a, b) => found.get(b).strength - found.get(a).strength || weightOf(b) - weightOf(a) || a - b);
    const kept = strongest.slice(0, Math.max(0, MOST_AROUND + 1 - taken.size));
    left += strongest.length - kept.length;
    for (const index of kept) {
      taken.add(index);
      parents.set(index, found.get(index).parent);
    }
    rings.push(kept);
  }
  return { members: taken, rings, parents, left };
}

// ---- where they stand: the node in the middle, each step on rings, children in the sector of their parent
function placeRing(places, list, middle, from, wedge, stretch) {
  if (!list.length) return from;
  const count = Math.ceil(list.length / RING);
  const room = 2 * Math.max(...list.map(({ index }) => radiusOf(index))) + 24;
  const gap = Math.min(...list.map((one) => one.share));
  const nearest = Math.max(from + room + 26, room / (2 * Math.PI * Math.min(count * gap, wedge || 1)));
  list.forEach(({ index, share, start }, position) => {
    const angle = 2 * Math.PI * (wedge / 2 + (1 - wedge) * (start + share / 2)) - Math.PI / 2;
    const reach = nearest + (position % count) * room;
    places.set(index, { x: middle.x + stretch.x * reach * Math.cos(angle), y: middle.y + stretch.y * reach * Math.sin(angle) });
  });
  return nearest + (count - 1) * room;
}

const radiusOf = (index) => places[index].radius + (things[index].leading ? 5 : 0);

function ringed(centre, { rings, parents }) {
  const middle = home[centre];
  const turn = ({ x, y }) => (Math.atan2(y - middle.y, x - middle.x) + 2.5 * Math.PI) % (2 * Math.PI);
  const byTurn = (list) => [...list].sort((a, b) => turn(home[a]) - turn(home[b]) || a - b);
  const inner = byTurn(rings[0]);
  const outer = new Map(inner.map((index) => [index, []]));
  for (const index of byTurn(rings[1] || [])) outer.get(parents.get(index)).push(index);
  const children = (rings[1] || []).length;
  const wedge = Math.max(inner.length, children) > RING ? 0.04 : 0;
  const [first, second] = [[], []];
  let start = 0;
  for (const index of inner) {
    const own = outer.get(index);
    const share = children ? 0.5 / inner.length + (0.5 * own.length) / children : 1 / inner.length;
    first.push({ index, share, start });
    own.forEach((child, position) => second.push({ index: child, share: share / own.length, start: start + (share * position) / own.length }));
    start += share;
  }
  const wide = Math.min(1.5, Math.max(0.7, box.clientWidth / box.clientHeight));
  const stretch = { x: Math.max(1, wide), y: Math.max(1, 1 / wide) };
  const found = new Map([[centre, middle]]);
  const reach = placeRing(found, first, middle, radiusOf(centre) + 30, wedge, stretch);
  placeRing(found, second, middle, reach, wedge, stretch);
  return found;
}

// ---- movement
function put(index, { x, y }) {
  Object.assign(places[index], { x, y });
  // A node of a community that is closed is not drawn.
  if (network.body.nodes[index]) Object.assign(network.body.nodes[index], { x, y });
}

function moveTo(targets, then) {
  cancelAnimationFrame(moving);
  const starts = new Map([...targets.keys()].map((index) => [index, { ...places[index] }]));
  const began = performance.now();
  const frame = (now) => {
    const share = calm ? 1 : Math.min(1, Math.max(0, now - began) / 480);
    const eased = share * share * (3 - 2 * share);
    for (const [index, to] of targets) {
      const from = starts.get(index);
      put(index, { x: from.x + eased * (to.x - from.x), y: from.y + eased * (to.y - from.y) });
    }
    network.redraw();
    if (share < 1) moving = requestAnimationFrame(frame);
    else then?.();
  };
  frame(began);
}

// The camera looks at where the nodes will be, while they are on their way.
function lookAtTargets(targets) {
  const starts = [...targets.keys()].map((index) => [index, { ...places[index] }]);
  for (const [index, to] of targets) Object.assign(places[index], to);
  lookAt([...targets.keys()], 1.6, true);
  for (const [index, from] of starts) Object.assign(places[index], from);
}

// ---- in and out
function enterFocus(centre, steps) {
  reveal(centre);
  home ??= places.map(({ x, y }) => ({ x, y }));
  view.focus = { centre, steps, members: null, left: 0 };
  applyFilters();
}

function leaveFocus() {
  view.focus = null;
  applyFilters();
}

function goHome() {
  if (!home) return;
  const targets = new Map(home.map((place, index) => [index, place]));
  // Who turns back on the way home still knows where it is.
  moveTo(targets, () => { home = null; });
  lookAtTargets(new Map([...targets].filter(([index]) => isShown(index))));
}

// Called with what the filters leave out: everything that is not around the node goes out as well.
function narrowToFocus(nodesOut, tiesOut) {
  if (view.focus && nodesOut[view.focus.centre]) view.focus = null;
  if (!view.focus) return void (home && queueMicrotask(() => view.focus || goHome()));
  const { centre, steps, members } = view.focus;
  const found = around(centre, steps, nodesOut, tiesOut);
  nodesOut.forEach((_, index) => { if (!found.members.has(index)) nodesOut[index] = 1; });
  data.edges.forEach(({ from, to }, number) => { if (nodesOut[from] || nodesOut[to]) tiesOut[number] = 1; });
  const same = members && members.size === found.members.size && [...members].every((index) => found.members.has(index));
  Object.assign(view.focus, { members: found.members, left: found.left });
  if (same && view.focus.laid === steps) return;
  view.focus.laid = steps;
  const targets = ringed(centre, found);
  queueMicrotask(() => {
    if (!view.focus) return;
    lookAtTargets(targets);
    moveTo(targets);
  });
}

inAddress({
  write(parts) {
    if (view.focus) parts.set("focus", `${view.focus.steps}:${things[view.focus.centre].id}`);
  },
  read(parts) {
    const [, steps, id] = /^([12]):(.*)$/s.exec(parts.get("focus") ?? "") ?? [];
    const centre = indexOf.get(id);
    if (centre === undefined) view.focus = null;
    else if (view.focus?.centre !== centre || view.focus.steps !== Number(steps)) {
      home ??= places.map(({ x, y }) => ({ x, y }));
      view.focus = { centre, steps: Number(steps), members: null, left: 0 };
    }
  },
});
