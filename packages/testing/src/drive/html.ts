/** A tag as it stands in the page. */
export interface Tag {
  /** Lower case. */
  readonly name: string;
  readonly isEnd: boolean;
  /** By lower-case names; without a value, an empty one. */
  readonly attributes: ReadonlyMap<string, string>;
}

const PIECES = new RegExp(
  [
    "<!--[^]*?(?:-->|$)",
    "<(script|style)\\b[^>]*>[^]*?</\\1\\s*>",
    "<![^>]*>",
    `<(/?)([a-z][^\\s/>]*)((?:[^<>"']|"[^"]*"|'[^']*')*)>`,
    "([^<]+|<)",
  ].join("|"),
  "gi",
);

/** The tags and texts of a page that a server rendered, one after the other. Comments, scripts and styles are left out. */
export function* readHtml(html: string): Generator<Tag | string> {
  for (const [, , slash, name, attributes, text] of html.matchAll(PIECES)) {
    if (text !== undefined) yield decodeEntities(text);
    else if (name !== undefined) {
      yield {
        name: name.toLowerCase(),
        isEnd: slash === "/",
        attributes: readAttributes(attributes ?? ""),
      };
    }
  }
}

function readAttributes(text: string): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  const pattern = /([^\s"'>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?/g;
  for (const [, name = "", double, single, bare] of text.matchAll(pattern)) {
    const value = decodeEntities(double ?? single ?? bare ?? "");
    // The first of two counts, as in browsers.
    if (!attributes.has(name.toLowerCase())) attributes.set(name.toLowerCase(), value);
  }
  return attributes;
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: "\u00a0",
};

/** What templates escape with; other names stay as they are. */
function decodeEntities(text: string): string {
  return text.replace(/&(?:#x([\da-f]{1,6})|#(\d{1,7})|([a-z]+));/gi, (entity, hex, decimal, name) => {
    if (name !== undefined) return ENTITIES[name] ?? entity;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : entity;
  });
}
