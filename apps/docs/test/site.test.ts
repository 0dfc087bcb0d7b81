import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { root } from "../.vitepress/site/pages.js";

const dist = join(import.meta.dirname, "../dist");
const pages = new Map<string, string>();
beforeAll(() => {
  for (const file of readdirSync(dist, { recursive: true, encoding: "utf8" })) {
    if (file.endsWith(".html")) pages.set(`/${file}`, readFileSync(join(dist, file), "utf8"));
  }
});

it("has the guide, the packages and the sources they point at", () => {
  expect([...pages.keys()]).toEqual(
    expect.arrayContaining([
      "/index.html",
      "/start/be-the-login.html",
      "/packages/core/index.html",
      "/source/packages/core/src/errors.ts.html",
    ]),
  );
});

it("has a reference of each package that is published", () => {
  const packages = join(root, "packages");
  const published = readdirSync(packages)
    .map((folder) => JSON.parse(readFileSync(join(packages, folder, "package.json"), "utf8")))
    .filter((manifest) => !manifest.private && manifest.exports?.["."]?.types);
  expect(published.length).toBeGreaterThan(5);
  expect([...pages.keys()]).toEqual(expect.arrayContaining(published.map(({ name }) => `/api/${name}.html`)));
});

it("has a title and a description for each page that no other page has", () => {
  const heads = [...pages].filter(([path]) => !path.startsWith("/source/"));
  for (const pattern of [/<title>([^<]+)</, /<meta name="description" content="([^"]+)"/]) {
    const seen = new Map<string, string[]>();
    for (const [path, html] of heads) {
      const text = pattern.exec(html)?.[1] ?? "nothing";
      seen.set(text, [...(seen.get(text) ?? []), path]);
    }
    expect([...seen].filter(([, paths]) => paths.length > 1)).toEqual([]);
  }
});

it("breaks the long names of narrow tables between their words", () => {
  expect(pages.get("/reference/errors.html")).toContain(
    "<code>email_<wbr>change_<wbr>not_<wbr>allowed</code>",
  );
});

it("has llms.txt, and each page that it names", () => {
  const text = readFileSync(join(dist, "llms.txt"), "utf8");
  const links = [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, href = ""]) =>
    href.replace(/\/$/, "/index.html"),
  );
  expect(links.length).toBeGreaterThan(20);
  expect(links.filter((href) => !pages.has(href))).toEqual([]);
});

it("loads nothing from another host", () => {
  for (const html of pages.values()) {
    expect(html).not.toMatch(/<(?:script|img|iframe)[^>]+src="(?:https?:)?\/\//);
    expect(html).not.toMatch(/<link[^>]+href="(?:https?:)?\/\//);
  }
  const assets = join(dist, "assets");
  for (const file of readdirSync(assets).filter((name) => name.endsWith(".css"))) {
    expect(readFileSync(join(assets, file), "utf8")).not.toMatch(
      /(?:url\(["']?|@import ["'])(?:https?:)?\/\//,
    );
  }
});

it("has each heading that a link of its own leads to", () => {
  const missing: string[] = [];
  for (const [page, html] of pages) {
    for (const [, path = "", anchor = ""] of html.matchAll(/href="([^"#:]*)#([^"]+)"/g)) {
      const address = new URL(path || page, `https://site.example${page}`).pathname.replace(
        /\/$/,
        "/index.html",
      );
      if (!pages.get(address)?.includes(`id="${decodeURIComponent(anchor)}"`))
        missing.push(`${page}: ${path}#${anchor}`);
    }
  }
  expect([...new Set(missing)]).toEqual([]);
});
