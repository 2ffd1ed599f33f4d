// The page of a network that shows this map in a frame: what is selected goes to and fro, and a button leads back.
const networkButton = document.getElementById("to-network");
const host = parent === window ? null : parent;
let hostNodes = null;

function tellHost(kind) {
  const node = view.selected === null ? null : nodes[view.selected].id;
  host.postMessage({ chaingraph: kind, node: node === null || hostNodes.has(node) ? node : undefined, language: view.language, theme: currentTheme() }, "*");
}

// A link to the same thing in the network: in the host, else in the page that the map names.
function networkLink(index) {
  const { id } = nodes[index];
  if (hostNodes?.has(id)) return element("button", { type: "button", class: "more", text: words().in_network, onclick: () => tellHost("network") });
  return data.network_page && !hostNodes && element("a", { href: `${data.network_page}#${new URLSearchParams({ n: id })}`, target: "_blank", rel: "noopener noreferrer", text: words().in_network });
}

let lastNode;
function followHost({ source, data: message }) {
  if (source !== host || message?.chaingraph !== "show" || !Array.isArray(message.shared)) return;
  hostNodes = new Set(message.shared);
  networkButton.hidden = false;
  if (THEMES.includes(message.theme) && message.theme !== currentTheme()) setTheme(message.theme);
  if (Object.hasOwn(data.words, message.language) && message.language !== view.language) setLanguage(message.language);
  const index = indexOf.get(message.node);
  lastNode = index ?? null;
  if (index !== undefined) select(index, { travel: true });
  else clearSelection();
}

function startHost() {
  if (!host) return;
  addEventListener("message", followHost);
  networkButton.addEventListener("click", () => tellHost("network"));
  onKey("c", () => { if (hostNodes) tellHost("network"); });
  onChange(() => {
    networkButton.title = `${words().to_network} (c)`;
    if (!hostNodes || lastNode === view.selected) return;
    lastNode = view.selected;
    tellHost("selected");
  });
  host.postMessage({ chaingraph: "ready" }, "*");
}
