// What bench/overlaps.py runs in a page: it keeps the texts of the last frame, and counts what shares room.
(() => {
  const draw = CanvasRenderingContext2D.prototype;
  const { clearRect, fillText } = draw;
  window.drawnTexts = [];
  draw.clearRect = function (x, y, width, height) {
    if (this.canvas.isConnected && width >= this.canvas.clientWidth) window.drawnTexts = [];
    return clearRect.call(this, x, y, width, height);
  };
  draw.fillText = function (text, x, y, ...rest) {
    if (this.canvas.isConnected) {
      const { a, d, e, f } = this.getTransform();
      const { width, actualBoundingBoxAscent: up, actualBoundingBoxDescent: down } = this.measureText(text);
      const start = { center: x - width / 2, right: x - width, end: x - width }[this.textAlign] ?? x;
      const ratio = this.canvas.width / this.canvas.clientWidth;
      window.drawnTexts.push([text, (a * start + e) / ratio, (d * (y - up) + f) / ratio, (a * (start + width) + e) / ratio, (d * (y + down) + f) / ratio]);
    }
    return fillText.call(this, text, x, y, ...rest);
  };
})();
window.counting = {
  overlaps: (boxes) => {
    const shared = ([, a, b, c, d], [, e, f, g, h]) => Math.min(c, g) - Math.max(a, e) > 1 && Math.min(d, h) - Math.max(b, f) > 1;
    const pairs = [];
    for (let one = 0; one < boxes.length; one += 1) {
      for (let other = 0; other < one; other += 1) if (shared(boxes[one], boxes[other])) pairs.push([boxes[one][0], boxes[other][0]]);
    }
    return pairs;
  },
  nodes: () => {
    const { places, data, isShown, network } = window.chaingraph;
    const scale = network.getScale();
    const shown = places.map((place, index) => ({ ...place, index })).filter(({ index }) => isShown(index) && (data.overview || network.body.nodes[index]?.options.hidden !== true));
    shown.sort((one, other) => one.x - other.x);
    const most = Math.max(0, ...shown.map(({ radius }) => radius));
    const pairs = [];
    for (let one = 0; one < shown.length; one += 1) {
      for (let other = one + 1; other < shown.length && shown[other].x - shown[one].x < shown[one].radius + most; other += 1) {
        const gap = Math.hypot(shown[one].x - shown[other].x, shown[one].y - shown[other].y) - shown[one].radius - shown[other].radius;
        if (gap * scale < -1) pairs.push([data.nodes[shown[one].index].name.zh, data.nodes[shown[other].index].name.zh]);
      }
    }
    return pairs;
  },
  select: () => {
    const { data } = window.chaingraph;
    const degree = new Array(data.nodes.length).fill(0);
    for (const { source, target } of data.ties) { degree[source] += 1; degree[target] += 1; }
    location.hash = "n=" + encodeURIComponent(data.nodes[degree.indexOf(Math.max(...degree))].id);
  },
  elements: (selector) => [...document.querySelectorAll(selector)].map((one) => {
    const { left, top, right, bottom } = one.getBoundingClientRect();
    // The box of SVG text is a line, of Chinese fonts half as tall again as the letters.
  const extra = one instanceof SVGTextElement ? bottom - top : 0;
  return [one.textContent.trim().slice(0, 30), left, top + 0.19 * extra, right, bottom - 0.12 * extra];
  }).filter(([, left, , right]) => right > left),
};
