// A browser starts no worker from a file, so that search would need a server. This runs the worker in a hidden frame.
"use strict";

if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    constructor(address) {
      super();
      const frame = document.createElement("iframe");
      frame.hidden = true;
      document.body.append(frame);
      this.inner = frame.contentWindow;
      const load = (one) =>
        new Promise((resolve, reject) => {
          const script = frame.contentDocument.createElement("script");
          script.onload = resolve;
          script.onerror = () => reject(new Error(`cannot load ${one}`));
          script.src = one;
          frame.contentDocument.head.append(script);
        });
      this.inner.importScripts = async (...addresses) => {
        for (const one of addresses) await load(one);
      };
      this.inner.postMessage = (data) => this.dispatchEvent(new MessageEvent("message", { data }));
      this.ready = load(new URL(address, location.href).href).catch((error) => {
        this.dispatchEvent(new ErrorEvent("error", { error, message: error.message }));
      });
    }

    postMessage(data) {
      this.ready.then(() => this.inner.dispatchEvent(new MessageEvent("message", { data })));
    }

    terminate() {
      this.inner.frameElement.remove();
    }
  };
}
