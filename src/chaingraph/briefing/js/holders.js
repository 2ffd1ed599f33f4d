// Holders: who is on the map, what a card says, and which cards the filters leave.
const { chains, holders } = data;
for (const chain of chains) {
  chain.arrows ??= [];
  chain.boxes.forEach((box, number) => {
    box.cards ??= [];
    box.key = `${chains.indexOf(chain)}.${number}`;
    for (const card of box.cards) card.ties ??= [];
  });
}
for (const holder of holders) {
  holder.consortia ??= [];
  holder.is_known ??= true;
}
const holderOf = new Map(holders.map((holder) => [holder.node, holder]));
const SEGMENTS = ["upstream", "midstream", "downstream", "unstated"];

// How often a node is on the map, by its position; a stage and a chain are there once.
const presence = new Map();
for (const { node, boxes } of chains) {
  if (node !== undefined) presence.set(node, 1);
  for (const box of boxes) {
    presence.set(box.node, 1 + box.cards.length);
    for (const { holder } of box.cards) presence.set(holders[holder].node, (presence.get(holders[holder].node) ?? 0) + 1);
  }
}
const importanceOf = (index) => 100 * (presence.get(index) ?? 0) + tiesOf[index].length;
const byImportance = [...presence.keys()].sort((a, b) => importanceOf(b) - importanceOf(a) || a - b);

// ---- texts
const withNumber = (key, count) => formatted(words()[count === 1 ? `${key}_1` : key], { count: countText(count) });
const holderName = (holder) => nameOf(holder.node);

function badgeText(holder) {
  const count = memberCount(holder.node);
  if (count) return countBadge(count);
  return holder.is_known ? words().badge_known : words().badge_reported;
}

// ---- filters: a facet has the values of which at least one must fit; none chosen: all fit
const allOf = (values) => [...new Set(values)];
const facets = [
  { name: "kind", valuesOf: (holder) => [holder.kind], textOf: (key) => data.kinds[key]?.[view.language] ?? key },
  { name: "region", valuesOf: (holder) => (holder.region.en ? [holder.region.en] : []), textOf: (key) => regionNames.get(key)[view.language] },
  { name: "consortium", valuesOf: (holder) => holder.consortia.map((node) => nodes[node].id), textOf: (key) => nameOf(indexOf.get(key)) },
];
const regionNames = new Map(holders.filter((holder) => holder.region.en).map((holder) => [holder.region.en, holder.region]));
for (const facet of facets) {
  facet.chosen = new Set();
  facet.counts = new Map();
  for (const holder of holders) for (const value of facet.valuesOf(holder)) facet.counts.set(value, (facet.counts.get(value) ?? 0) + 1);
  facet.values = [...facet.counts.keys()].sort((a, b) => facet.counts.get(b) - facet.counts.get(a) || (a < b ? -1 : 1));
}
const isFiltered = () => facets.some((facet) => facet.chosen.size);
const passes = (holder) => facets.every((facet) => !facet.chosen.size || facet.valuesOf(holder).some((value) => facet.chosen.has(value)));
const cardsOf = (box) => box.cards.filter(({ holder }) => passes(holders[holder]));
const isShown = (index) => !holderOf.has(index) || passes(holderOf.get(index));

registerAddressPart({
  write(parameters) { for (const facet of facets) for (const value of [...facet.chosen].sort()) parameters.append(facet.name, value); },
  read(parameters) { for (const facet of facets) facet.chosen = new Set(parameters.getAll(facet.name).filter((value) => facet.counts.has(value))); },
});
