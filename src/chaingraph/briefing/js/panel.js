// The panel of what is selected: names, counts, the words that put it on the map, its ties as a picture and as a list.
const PICTURE_ROWS = 5;
const boxesOf = (index) => chains.flatMap((chain) => chain.boxes.filter((box) => box.node === index).map((box) => ({ chain, box })));
const cardsOn = (index) => chains.flatMap((chain) => chain.boxes.flatMap((box) => box.cards.filter(({ holder }) => holders[holder].node === index).map((card) => ({ chain, box, card }))));

// On which stages it is, each with the words that say so.
function stageSection(index) {
  const on = cardsOn(index);
  if (!on.length) return null;
  const row = ({ chain, box, card }) => {
    const quotes = card.ties.flatMap((number) => ties[number].quotes);
    const item = element("li", {}, element("button", { class: "node", type: "button", "data-node": box.node, onclick: () => goTo(box.node) }, symbolOf(box.node), element("span", { class: "name", text: nameOf(box.node) }, element("small", { text: chain.name[view.language] }))));
    const details = element("details", {}, element("summary", { text: quotes.length ? `${words().quotes} ${quotes.length}` : words().no_quote }), ...quotes.map(quoteFigure));
    details.open = box === view.stage && quotes.length > 0;
    item.append(quotes.length ? details : element("p", { class: "note", text: words().no_quote }));
    return item;
  };
  return element("section", {}, countHeading(words().on_stages, on.length), element("ul", {}, ...on.map(row)));
}

function holderSection(box) {
  if (!box.cards.length) return element("section", {}, element("p", { class: "note", text: words()[EMPTY_NOTES[box.status]] }), ...(box.quotes ?? []).map((number) => quoteFigure(data.quotes[number])));
  return element("section", {}, countHeading(words().held_by, box.cards.length), element("ul", {}, ...box.cards.map(({ holder }) => element("li", {}, nodeButton(holders[holder].node, secondLine(holders[holder]))))));
}

// What comes before and after a stage.
function orderSections(chain, box) {
  const number = chain.boxes.indexOf(box);
  const section = (heading, arrows, end) => arrows.length > 0 && element("section", {}, countHeading(heading, arrows.length), element("ul", {}, ...arrows.map((arrow) => element("li", {}, nodeButton(chain.boxes[arrow[end]].node, words()[`kind_${arrow.kind}`])))));
  return [section(words().comes_before, chain.arrows.filter(({ target }) => target === number), "source"), section(words().comes_after, chain.arrows.filter(({ source }) => source === number), "target")];
}

// ---- the ties as a picture: it in the middle, those it is tied to at both sides
const clipped = (text, room, font) => cutInTheMiddle(text, (short) => textWidth(short, font) <= room);

function tiePicture(index) {
  const others = allOf(tiesOf[index].map((number) => (ties[number].source === index ? ties[number].target : ties[number].source))).filter((other) => other !== index).sort((a, b) => importanceOf(b) - importanceOf(a) || a - b);
  if (!others.length) return null;
  const shown = others.slice(0, 2 * PICTURE_ROWS);
  const rows = Math.ceil(shown.length / 2);
  const [width, row, font] = [328, 27, `400 12px ${theme.sans}`];
  const height = Math.max(64, rows * row + 16);
  const svg = svgElement("svg", { class: "ties", viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" });
  const sign = (node, x, y, size) => {
    const group = svgElement("g", { transform: `translate(${x} ${y}) scale(${size})` }, svgElement("path", { d: OUTLINES[shapeOf(node)] }));
    group.firstChild.style.fill = `var(${hueVariable(legend.colours[nodes[node].colour].hue)})`;
    return group;
  };
  shown.forEach((other, number) => {
    const left = number % 2 === 0;
    const inRow = Math.floor(number / 2);
    const count = left ? rows : Math.floor(shown.length / 2);
    const [x, y] = [left ? 116 : 212, height / 2 + (inRow - (count - 1) / 2) * row];
    svg.append(svgElement("path", { class: "tie", d: `M${width / 2} ${height / 2}C${left ? width / 2 - 20 : width / 2 + 20} ${y} ${x} ${y} ${x} ${y}` }));
    const label = svgElement("text", { x: left ? x - 11 : x + 11, y: y + 4, "text-anchor": left ? "end" : "start" }, clipped(nameOf(other), 102, font));
    const group = svgElement("g", { class: "other" }, svgElement("title", {}, nameOf(other)), sign(other, x, y, 5), label);
    group.addEventListener("click", () => goTo(other));
    svg.append(group);
  });
  svg.append(sign(index, width / 2, height / 2, 8));
  const rest = others.length - shown.length;
  const link = networkLink(index);
  return element("section", { class: "picture" }, countHeading(words().network, others.length), svg, rest > 0 && element("p", { class: "note", text: withNumber("more_ties", rest) }), link);
}

// The nodes that have a section of their own: the stages of a holder, the holders of a stage, and what is before and after it.
function listedNodes(index) {
  const around = boxesOf(index).flatMap(({ chain, box }) => [
    ...box.cards.map(({ holder }) => holders[holder].node),
    ...chain.arrows.map(({ source, target }) => [chain.boxes[source], chain.boxes[target]]).filter((ends) => ends.includes(box)).flat().map(({ node }) => node),
  ]);
  return new Set([...cardsOn(index).map(({ box }) => box.node), ...around]);
}

function drawPanel() {
  const index = view.selected;
  if (index === null) {
    panel.hidden = true;
    return;
  }
  const holder = holderOf.get(index);
  const [place] = boxesOf(index);
  const attributes = nodes[index].attributes.filter(([name]) => name !== "kind" && name !== "segment");
  const segment = place && [["segment", place.box.segment === "unstated" ? words().not_stated : words()[`segment_${place.box.segment}`]]];
  const sections = neighbourSections(index, listedNodes(index));
  panel.replaceChildren(...[
    closeButton(clearSelection),
    element("div", { class: "kind" }, symbolOf(index), element("span", { text: classLine(index) })),
    panelHeading(nameOf(index)),
    otherName(index) !== nameOf(index) && element("p", { class: "subtitle name", text: otherName(index) }),
    element("p", { class: "badges" }, nodes[index].leading && element("span", { class: "badge", text: words().leading }), holder && element("span", { class: holder.is_known ? "badge calm" : "badge calm reported", text: holder.is_known ? words().basis_known : words().basis_reported })),
    attributeList([...(segment || []), ...attributes]),
    place && holderSection(place.box),
    ...(place ? orderSections(place.chain, place.box) : []),
    countSection(index),
    stageSection(index),
    quotesSection(nodes[index].quotes),
    tiePicture(index),
    ...sections,
  ].filter(Boolean));
  panel.hidden = false;
  panel.scrollTop = 0;
}
