import type { MarkdownRenderer } from "vitepress";

/**
 * `<!-- tabs -->` and `<!-- end of tabs -->` around blocks of code make tabs of them. A code host shows the blocks one
 * after the other, and nothing of the comments.
 */
export function tabs(markdown: MarkdownRenderer): void {
  markdown.core.ruler.after("normalize", "tabs", (state) => {
    state.src = state.src
      .replace(/^<!-- tabs -->$/gm, "::: code-group")
      .replace(/^<!-- end of tabs -->$/gm, ":::");
  });
}
