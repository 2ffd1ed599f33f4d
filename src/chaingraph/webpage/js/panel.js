// The panel: attributes, sources and neighbours of a node or a tie.

// The rank of a number among those of the nodes of the same class.
function rankNote(type, name, value) {
  if (!measures.includes(name) || typeof value !== "number") return null;
  const { first, last, of } = rankOf(name, value, type);
  if (of < 2) return null;
  const text = first === last ? words().rank : last - first + 1 === of ? words().rank_none : words().rank_tie;
  const rank = formatted(text, { rank: countText(first), last: countText(last), of: countText(of) });
  const several = legend.classes.length > 1;
  return element("span", { class: "rank", text: several ? formatted(words().rank_class, { rank, name: legend.classes[type].name[view.language] }) : rank });
}

// ---- the panel of a node and of a tie
// From a node one can look around it, and look for a path.
function actions(index) {
  const action = (name, onclick, pressed) => element("button", { class: "action", type: "button", "data-action": name, text: words()[name], onclick, ...(pressed === undefined ? {} : { "aria-pressed": String(pressed) }) });
  const isAround = (steps) => view.focus?.centre === index && view.focus.steps === steps;
  const focusOn = (steps) => () => {
    if (isAround(steps)) leaveFocus();
    else enterFocus(index, steps);
    panel.querySelector(`[data-action="focus_${steps}"]`)?.focus();
  };
  return element("div", { class: "actions" },
    tiesOf[index].length > 0 && action("focus_1", focusOn(1), isAround(1)),
    tiesOf[index].length > 0 && action("focus_2", focusOn(2), isAround(2)),
    nodes.length > 1 && action("path_to", () => startPath(index)),
    canExpand(index) && action("expand", () => expand(index)),
    onChainMap.has(index) && action("in_chain_map", goToChainMap),
    backToPathButton());
}

function backToPathButton() {
  return view.path && element("button", { class: "action", type: "button", text: words().back_to_path, onclick: () => { clearSelection(); panel.querySelector("h2").focus(); } });
}

function drawNodePanel(index) {
  const node = nodes[index];
  const sections = neighbourSections(index);
  const attributes = node.attributes.filter(([name]) => name !== "kind" && name !== "degree");
  panel.replaceChildren(...[
    closeButton(clearSelection),
    element("div", { class: "kind" }, symbolOf(index), element("span", { text: classLine(index) })),
    panelHeading(nameOf(index)),
    otherName(index) !== nameOf(index) && element("p", { class: "subtitle name", text: otherName(index) }),
    node.leading && element("span", { class: "badge", text: words().leading }),
    memberCount(index) && element("span", { class: "badge reported", text: countBadge(memberCount(index)) }),
    actions(index),
    attributeList([...attributes, ["degree", tiesOf[index].length]], (name, value) => rankNote(node.type, name, value)),
    countSection(index),
    quotesSection(node.quotes),
    ...(sections.length ? sections : [element("section", {}, element("h3", { text: words().no_neighbours }))]),
  ].filter(Boolean));
}

function drawTiePanel(number) {
  const tie = ties[number];
  panel.replaceChildren(...[
    closeButton(clearSelection),
    element("div", { class: "kind", text: words().tie }),
    panelHeading(tieName(tie)),
    attributeList(tie.attributes),
    element("section", {}, element("ul", {},
      element("li", {}, nodeButton(tie.source)),
      data.directed && element("li", { class: "arrow", "aria-hidden": "true", text: "↓" }),
      element("li", {}, nodeButton(tie.target)))),
    quotesSection(tie.quotes),
    view.path && element("div", { class: "actions" }, backToPathButton()),
  ].filter(Boolean));
}
