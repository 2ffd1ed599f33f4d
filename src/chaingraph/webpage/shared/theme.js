// Dark and light: as the system says, or as the reader chose. A choice is in the address.
const THEMES = ["auto", "dark", "light"];
const systemTheme = matchMedia("(prefers-color-scheme: dark)");
const themeButton = document.getElementById("theme");

const currentTheme = () => root.dataset.theme ?? "auto";

function applyTheme(name) {
  if (name === "auto") delete root.dataset.theme;
  else root.dataset.theme = name;
  updateColours();
}

// Called when the colours have changed.
const themeListeners = [];
function onTheme(listener) { themeListeners.push(listener); }
function updateColours() {
  readTheme();
  for (const listener of themeListeners) listener();
}

function setTheme(name) {
  applyTheme(name);
  notifyChange();
}

// Paper is white whatever the screen shows.
function withLightTheme(action) {
  const current = currentTheme();
  applyTheme("light");
  try {
    return action();
  } finally {
    applyTheme(current);
  }
}

function nextTheme() {
  setTheme(THEMES[(THEMES.indexOf(currentTheme()) + 1) % THEMES.length]);
  announce(words()[`theme_${currentTheme()}`]);
}

systemTheme.addEventListener("change", updateColours);
themeButton.addEventListener("click", nextTheme);
onKey("d", nextTheme);
function nameTheme() {
  const text = words()[`theme_${currentTheme()}`];
  themeButton.title = `${text} (d)`;
  themeButton.setAttribute("aria-label", text);
}
nameTheme();
onChange(nameTheme);
registerAddressPart({
  write(parameters) { if (currentTheme() !== "auto") parameters.set("theme", currentTheme()); },
  read(parameters) {
    const name = THEMES.includes(parameters.get("theme")) ? parameters.get("theme") : "auto";
    if (name !== currentTheme()) setTheme(name);
  },
});
