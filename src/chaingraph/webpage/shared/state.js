// What the reader sees and has selected, and how the parts of the page hear of a change.
const root = document.documentElement;
// pathStart: a node from which a path is looked for; the search then ends with its first match.
const view = { language: data.language, selected: null, pathStart: null };
const prefersReducedMotion = matchMedia("(prefers-reduced-motion: reduce)").matches;
const otherLanguage = () => (view.language === "zh" ? "en" : "zh");
const nameOf = (index) => nodes[index].name[view.language];
const otherName = (index) => nodes[index].name[otherLanguage()];

// Called when filters, language, selection or theme change.
const changeListeners = [];
function onChange(listener) { changeListeners.push(listener); }
function notifyChange() { for (const listener of changeListeners) listener(); }
// State that a link reopens: write(parameters) sets keys of an URLSearchParams, read(parameters) takes them.
const addressParts = [];
function registerAddressPart(part) { addressParts.push(part); }
// Escape calls these in turn until one returns true: it had something to close.
const escapeActions = [];
// One key for one action, anywhere but where one types.
function onKey(key, action) {
  document.addEventListener("keydown", (event) => {
    if (event.key !== key || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
    event.preventDefault();
    action();
  });
}
function announce(text) { document.getElementById("announcement").textContent = text; }
