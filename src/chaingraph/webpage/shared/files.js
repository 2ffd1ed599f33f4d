// Files that the reader saves. All of it is made in the page, nothing is fetched, nothing is sent.
function fileName(ending) {
  const safe = data.title[view.language].normalize("NFC").replace(/[\p{C}\\/:*?"<>|.]+/gu, " ").replace(/\s+/g, " ").trim();
  return `${[...safe].slice(0, 100).join("").trim() || "chaingraph"}${ending}`;
}

function saveAs(content, type, ending) {
  const blob = content instanceof Blob ? content : new Blob([content], { type });
  const link = element("a", { href: URL.createObjectURL(blob), download: fileName(ending) });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  announce(formatted(words().saved, { name: link.download }));
}

// Tables are UTF-8 with a byte order mark, so that Excel reads Chinese; a cell is written as export/cells.py writes it
const FORMULA = /^[=+\-@\t\n＝＋－＠]/;
const NUMBER = /^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$/;

function csvCell(value) {
  if (value === null || value === undefined) return "";
  let text = String(value).replace(/\r\n?/g, "\n");
  if (FORMULA.test(text) && !NUMBER.test(text)) text = `'${text}`;
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
