import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { markdownFiles, REFERENCE } from "../../snippets.mjs";

/** The repository: its Markdown files are the site's pages, where they are. */
export const root = join(import.meta.dirname, "../../../..");

/** Which Markdown files are pages, by their paths in the repository. */
const PAGES =
  /^([A-Z_]+\.md|docs\/.+\.md|packages\/[^/]+\/README\.md|apps\/[^/]+\/README\.md|apps\/docs\/(index|(source|api)\/.+)\.md)$/;

/** The files that are pages. */
export function pageFiles(): string[] {
  return [...markdownFiles(), ...markdownFiles(REFERENCE)].filter((file) => PAGES.test(file)).sort();
}

/** What of the site's own package is pages, too. */
const OWN = "apps/docs/";

/** Where a file is published, with `.md`: READMEs are the index of their folder, and `docs/` is the site's root. */
export function toPage(file: string): string {
  if (file === "README.md") return "introduction.md";
  if (file === `${OWN}README.md`) return "project/site.md";
  const page = file.startsWith(OWN) ? file.slice(OWN.length) : file.replace(/^docs\//, "");
  if (!page.includes("/") && !file.startsWith("docs/") && !file.startsWith(OWN)) {
    return `project/${page.toLowerCase().replaceAll("_", "-")}`;
  }
  return page.replace(/(^|\/)README\.md$/, "$1index.md");
}

/**
 * Where a file of the repository is on the site: a page, the page of a file's text, or null for a folder that has no
 * page of its own.
 */
export function toAddress(file: string): string | null {
  const readme = file === "." ? "README.md" : `${file}/README.md`;
  const page = existsSync(join(root, readme)) ? readme : file;
  if (page.endsWith(".md"))
    return `/${toPage(page)
      .replace(/(^|\/)index\.md$/, "$1")
      .replace(/\.md$/, ".html")}`;
  return statSync(join(root, page)).isDirectory() ? null : `/source/${page}.html`;
}

/** The file that a link of a file leads to, by its path in the repository; null for what is elsewhere. */
export function toFile(href: string, from: string): string | null {
  if (/^([a-z][a-z+.-]*:|\/|#)/i.test(href)) return null;
  return normalize(join(dirname(from), decodeURI(href.replace(/[?#].*$/, "")))).replace(/\/$/, "");
}

/** Files that pages link to and that are no pages: code, configuration, results. The site shows their text. */
export function linkedFiles(): string[] {
  const files = new Set<string>();
  for (const page of pageFiles()) {
    for (const [, href = ""] of readFileSync(join(root, page), "utf8").matchAll(
      /(?<!!)\[[^\]]*\]\(([^)\s]+)\)/g,
    )) {
      const file = toFile(href, page);
      if (file !== null && toAddress(file)?.startsWith("/source/")) files.add(file);
    }
  }
  return [...files].sort();
}
