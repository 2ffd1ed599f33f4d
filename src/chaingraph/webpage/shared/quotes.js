// Quotes: the words that state a thing, and the source in which they stand.
const MOST_ROWS = 12;

function webAddress(text) {
  try {
    const address = new URL(text);
    return address.protocol === "https:" || address.protocol === "http:" ? address.href : null;
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

function quoteFigure(quote) {
  const text = element("blockquote", {},
    quote.prefix && element("span", { class: "context", text: `…${quote.prefix}` }),
    quote.exact && element("q", { text: quote.exact }),
    quote.record && element("span", { text: formatted(words().record, { number: quote.record }) }),
    quote.suffix && element("span", { class: "context", text: `${quote.suffix}…` }));
  const address = webAddress(quote.url || "");
  const title = quote.title || (address ? quote.url : words().untitled);
  const source = element("figcaption", {}, address
    ? element("a", { href: address, target: "_blank", rel: "noopener noreferrer", text: title })
    : element("span", { text: title }));
  if (quote.published) source.append(` · ${quote.published}`);
  if (quote.url && !address) source.append(` · ${quote.url}`);
  return element("figure", {}, text, source);
}

function quotesSection(quotes) {
  if (!quotes.length) return null;
  const section = element("section", { class: "quotes" }, countHeading(words().quotes, quotes.length), ...quotes.slice(0, MOST_ROWS).map(quoteFigure));
  section.append(...moreButton(quotes.slice(MOST_ROWS).map((quote) => () => quoteFigure(quote)), (figures) => section.append(...figures)));
  return section;
}

const countHeading = (text, count) => element("h3", {}, element("span", { text }), element("span", { text: String(count) }));

// A button, if there is anything more, that makes way for further rows; the first of them that can be focused is.
function moreButton(rest, insert) {
  if (!rest.length) return [];
  const more = element("button", { class: "more", type: "button", text: formatted(words().more, { count: rest.length }), onclick: () => {
    const rows = rest.map((create) => create());
    insert(rows);
    more.remove();
    rows[0].querySelector("button, a")?.focus();
  } });
  return [more];
}
