// Search: the only place that finds nodes by what somebody types: a name in either language, an alias, or pinyin.
const MOST_OPTIONS = 12;
const search = document.getElementById("search");
const found = document.getElementById("found");
const nth = document.getElementById("nth");
const folded = (text) => text.normalize("NFKC").toLowerCase();
const haystack = things.map((thing) => {
  const aliases = (factOf(thing, "alias") || []).slice(1);
  const pinyin = [].concat(thing.pinyin || []).join(" ").split(" ");
  return [...new Set([...thing.name, ...aliases.flatMap((alias) => String(alias).split("; ")), thing.id, ...pinyin])].filter(Boolean).map(folded);
});
let matches = [];
let active = -1;
let visited = false;

function rank(index, needle) {
  const texts = haystack[index];
  if (texts.some((text) => text === needle)) return 0;
  if (texts.some((text) => text.startsWith(needle))) return 1;
  return texts.slice(0, 2).some((text) => text.includes(needle)) ? 2 : 3;
}

function look() {
  const needle = folded(search.value.trim());
  const ranks = new Map();
  for (const index of needle ? byImportance : []) if (haystack[index].some((text) => text.includes(needle))) ranks.set(index, rank(index, needle));
  matches = [...ranks.keys()].sort((a, b) => ranks.get(a) - ranks.get(b));
  active = matches.length ? 0 : -1;
  visited = false;
  if (needle) document.getElementById("said").textContent = matches.length ? filled(words().found, { count: matches.length }) : words().none;
  listHits(Boolean(needle));
}

const pageStart = () => Math.max(0, active - (active % MOST_OPTIONS));

function listHits(open) {
  const start = pageStart();
  found.replaceChildren(...matches.slice(start, start + MOST_OPTIONS).map((index, position) => {
    const other = things[index].name[1 - languageIndex()];
    const second = other === nameOf(index) ? classLine(index) : `${other} · ${classLine(index)}`;
    const option = make("li", { id: `found-${start + position}`, role: "option", "data-node": index, "aria-selected": String(start + position === active) }, markOf(index), make("span", {}, make("span", { class: "name", text: nameOf(index) }), make("small", { text: second })));
    option.addEventListener("pointerdown", (event) => { event.preventDefault(); choose(start + position); });
    return option;
  }));
  if (search.value.trim() && !matches.length) found.append(make("li", { class: "none", role: "option", "aria-disabled": "true", text: words().none }));
  found.hidden = !open;
  search.setAttribute("aria-expanded", String(open));
  nth.textContent = matches.length ? `${active + 1} / ${matches.length}` : "";
  if (active < 0 || !open) return search.removeAttribute("aria-activedescendant");
  search.setAttribute("aria-activedescendant", `found-${active}`);
  found.children[active - start].scrollIntoView({ block: "nearest" });
}

// A click goes to one hit and ends the search; Enter goes to it and the next Enter to the next.
function choose(position) {
  const index = matches[position];
  endSearch();
  if (index !== undefined) select(index, { travel: true });
}

function walk(by) {
  if (!matches.length) return;
  if (view.picking !== null) return choose(active);
  if (visited) active = (active + by + matches.length) % matches.length;
  visited = true;
  listHits(false);
  select(matches[active], { travel: true });
}

function endSearch() {
  search.value = "";
  look();
  search.blur();
}

search.addEventListener("input", look);
search.addEventListener("blur", () => { found.hidden = true; search.setAttribute("aria-expanded", "false"); });
search.addEventListener("focus", () => { if (search.value && !visited) look(); });
search.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (event.key === "Enter") walk(event.shiftKey ? -1 : 1);
  else if (event.key === "/" && visited) { search.value = ""; look(); }
  else if (event.key === "Escape" && (search.value || view.picking === null)) { endSearch(); surface.focus(); }
  else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && matches.length) {
    active = (active + (event.key === "ArrowDown" ? 1 : -1) + matches.length) % matches.length;
    visited = false;
    listHits(true);
  } else return;
  event.preventDefault();
  event.stopPropagation();
});
