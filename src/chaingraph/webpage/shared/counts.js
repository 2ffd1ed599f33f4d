// What sources count of a node, against what is known of it by name.
for (const node of nodes) node.counts ??= [];

function reportedLine({ counts, reported, qualifier, known, label }) {
  const number = reportedText({ reported, qualifier });
  const what = words()[`counted_${counts}`] ?? label?.[view.language] ?? counts;
  return known === undefined
    ? formatted(words().count_reported, { what: label?.[view.language] || what, reported: number })
    : formatted(words().count_both, { what, reported: number, known: countText(known) });
}

// The count that stands beside a name: that of members.
const memberCount = (index) => nodes[index].counts.find((one) => one.counts === "organizations" && one.known !== undefined);
const reportedText = ({ reported, qualifier }) => formatted(words()[`qualifier_${qualifier ?? ""}`] ?? "{count}", { count: countText(reported) });
const countBadge = (count) => formatted(words().badge_count, { known: countText(count.known), reported: reportedText(count) });
// The same in as few letters as go beside a name on the map.
const SIGNS = { about: "≈", "at-least": "≥", nearly: "<", "more-than": ">" };
const shortCount = ({ known, reported, qualifier }) => `${known}/${SIGNS[qualifier] ?? ""}${reported}`;

function countSection(index) {
  const { counts } = nodes[index];
  if (!counts.length) return null;
  const figure = (count) => element("figure", {}, element("p", { text: reportedLine(count) }), count.words && element("blockquote", {}, element("q", { text: count.words })));
  return element("section", { class: "reported-counts" }, element("h3", {}, element("span", { text: words().reported_counts })), ...counts.map(figure));
}
