// Which nodes and ties of the network are shown and drawn.
const { drawing, overview } = data;
drawing.circles ??= [];
drawing.lines ??= [];
drawing.labelled ??= [];
Object.assign(view, { tie: null, cursor: null, hovered: null, fade: 0, highlighted: new Set(), highlightedTies: [] });
// While steps are printed, nothing moves either.
view.still = false;
const isStill = () => prefersReducedMotion || drawing.economical || view.still;

// What filters and focus leave out; a tie of a hidden node is hidden too. Only filters.js writes these.
const hidden = new Uint8Array(nodes.length);
const tieHidden = new Uint8Array(ties.length);
const isShown = (index) => !hidden[index];
const isTieShown = (number) => !tieHidden[number];
// What is inside a closed community (overview.js). Counts, tables and exports ask isShown instead of isDrawn.
const inClosed = new Uint8Array(nodes.length).fill(overview ? 1 : 0);

// Nodes without any tie are one chip with their number until the reader asks for them: they are in tables, searches and
// exports as ever, and only not drawn. An overview has a disc for them.
const isolates = overview ? [] : nodes.map((_, index) => index).filter((index) => !tiesOf[index].length);
const canFold = isolates.length > 0 && isolates.length < nodes.length;
view.folded = canFold && !drawing.isolates;
const isFolded = (index) => view.folded && !tiesOf[index].length;
const isDrawn = (index) => !hidden[index] && (!isFolded(index) || index === view.selected) && (!inClosed[index] || index === view.selected || view.highlighted.has(index));
