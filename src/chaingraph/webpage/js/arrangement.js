// Where nodes are and how large, as the reader chooses: a layout that was computed with the page, and what areas show.
const firstRadii = places.map(({ radius }) => radius);
const firstLayout = { spots: places.map(({ x, y }) => ({ x, y })), circles: drawing.circles, lines: drawing.lines };
view.layout = views.layouts[0].name;
view.size = views.size;
const ONE_SIZE = "one_size";
const [LARGEST_RADIUS, USUAL_RADIUS, SMALLEST_RADIUS] = [26, 8, 4.5];
const MOST_GROWTH = 2;
const CLEAR_SPACE = 5;
const MOST_ROUNDS = 90;

// An overview has the places and the sizes of its communities.
const layoutNames = () => views.layouts.map(({ name }) => name);
const sizeChoices = () => (overview ? [views.size] : [...new Set([views.size, ...measures.filter(hasSeveralNumbers), ONE_SIZE])]);

// Areas follow the numbers; the smallest node can still be clicked.
function radiiOf(name) {
  if (name === views.size) return firstRadii;
  const values = name === ONE_SIZE ? [] : valuesOf(name);
  const positive = [...values].filter((value) => value > 0).sort((a, b) => a - b);
  if (!positive.length) return firstRadii.map(() => USUAL_RADIUS);
  const middle = (positive[(positive.length - 1) >> 1] + positive[positive.length >> 1]) / 2;
  const top = Math.min(LARGEST_RADIUS, USUAL_RADIUS * Math.sqrt(positive.at(-1) / middle));
  return Array.from(values, (value) => (value > 0 ? Math.max(SMALLEST_RADIUS, top * Math.sqrt(value / positive.at(-1))) : SMALLEST_RADIUS));
}

// Addresses hold places as a wide screen has them.
function turned([x, y]) {
  const isSwappable = view.layout === views.layouts[0].name ? drawing.swappable ?? true : views.layouts.find(({ name }) => name === view.layout).swappable ?? true;
  return isUpright && isSwappable ? [y, x] : [x, y];
}

function layoutOf(name) {
  const layout = views.layouts.find((one) => one.name === name);
  if (layout === views.layouts[0]) return firstLayout;
  const turned = (layout.swappable ?? true) && isUpright;
  const turn = ([x, y, ...more]) => (turned ? [y, x, ...more] : [x, y, ...more]);
  const spots = layout.x.map((x, index) => { const [across, down] = turn([x, layout.y[index]]); return { x: across, y: down }; });
  const lines = (layout.lines ?? []).map(({ points, ...rest }) => ({ points: points.map(turn), ...rest }));
  return { spots, circles: (layout.circles ?? []).map(turn), lines };
}

// Pushes nodes apart that overlap, each pair by half of what it lacks, until none does.
function pushApart(spots, radii) {
  const cell = 2 * Math.max(...radii) + 3 * CLEAR_SPACE;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const cells = new Map();
    spots.forEach(({ x, y }, index) => {
      const key = `${Math.floor(x / cell)} ${Math.floor(y / cell)}`;
      if (!cells.has(key)) cells.set(key, []);
      cells.get(key).push(index);
    });
    let isClear = true;
    spots.forEach((spot, index) => {
      const [column, row] = [Math.floor(spot.x / cell), Math.floor(spot.y / cell)];
      for (let number = 0; number < 9; number += 1) {
        for (const other of cells.get(`${column - 1 + (number % 3)} ${row - 1 + Math.floor(number / 3)}`) ?? []) {
          if (other <= index) continue;
          const [across, down] = [spots[other].x - spot.x || 0.01, spots[other].y - spot.y];
          const distance = Math.hypot(across, down);
          const missing = radii[index] + radii[other] + CLEAR_SPACE + (nodes[index].leading || nodes[other].leading ? CLEAR_SPACE : 0) - distance;
          if (missing <= 0.01) continue;
          isClear = false;
          const share = missing / 2 / distance;
          spot.x -= share * across;
          spot.y -= share * down;
          spots[other].x += share * across;
          spots[other].y += share * down;
        }
      }
    });
    if (isClear) return;
  }
}

// The places of a layout for nodes of that size: if they need more room, all of it grows, then nodes are pushed apart.
function placesFor(layout, radii) {
  if (radii === firstRadii) return layout;
  const area = (sizes) => sizes.reduce((sum, radius) => sum + radius * radius, 0);
  const growth = Math.min(MOST_GROWTH, Math.max(1, Math.sqrt(area(radii) / area(firstRadii))));
  const spots = layout.spots.map(({ x, y }) => ({ x: growth * x, y: growth * y }));
  pushApart(spots, radii);
  const grow = (numbers) => numbers.map((number) => growth * number);
  return { spots: spots.map(wholeUnits), circles: layout.circles.map(grow), lines: layout.lines.map((line) => ({ ...line, points: line.points.map(grow) })) };
}

function arrange(layout, size, animated) {
  if (layout === view.layout && size === view.size) return;
  Object.assign(view, { layout, size });
  const radii = radiiOf(size);
  const { spots, circles, lines } = placesFor(layoutOf(layout), radii);
  Object.assign(drawing, { circles, lines });
  if (view.focus) {
    view.focus = null;
    originalPlaces = null;
    applyFilters();
  }
  places.forEach((place, index) => { place.radius = radii[index]; });
  orderByImportance();
  drawFilters();
  // vis-network goes back to the places of its own list when a node is shown or hidden.
  spots.forEach((spot, index) => Object.assign(visNodes[index], spot));
  nodeItems.update(spots.map((spot, id) => ({ id, ...spot })));
  const targets = new Map(spots.map((spot, index) => [index, spot]));
  if (animated) {
    lookAtTargets(new Map([...targets].filter(([index]) => isDrawn(index))));
    moveNodes(targets);
  } else {
    targets.forEach((spot, index) => setPlace(index, spot));
    showWhole(false);
  }
}
