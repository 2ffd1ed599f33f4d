// Choices above the map: which chain, which holders, open or folded boxes.
const tabs = document.getElementById("tabs");
const choices = document.getElementById("choices");

function tabElement(number, text, count) {
  const current = view.chain === number;
  return element("button", { role: "tab", type: "button", id: `tab-${number}`, "aria-selected": String(current), "aria-controls": "map", tabindex: current ? "0" : "-1", onclick: () => showChain(number) },
    element("span", { class: "name", text }), element("span", { class: "count", text: countText(count), title: withNumber("stages", count) }));
}

function drawTabs() {
  const hadFocus = tabs.contains(document.activeElement);
  tabs.hidden = chains.length < 2;
  tabs.replaceChildren(...(tabs.hidden ? [] : [
    ...chains.map((chain, number) => tabElement(number, chain.name[view.language], chain.boxes.length)),
    tabElement(ALL, words().all_chains, chains.reduce((sum, { boxes }) => sum + boxes.length, 0)),
  ]));
  const current = tabs.querySelector('[aria-selected="true"]');
  if (current) tabs.scrollLeft = Math.max(0, current.offsetLeft - tabs.offsetLeft - 40);
  if (hadFocus) current?.focus();
}

tabs.addEventListener("keydown", (event) => {
  const all = [...tabs.children];
  const position = all.indexOf(document.activeElement);
  const next = { ArrowRight: position + 1, ArrowLeft: position - 1, Home: 0, End: -1 }[event.key];
  if (next === undefined || position < 0) return;
  event.preventDefault();
  all.at(next % all.length).click();
});

function showChain(number) {
  view.chain = number;
  drawAll();
  notifyChange();
}

// ---- a menu for each facet
function facetEntry(facet, value) {
  const check = element("input", { type: "checkbox", ...(facet.chosen.has(value) ? { checked: "" } : {}) });
  check.addEventListener("change", () => {
    facet.chosen[check.checked ? "add" : "delete"](value);
    drawAll();
    notifyChange();
  });
  return element("label", {}, check, element("span", { class: "name", text: facet.textOf(value) }), element("span", { class: "count", text: countText(facet.counts.get(value)) }));
}

const openMenus = new Set();
function facetMenu(facet) {
  const count = facet.chosen.size;
  const text = count === 1 ? facet.textOf([...facet.chosen][0]) : words()[`facet_${facet.name}`];
  const heading = element("summary", { class: count ? "active" : "" }, element("span", { class: "name", text }), count > 1 && element("span", { class: "count", text: countText(count) }));
  const menu = element("details", { class: "menu", "data-facet": facet.name }, heading, element("div", { class: "entries", role: "group", "aria-label": words()[`facet_${facet.name}`] }, ...facet.values.map((value) => facetEntry(facet, value))));
  menu.open = openMenus.has(facet.name);
  menu.addEventListener("toggle", () => {
    openMenus[menu.open ? "add" : "delete"](facet.name);
    if (menu.open) for (const other of choices.querySelectorAll("details[open]")) if (other !== menu) other.open = false;
  });
  return menu;
}

function foldButton() {
  const cards = shownChains().flatMap((chain) => chain.boxes.filter((box) => box.cards.length).map((box) => isOpen(chain, box)));
  if (!cards.length) return null;
  const close = cards.some(Boolean);
  return element("button", { class: "choice", type: "button", "data-action": "fold", text: words()[close ? "fold_all" : "open_all"], onclick: () => {
    folds.all = close ? "folded" : "open";
    folds.own.clear();
    drawAll();
    notifyChange();
  } });
}

function foldBox(box, open) {
  folds.own.set(box.key, open);
  drawAll();
  notifyChange();
}

function drawChoices() {
  const active = choices.contains(document.activeElement) ? document.activeElement : null;
  const place = active && [active.closest("[data-facet]")?.dataset.facet, [...(active.closest(".entries")?.querySelectorAll("input") ?? [])].indexOf(active)];
  const action = active?.dataset.action;
  const shown = shownChains().reduce((sum, chain) => sum + chain.boxes.reduce((cards, box) => cards + cardsOf(box).length, 0), 0);
  const reset = isFiltered() && element("button", { class: "choice reset", type: "button", "data-action": "reset", text: words().show_everything, onclick: () => { for (const facet of facets) facet.chosen.clear(); drawAll(); notifyChange(); } });
  choices.replaceChildren(...[...facets.filter(({ values }) => values.length > 1).map(facetMenu), foldButton(), element("p", { class: "state", role: "status", text: withNumber("cards_shown", shown) }), reset].filter(Boolean));
  if (!active) return;
  const menu = place[0] && choices.querySelector(`[data-facet="${place[0]}"]`);
  (place[1] >= 0 ? menu?.querySelectorAll("input")[place[1]] : menu?.querySelector("summary") ?? choices.querySelector(`[data-action="${action}"]`))?.focus();
}

document.addEventListener("pointerdown", (event) => { for (const menu of choices.querySelectorAll("details[open]")) if (!menu.contains(event.target)) menu.open = false; });
escapeActions.push(() => {
  const menu = choices.querySelector("details[open]");
  if (!menu) return false;
  menu.open = false;
  menu.querySelector("summary").focus();
  return true;
});

function drawAll() {
  drawTabs();
  drawChoices();
  draw();
}

registerAddressPart({
  write(parameters) {
    if (view.chain !== 0) parameters.set("chain", view.chain === ALL ? "all" : nodes[chains[view.chain].node]?.id ?? "none");
    if (folds.all) parameters.set("boxes", folds.all);
    for (const [key, open] of folds.own) parameters.append(open ? "open" : "folded", key);
  },
  read(parameters) {
    const name = parameters.get("chain");
    const number = chains.findIndex(({ node }) => (node === undefined ? "none" : nodes[node].id) === name);
    view.chain = name === "all" ? ALL : Math.max(0, number);
    folds.all = ["open", "folded"].includes(parameters.get("boxes")) ? parameters.get("boxes") : null;
    const keys = new Set(chains.flatMap(({ boxes }) => boxes.map((box) => box.key)));
    folds.own = new Map(["open", "folded"].flatMap((word) => parameters.getAll(word).filter((key) => keys.has(key)).map((key) => [key, word === "open"])));
  },
});
