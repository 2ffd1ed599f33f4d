// Where everything stands: columns of a chain, boxes in them, cards in boxes. Numbers only; nothing is drawn here.
const SIZE = {
  narrow: 205, minimum: 250, maximum: 372, gutter: 30, gap: 16, strip: 42, heading: 38, padding: 10,
  nameLine: 20, head: 16, card: 46, between: 4, more: 30, line: 32, foot: 10, band: 12, track: 5,
};
const FIRST_CARDS = 8;
// From so many cards on a chain opens with its boxes folded to counts.
const MANY_CARDS = 160;
const NAME_FONT = (sans) => `600 14px ${sans}`;
const measure = document.createElement("canvas").getContext("2d");
const widthCache = new Map();
function textWidth(text, font) {
  const key = `${font}\n${text}`;
  if (!widthCache.has(key)) {
    measure.font = font;
    widthCache.set(key, measure.measureText(text).width);
  }
  return widthCache.get(key);
}

// ---- what of a box is open: by the reader's choice for it, else for all, else by the size of its chain
const folds = { all: null, own: new Map() };
const cardCount = (chain) => chain.boxes.reduce((sum, box) => sum + box.cards.length, 0);
function isOpen(chain, box) {
  return folds.own.get(box.key) ?? (folds.all === null ? cardCount(chain) <= MANY_CARDS : folds.all === "open");
}
const wholeBoxes = new Set();

// What a box shows: its name in lines, and cards, or one line that counts them or says that there are none. On paper an
// open box shows all its cards (`everything` is "cards"), and one that was divided is open (`everything` is true).
function contentOf(chain, box, width, everything) {
  const cards = cardsOf(box);
  const room = width - 2 * SIZE.padding - 40;
  const name = wrappedLines(nameOf(box.node), room, NAME_FONT(theme.sans)).slice(0, 3);
  const open = everything === true || isOpen(chain, box);
  const whole = Boolean(everything) || wholeBoxes.has(box.key) || cards.length <= FIRST_CARDS + 2;
  const shown = open ? cards.slice(0, whole ? cards.length : FIRST_CARDS) : [];
  const rest = open ? cards.length - shown.length : 0;
  const note = !box.cards.length ? "empty" : !cards.length ? "filtered" : !open ? "counts" : "";
  const body = note ? SIZE.line : shown.length * SIZE.card + (shown.length - 1) * SIZE.between + (rest ? SIZE.more : 0) + SIZE.foot;
  return { box, name, cards, shown, rest, note, open, height: SIZE.head + SIZE.nameLine * name.length + body };
}

// ---- columns
// Each lane gets one column, the next goes to the lane that is highest for its columns.
function columnCounts(lanes, slots) {
  const counts = lanes.map(() => 1);
  const most = lanes.map(({ boxes }) => boxes.length);
  for (let left = slots - lanes.length; left > 0; left -= 1) {
    const tallest = lanes.map((lane, number) => (counts[number] < most[number] ? lane.weight / counts[number] : -1));
    const best = tallest.indexOf(Math.max(...tallest));
    if (tallest[best] < 0) break;
    counts[best] += 1;
  }
  return counts;
}

// The columns of all lanes, from left to right, or lane under lane where there is no room side by side.
function lanesOf(chain, width, everything) {
  const lanes = SEGMENTS.map((segment) => ({ segment, boxes: chain.boxes.filter((box) => box.segment === segment) }));
  for (const lane of lanes) lane.weight = lane.boxes.reduce((sum, box) => sum + contentOf(chain, box, SIZE.minimum, everything).height + SIZE.gap, 0);
  const full = lanes.filter((lane) => lane.boxes.length);
  const strips = lanes.filter((lane) => !lane.boxes.length && lane.segment !== "unstated");
  const room = width - strips.length * (SIZE.strip + SIZE.gutter);
  // Beside the panel columns are narrower, so that a click does not turn the map.
  const slotsOf = (least) => Math.floor((room + SIZE.gutter) / (least + SIZE.gutter));
  const slots = Math.max(slotsOf(SIZE.minimum), Math.min(full.length, slotsOf(SIZE.narrow)));
  // Where no source says what is upstream of what, that is said below the stages, not before them.
  const isUnordered = full.length === 1 && full[0].segment === "unstated";
  if (slots >= full.length && width >= 600 && !isUnordered) {
    const counts = columnCounts(full, slots);
    const total = counts.reduce((sum, count) => sum + count, 0);
    const column = Math.min(SIZE.maximum, Math.floor((room + SIZE.gutter) / total) - SIZE.gutter);
    full.forEach((lane, number) => { lane.columns = counts[number]; });
    return { lanes: [...full, ...strips].sort((a, b) => SEGMENTS.indexOf(a.segment) - SEGMENTS.indexOf(b.segment)), column, stacked: false };
  }
  const each = Math.max(1, Math.floor((width + SIZE.gutter) / (SIZE.minimum + SIZE.gutter)));
  for (const lane of full) lane.columns = Math.min(each, lane.boxes.length);
  return { lanes: [...full, ...strips], column: Math.floor((width + SIZE.gutter) / each) - SIZE.gutter, stacked: true };
}

