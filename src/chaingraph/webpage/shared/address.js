// The address holds the state: a link reopens the view.
let isReading = false;
let writeTimer = 0;
let lastAddress = location.hash;
const addressLanguage = (parameters) => (["zh", "en"].includes(parameters.get("lang")) ? parameters.get("lang") : data.language);

function applyLanguage(language) {
  view.language = language;
  root.lang = language === "zh" ? "zh-CN" : "en";
  root.dataset.language = language;
  document.title = data.title[language];
  for (const labelled of document.querySelectorAll("[data-label]")) labelled.setAttribute("aria-label", words()[labelled.dataset.label]);
  search.placeholder = words().search;
}

// The selection comes first in the address, then the language.
addressParts.unshift({
  write(parameters) {
    if (view.selected !== null) parameters.set("n", nodes[view.selected].id);
    if (view.language !== data.language) parameters.set("lang", view.language);
  },
  read(parameters) {
    const language = addressLanguage(parameters);
    if (language !== view.language) setLanguage(language);
  },
});

function writeAddress() {
  clearTimeout(writeTimer);
  if (isReading) return;
  const parameters = new URLSearchParams();
  for (const part of addressParts) part.write(parameters);
  // Assigning the hash works where history.replaceState throws: in the sandboxed frame of a notebook.
  if (parameters.toString() !== location.hash.slice(1)) location.hash = parameters.toString();
  lastAddress = location.hash;
}

function readAddressParts(parameters) {
  for (const part of addressParts) part.read(parameters);
}

function withoutWriting(action) {
  isReading = true;
  try {
    action();
  } finally {
    isReading = false;
  }
}

// A handle that is dragged would write a hundred addresses.
onChange(() => { clearTimeout(writeTimer); writeTimer = setTimeout(writeAddress, 250); });

function followAddress(readAddress) {
  // The page's own addresses come back as events, when the reader may be further already.
  addEventListener("hashchange", () => {
    if (location.hash === lastAddress) return;
    lastAddress = location.hash;
    withoutWriting(readAddress);
  });
}
