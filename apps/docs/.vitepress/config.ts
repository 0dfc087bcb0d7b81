import { join } from "node:path";
import { defineConfig, type UserConfig } from "vitepress";
import { markdownFiles } from "../snippets.mjs";
import { describePage } from "./site/describe.js";
import { repositoryLinks } from "./site/links.js";
import { publishLlms } from "./site/llms.js";
import { pageFiles, toPage } from "./site/pages.js";
import { searchOptions } from "./site/search.js";
import { sidebar } from "./site/sidebar.js";
import { slugify } from "./site/slug.js";
import { tabs } from "./site/tabs.js";
import { breakNames } from "./site/words.js";

const files = pageFiles();
const sources = new Map(files.map((file) => [toPage(file), file]));

// Pages lie outside of this package, where Vue is not installed.
const vueOfThisPackage: NonNullable<NonNullable<UserConfig["vite"]>["plugins"]>[number] = {
  name: "vue-of-this-package",
  enforce: "pre",
  resolveId(id, importer, options) {
    if (!/^vue($|\/)/.test(id) || importer === undefined) return null;
    return this.resolve(id, join(import.meta.dirname, "config.ts"), { ...options, skipSelf: true });
  },
};

export default defineConfig({
  title: "Connect",
  description: "The TypeScript SDK for your side of AuthKit's Standalone Connect",
  lang: "en",
  srcDir: "../..",
  outDir: "dist",
  cacheDir: "node_modules/.vitepress",
  // Everything but the pages: VitePress would take each Markdown file for one.
  srcExclude: markdownFiles().filter((file) => !files.includes(file)),
  rewrites: toPage,
  lastUpdated: false,
  head: [
    [
      "link",
      {
        rel: "icon",
        href: "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'><circle cx='5' cy='8' r='4' fill='%232f5d8a'/><circle cx='11' cy='8' r='4' fill='%239cc3ea' fill-opacity='.85'/></svg>",
      },
    ],
  ],
  buildEnd: ({ outDir }) => publishLlms(outDir),
  transformPageData: (page) => describePage(page, sources.get(page.relativePath)),
  markdown: {
    anchor: { slugify },
    // The themes whose comments and keywords can be told from their ground by everybody (WCAG 2.2, 1.4.3).
    theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
    config: (markdown) => {
      tabs(markdown);
      breakNames(markdown);
      repositoryLinks(markdown, (page) => sources.get(page) ?? page);
    },
  },
  themeConfig: {
    nav: [
      { text: "Start", link: "/introduction", activeMatch: "^/(introduction|start/|agents)" },
      { text: "How to", link: "/how-to/go-live", activeMatch: "^/how-to/" },
      { text: "Errors", link: "/reference/errors", activeMatch: "^/reference/" },
      { text: "Security", link: "/security", activeMatch: "^/security" },
    ],
    sidebar,
    outline: [2, 3],
    search: { provider: "local", options: { miniSearch: { searchOptions } } },
    notFound: {
      title: "No such page",
      quote: "The address may be an old one. Search finds what the page was about.",
      linkText: "To the start",
      linkLabel: "To the start",
    },
    externalLinkIcon: true,
  },
  vite: {
    server: { watch: { ignored: ["**/{dist,.next,.turbo,test-results,coverage}/**"] } },
    publicDir: false,
    plugins: [vueOfThisPackage],
    build: { chunkSizeWarningLimit: 2000 },
  },
});
