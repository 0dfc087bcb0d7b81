import type { MarkdownRenderer } from "vitepress";
import { toAddress, toFile } from "./pages.js";

/** What VitePress tells of the page that is being rendered. */
interface Env {
  /** Where the page is published. */
  relativePath: string;
  /** The file it comes from, in the repository. */
  filePathRelative?: string;
}

/**
 * Links are written so that a code host follows them: from file to file. Here they become addresses of the site. A
 * folder without a page stays as text.
 */
export function repositoryLinks(markdown: MarkdownRenderer, sourceOf: (page: string) => string): void {
  markdown.core.ruler.push("repository_links", ({ tokens, env }) => {
    const from = sourceOf((env as Env).relativePath);
    for (const { children } of tokens) {
      const open: boolean[] = [];
      for (const token of children ?? []) {
        // What looks like an expression of Vue's is AuthKit's template language.
        if (token.type === "code_inline") token.attrSet("v-pre", "");
        if (token.type === "link_open") {
          const href = token.attrGet("href") ?? "";
          const file = toFile(href, from);
          const address = file === null ? href : toAddress(file);
          open.push(address !== null);
          if (address === null) turnIntoSpan(token);
          else if (file !== null) token.attrSet("href", address + (/#.*$/.exec(href)?.[0] ?? ""));
        } else if (token.type === "link_close" && open.pop() === false) {
          turnIntoSpan(token);
        }
      }
    }
  });
}

function turnIntoSpan(token: { type: string; tag: string; attrs: [string, string][] | null }): void {
  // Another type, or VitePress' own rule for links would take it for one.
  token.type = token.type.replace("link", "span");
  token.tag = "span";
  token.attrs = null;
}
