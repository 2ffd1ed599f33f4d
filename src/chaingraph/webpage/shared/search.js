// Search: finds nodes by what somebody types: a name in either language, an alias, or pinyin.
const MOST_OPTIONS = 12;
const search = document.getElementById("search");
const matchList = document.getElementById("matches");
const matchPosition = document.getElementById("match-position");
const normalized = (text) => text.normalize("NFKC").toLowerCase();
const searchTexts = nodes.map((node) => {
  const aliases = attributeOf(node, "alias") ?? "";
  const aliasTexts = typeof aliases === "object" && aliases ? Object.values(aliases) : [String(aliases)];
  const texts = [node.name.zh, node.name.en, ...aliasTexts.flatMap((alias) => alias.split("; ")), node.id, ...(node.pinyin ?? "").split(" ")];
  return [...new Set(texts)].filter(Boolean).map(normalized);
});
let matches = [];
let active = -1;
let visited = false;

function matchRank(index, text) {
  const texts = searchTexts[index];
  if (texts.some((one) => one === text)) return 0;
  if (texts.some((one) => one.startsWith(text))) return 1;
  return texts.slice(0, 2).some((one) => one.includes(text)) ? 2 : 3;
}

function updateMatches() {
  const text = normalized(search.value.trim());
  const ranks = new Map();
  for (const index of text ? byImportance : []) if (searchTexts[index].some((one) => one.includes(text))) ranks.set(index, matchRank(index, text));
  matches = [...ranks.keys()].sort((a, b) => ranks.get(a) - ranks.get(b));
  active = matches.length ? 0 : -1;
  visited = false;
  if (text) announce(matches.length ? formatted(words().match_count, { count: matches.length }) : words().no_match);
  drawMatches(Boolean(text));
}

function drawMatches(open) {
  const start = Math.max(0, active - (active % MOST_OPTIONS));
  matchList.replaceChildren(...matches.slice(start, start + MOST_OPTIONS).map((index, offset) => {
    const position = start + offset;
    const second = otherName(index) === nameOf(index) ? classLine(index) : `${otherName(index)} · ${classLine(index)}`;
    const option = element("li", { id: `match-${position}`, role: "option", "data-node": index, "aria-selected": String(position === active) }, symbolOf(index), element("span", {}, element("span", { class: "name", text: nameOf(index) }), element("small", { text: second })));
    option.addEventListener("pointerdown", (event) => { event.preventDefault(); selectMatch(position); });
    return option;
  }));
  if (search.value.trim() && !matches.length) matchList.append(element("li", { class: "none", role: "option", "aria-disabled": "true", text: words().no_match }));
  matchList.hidden = !open;
  search.setAttribute("aria-expanded", String(open));
  matchPosition.textContent = matches.length ? `${active + 1} / ${matches.length}` : "";
  if (active < 0 || !open) return search.removeAttribute("aria-activedescendant");
  search.setAttribute("aria-activedescendant", `match-${active}`);
  matchList.children[active - start].scrollIntoView({ block: "nearest" });
}

// A click selects one match and ends the search; Enter selects it and the next Enter the next.
function selectMatch(position) {
  const index = matches[position];
  clearSearch();
  if (index !== undefined) select(index, { travel: true });
}

function stepMatches(by) {
  if (!matches.length) return;
  if (view.pathStart !== null) return selectMatch(active);
  if (visited) active = (active + by + matches.length) % matches.length;
  visited = true;
  drawMatches(false);
  select(matches[active], { travel: true });
}

function clearSearch() {
  search.value = "";
  updateMatches();
  search.blur();
}

search.addEventListener("input", updateMatches);
search.addEventListener("blur", () => { matchList.hidden = true; search.setAttribute("aria-expanded", "false"); });
search.addEventListener("focus", () => { if (search.value && !visited) updateMatches(); });
search.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (event.key === "Enter") stepMatches(event.shiftKey ? -1 : 1);
  else if (event.key === "/" && visited) { search.value = ""; updateMatches(); }
  else if (event.key === "Escape" && (search.value || view.pathStart === null)) { clearSearch(); surface.focus(); }
  else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && matches.length) {
    active = (active + (event.key === "ArrowDown" ? 1 : -1) + matches.length) % matches.length;
    visited = false;
    drawMatches(true);
  } else return;
  event.preventDefault();
  event.stopPropagation();
});
