// Focus: one or two steps around a node, laid out anew; leaving it restores the places of all nodes.
const MOST_AROUND = 300;
const MOST_IN_RING = 44; // A step with more nodes takes several rings.
view.focus = null;
let originalPlaces = null;
let moveFrame = 0;

// ---- who is around: over the ties that the filters leave; of too many, those most strongly tied to the step before
function nextStep(inner, members, hiddenNodes, hiddenTies) {
  const reached = new Map();
  for (const index of inner) {
    for (const number of tiesOf[index]) {
      const { source, target } = ties[number];
      const other = source === index ? target : source;
      if (hiddenTies[number] || hiddenNodes[other] || members.has(other)) continue;
      if (!reached.has(other)) reached.set(other, { strength: 0, parent: index });
      reached.get(other).strength += visEdges[number].width || 1;
    }
  }
  return reached;
}

function neighbourhood(centre, steps, hiddenNodes, hiddenTies) {
  const members = new Set([centre]);
  const rings = [];
  const parents = new Map();
  let omitted = 0;
  for (let step = 0; step < steps; step += 1) {
    const reached = nextStep(step ? rings[step - 1] : [centre], members, hiddenNodes, hiddenTies);
    const order = [...reached.keys()].sort((a, b) => reached.get(b).strength - reached.get(a).strength || importanceOf(b) - importanceOf(a) || a - b);
    const ring = order.slice(0, Math.max(0, MOST_AROUND + 1 - members.size));
    omitted += order.length - ring.length;
    for (const index of ring) {
      members.add(index);
      parents.set(index, reached.get(index).parent);
    }
    rings.push(ring);
  }
  return { members, rings, parents, omitted };
}

// ---- places: the node in the middle, each step on rings, children in the sector of their parent
function placeRing(targets, sectors, middle, innerRadius, gap, stretch) {
  if (!sectors.length) return innerRadius;
  const count = Math.ceil(sectors.length / MOST_IN_RING);
  const room = 2 * Math.max(...sectors.map(({ index }) => outerRadius(index))) + 24;
  const narrowest = Math.min(...sectors.map(({ share }) => share));
  const first = Math.max(innerRadius + room + 26, room / (2 * Math.PI * Math.min(count * narrowest, gap || 1)));
  sectors.forEach(({ index, share, start }, position) => {
    const angle = 2 * Math.PI * (gap / 2 + (1 - gap) * (start + share / 2)) - Math.PI / 2;
    const radius = first + (position % count) * room;
    targets.set(index, { x: middle.x + stretch.x * radius * Math.cos(angle), y: middle.y + stretch.y * radius * Math.sin(angle) });
  });
  return first + (count - 1) * room;
}

const outerRadius = (index) => places[index].radius + (nodes[index].leading ? 5 : 0);

function ringLayout(centre, { rings, parents }) {
  const middle = originalPlaces[centre];
  const direction = ({ x, y }) => (Math.atan2(y - middle.y, x - middle.x) + 2.5 * Math.PI) % (2 * Math.PI);
  const byDirection = (indices) => [...indices].sort((a, b) => direction(originalPlaces[a]) - direction(originalPlaces[b]) || a - b);
  const inner = byDirection(rings[0]);
  const childrenOf = new Map(inner.map((index) => [index, []]));
  for (const index of byDirection(rings[1] || [])) childrenOf.get(parents.get(index)).push(index);
  const childCount = (rings[1] || []).length;
  const gap = Math.max(inner.length, childCount) > MOST_IN_RING ? 0.04 : 0;
  const [first, second] = [[], []];
  let start = 0;
  for (const index of inner) {
    const children = childrenOf.get(index);
    const share = childCount ? 0.5 / inner.length + (0.5 * children.length) / childCount : 1 / inner.length;
    first.push({ index, share, start });
    children.forEach((child, position) => second.push({ index: child, share: share / children.length, start: start + (share * position) / children.length }));
    start += share;
  }
  const aspect = Math.min(1.5, Math.max(0.7, mapBox.clientWidth / mapBox.clientHeight));
  const stretch = { x: Math.max(1, aspect), y: Math.max(1, 1 / aspect) };
  const targets = new Map([[centre, middle]]);
  const radius = placeRing(targets, first, middle, outerRadius(centre) + 30, gap, stretch);
  placeRing(targets, second, middle, radius, gap, stretch);
  return targets;
}

