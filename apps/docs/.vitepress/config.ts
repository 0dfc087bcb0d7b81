import { join } from "node:path";
import { defineConfig, type UserConfig } from "vitepress";
import { markdownFiles } from "../snippets.mjs";
import { repositoryLinks } from "./site/links.js";
import { pageFiles, toPage } from "./site/pages.js";
import { sidebar } from "./site/sidebar.js";
import { slugify } from "./site/slug.js";

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
  markdown: {
    anchor: { slugify },
    config: (markdown) => repositoryLinks(markdown, (page) => sources.get(page) ?? page),
  },
  themeConfig: {
    nav: [
      { text: "Start", link: "/start/be-the-login", activeMatch: "^/start/" },
      { text: "Packages", link: "/packages/core/", activeMatch: "^/packages/" },
      { text: "AuthKit", link: "/authkit", activeMatch: "^/authkit" },
    ],
    sidebar,
    outline: [2, 3],
    search: { provider: "local" },
    externalLinkIcon: true,
  },
  vite: {
    server: { watch: { ignored: ["**/{dist,.next,.turbo,test-results,coverage}/**"] } },
    publicDir: false,
    plugins: [vueOfThisPackage],
    build: { chunkSizeWarningLimit: 2000 },
  },
});
