// Texts of a picture: lines that fit, credits, metadata.
function creditLines() {
  const lines = data.datasets.map((dataset) => [dataset.title[view.language], dataset.attribution[view.language], dataset.licence && `${words().licence} ${dataset.licence}`].filter(Boolean).join(" · "));
  return lines.length ? lines : [words().unknown_data];
}

function wrappedLines(text, room, font) {
  measuringContext.font = font;
  const lines = [""];
  for (const piece of text.match(/[\u0020-\u2e7f]+?(?:\s|$)|./gsu) || []) {
    const line = lines.at(-1) + piece;
    if (lines.at(-1) && measuringContext.measureText(line).width > room) lines.push(piece.trimStart());
    else lines[lines.length - 1] = line;
  }
  return lines;
}

function pictureMetadata() {
  const part = (name, text) => {
    const entry = document.createElementNS("http://purl.org/dc/elements/1.1/", `dc:${name}`);
    entry.textContent = xmlText(text);
    return entry;
  };
  const parts = data.datasets.flatMap((dataset) => [part("source", dataset.title[view.language]), part("creator", dataset.attribution[view.language]), part("rights", dataset.licence)]);
  return svgElement("metadata", {}, ...parts.filter((one) => one.textContent));
}
