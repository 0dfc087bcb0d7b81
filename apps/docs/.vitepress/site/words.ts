import type { MarkdownRenderer } from "vitepress";

/** Long names in narrow tables are broken behind `_`, `.`, `/` or `:` where they must be, and nowhere within a word. */
export function breakNames(markdown: MarkdownRenderer): void {
  markdown.renderer.rules.code_inline = (tokens, index, _options, _env, renderer) => {
    const token = tokens[index];
    if (token === undefined) return "";
    const text = markdown.utils.escapeHtml(token.content);
    return `<code${renderer.renderAttrs(token)}>${text.replace(/[_./:]+(?=[\w*])/g, "$&<wbr>")}</code>`;
  };
}
