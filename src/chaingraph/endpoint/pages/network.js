// Beside the page of a network in its frame: what the reader expands there is asked of this server, by a new address.
(() => {
  "use strict";
  const frame = document.querySelector(".rendered iframe");
  if (!frame) return;
  const MOST = 10;
  const MOST_CHARACTERS = 2000;
  addEventListener("message", ({ source, data }) => {
    if (source !== frame.contentWindow || typeof data !== "object" || data === null) return;
    const address = new URL(location.href);
    const expanded = address.searchParams.getAll("expand");
    if (data.chaingraph === "ready") {
      // The frame has an origin of its own, which has no name.
      source.postMessage({ chaingraph: "expandable", expanded, full: expanded.length >= MOST }, "*");
    } else if (data.chaingraph === "expand" && typeof data.node === "string" && data.node.length < MOST_CHARACTERS && !expanded.includes(data.node) && expanded.length < MOST) {
      address.searchParams.append("expand", data.node);
      location.assign(address);
    }
  });
})();
