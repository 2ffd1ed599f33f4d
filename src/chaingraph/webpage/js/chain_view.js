// The chain map as a view of this page: a page of its own, in a frame that is made when it is first looked at. The two
// tell each other by messages what is selected; none of them trusts the other with more than the name of a node.
const chainButton = document.getElementById("to-chain");
const onChainMap = new Set(data.chain_map ?? []);
let chainFrame = null;
view.chain = false;

function tellChainMap() {
  const shared = [...onChainMap].map((index) => nodes[index].id);
  const node = view.selected !== null && onChainMap.has(view.selected) ? nodes[view.selected].id : null;
  chainFrame.contentWindow.postMessage({ chaingraph: "show", shared, node, language: view.language, theme: currentTheme() }, "*");
}

async function showChainMap(open) {
  if (!chainButton || open === view.chain) return;
  view.chain = open;
  root.toggleAttribute("data-chain", open);
  if (!open) {
    const hadFocus = document.activeElement === chainFrame;
    chainFrame.hidden = true;
    network.redraw();
    if (hadFocus) surface.focus();
    return notifyChange();
  }
  if (chainFrame) {
    chainFrame.hidden = false;
    tellChainMap();
  } else {
    chainFrame = element("iframe", { id: "chain-map", title: words().chain_map });
    document.querySelector("main").append(chainFrame);
    chainFrame.srcdoc = await packedText("chain-map-page");
  }
  notifyChange();
}

// Asked for by the reader, whose keys then go to the frame.
async function goToChainMap() {
  if (!chainButton) return;
  await showChainMap(true);
  chainFrame.focus();
}

// What the frame says: that it can be told, what is selected there, or that the reader goes back to the network.
addEventListener("message", ({ source, data: message }) => {
  if (!chainFrame || source !== chainFrame.contentWindow || typeof message?.chaingraph !== "string") return;
  if (message.chaingraph === "ready") return tellChainMap();
  if (message.language !== view.language && Object.hasOwn(data.words, message.language)) setLanguage(message.language);
  if (THEMES.includes(message.theme) && message.theme !== currentTheme()) setTheme(message.theme);
  const index = indexOf.get(message.node);
  const isBack = message.chaingraph === "network";
  if (isBack) showChainMap(false);
  if (index !== undefined && (isBack || index !== view.selected)) select(index, { travel: true });
  else if (index === undefined && message.node === null) clearSelection();
});

chainButton?.addEventListener("click", goToChainMap);
onKey("c", goToChainMap);
onChange(() => { if (chainButton) chainButton.title = `${words().chain_map} (c)`; });
registerAddressPart({
  write(parameters) { if (view.chain) parameters.set("view", "chain"); },
  read(parameters) {
    const open = parameters.get("view") === "chain";
    // After the selection, which the frame is told of.
    queueMicrotask(() => { if (open && view.chain) tellChainMap(); else showChainMap(open); });
  },
});
