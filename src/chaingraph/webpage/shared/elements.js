// How an element of the page is made, and the words it gets. Text reaches the page through textContent only.
const words = () => data.words[view.language];
const attributeName = (name) => (Object.hasOwn(data.attribute_names, name) ? data.attribute_names[name][view.language] : name);
const formatted = (sentence, parts) => sentence.replace(/\{(\w+)\}/g, (_, name) => parts[name]);
// By hand, because the first toLocaleString of a page costs a tenth of its first frame.
const countText = (count) => String(count).replace(/\B(?=(\d{3})+$)/g, ",");

function element(tag, properties = {}, ...children) {
  const created = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "text") created.textContent = value;
    else if (name === "onclick") created.addEventListener("click", value);
    else created.setAttribute(name, value);
  }
  created.append(...children.filter(Boolean));
  return created;
}

function symbol(shape, hue) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", "-1.6 -1.6 3.2 3.2");
  svg.setAttribute("width", "16");
  svg.setAttribute("height", "16");
  svg.setAttribute("class", "symbol");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", OUTLINES[shape]);
  path.style.fill = `var(${hueVariable(hue)})`;
  svg.append(path);
  return svg;
}

const symbolOf = (index) => symbol(shapeOf(index), legend.colours[nodes[index].colour].hue);
const className = (index) => legend.classes[nodes[index].type].name[view.language];

// The class, and the kind where that says more.
function classLine(index) {
  const kind = attributeOf(nodes[index], "kind");
  return kind !== undefined && valueText(kind) !== className(index) ? `${className(index)} · ${valueText(kind)}` : className(index);
}

function valueText(value) {
  if (value === null) return words().undefined;
  if (typeof value === "object") return value[view.language];
  if (typeof value === "boolean") return value ? words().yes : words().no;
  if (typeof value !== "number") return String(value);
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}

const attributeText = ([name, value]) => `${attributeName(name)} ${valueText(value)}`;
const relationName = (tie) => (tie.relation === undefined ? "" : relations[tie.relation].name[view.language]);
const tieName = (tie) => relationName(tie) || words().tied;

// A text that fits, cut in the middle where it is too long: its end tells it from others as often as its beginning.
function cutInTheMiddle(text, fits) {
  if (fits(text)) return text;
  const letters = [...text];
  for (let count = letters.length - 1; count > 2; count -= 1) {
    const head = Math.ceil(count * 0.6);
    const short = `${letters.slice(0, head).join("").trimEnd()}…${letters.slice(head - count).join("").trimStart()}`;
    if (fits(short)) return short;
  }
  return "…";
}
