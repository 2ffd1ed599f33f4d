// The panel "View": layout, colour, size and labels of the map, and what the introduction and the address say of them.
const viewButton = document.getElementById("view");
const viewPanel = document.getElementById("view-panel");
const choicesPanel = element("section");

const layoutText = (name) => words()[`layout_${name}`] ?? attributeName(name);
const choices = [
  { key: "layout", names: layoutNames, textOf: layoutText, choose: (name) => arrange(name, view.size, !isReading) },
  { key: "colour", names: colourChoices, textOf: attributeName, choose: setColour },
  { key: "size", names: sizeChoices, textOf: (name) => (name === ONE_SIZE ? words().one_size : attributeName(name)), choose: (name) => arrange(view.layout, name, !isReading) },
  { key: "labels", names: () => LABEL_CHOICES, textOf: (name) => words()[`labels_${name}`], choose: setLabels },
];
const firstChoices = Object.fromEntries(choices.map(({ key }) => [key, view[key]]));

function choiceRow({ key, names, textOf, choose }) {
  const all = names();
  if (all.length < 2) return null;
  const select = element("select", { id: `view-${key}` }, ...all.map((name) => element("option", { value: name, text: textOf(name), ...(name === view[key] ? { selected: "" } : {}) })));
  select.addEventListener("change", () => {
    choose(select.value);
    updateReading();
    notifyChange();
  });
  return element("label", { class: "choice" }, element("span", { text: words()[`view_${key}`] }), select);
}

function drawViewPanel() {
  viewButton.title = `${words().view} (v)`;
  if (viewPanel.hidden) return;
  const focused = viewPanel.contains(document.activeElement) ? document.activeElement.id : "";
  choicesPanel.replaceChildren(element("h2", { text: words().view }), ...choices.map(choiceRow).filter(Boolean));
  if (focused) document.getElementById(focused)?.focus();
}

function showViewPanel(open) {
  const hadFocus = viewPanel.contains(document.activeElement);
  viewPanel.hidden = !open;
  viewButton.setAttribute("aria-expanded", String(open));
  drawViewPanel();
  if (open) {
    drawSteps();
    viewPanel.replaceChildren(choicesPanel, stepsPanel);
  }
  if (open) viewPanel.querySelector("select, button, input")?.focus();
  else if (hadFocus) viewButton.focus();
}

// ---- the introduction says what one sees
function encodingText(language) {
  const sentences = data.words[language];
  const nameIn = (name) => data.attribute_names[name]?.[language] ?? name;
  const colour = legend.attribute ? formatted(sentences.encoding_by_attribute, { colour: nameIn(legend.attribute) }) : "";
  const shape = legend.classes.length > 1 ? sentences[legend.attribute ? "encoding_by_shape" : "encoding_by_class"] : "";
  const area = view.size === ONE_SIZE ? sentences.encoding_one_size : formatted(sentences.encoding_size, { size: nameIn(view.size) });
  return colour + shape + (colour || shape ? area : area.replace(/^\s*\S/u, (start) => start.toUpperCase()));
}

const isChanged = (key) => view[key] !== firstChoices[key];
function introductionText(language) {
  const first = views.encoding[language] + views.layouts[0].reading[language];
  const isFirst = !["layout", "colour", "size"].some(isChanged);
  const layout = views.layouts.find(({ name }) => name === view.layout);
  return isFirst ? data.introduction[language] : data.introduction[language].replace(first, () => encodingText(language) + layout.reading[language]);
}

function updateReading() {
  for (const text of introduction.children) text.textContent = introductionText(text.classList.contains("in-zh") ? "zh" : "en");
}

// ---- opening and closing
viewButton.addEventListener("click", () => showViewPanel(viewPanel.hidden));
document.addEventListener("pointerdown", (event) => { if (!viewPanel.hidden && !event.target.closest("#views")) showViewPanel(false); });
viewPanel.addEventListener("focusout", (event) => { if (event.relatedTarget && !event.relatedTarget.closest("#views")) showViewPanel(false); });
escapeActions.unshift(() => !viewPanel.hidden && (showViewPanel(false), true));
onKey("v", () => showViewPanel(viewPanel.hidden));
onChange(drawViewPanel);

// Before the filters, which are of the colours and sizes that the address names.
addressParts.unshift({
  write(parameters) { for (const { key } of choices) if (isChanged(key)) parameters.set(key, view[key]); },
  read(parameters) {
    for (const { key, names, choose } of choices) {
      const name = parameters.get(key) ?? firstChoices[key];
      if (name !== view[key]) choose(names().includes(name) ? name : firstChoices[key]);
    }
    updateReading();
  },
});
