import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { executablePath, launchChromium } from "../src/chromium.js";
import { type Guarded, launchGuarded } from "../src/guarded.js";
import { redirectUri } from "../src/launch.js";
import { begin, discover } from "../src/story.js";

/** Each test's screenshots, where somebody wants to look at the pages. */
const screenshots = process.env.SCREENSHOTS;

describe.skipIf(executablePath === undefined)(
  "a product that asks first, and whose sign-in is forgetful",
  () => {
    let guarded: Guarded;
    let browser: Browser;
    let context: BrowserContext;
    let page: Page;

    beforeAll(async () => {
      guarded = await launchGuarded({
        defences: {
          confirm: true,
          resume: { secret: "a secret for parked logins, long enough" },
          isForgetful: true,
        },
      });
      browser = await launchChromium();
    });
    afterAll(async () => {
      await browser?.close();
      await guarded?.close();
    });
    beforeEach(async () => {
      context = await browser.newContext({ viewport: { width: 375, height: 700 }, colorScheme: "dark" });
      page = await context.newPage();
    });
    afterEach(() => context.close());

    async function start(page: Page): Promise<void> {
      await page.goto((await begin(await discover(guarded.authkit.issuer))).url);
    }

    async function signIn(page: Page, email = "ada@example.com", password = "ada-password"): Promise<void> {
      await page.fill("#email", email);
      await page.fill("#password", password);
      await page.click("#sign-in");
      await page.waitForSelector("button[value=continue]");
    }

    it("asks with a page that a keyboard answers, and goes on to AuthKit", async () => {
      const failures: string[] = [];
      page.on("console", (message) => message.type() === "error" && failures.push(message.text()));
      await start(page);
      await signIn(page);
      expect(await page.title()).toBe("Continue with this account?");
      expect(await page.getByRole("main").textContent()).toContain("ada@example.com");
      if (screenshots !== undefined) await page.screenshot({ path: `${screenshots}/confirm-dark.png` });
      await page.keyboard.press("Tab");
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Continue");
      await page.keyboard.press("Enter");
      await page.waitForURL(`${guarded.authkit.issuer}/**`);
      await page.waitForSelector("#consent");
      // The browser itself found nothing to object to, such as its content security policy.
      expect(failures).toEqual([]);
    });

    it("comes back for another account, and asks that one", async () => {
      await start(page);
      await signIn(page);
      await page.click("button[value=switch]");
      await page.waitForSelector("#email");
      await signIn(page, "linus@example.com", "linus-password");
      expect(await page.getByRole("main").textContent()).toContain("linus@example.com");
    });

    it("shares nothing with what the user did not start", async () => {
      await start(page);
      await signIn(page);
      await page.click("button[value=deny]");
      await page.waitForURL(`${guarded.appUrl}/`);
      // The login is not parked any more.
      await page.goto(`${guarded.appUrl}/auth/login`);
      expect(await page.textContent("h1")).toBe("This sign-in link does not work");
      if (screenshots !== undefined) await page.screenshot({ path: `${screenshots}/failure-dark.png` });
    });

    it("is not answered from another site's page, nor shown in a frame", async () => {
      await start(page);
      await signIn(page);
      const { action, proof } = await page.evaluate(() => ({
        action: document.querySelector("form")?.action ?? "",
        proof: document.querySelector<HTMLInputElement>("input[name=proof]")?.value ?? "",
      }));
      // Another origin, even with all that the page knows.
      const evil = await context.newPage();
      await evil.route("http://evil.localhost:9/", (route) =>
        route.fulfill({
          contentType: "text/html",
          body: `<form method="post" action="${action}"><input name="proof" value="${proof}">
<button name="answer" value="continue">Win a prize</button></form><iframe src="${action}"></iframe>`,
        }),
      );
      await evil.goto("http://evil.localhost:9/");
      const [refused] = await Promise.all([
        evil.waitForResponse((response) => response.request().method() === "POST"),
        evil.click("button"),
      ]);
      expect(refused.status()).toBe(405);
      // The user's own page still goes on.
      await page.click("button[value=continue]");
      await page.waitForURL(
        (url) => url.href.startsWith(guarded.authkit.issuer) || url.href.startsWith(redirectUri),
      );
    });
  },
);
