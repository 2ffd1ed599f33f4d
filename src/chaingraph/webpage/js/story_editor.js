// What the reader does with steps: keep a view, change and order them, save them as a file, print each on a sheet.
const stepsPanel = element("section", { class: "steps" });
const draft = { title: "", text: "", of: null };
let isPrintingSteps = false;

// What was not saved would be lost with the page.
let unsavedSteps = false;
addEventListener("beforeunload", (event) => { if (unsavedSteps) event.preventDefault(); });

function changeSteps(steps) {
  story.steps = steps;
  unsavedSteps = steps.length > 0;
  drawSteps();
  drawStory();
  notifyChange();
}

// A text that was not changed stays in both languages.
function inOneOrBoth(texts, text) {
  return texts && texts[view.language] === text ? texts : inBothLanguages(() => text);
}

function keepStep(number) {
  const title = draft.title.trim();
  if (!title) return void stepsPanel.querySelector("input").focus();
  const old = story.steps[number];
  const step = { title: inOneOrBoth(old?.title, title), view: currentView(), text: inOneOrBoth(old?.text, draft.text.trim()) };
  const steps = [...story.steps];
  steps[number] = step;
  Object.assign(draft, { title: "", text: "", of: null });
  changeSteps(steps);
  announce(formatted(words().story_kept, { title }));
  stepsPanel.querySelector("input").focus();
}

function removeStep(number) {
  if (story.current !== null) story.current = story.current === number ? null : story.current - (story.current > number ? 1 : 0);
  changeSteps(story.steps.filter((_, other) => other !== number));
  stepsPanel.querySelector("button, input").focus();
}

function raiseStep(number) {
  const steps = [...story.steps];
  [steps[number - 1], steps[number]] = [steps[number], steps[number - 1]];
  if (story.current === number || story.current === number - 1) story.current = story.current === number ? number - 1 : number;
  changeSteps(steps);
  (stepsPanel.querySelector(`[data-raise="${number - 1}"]`) ?? stepsPanel.querySelector("button")).focus();
}

// ---- files and paper
function saveSteps() {
  const plain = (texts) => (new Set(Object.values(texts)).size === 1 ? texts[view.language] : texts);
  const steps = story.steps.map(({ title, text, view: state }) => ({ title: plain(title), text: plain(text), view: state }));
  saveAs(`${JSON.stringify({ steps }, null, 1)}\n`, "application/json", "-steps.json");
  unsavedSteps = false;
}

// Each step as it would be seen, without the browser painting it on the way.
async function printSteps() {
  const before = new URLSearchParams();
  for (const part of addressParts) part.write(before);
  const { current } = story;
  showViewPanel(false);
  view.still = true;
  const sheets = [];
  for (const number of story.steps.keys()) {
    showStep(number);
    // What a change leaves for the end of the turn: places around a node, the camera.
    await null;
    await null;
    const svg = withLightTheme(() => vectorPicture(screenFrame(), { hasTitle: false, hasLegend: true, hasSources: false }));
    sheets.push(element("section", { class: "sheet" }, element("p", { class: "turn-number", text: `${number + 1} / ${story.steps.length}` }), ...stepTexts(story.steps[number]), svg));
  }
  story.current = current;
  withoutWriting(() => applyState(before, true));
  view.still = false;
  printView.replaceChildren(...sheets);
  isPrintingSteps = true;
  print();
  isPrintingSteps = false;
}

// ---- the part of the panel "View"
function stepRow(step, number) {
  const title = step.title[view.language];
  const button = (sign, key, onclick, more = {}) => element("button", { type: "button", class: "sign", text: sign, title: words()[key], "aria-label": `${words()[key]}: ${title}`, onclick, ...more });
  return element("li", {},
    element("button", { type: "button", class: "node", "aria-current": String(story.current === number), onclick: () => { showStep(number); drawSteps(); } }, element("span", { class: "count", text: `${number + 1}` }), element("span", { class: "name", text: title })),
    number > 0 && button("↑", "story_raise", () => raiseStep(number), { "data-raise": number }),
    button("×", "story_remove", () => removeStep(number)));
}

function drawSteps() {
  const { steps, current } = story;
  if (current !== draft.of) Object.assign(draft, { of: current, title: steps[current]?.title[view.language] ?? "", text: steps[current]?.text[view.language] ?? "" });
  const field = (tag, key, most) => {
    const input = element(tag, { "aria-label": words()[`story_${key}`], placeholder: words()[`story_${key}`], maxlength: most, ...(tag === "textarea" ? { rows: "3" } : {}) });
    input.value = draft[key];
    input.addEventListener("input", () => { draft[key] = input.value; });
    return input;
  };
  const action = (key, onclick) => element("button", { type: "button", class: "action", "data-steps": key, text: words()[`story_${key}`], onclick });
  stepsPanel.replaceChildren(...[
    element("h2", { text: words().story }),
    steps.length > 0 ? element("ol", {}, ...steps.map(stepRow)) : element("p", { class: "note", text: words().story_none }),
    field("input", "title", 200),
    field("textarea", "text", 5000),
    element("div", { class: "actions" },
      current !== null && action("change", () => keepStep(current)),
      action("keep", () => keepStep(steps.length)),
      steps.length > 0 && current === null && action("walk", () => { showViewPanel(false); showStep(0); }),
      steps.length > 0 && action("save", saveSteps),
      steps.length > 0 && action("print", printSteps)),
  ]);
}
