// A story: steps, each a view with a title and a text, which the reader walks through, one after the other.
const storyStrip = document.getElementById("story");
const story = { steps: [...data.steps], current: null };
const MAP_STATE = ["lang", "theme", "step"];

// ---- what a step shows: the state as the address holds it, but language and dark or light are the reader's
function stepParameters(number) {
  const parameters = new URLSearchParams(story.steps[number].view);
  for (const key of MAP_STATE) parameters.delete(key);
  if (view.language !== data.language) parameters.set("lang", view.language);
  if (currentTheme() !== "auto") parameters.set("theme", currentTheme());
  parameters.set("step", number + 1);
  return parameters;
}

// The state as a step keeps it. A camera that the reader moved goes with the size of the map, to fit other screens.
function currentView() {
  const parameters = new URLSearchParams();
  for (const part of addressParts) part.write(parameters);
  for (const key of MAP_STATE) parameters.delete(key);
  if (parameters.has("camera")) parameters.set("camera", [parameters.get("camera"), ...turned([mapBox.clientWidth, mapBox.clientHeight])].join(","));
  return parameters.toString();
}

function absentNodes(step) {
  const parameters = new URLSearchParams(step.view);
  const focus = (parameters.get("focus") ?? "").replace(/^[12]:/, "");
  return [parameters.get("n"), focus, ...parameters.getAll("path")].filter((id) => id && !indexOf.has(id));
}

// ---- the strip under the map
function stepTexts(step) {
  const text = step.text[view.language];
  const absent = absentNodes(step);
  return [
    element("h2", { class: "name", tabindex: "-1", text: step.title[view.language] }),
    text && element("p", { class: "name", text }),
    absent.length > 0 && element("p", { class: "absent", text: formatted(words().story_absent, { names: absent.join(words().stop) }) }),
  ].filter(Boolean);
}

let stripKey = "";
function drawStory() {
  const { steps, current } = story;
  const key = JSON.stringify([current, steps.length, steps[current], view.language]);
  if (key === stripKey) return;
  stripKey = key;
  const action = storyStrip.contains(document.activeElement) ? document.activeElement.dataset.action : null;
  storyStrip.hidden = current === null;
  if (current === null) {
    storyStrip.replaceChildren();
    if (action) surface.focus();
  } else {
    const button = (name, sign, number) => element("button", { type: "button", "data-action": name, title: `${words()[name]} (${name === "story_next" ? "n" : "p"})`, "aria-label": words()[name], text: sign, onclick: () => showStep(number), ...(steps[number] ? {} : { disabled: "" }) });
    storyStrip.replaceChildren(
      element("div", { class: "turn" }, button("story_previous", "‹", current - 1), element("span", { text: `${current + 1} / ${steps.length}` }), button("story_next", "›", current + 1)),
      element("div", { class: "step-text" }, ...stepTexts(steps[current])),
      element("button", { class: "close", type: "button", "data-action": "close", "aria-label": words().story_end, title: words().story_end, text: "×", onclick: leaveStory }),
    );
    if (action) (storyStrip.querySelector(`[data-action="${action}"]:enabled`) ?? storyStrip.querySelector("h2")).focus();
  }
  // The strip takes room from the map, whose middle stays.
  network.redraw();
}

function showStep(number) {
  if (!story.steps[number]) return;
  story.current = number;
  withoutWriting(() => applyState(stepParameters(number), true));
  announce(`${number + 1} / ${story.steps.length}: ${story.steps[number].title[view.language]}`);
  notifyChange();
}

function leaveStory() {
  story.current = null;
  drawStory();
  notifyChange();
}

function turnStory(by) {
  if (story.current !== null) showStep(story.current + by);
}
onKey("n", () => turnStory(1));
onKey("p", () => turnStory(-1));
storyStrip.addEventListener("keydown", (event) => {
  if (event.key === "ArrowRight" || event.key === "PageDown") turnStory(1);
  else if (event.key === "ArrowLeft" || event.key === "PageUp") turnStory(-1);
  else return;
  event.preventDefault();
});
onChange(drawStory);

registerAddressPart({
  write(parameters) { if (story.current !== null) parameters.set("step", story.current + 1); },
  read(parameters) {
    const number = Number(parameters.get("step") ?? 0) - 1;
    story.current = story.steps[number] ? number : null;
    drawStory();
  },
});

// An address that names a step and nothing else leads to what the step shows; a page with steps opens with the first.
function addressState() {
  const parameters = new URLSearchParams(location.hash.slice(1));
  const number = Number(parameters.get("step") ?? 0) - 1;
  const isAlone = [...parameters.keys()].every((key) => MAP_STATE.includes(key));
  if (!isAlone || !story.steps[number]) return parameters;
  const state = new URLSearchParams(story.steps[number].view);
  for (const key of MAP_STATE) state.delete(key);
  for (const [key, value] of parameters) state.set(key, value);
  return state;
}
