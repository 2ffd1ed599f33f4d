// What sources count of a node, against what is known of it by name.
for (const node of nodes) node.counts ??= [];

function reportedLine({ counts, reported, qualifier, known, label }) {
  const number = formatted(words()[`qualifier_${qualifier ?? ""}`] ?? "{count}", { count: countText(reported) });
  const what = words()[`counted_${counts}`] ?? label?.[view.language] ?? counts;
  return known === undefined
    ? formatted(words().count_reported, { what: label?.[view.language] || what, reported: number })
    : formatted(words().count_both, { what, reported: number, known: countText(known) });
}

// The count that stands beside a name: that of members.
const memberCount = (index) => nodes[index].counts.find((one) => one.counts === "organizations" && one.known !== undefined);
const countBadge = ({ known, reported }) => formatted(words().badge_count, { known: countText(known), reported: countText(reported) });

function countSection(index) {
  const { counts } = nodes[index];
  if (!counts.length) return null;
  const figure = (count) => element("figure", {}, element("p", { text: reportedLine(count) }), count.words && element("blockquote", {}, element("q", { text: count.words })));
  return element("section", { class: "reported-counts" }, element("h3", {}, element("span", { text: words().reported_counts })), ...counts.map(figure));
}
