import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { extname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { executablePath, launchChromium } from "../../e2e/src/chromium.js";

const dist = join(import.meta.dirname, "../dist");
const TYPES: Record<string, string> = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };

describe.skipIf(executablePath === undefined)("in a browser", () => {
  let server: Server;
  let origin: string;
  let browser: Awaited<ReturnType<typeof launchChromium>>;

  beforeAll(async () => {
    server = createServer(({ url = "/" }, response) => {
      const path = decodeURIComponent(url.replace(/[?#].*$/, "").replace(/\/$/, "/index.html"));
      try {
        const body = readFileSync(join(dist, path));
        response.setHeader("content-type", TYPES[extname(path)] ?? "application/octet-stream").end(body);
      } catch {
        response.writeHead(404).end();
      }
    });
    await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
    const address = server.address();
    origin = `http://localhost:${typeof address === "object" ? address?.port : ""}`;
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  it("is read, switched and searched without asking any other host", async () => {
    const page = await browser.newPage();
    const elsewhere: string[] = [];
    const failures: string[] = [];
    page.on("request", (request) => {
      if (!/^(http:\/\/localhost:|data:|blob:)/.test(request.url())) elsewhere.push(request.url());
    });
    page.on("response", (response) => {
      if (response.status() >= 400) failures.push(response.url());
    });
    page.on("pageerror", (error) => failures.push(error.message));

    for (const path of ["/", "/comparison.html", "/api/@connect/core.html", "/packages/core/"]) {
      await page.goto(origin + path, { waitUntil: "networkidle" });
    }
    await page.goto(`${origin}/start/be-the-login.html`, { waitUntil: "networkidle" });
    await page.locator(".vp-code-group label", { hasText: "Express" }).first().click();
    const shown = page.locator(".vp-code-group div.active code");
    expect(await shown.last().textContent()).toContain("express()");
    await page.goto(`${origin}/start/verify-tokens.html`, { waitUntil: "networkidle" });
    await shown.last().filter({ hasText: "express()" }).waitFor();

    await page.locator(".DocSearch-Button").click();
    await page.locator(".VPLocalSearchBox input").fill("createDenyList");
    await page.locator(".VPLocalSearchBox .result").first().click();
    await page.waitForURL((url) => url.pathname !== "/start/verify-tokens.html");

    expect(elsewhere).toEqual([]);
    expect(failures).toEqual([]);
  });

  it.each([
    ["401", "/reference/errors.html"],
    ["redirect_uri", "/what-authkit-does.html"],
    ["PKCE", "/clients.html"],
    ["callback", "/what-authkit-does.html"],
    ["Claude", "/clients.html"],
    ["scope", "/start/verify-tokens.html"],
    ["logout", "/what-authkit-does.html"],
    ["revoke", "/how-to/end-access.html"],
    ["Cloudflare", "/apps/recipes/"],
    ["Login URI", "/start/be-the-login.html"],
  ])("finds %s where a stranger would look", async (word, path) => {
    const page = await browser.newPage();
    await page.goto(`${origin}/introduction.html`, { waitUntil: "networkidle" });
    await page.locator(".DocSearch-Button").click();
    await page.locator(".VPLocalSearchBox input").fill(word);
    const results = page.locator(".VPLocalSearchBox .result");
    await results.first().waitFor();
    const first = await results.evaluateAll((all) => all.slice(0, 5).map((a) => a.getAttribute("href")));
    expect(first).toContainEqual(expect.stringMatching(new RegExp(`^${path}(#|$)`)));
    await page.close();
  });

  it.each(["light", "dark"] as const)(
    "has code that can be read, where the browser is %s",
    async (colorScheme) => {
      const page = await browser.newPage({ colorScheme });
      await page.goto(`${origin}/start/be-the-login.html`, { waitUntil: "networkidle" });
      const texts = page.locator("div[class*=language-].active code span[style], div.active span.lang");
      const colours = await texts.evaluateAll((all) =>
        all.map((text) => {
          const block = text.closest("div[class*=language-]") ?? text;
          return [getComputedStyle(text).color, getComputedStyle(block).backgroundColor];
        }),
      );
      expect(colours.length).toBeGreaterThan(100);
      const tooFaint = colours.filter(([text = "", ground = ""]) => contrast(text, ground) < 4.5);
      expect([...new Set(tooFaint.map(String))]).toEqual([]);
      await page.close();
    },
  );

  it("fits a phone", async () => {
    const page = await browser.newPage({ viewport: { width: 360, height: 740 } });
    for (const path of ["/", "/start/mcp-server.html", "/how-to/go-live.html", "/comparison.html"]) {
      await page.goto(origin + path, { waitUntil: "networkidle" });
      expect(await page.evaluate("document.documentElement.scrollWidth"), path).toBeLessThanOrEqual(360);
    }
  });
});

/** The contrast of two opaque colours, as WCAG 2.2 defines it. */
function contrast(one: string, other: string): number {
  const [light = 1, dark = 1] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(rgb: string): number {
  const [red = 0, green = 0, blue = 0] = (rgb.match(/[\d.]+/g) ?? []).map((value) => {
    const part = Number(value) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