// ---- movement
function setPlace(index, { x, y }) {
  Object.assign(places[index], { x, y });
  // A node of a closed community is not drawn.
  if (network.body.nodes[index]) Object.assign(network.body.nodes[index], { x, y });
}

function moveNodes(targets, done) {
  cancelAnimationFrame(moveFrame);
  const starts = new Map([...targets.keys()].map((index) => [index, { ...places[index] }]));
  const startTime = performance.now();
  const frame = (now) => {
    const share = isStill() ? 1 : Math.min(1, Math.max(0, now - startTime) / 480);
    const eased = share * share * (3 - 2 * share);
    for (const [index, to] of targets) {
      const from = starts.get(index);
      setPlace(index, { x: from.x + eased * (to.x - from.x), y: from.y + eased * (to.y - from.y) });
    }
    network.redraw();
    if (share < 1) moveFrame = requestAnimationFrame(frame);
    else done?.();
  };
  frame(startTime);
}

// The camera looks at where the nodes will be, while they are on their way.
function lookAtTargets(targets) {
  const starts = [...targets.keys()].map((index) => [index, { ...places[index] }]);
  for (const [index, to] of targets) Object.assign(places[index], to);
  lookAt([...targets.keys()], 1.6, true);
  for (const [index, from] of starts) Object.assign(places[index], from);
}

function restorePlaces() {
  if (!originalPlaces) return;
  const targets = new Map(originalPlaces.map((place, index) => [index, place]));
  // Until all nodes are back, a new focus still knows where they belong.
  moveNodes(targets, () => { originalPlaces = null; });
  lookAtTargets(new Map([...targets].filter(([index]) => isShown(index))));
}

// ---- in and out
function setFocus(centre, steps) {
  originalPlaces ??= places.map(({ x, y }) => ({ x, y }));
  view.focus = { centre, steps, members: null, omitted: 0, laidOut: 0 };
}

function enterFocus(centre, steps) {
  reveal(centre);
  setFocus(centre, steps);
  applyFilters();
}

function leaveFocus() {
  view.focus = null;
  applyFilters();
}

// Called with what the filters hide: everything that is not around the node is hidden as well.
function limitToFocus(hiddenNodes, hiddenTies) {
  if (view.focus && hiddenNodes[view.focus.centre]) view.focus = null;
  if (!view.focus) return void (originalPlaces && queueMicrotask(() => view.focus || restorePlaces()));
  const { centre, steps, members } = view.focus;
  const around = neighbourhood(centre, steps, hiddenNodes, hiddenTies);
  hiddenNodes.forEach((_, index) => { if (!around.members.has(index)) hiddenNodes[index] = 1; });
  ties.forEach(({ source, target }, number) => { if (hiddenNodes[source] || hiddenNodes[target]) hiddenTies[number] = 1; });
  const isSame = members && members.size === around.members.size && [...members].every((index) => around.members.has(index));
  Object.assign(view.focus, { members: around.members, omitted: around.omitted });
  if (isSame && view.focus.laidOut === steps) return;
  view.focus.laidOut = steps;
  const targets = ringLayout(centre, around);
  queueMicrotask(() => {
    if (!view.focus) return;
    lookAtTargets(targets);
    moveNodes(targets);
  });
}

registerAddressPart({
  write(parameters) {
    if (view.focus) parameters.set("focus", `${view.focus.steps}:${nodes[view.focus.centre].id}`);
  },
  read(parameters) {
    const [, steps, id] = /^([12]):(.*)$/s.exec(parameters.get("focus") ?? "") ?? [];
    const centre = indexOf.get(id);
    if (centre === undefined) view.focus = null;
    else if (view.focus?.centre !== centre || view.focus.steps !== Number(steps)) setFocus(centre, Number(steps));
  },
});
