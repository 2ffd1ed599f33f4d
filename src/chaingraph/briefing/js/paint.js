// The map painted from its layout on a canvas or as SVG: for pictures and for paper, where nothing can be clicked.
const SHEET_MARGIN = 24;
const NOTE_FONT = (sans) => `400 12px ${sans}`;

function paintRounded(context, x, y, width, height, radius, { fill, stroke, dash = [] }) {
  const [right, bottom] = [x + width, y + height];
  context.beginPath();
  context.moveTo(x + radius, y);
  context.lineTo(right - radius, y);
  context.quadraticCurveTo(right, y, right, y + radius);
  context.lineTo(right, bottom - radius);
  context.quadraticCurveTo(right, bottom, right - radius, bottom);
  context.lineTo(x + radius, bottom);
  context.quadraticCurveTo(x, bottom, x, bottom - radius);
  context.lineTo(x, y + radius);
  context.quadraticCurveTo(x, y, x + radius, y);
  context.closePath();
  if (fill) { context.fillStyle = fill; context.fill(); }
  if (!stroke) return;
  context.setLineDash(dash);
  context.lineWidth = 1;
  context.strokeStyle = stroke;
  context.stroke();
  context.setLineDash([]);
}

function paintText(context, text, x, y, { font, colour, align = "left" }) {
  context.font = font;
  context.fillStyle = colour;
  context.textAlign = align;
  context.textBaseline = "middle";
  context.fillText(text, x, y);
}

function paintSymbol(context, index, x, y, size) {
  context.save();
  context.translate(x, y);
  context.scale(size, size);
  context.fillStyle = theme.hues[nodes[index].colour];
  context.fill(paths[shapeOf(index)]);
  context.restore();
  if (!nodes[index].leading) return;
  context.beginPath();
  context.arc(x, y, 1.5 * size, 0, 2 * Math.PI);
  context.lineWidth = 1.2;
  context.strokeStyle = theme.ring;
  context.stroke();
}

function paintCard(context, place, card, x, y) {
  const holder = holders[card.holder];
  const width = place.width - 2 * SIZE.padding;
  paintRounded(context, x, y, width, SIZE.card, 7, { fill: theme.paper });
  paintSymbol(context, holder.node, x + 15, y + 16, 5);
  const font = CARD_FONT(theme.sans);
  paintText(context, clipped(cardName(holder, place.width), width - 36, font), x + 30, y + 16, { font, colour: theme.ink });
  const badge = badgeText(holder);
  const small = NOTE_FONT(theme.sans);
  const badgeWidth = textWidth(badge, small);
  paintText(context, badge, x + width - 9, y + 33, { font: small, colour: holder.is_known ? theme.soft : theme.accent, align: "right" });
  paintText(context, clipped(secondLine(holder), width - 50 - badgeWidth, small), x + 30, y + 33, { font: small, colour: theme.soft });
}

function paintCounts(context, place, y) {
  let x = place.x + SIZE.padding + 8;
  for (const { node, count } of countSymbols(place.cards)) {
    paintSymbol(context, node, x, y, 5);
    const text = countText(count);
    paintText(context, text, x + 12, y, { font: NOTE_FONT(theme.sans), colour: theme.soft });
    x += 30 + textWidth(text, NOTE_FONT(theme.sans));
  }
}

function paintBox(context, place) {
  const { box, x, y, width, height, name, note } = place;
  paintRounded(context, x, y, width, height, 10, { fill: box.cards.length ? theme.sheet : null, stroke: box.cards.length ? theme.coast : theme.tie, dash: box.cards.length ? [] : [5, 4] });
  const font = NAME_FONT(theme.sans);
  name.forEach((line, number) => paintText(context, line, x + SIZE.padding + 2, y + 18 + number * SIZE.nameLine, { font, colour: theme.ink }));
  if (box.cards.length) paintText(context, countText(place.cards.length), x + width - SIZE.padding - 2, y + 18, { font: NOTE_FONT(theme.sans), colour: theme.soft, align: "right" });
  let top = y + SIZE.head + SIZE.nameLine * name.length;
  if (note === "counts") return paintCounts(context, place, top + 10);
  if (note) return paintText(context, words()[note === "empty" ? EMPTY_NOTES[box.status] : "filtered_out"], x + SIZE.padding + 2, top + 10, { font: NOTE_FONT(theme.sans), colour: theme.soft });
  for (const card of place.shown) {
    paintCard(context, place, card, x + SIZE.padding, top);
    top += SIZE.card + SIZE.between;
  }
  if (place.rest) paintText(context, withNumber("more_here", place.rest), x + SIZE.padding + 2, top + 8, { font: NOTE_FONT(theme.sans), colour: theme.soft });
}

function paintArrow(context, { arrow, points }) {
  context.strokeStyle = context.fillStyle = theme.tie;
  context.lineWidth = 1.5;
  context.setLineDash(arrow.kind === "inputOf" ? [4, 3] : []);
  context.beginPath();
  points.slice(0, -1).concat([headOf(points).base]).forEach(([x, y], number) => (number ? context.lineTo(x, y) : context.moveTo(x, y)));
  context.lineJoin = "round";
  context.stroke();
  context.setLineDash([]);
  context.beginPath();
  headOf(points).corners.forEach(([x, y], number) => (number ? context.lineTo(x, y) : context.moveTo(x, y)));
  context.closePath();
  context.fill();
}

