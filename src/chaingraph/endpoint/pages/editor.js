// The editor: keys, line numbers, the place of a mistake, prefixes, and what is going on. Without it the form works too.
(() => {
  "use strict";
  const form = document.getElementById("editor");
  const box = document.getElementById("query");
  const gutter = document.querySelector(".gutter");
  const running = document.getElementById("running");
  const cancel = document.getElementById("cancel");
  const numbers = document.getElementById("numbers");
  const run = document.getElementById("run");
  const faulty = Number(box.dataset.line ?? 0);
  let leaving = false;
  let clock;

  for (const part of [document.querySelector(".options"), document.getElementById("keys")]) part.hidden = false;

  // Replaces a part of the text so that the browser's own undo takes it back.
  function put(text, from, to) {
    box.setSelectionRange(from, to);
    if (!document.execCommand("insertText", false, text)) box.setRangeText(text, from, to, "end");
  }

  function number() {
    const lines = box.value.split("\n").length;
    if (gutter.childElementCount === lines) return;
    gutter.replaceChildren(...Array.from({ length: lines }, (_, index) => {
      const line = document.createElement("span");
      line.textContent = index + 1;
      if (index + 1 === faulty) line.className = "broken";
      return line;
    }));
  }
  function showNumbers() {
    gutter.hidden = !numbers.checked;
    form.classList.toggle("numbered", numbers.checked);
    gutter.scrollTop = box.scrollTop;
  }
  try { numbers.checked = localStorage.getItem("numbers") !== "no"; } catch { /* Then they are shown. */ }
  numbers.addEventListener("change", () => {
    try { localStorage.setItem("numbers", numbers.checked ? "yes" : "no"); } catch { /* Then it holds for this page. */ }
    showNumbers();
  });
  box.addEventListener("input", number);
  box.addEventListener("scroll", () => { gutter.scrollTop = box.scrollTop; });

  // Marks where the parser stopped. It counts characters, the box counts UTF-16 units.
  function mark() {
    const lines = box.value.split("\n");
    const at = Math.min(faulty, lines.length) - 1;
    const before = lines.slice(0, at).reduce((sum, line) => sum + line.length + 1, 0);
    const column = [...lines[at]].slice(0, Number(box.dataset.column) - 1).join("").length;
    const start = Math.min(before + column, box.value.length);
    box.focus();
    box.setSelectionRange(start === before + lines[at].length && column > 0 ? start - 1 : start, start + 1);
    box.scrollTop = Math.max(0, (at - 4) * parseFloat(getComputedStyle(box).lineHeight));
  }

  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit(run);
    } else if (event.key === "Escape") {
      leaving = true;
      return;
    } else if (event.key === "Tab" && !event.shiftKey && !leaving && !event.ctrlKey && !event.altKey && !event.metaKey) {
      event.preventDefault();
      put("  ", box.selectionStart, box.selectionEnd);
    }
    if (event.key !== "Tab") leaving = false;
  });
  box.addEventListener("blur", () => { leaving = false; });

  function rest(words) {
    clearInterval(clock);
    running.textContent = words;
    cancel.hidden = true;
    run.disabled = false;
  }
  form.addEventListener("submit", (event) => {
    if (event.submitter && event.submitter !== run) return;
    const length = new URLSearchParams(new FormData(form)).toString().length + "/sparql?".length;
    form.method = length > Number(form.dataset.maxLink) ? "post" : "get";
    const language = form.elements.lang?.value;
    form.action = form.method === "post" && language ? `/sparql?lang=${language}` : "/sparql";
    const begun = Date.now();
    const say = () => { running.textContent = `${running.dataset.running} · ${Math.round((Date.now() - begun) / 1000)} ${running.dataset.seconds}`; };
    clearInterval(clock);
    clock = setInterval(say, 1000);
    say();
    cancel.hidden = false;
    run.disabled = true;
  });
  // The browser closes the connection, and the server then stops the query.
  cancel.addEventListener("click", () => {
    window.stop();
    rest(cancel.dataset.done);
    box.focus();
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) rest(""); });

  document.getElementById("fill").addEventListener("click", ({ currentTarget: button }) => {
    const prefixes = JSON.parse(form.dataset.prefixes);
    // What stands in texts, addresses and comments is no prefix.
    const bare = box.value.replace(/"""[^]*?"""|'''[^]*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|<[^<>\s]*>|#.*/g, " ");
    const declared = new Set([...bare.matchAll(/\bPREFIX\s+([\w-]*):/gi)].map((match) => match[1]));
    const used = new Set([...bare.matchAll(/(?<![\w:?$-])([A-Za-z][\w-]*):/g)].map((match) => match[1]));
    const missing = Object.keys(prefixes).filter((name) => used.has(name) && !declared.has(name));
    if (missing.length) {
      box.focus();
      put(missing.map((name) => `PREFIX ${name}: <${prefixes[name]}>\n`).join(""), 0, 0);
    }
    running.textContent = missing.length ? button.dataset.done + missing.join(", ") : button.dataset.none;
  });

  number();
  showNumbers();
  if (faulty) mark();
  else if (window.innerWidth < 700) document.getElementById("result")?.scrollIntoView();
})();
