// The picture: what the map shows, with title, legend and sources, painted on a canvas or as SVG.
const LABEL_ROOM = 200;
const LEAST_WIDTH = 560;
const MARGIN = 20;

// ---- frames: which part of the map goes on how large a sheet, in CSS pixels
function screenFrame() {
  const { x, y } = network.canvasToDOM({ x: 0, y: 0 });
  const frame = { width: mapBox.clientWidth, height: mapBox.clientHeight, scale: network.getScale(), left: x, top: y };
  const onScreen = visiblePlaces()
    .map((place) => [place.x * frame.scale + x, place.y * frame.scale + y, place.radius * frame.scale])
    .filter(([across, down, reach]) => across > -reach && down > -reach && across < frame.width + reach && down < frame.height + reach);
  return onScreen.length ? cropped(frame, onScreen) : frame;
}

// Without the empty strip that lies under the legend on screen.
function cropped(frame, onScreen) {
  const west = Math.max(0, Math.floor(Math.min(...onScreen.map(([x, , reach]) => x - reach - LABEL_ROOM))));
  const east = Math.min(frame.width, Math.ceil(Math.max(...onScreen.map(([x, , reach]) => x + reach + LABEL_ROOM))));
  const more = Math.max(0, LEAST_WIDTH - (east - west)) / 2;
  return { ...frame, width: Math.round(east - west + 2 * more), left: frame.left - west + more };
}

function wholeFrame(width) {
  const around = { west: Infinity, east: -Infinity, north: Infinity, south: -Infinity };
  for (const { x, y, radius } of visiblePlaces()) {
    around.west = Math.min(around.west, x - radius);
    around.east = Math.max(around.east, x + radius);
    around.north = Math.min(around.north, y - radius);
    around.south = Math.max(around.south, y + radius);
  }
  if (around.west > around.east) return { width, height: width / 2, scale: 1, left: 0, top: 0 };
  const [across, down] = [around.east - around.west, around.south - around.north];
  const height = Math.round(width * Math.min(1.1, Math.max(0.45, down / across)));
  const scale = Math.min(1.6, (width - 1.1 * LABEL_ROOM) / across, (height - 60) / down);
  const middle = (low, high, room) => room / 2 - (scale * (low + high)) / 2;
  return { width, height, scale, left: middle(around.west, around.east, width), top: middle(around.north, around.south, height) };
}

// ---- painting
function paintMap(context, { scale, left, top }, ratio) {
  context.save();
  context.setTransform(ratio * scale, 0, 0, ratio * scale, ratio * left, ratio * top);
  // The order of vis-network's own frame, on our context.
  network.body.emitter.emit("beforeDrawing", context);
  network.renderer._drawEdges(context);
  network.renderer._drawNodes(context, true);
  network.renderer._drawArrows(context);
  network.body.emitter.emit("afterDrawing", context);
  context.restore();
}

function pictureLegend() {
  const shapes = legend.attribute && legend.classes.length > 1 ? legend.classes : [];
  return [...legend.colours, ...shapes].map((entry) => ({ ...entry, text: `${entry.name[view.language]} ${countText(entry.count)}` }));
}

// What the picture leaves out, in words: nodes that filters hide, members of closed communities.
function omissionLines() {
  const isPart = shownNodeCount() < nodes.length || shownTieCount() < ties.length;
  const folded = view.folded && isolates.filter(isShown).length;
  return [isPart && `${countLine("nodes")} · ${countLine("ties")}`, folded && `${countText(folded)} ${words()[folded === 1 ? "isolate" : "isolates"]}`, !overviewPanel.hidden && overviewText()].filter(Boolean);
}

// Rows of texts under the map: each with its place, so that their height is known before they are painted.
function footer(width, { hasLegend, hasSources }) {
  const pieces = [];
  let [x, y] = [MARGIN, 22];
  const font = `400 12.5px ${theme.sans}`;
  measuringContext.font = font;
  for (const entry of hasLegend ? pictureLegend() : []) {
    const room = measuringContext.measureText(entry.text).width + 42;
    if (x > MARGIN && x + room > width - MARGIN) [x, y] = [MARGIN, y + 22];
    pieces.push({ x: x + 22, y, text: entry.text, font, colour: theme.ink, entry });
    x += room;
  }
  if (hasLegend) y += 24;
  const small = `400 11px ${theme.sans}`;
  const lines = [...(hasLegend ? omissionLines() : []), ...(hasSources ? creditLines() : [])];
  for (const line of lines.flatMap((one) => wrappedLines(one, width - 2 * MARGIN, small))) {
    pieces.push({ x: MARGIN, y, text: line, font: small, colour: theme.soft });
    y += 17;
  }
  return { pieces, height: y - 4 };
}

function paintSymbol(context, { shape, hue }, x, y) {
  context.save();
  context.translate(x, y);
  context.scale(5.2, 5.2);
  context.fillStyle = getComputedStyle(root).getPropertyValue(hueVariable(hue)).trim();
  context.fill(paths[shape]);
  context.restore();
}

function paintTexts(context, pieces, down) {
  context.textAlign = "left";
  context.textBaseline = "middle";
  for (const piece of pieces) {
    if (piece.entry) paintSymbol(context, piece.entry, piece.x - 14, down + piece.y);
    context.font = piece.font;
    context.fillStyle = piece.colour;
    context.fillText(piece.text, piece.x, down + piece.y);
  }
}

// Calls contextOf with the size of the whole picture, and paints on the context that it returns.
function paintPicture(frame, parts, contextOf) {
  const font = `600 20px ${theme.serif}`;
  const lines = parts.hasTitle ? wrappedLines(data.title[view.language], frame.width - 2 * MARGIN, font) : [];
  const title = lines.map((text, line) => ({ x: MARGIN, y: 26 + 27 * line, text, font, colour: theme.ink }));
  const titleHeight = title.length ? 27 * title.length + 22 : 0;
  const foot = footer(frame.width, parts);
  const height = Math.ceil(titleHeight + frame.height + foot.height);
  const { context, ratio } = contextOf(frame.width, height);
  context.fillStyle = theme.paper;
  context.fillRect(0, 0, ratio * frame.width, ratio * height);
  paintMap(context, { ...frame, top: frame.top + titleHeight }, ratio);
  context.save();
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.fillStyle = theme.paper;
  context.fillRect(0, 0, frame.width, titleHeight);
  context.fillRect(0, titleHeight + frame.height, frame.width, foot.height + 1);
  paintTexts(context, title, 0);
  paintTexts(context, foot.pieces, titleHeight + frame.height);
  context.restore();
  return context;
}