function paintStrip(context, { segment, x, y, width, height }) {
  paintRounded(context, x, y, width, height, 10, { stroke: theme.coast, dash: [5, 4] });
  const text = formatted(words().no_stage, { segment: words()[`segment_${segment}`] });
  const style = { font: NOTE_FONT(theme.sans), colour: theme.soft, align: "center" };
  if (width > SIZE.strip) return paintText(context, text, x + width / 2, y + height / 2, style);
  // Chinese stands upright, letter under letter; English is turned.
  if (view.language === "zh") return [...text].slice(0, Math.floor((height - 20) / 15)).forEach((letter, number) => paintText(context, letter, x + width / 2, y + 20 + 15 * number, style));
  context.save();
  context.translate(x + width / 2, y + 14);
  context.rotate(Math.PI / 2);
  paintText(context, clipped(text, height - 28, style.font), 0, 0, { ...style, align: "left" });
  context.restore();
}

function paintLayout(context, layout) {
  for (const { segment, x, y, width, count } of layout.headings) {
    paintText(context, words()[`segment_${segment}`], x, y + 12, { font: `600 15px ${theme.serif}`, colour: theme.ink });
    paintText(context, withNumber("stages", count), x + width, y + 12, { font: NOTE_FONT(theme.sans), colour: theme.soft, align: "right" });
    paintRounded(context, x, y + 27, width, 0, 0, { stroke: theme.coast });
  }
  for (const strip of layout.strips) paintStrip(context, strip);
  for (const arrow of layout.arrows) paintArrow(context, arrow);
  for (const place of layout.boxes) paintBox(context, place);
}

// ---- a picture: title, chains under each other, what the signs mean, sources
function signLine(context, x, y) {
  const kinds = legend.classes.map((entry, type) => ({ type, entry })).filter(({ type }) => holders.some(({ node }) => nodes[node].type === type));
  const style = { font: NOTE_FONT(theme.sans), colour: theme.soft };
  for (const { type, entry } of kinds) {
    const node = holders.find((holder) => nodes[holder.node].type === type).node;
    context.save();
    context.translate(x + 6, y);
    context.scale(5, 5);
    context.fillStyle = theme.hues[nodes[node].colour];
    context.fill(paths[shapeOf(node)]);
    context.restore();
    paintText(context, entry.name[view.language], x + 18, y, style);
    x += 38 + textWidth(entry.name[view.language], style.font);
  }
  if (holders.some(({ node }) => nodes[node].leading)) {
    context.beginPath();
    context.arc(x + 6, y, 6.5, 0, 2 * Math.PI);
    context.lineWidth = 1.2;
    context.strokeStyle = theme.ring;
    context.stroke();
    paintText(context, words().leading, x + 18, y, style);
  }
}

// Calls contextOf with the size of the whole picture, and paints on the context that it returns. `parts` are layouts,
// each with a heading.
function paintPicture(parts, { title, note, contextOf, least = 0, leastWidth = 0 }) {
  const width = Math.max(leastWidth, Math.max(560, ...parts.map(({ layout }) => layout.width)) + 2 * SHEET_MARGIN);
  const titleFont = `600 20px ${theme.serif}`;
  const titleLines = title ? wrappedLines(title, width - 2 * SHEET_MARGIN, titleFont) : [];
  const credits = creditLines().flatMap((line) => wrappedLines(line, width - 2 * SHEET_MARGIN, `400 11px ${theme.sans}`));
  const heights = parts.map(({ layout, heading }) => layout.height + (heading ? 40 : 0) + 28);
  const top = SHEET_MARGIN + 27 * titleLines.length + (titleLines.length ? 12 : 0);
  const body = heights.reduce((sum, height) => sum + height, 0);
  const foot = 26 + 16 * credits.length + SHEET_MARGIN - 8;
  const height = Math.ceil(Math.max(least, top + body + foot));
  const { context, ratio } = contextOf(width, height);
  context.fillStyle = theme.paper;
  context.fillRect(0, 0, ratio * width, ratio * height);
  context.save();
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  titleLines.forEach((line, number) => paintText(context, line, SHEET_MARGIN, SHEET_MARGIN + 12 + 27 * number, { font: titleFont, colour: theme.ink }));
  if (note) paintText(context, note, width - SHEET_MARGIN, SHEET_MARGIN + 12, { font: NOTE_FONT(theme.sans), colour: theme.soft, align: "right" });
  let y = top;
  parts.forEach(({ layout, heading }, number) => {
    if (heading) paintText(context, heading, SHEET_MARGIN, y + 14, { font: `600 17px ${theme.serif}`, colour: theme.ink });
    context.save();
    context.translate(SHEET_MARGIN, y + (heading ? 40 : 0));
    paintLayout(context, layout);
    context.restore();
    y += heights[number];
  });
  signLine(context, SHEET_MARGIN, height - foot + 8);
  credits.forEach((line, number) => paintText(context, line, SHEET_MARGIN, height - foot + 34 + 16 * number, { font: `400 11px ${theme.sans}`, colour: theme.soft }));
  context.restore();
  return context;
}
