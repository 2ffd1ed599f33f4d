// What the reader does: select, switch the language, follow a link. It runs last and starts the page.
const isOverlay = () => innerWidth <= 900;

// Shows the chain and opens the box in which a node is, where the map does not show it yet.
function reveal(index, box) {
  const where = boxesOf(index).concat(cardsOn(index));
  const inView = where.filter(({ chain }) => shownChains().includes(chain));
  const place = where.find((one) => one.box === box) ?? inView[0] ?? where[0];
  const chain = chains.findIndex(({ node }) => node === index);
  if (!place) {
    if (chain >= 0) view.chain = chain;
    return null;
  }
  if (!shownChains().includes(place.chain)) view.chain = chains.indexOf(place.chain);
  if (place.card) {
    if (!passes(holders[place.card.holder])) for (const facet of facets) facet.chosen.clear();
    if (!isOpen(place.chain, place.box)) folds.own.set(place.box.key, true);
    if (cardsOf(place.box).indexOf(place.card) >= FIRST_CARDS) wholeBoxes.add(place.box.key);
  }
  return place.box;
}

function select(index, { travel = false, box = null } = {}) {
  const wasHidden = panel.hidden;
  view.stage = travel || box ? reveal(index, box) : null;
  view.selected = index;
  drawPanel();
  if (travel || wasHidden || box === null) drawAll();
  else draw();
  if (presence.has(index)) scrollToCard(index);
  announce(formatted(words().selected, { name: nameOf(index) }));
  notifyChange();
  writeAddress();
}

// A click on the map: the same thing again is put away.
function choose(index, box) {
  if (view.selected === index && view.stage === box) clearSelection();
  else select(index, { box });
}

function goTo(index) {
  select(index, { travel: true });
  panel.querySelector("h2").focus({ preventScroll: true });
}

function clearSelection() {
  if (view.selected === null) return;
  const hadFocus = panel.contains(document.activeElement);
  const selected = view.selected;
  Object.assign(view, { selected: null, stage: null });
  drawPanel();
  draw();
  if (hadFocus) mapBox.querySelector(`[data-node="${selected}"]`)?.focus({ preventScroll: true });
  notifyChange();
  writeAddress();
}

function scrollToCard(index) {
  const all = [...mapBox.querySelectorAll(`[data-node="${index}"]`)];
  const target = all.find((one) => view.stage && one.dataset.key.split(":")[0] === view.stage.key) ?? all[0];
  if (!target) return;
  const { top, bottom } = target.getBoundingClientRect();
  const low = isOverlay() ? innerHeight * 0.4 : innerHeight - 40;
  const high = document.getElementById("bar").getBoundingClientRect().bottom + 10;
  if (top < high || bottom > low) scrollBy({ top: top - high - (low - high) / 3, behavior: prefersReducedMotion ? "auto" : "smooth" });
}

escapeActions.push(() => view.selected !== null && (clearSelection(), true));

function setLanguage(language) {
  applyLanguage(language);
  updateMatches();
  drawPanel();
  drawAll();
}

registerAddressPart({
  write(parameters) { if (view.stage !== null) parameters.set("stage", view.stage.key); },
  read() {},
});

function readAddress() {
  const parameters = new URLSearchParams(location.hash.slice(1));
  readAddressParts(parameters);
  const index = indexOf.get(parameters.get("n")) ?? null;
  const boxes = chains.flatMap((chain) => chain.boxes);
  const box = boxes.find(({ key }) => key === parameters.get("stage")) ?? null;
  updateMatches();
  if (index !== null) return select(index, { travel: true, box });
  Object.assign(view, { selected: null, stage: null });
  drawPanel();
  drawAll();
}

// ---- start
let resizeFrame = 0;
let lastWidth = innerWidth;
addEventListener("resize", () => {
  if (innerWidth === lastWidth) return;
  lastWidth = innerWidth;
  cancelAnimationFrame(resizeFrame);
  resizeFrame = requestAnimationFrame(draw);
});
onTheme(draw);
if (location.hash.length > 1) {
  applyLanguage(addressLanguage(new URLSearchParams(location.hash.slice(1))));
  withoutWriting(readAddress);
} else setLanguage(data.language);
followAddress(readAddress);
requestAnimationFrame(markReady);
startHost();
window.chaingraph = Object.freeze({ data, indexOf: (id) => indexOf.get(id), layouts: () => layouts });
