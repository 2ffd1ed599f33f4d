// The menu of exports. A page says by exportActions what each entry does, and by exportCount how much is exported.
const exportButton = document.getElementById("export");
const exportList = document.getElementById("export-list");
const exportItems = [...exportList.querySelectorAll("button")];

function showExports(open) {
  const hadFocus = exportList.contains(document.activeElement);
  exportList.hidden = !open;
  exportButton.setAttribute("aria-expanded", String(open));
  if (open) {
    document.getElementById("export-count").textContent = exportCount();
    exportItems[0].focus();
  } else if (hadFocus) exportButton.focus();
}

for (const item of exportItems) {
  item.addEventListener("click", () => {
    showExports(false);
    exportActions[item.dataset.export]();
  });
}
exportList.addEventListener("keydown", (event) => {
  const position = exportItems.indexOf(document.activeElement);
  const next = { ArrowDown: position + 1, ArrowUp: position - 1, Home: 0, End: -1 }[event.key];
  if (next === undefined) return;
  exportItems.at(next % exportItems.length).focus();
  event.preventDefault();
});
exportList.addEventListener("focusout", (event) => { if (event.relatedTarget && !exportList.contains(event.relatedTarget) && event.relatedTarget !== exportButton) showExports(false); });
document.addEventListener("pointerdown", (event) => { if (!exportList.hidden && !event.target.closest("#exports")) showExports(false); });
exportButton.addEventListener("click", () => showExports(exportList.hidden));
escapeActions.push(() => !exportList.hidden && (showExports(false), true));
onKey("e", () => showExports(exportList.hidden));
onChange(() => { exportButton.title = `${words().export} (e)`; });
