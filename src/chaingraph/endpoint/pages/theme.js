// Before anything is drawn: the theme that the reader chose on an earlier page.
(() => {
  "use strict";
  try {
    const held = localStorage.getItem("theme");
    if (held === "dark" || held === "light") document.documentElement.dataset.theme = held;
  } catch { /* Storage may be forbidden; then the system's theme holds. */ }
})();
