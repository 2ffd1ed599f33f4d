// Before the page is shown: the theme that the reader chose on an earlier page.
(() => {
  "use strict";
  try {
    const theme = localStorage.getItem("theme");
    if (theme === "dark" || theme === "light") document.documentElement.dataset.theme = theme;
  } catch { /* Storage may be forbidden; then the system's theme holds. */ }
})();
