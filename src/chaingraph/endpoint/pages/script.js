// What a page does beyond its forms and links: the theme, the key of the search, and suggestions while typing.
(() => {
  "use strict";
  const root = document.documentElement;
  const box = document.querySelector("[data-search]");

  const themes = ["auto", "dark", "light"];
  const button = document.getElementById("theme");
  const currentTheme = () => root.dataset.theme ?? "auto";
  function name() {
    button.title = button.dataset[currentTheme()];
    button.setAttribute("aria-label", button.dataset[currentTheme()]);
  }
  button.addEventListener("click", () => {
    const next = themes[(themes.indexOf(currentTheme()) + 1) % themes.length];
    if (next === "auto") delete root.dataset.theme;
    else root.dataset.theme = next;
    try { localStorage.setItem("theme", next); } catch { /* Then it holds for this page alone. */ }
    name();
    document.getElementById("announcement").textContent = button.dataset[next];
  });
  button.hidden = false;
  name();

  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    if (!box) return;
    event.preventDefault();
    box.focus();
    box.select();
  });

  // A field that takes a thing of some class offers those whose names hold what is typed.
  for (const field of document.querySelectorAll("input[data-of]")) {
    const list = document.getElementById(field.getAttribute("list"));
    let waiting;
    let stop = new AbortController();
    field.addEventListener("input", () => {
      clearTimeout(waiting);
      stop.abort();
      stop = new AbortController();
      const text = field.value.trim();
      if (text.length < 1 || [...list.options].some((one) => one.value === text)) return;
      waiting = setTimeout(() => fill(list, text, field.dataset.of, stop.signal), 150);
    });
  }
  async function fill(list, text, of, signal) {
    try {
      const parts = new URLSearchParams({ q: text });
      for (const one of of.split(" ")) parts.append("class", one);
      const response = await fetch(`/search.json?${parts}`, { signal });
      if (!response.ok) return;
      const { things } = await response.json();
      list.replaceChildren(...things.slice(0, 30).map((thing) => {
        const option = document.createElement("option");
        option.value = thing.name;
        option.label = [thing.name_zh, thing.name_en].filter((one) => one && one !== thing.name).join(" · ");
        return option;
      }));
    } catch (error) {
      if (error.name !== "AbortError") throw error;
    }
  }

  // A form sends only the fields that hold something, so that its address stays short.
  for (const form of document.querySelectorAll("form[method='get'], form:not([method])")) {
    form.addEventListener("submit", () => {
      const empty = [...form.elements].filter((one) => one.name && !one.value);
      for (const one of empty) one.disabled = true;
      setTimeout(() => { for (const one of empty) one.disabled = false; });
    });
  }
  root.dataset.ready = "";
})();
