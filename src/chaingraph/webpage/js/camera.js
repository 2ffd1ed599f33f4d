// Where one looks: the only place that moves the camera and lets the rest of the map step back.
function freeArea() {
  const free = { left: 30, top: 20, right: 30, bottom: 30 };
  const panel = document.getElementById("panel");
  const sheet = innerWidth <= 640;
  if (!panel.hidden) free[sheet ? "bottom" : "right"] += sheet ? panel.offsetHeight : panel.offsetWidth + 14;
  if (sheet) free.top += document.getElementById("overview").offsetHeight;
  if (!sheet) free.left += Math.min(document.getElementById("legend").offsetWidth + 14, box.clientWidth / 3);
  if (view.focus) {
    free.top += 44;
    free.left += sheet ? 20 : 60;
    free.right += sheet ? 20 : 60;
  }
  if (!panel.hidden && !sheet) free.right += 40;
  return free;
}

function lookAt(indices, closest, animated) {
  lookAtPlaces(indices.map((index) => places[index]), closest, animated);
}

function lookAtPlaces(spots, closest, animated) {
  if (!spots.length) return;
  const free = freeArea();
  // Spread over arguments, ten thousand numbers would overflow the stack of some browsers.
  const edge = (side, sign, pick) => spots.reduce((most, spot) => pick(most, spot[side] + sign * (spot.radius + 12)), sign * -Infinity);
  const [west, east, north, south] = [edge("x", -1, Math.min), edge("x", 1, Math.max), edge("y", -1, Math.min), edge("y", 1, Math.max)];
  const width = Math.max(60, box.clientWidth - free.left - free.right);
  const height = Math.max(60, box.clientHeight - free.top - free.bottom);
  const scale = Math.min(closest, width / (east - west), height / (south - north));
  const position = {
    x: (west + east) / 2 + (free.right - free.left) / 2 / scale,
    y: (north + south) / 2 + (free.bottom - free.top) / 2 / scale,
  };
  network.moveTo({ position, scale, animation: animated && !calm ? { duration: 420, easingFunction: "easeInOutCubic" } : false });
}

function isInView(index) {
  const free = freeArea();
  const at = network.canvasToDOM(places[index]);
  return at.x > free.left && at.y > free.top && at.x < box.clientWidth - free.right && at.y < box.clientHeight - free.bottom;
}

function placesDrawn() {
  const shown = [];
  for (let index = 0; index < things.length; index += 1) if (isDrawn(index)) shown.push(places[index]);
  const lines = data.lines.flatMap(({ points }) => points.map(([x, y]) => ({ x, y, radius: 10 })));
  return [...shown, ...foldedPlaces(), ...lines];
}

function showWhole(animated) {
  lookAtPlaces(placesDrawn(), 1.6, animated);
}

let fading = 0;
function fadeTo(target) {
  cancelAnimationFrame(fading);
  if (calm) view.fade = target;
  const step = () => {
    view.fade += Math.sign(target - view.fade) * Math.min(0.14, Math.abs(target - view.fade));
    if (target === 0 && view.fade === 0) view.near = new Set();
    // Asked for, not done at once: what changes together is painted once.
    network.body.emitter.emit("_requestRedraw");
    if (view.fade !== target) fading = requestAnimationFrame(step);
  };
  step();
}
