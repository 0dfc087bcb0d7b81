import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { PageData } from "vitepress";
import { root } from "./pages.js";

/** How much of a description search engines and chats show. */
const LONGEST = 160;

/** Titles and descriptions by which a page can be told from all others, in a tab or in a list of what was found. */
export function describePage(page: PageData, file: string | undefined): Partial<PageData> {
  if (page.relativePath === "api/index.md") return { description: "What each package exports." };
  if (page.relativePath.startsWith("api/")) {
    return {
      title: `${page.title}: types and functions`,
      description: `What is imported from ${page.title}: each function, type and option.`,
    };
  }
  return {
    ...(file === "README.md" && { title: "Introduction" }),
    ...(file !== undefined && page.description === "" && { description: firstParagraph(file) }),
  };
}

function firstParagraph(file: string): string {
  const text = readFileSync(join(root, file), "utf8");
  const [, paragraph = ""] = /^# .*\n(?:\s*<!--[\s\S]*?-->)*\s*((?:(?!```|[#|<\n]).+\n?)+)/m.exec(text) ?? [];
  const plain = paragraph
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/[*`]/g, "")
    .replace(/\s+/g, " ")
    .trim();
  return plain.length <= LONGEST ? plain : `${plain.slice(0, LONGEST).replace(/\s\S*$/, "")} …`;
}
