// What the reader sees and has selected, and how the parts of the page hear of a change.
const root = document.documentElement;
const view = { language: data.language, selected: null, tie: null, cursor: null, hovered: null, fade: 0, highlighted: new Set(), highlightedTies: [] };
const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)").matches || drawing.economical;
const otherLanguage = () => (view.language === "zh" ? "en" : "zh");
const nameOf = (index) => nodes[index].name[view.language];
const otherName = (index) => nodes[index].name[otherLanguage()];

// What filters and focus leave out; a tie of a hidden node is hidden too. Only filters.js writes these.
const hidden = new Uint8Array(nodes.length);
const tieHidden = new Uint8Array(ties.length);
const isShown = (index) => !hidden[index];
const isTieShown = (number) => !tieHidden[number];
// What is inside a closed community (overview.js). Counts, tables and exports ask isShown instead of isDrawn.
const inClosed = new Uint8Array(nodes.length).fill(overview ? 1 : 0);
const isDrawn = (index) => !hidden[index] && (!inClosed[index] || index === view.selected || view.highlighted.has(index));

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