// ---- boxes in a lane: what is linked goes by layers from left to right, row under row; the others fill the columns
function rowsOf(chain, lane) {
  const linked = new Set();
  for (const { source, target } of chain.arrows) {
    const ends = [chain.boxes[source], chain.boxes[target]];
    if (ends.every((box) => box.segment === lane.segment)) for (const box of ends) linked.add(box);
  }
  const layers = allOf([...linked].map((box) => box.layer)).sort((a, b) => a - b);
  const rows = [];
  for (const box of lane.boxes.filter((one) => linked.has(one)).sort((a, b) => a.layer - b.layer)) {
    const position = layers.indexOf(box.layer);
    const row = Math.floor(position / lane.columns);
    (rows[row] ??= []).push({ box, column: position % lane.columns });
  }
  return { rows, others: lane.boxes.filter((box) => !linked.has(box)) };
}

function placeLane(chain, lane, left, top, column, options) {
  const placed = [];
  let bottom = top;
  const put = (box, number, y) => {
    const content = contentOf(chain, box, column, options.everything);
    const place = { ...content, x: left + number * (column + SIZE.gutter), y, width: column, lane: lane.segment, column: lane.first + number };
    placed.push(place);
    bottom = Math.max(bottom, y + content.height);
    return y + content.height + SIZE.gap;
  };
  const { rows, others } = rowsOf(chain, lane);
  let start = top;
  for (const row of rows) {
    const ends = new Array(lane.columns).fill(start);
    for (const { box, column: number } of row) {
      ends[number] = put(box, number, ends[number]);
      placed.at(-1).rowTop = start;
    }
    start = Math.max(...ends) + SIZE.band;
  }
  const ends = new Array(lane.columns).fill(start);
  for (const box of others) {
    const number = ends.indexOf(Math.min(...ends));
    ends[number] = put(box, number, ends[number]);
    placed.at(-1).rowTop = start;
  }
  return { placed, bottom };
}

// The layout of a chain: places of boxes, headings, strips of columns without a box, and arrows.
function layoutChain(chain, width, options = {}) {
  const { lanes, column, stacked } = lanesOf(chain, width, options.everything);
  const crossing = chain.arrows.length ? SIZE.band : 0;
  const layout = { chain, width: 0, height: 0, stacked, boxes: [], headings: [], strips: [], arrows: [] };
  let [x, y, first] = [0, 0, 0];
  for (const lane of lanes) {
    lane.first = first;
    if (!lane.boxes.length) {
      layout.strips.push({ segment: lane.segment, x, y, width: stacked ? width : SIZE.strip, height: stacked ? SIZE.strip - 6 : 0 });
      if (stacked) y += SIZE.strip + 2;
      else x += SIZE.strip + SIZE.gutter;
      first += 1;
      continue;
    }
    const across = lane.columns * (column + SIZE.gutter) - SIZE.gutter;
    layout.headings.push({ segment: lane.segment, x, y, width: across, count: lane.boxes.length });
    const { placed, bottom } = placeLane(chain, lane, x, y + SIZE.heading + crossing, column, options);
    layout.boxes.push(...placed);
    layout.width = Math.max(layout.width, x + across);
    layout.height = Math.max(layout.height, bottom);
    if (stacked) y = bottom + 26;
    else x += across + SIZE.gutter;
    first += lane.columns;
  }
  layout.width = Math.max(layout.width, x - SIZE.gutter, stacked ? width : 0);
  layout.height = Math.max(layout.height, y - 10);
  if (!stacked) for (const strip of layout.strips) strip.height = Math.max(190, layout.height);
  if (!stacked) layout.height = Math.max(layout.height, ...layout.strips.map((strip) => strip.height));
  layout.arrows = routes(layout);
  return layout;
}
