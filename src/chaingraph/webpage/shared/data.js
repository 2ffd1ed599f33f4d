// The data of the page: JSON, of which the page's model in Python says what is in it.
async function packedText(id) {
  const text = atob(document.getElementById(id).textContent);
  const bytes = new Uint8Array(text.length);
  // A loop: Uint8Array.from with a function takes a hundred times as long.
  for (let index = 0; index < text.length; index += 1) bytes[index] = text.charCodeAt(index);
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).text();
}

// All scripts run as one function, which ends here in a browser that cannot read the data.
if (!window.DecompressionStream) {
  document.getElementById("old-browser").hidden = false;
  return;
}
const data = JSON.parse(await packedText("data"));
const { nodes, ties, relations, legend } = data;
// A field that has its default is not in the JSON.
for (const item of [...nodes, ...ties]) {
  item.attributes = (item.attributes ?? []).map((number) => data.attributes[number]);
  item.quotes = (item.quotes ?? []).map((number) => data.quotes[number]);
}

// The value of an attribute, undefined where there is none: a number, a text, true or false, null or { zh, en }.
const attributeOf = (item, name) => item.attributes.find(([other]) => other === name)?.[1];
const hasUse = (use, name) => data.attribute_uses[use].includes(name);

const tiesOf = nodes.map(() => []);
ties.forEach((tie, number) => {
  tiesOf[tie.source].push(number);
  if (tie.target !== tie.source) tiesOf[tie.target].push(number);
});
const indexOf = new Map(nodes.map((node, index) => [node.id, index]));
