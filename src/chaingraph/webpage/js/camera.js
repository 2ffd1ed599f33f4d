// The camera: which part of the map is seen, and how far the rest of the map fades.
function freeArea() {
  const free = { left: 30, top: 20, right: 30, bottom: 30 };
  const panelElement = document.getElementById("panel");
  const narrow = innerWidth <= 640;
  if (!panelElement.hidden) free[narrow ? "bottom" : "right"] += narrow ? panelElement.offsetHeight : panelElement.offsetWidth + 14;
  if (narrow) free.top += document.getElementById("overview").offsetHeight;
  if (!narrow) free.left += Math.min(document.getElementById("legend").offsetWidth + 14, mapBox.clientWidth / 3);
  if (view.focus) {
    free.top += 44;
    free.left += narrow ? 20 : 60;
    free.right += narrow ? 20 : 60;
  }
  if (!panelElement.hidden && !narrow) free.right += 40;
  return free;
}

function lookAt(indices, closest, animated) {
  lookAtPlaces(indices.map((index) => places[index]), closest, animated);
}

function lookAtPlaces(spots, closest, animated) {
  if (!spots.length) return;
  view.camera = false;
  const free = freeArea();
  // Spread over arguments, ten thousand numbers would overflow the stack of some browsers.
  const edge = (axis, sign, pick) => spots.reduce((most, spot) => pick(most, spot[axis] + sign * (spot.radius + 12)), sign * -Infinity);
  const [west, east, north, south] = [edge("x", -1, Math.min), edge("x", 1, Math.max), edge("y", -1, Math.min), edge("y", 1, Math.max)];
  const width = Math.max(60, mapBox.clientWidth - free.left - free.right);
  const height = Math.max(60, mapBox.clientHeight - free.top - free.bottom);
  const scale = Math.min(closest, width / (east - west), height / (south - north));
  const position = {
    x: (west + east) / 2 + (free.right - free.left) / 2 / scale,
    y: (north + south) / 2 + (free.bottom - free.top) / 2 / scale,
  };
  network.moveTo({ position, scale, animation: animated && !isStill() ? { duration: 420, easingFunction: "easeInOutCubic" } : false });
}

function isInView(index) {
  const free = freeArea();
  const { x, y } = network.canvasToDOM(places[index]);
  return x > free.left && y > free.top && x < mapBox.clientWidth - free.right && y < mapBox.clientHeight - free.bottom;
}

function visiblePlaces() {
  const visible = allIndices.filter(isDrawn).map((index) => places[index]);
  const linePoints = drawing.lines.filter(({ kind }) => !kind).flatMap(({ points }) => points.map(([x, y]) => ({ x, y, radius: 10 })));
  return [...visible, ...closedDiscPlaces(), ...linePoints];
}

function showWhole(animated) {
  lookAtPlaces(visiblePlaces(), 1.6, animated);
}

// What the reader moved is part of the address; what follows from the selection need not be.
view.camera = false;
function moveByReader() {
  view.camera = true;
  notifyChange();
}
network.on("zoom", moveByReader);
network.on("dragEnd", (event) => { if (!event.nodes.length) moveByReader(); });
network.on("animationFinished", () => { if (view.camera) notifyChange(); });

registerAddressPart({
  write(parameters) {
    if (!view.camera) return;
    const { x, y } = network.getViewPosition();
    const [across, down] = turned([x, y]);
    parameters.set("camera", [across.toFixed(1), down.toFixed(1), network.getScale().toFixed(4)].join(","));
  },
  read(parameters) { view.camera = cameraOf(parameters) !== null; },
});

// The camera that an address holds, or null. With a width and a height it shows at least what a map of that size did.
function cameraOf(parameters) {
  const numbers = (parameters.get("camera") ?? "").split(",").map(Number);
  if (![3, 5].includes(numbers.length) || !numbers.every(Number.isFinite) || numbers.slice(2).some((number) => number <= 0)) return null;
  const [x, y] = turned(numbers.slice(0, 2));
  const [width, height] = turned(numbers.length > 3 ? numbers.slice(3) : turned([mapBox.clientWidth, mapBox.clientHeight]));
  const scale = numbers[2] * Math.min(mapBox.clientWidth / width, mapBox.clientHeight / height);
  return { position: { x, y }, scale: Math.min(6, Math.max(0.03, scale)) };
}

function zoomBy(factor) {
  view.camera = true;
  network.moveTo({ scale: Math.min(6, Math.max(0.03, network.getScale() * factor)), animation: isStill() ? false : { duration: 180, easingFunction: "easeInOutQuad" } });
}

let fadeFrame = 0;
function fadeTo(target) {
  cancelAnimationFrame(fadeFrame);
  if (isStill()) view.fade = target;
  const step = () => {
    view.fade += Math.sign(target - view.fade) * Math.min(0.14, Math.abs(target - view.fade));
    if (target === 0 && view.fade === 0) view.highlighted = new Set();
    // A request, no redraw at once: what changes together is painted once.
    network.body.emitter.emit("_requestRedraw");
    if (view.fade !== target) fadeFrame = requestAnimationFrame(step);
  };
  step();
}
