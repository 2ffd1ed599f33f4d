// Dark and light: as the system says, or as the reader chose. A choice stands in the address.
const THEMES = ["auto", "dark", "light"];
const systemTheme = matchMedia("(prefers-color-scheme: dark)");
const themeButton = document.getElementById("theme");

const chosenTheme = () => root.dataset.theme ?? "auto";

function wear(name) {
  if (name === "auto") delete root.dataset.theme;
  else root.dataset.theme = name;
}

function setTheme(name) {
  wear(name);
  recolour();
  changed();
}

function recolour() {
  readTheme();
  network.setOptions(withTheme());
  network.redraw();
}

// Paper is white whatever the screen shows.
function inLight(deed) {
  const chosen = chosenTheme();
  wear("light");
  recolour();
  try {
    return deed();
  } finally {
    wear(chosen);
    recolour();
  }
}

function nextTheme() {
  setTheme(THEMES[(THEMES.indexOf(chosenTheme()) + 1) % THEMES.length]);
  document.getElementById("said").textContent = words()[`theme_${chosenTheme()}`];
}

systemTheme.addEventListener("change", recolour);
themeButton.addEventListener("click", nextTheme);
onKey("d", nextTheme);
onChange(() => {
  themeButton.title = `${words()[`theme_${chosenTheme()}`]} (d)`;
  themeButton.setAttribute("aria-label", words()[`theme_${chosenTheme()}`]);
});
inAddress({
  write(parts) { if (chosenTheme() !== "auto") parts.set("theme", chosenTheme()); },
  read(parts) {
    const name = THEMES.includes(parts.get("theme")) ? parts.get("theme") : "auto";
    if (name !== chosenTheme()) setTheme(name);
  },
});
