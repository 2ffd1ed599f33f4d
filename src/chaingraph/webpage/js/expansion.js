// A page that the server shows in a frame can be asked for more of what is around a node; any other page has no such button.
const serverFrame = { expandable: false, expanded: [], full: false };

addEventListener("message", ({ source, data: message }) => {
  if (source !== parent || message?.chaingraph !== "expandable" || !Array.isArray(message.expanded)) return;
  Object.assign(serverFrame, { expandable: true, expanded: message.expanded.map(String), full: message.full === true });
  if (view.selected !== null) drawNodePanel(view.selected);
});
if (parent !== window) parent.postMessage({ chaingraph: "ready" }, "*");

// Communities and nodes of other programs' networks are nothing that the server knows.
const isOfServer = (index) => /^(id:|https?:)/.test(nodes[index].id);

function canExpand(index) {
  return serverFrame.expandable && !serverFrame.full && isOfServer(index) && !serverFrame.expanded.includes(nodes[index].id);
}

function expand(index) {
  announce(formatted(words().expanding, { name: nameOf(index) }));
  parent.postMessage({ chaingraph: "expand", node: nodes[index].id }, "*");
}
