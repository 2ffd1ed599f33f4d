// Keys and buttons that all pages have. A page says by setLanguage what is drawn anew in another language.
document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/" && document.activeElement !== search) {
    search.focus();
    event.preventDefault();
  } else if (event.key === "Escape") escapeActions.some((close) => close());
});
document.getElementById("language").addEventListener("click", () => { setLanguage(otherLanguage()); notifyChange(); writeAddress(); });

function markReady() {
  performance.mark("chaingraph-first-frame");
  root.dataset.ready = "true";
}
