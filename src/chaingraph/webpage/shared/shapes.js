// Shapes and colours: the outlines that stand for classes, and the theme as the style sheet has it.
// Outlines of equal area, one unit around the origin.
const OUTLINES = {
  circle: "M1 0A1 1 0 1 1-1 0A1 1 0 1 1 1 0Z",
  ring: "M1.1 0A1.1 1.1 0 1 1-1.1 0A1.1 1.1 0 1 1 1.1 0ZM.55 0A.55 .55 0 1 0-.55 0A.55 .55 0 1 0 .55 0Z",
  hexagon: polygon(6, 1.1, -Math.PI / 2),
  pentagon: polygon(5, 1.15, -Math.PI / 2),
  diamond: polygon(4, 1.25, -Math.PI / 2),
  square: polygon(4, 1.25, Math.PI / 4),
  triangle: polygon(3, 1.45, -Math.PI / 2),
  wedge: polygon(3, 1.45, Math.PI / 2),
  star: polygon(10, 1.5, -Math.PI / 2, 0.7),
  spark: polygon(8, 1.65, -Math.PI / 2, 0.67),
  bar: "M-1.25-.63H1.25V.63H-1.25Z",
  cross: "M-.42-1.15H.42V-.42H1.15V.42H.42V1.15H-.42V.42H-1.15V-.42H-.42Z",
};
const paths = Object.fromEntries(Object.entries(OUTLINES).map(([name, outline]) => [name, new Path2D(outline)]));
const shapeOf = (index) => legend.classes[nodes[index].type].shape;

function polygon(corners, radius, rotation, inner = radius) {
  const points = Array.from({ length: corners }, (_, corner) => {
    const angle = rotation + (2 * Math.PI * corner) / corners;
    const reach = corner % 2 ? inner : radius;
    return `${(reach * Math.cos(angle)).toFixed(3)} ${(reach * Math.sin(angle)).toFixed(3)}`;
  });
  return `M${points.join("L")}Z`;
}

const hueVariable = (hue) => `--hue-${hue < 0 ? "none" : hue}`;
let theme;
function readTheme() {
  const style = getComputedStyle(root);
  const read = (name) => style.getPropertyValue(name).trim();
  theme = Object.fromEntries(["paper", "sheet", "ink", "soft", "land", "coast", "water", "tie", "strong", "ring", "accent", "sans", "serif"].map((name) => [name, read(`--${name}`)]));
  theme.hues = legend.colours.map((entry) => read(hueVariable(entry.hue)));
}
readTheme();
