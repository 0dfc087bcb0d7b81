import { type LocalAuthKit, startLocalAuthKit } from "@connect/local-authkit";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { executablePath, launchChromium } from "../src/chromium.js";

describe.skipIf(executablePath === undefined)("the local AuthKit's dashboard in a browser", () => {
  let authkit: LocalAuthKit;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    authkit = await startLocalAuthKit({ port: 0, loginUri: "http://app.test/auth/login" });
    context = await browser.newContext();
    page = await context.newPage();
    complaints = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", ({ message }) => complaints.push(message));
    await page.goto(authkit.url);
    await page.getByText("Live", { exact: true }).waitFor();
    // Gone with the document, should it be loaded anew.
    await page.evaluate(() => Object.assign(window, { isSameDocument: true }));
  });
  afterEach(async () => {
    await context?.close();
    await authkit?.close();
  });

  const isSameDocument = () => page.evaluate(() => "isSameDocument" in window);
  const entries = () => page.locator("#log > li");

  /** Gives the id that arrives at the Login URI. */
  async function begin(): Promise<string> {
    const url = new URL(`${authkit.url}/oauth2/authorize`);
    url.search = String(
      new URLSearchParams({
        response_type: "code",
        client_id: "client_local_partner",
        redirect_uri: "http://localhost:3001/callback",
      }),
    );
    const { headers } = await fetch(url, { redirect: "manual" });
    return new URL(String(headers.get("location"))).searchParams.get("external_auth_id") ?? "";
  }

  async function complete(external_auth_id: string): Promise<void> {
    await fetch(`${authkit.url}/authkit/oauth2/complete`, {
      method: "POST",
      headers: { authorization: `Bearer ${authkit.apiKey}` },
      body: JSON.stringify({ external_auth_id, user: { id: "1", email: "ada@example.com" } }),
    });
  }

  it("shows a login as it happens, and what is open stays open and keeps the focus", async () => {
    expect(await page.locator("#no-logins").isVisible()).toBe(true);
    const id = await begin();
    await entries().getByText("At the Login URI").waitFor();
    expect(await page.locator("#no-logins").isVisible()).toBe(false);

    const summary = entries().locator("summary");
    await summary.focus();
    await page.keyboard.press("Enter");
    await entries().getByText("Sent to the Login URI").waitFor();

    await complete(id);
    await entries().getByText("Completed as").waitFor();
    await begin();
    await entries().nth(1).waitFor();
    expect(await entries().nth(0).locator("details").getAttribute("open")).toBeNull();
    expect(await entries().nth(1).locator("details").getAttribute("open")).toBe("");
    expect(
      await entries()
        .nth(1)
        .locator("summary")
        .evaluate((one) => one === document.activeElement),
    ).toBe(true);
    expect(await entries().nth(1).locator("summary").textContent()).toContain("ada@example.com");
    expect(await isSameDocument()).toBe(true);
    expect(complaints).toEqual([]);
  });

  it("leaves alone what somebody is typing and choosing", async () => {
    await page.fill("#by", "301");
    await page.getByText("Show all").click();
    await page.selectOption("#value-pkce", "all-clients");
    authkit.setSwitches({ subject: "external" });
    authkit.fault("POST /oauth2/token", { status: 503 });
    await page.locator("#faults + ul").getByText("POST /oauth2/token").waitFor();
    expect(await page.inputValue("#by")).toBe("301");
    expect(await page.inputValue("#value-pkce")).toBe("all-clients");
    expect(await page.inputValue("#value-subject")).toBe("external");
    expect(await page.locator("#value-pkce").isVisible()).toBe(true);
    expect(await isSameDocument()).toBe(true);
  });

  it("takes its forms, and comes back with the same things open", async () => {
    await page.getByText("Show all").click();
    await page.fill("#by", "2h");
    await page.getByRole("button", { name: "Advance" }).click();
    await page.getByText("7,200 s ahead").waitFor();
    expect(authkit.clock.aheadBy).toBe(7_200_000);
    await page.selectOption("#value-subject", "external");
    await page.getByRole("button", { name: "Set", exact: true }).click();
    await page.getByText("1 changed").waitFor();
    expect(authkit.switches.subject).toBe("external");
    expect(await page.locator("#value-subject").isVisible()).toBe(true);
    expect(complaints).toEqual([]);
  });

  it("works without scripts, with a reload", async () => {
    const plain = await browser.newContext({ javaScriptEnabled: false });
    const other = await plain.newPage();
    await other.goto(authkit.url);
    await begin();
    await other.reload();
    await other.getByText("At the Login URI").waitFor();
    await other.fill("#by", "90s");
    await other.getByRole("button", { name: "Advance" }).click();
    await other.getByText("90 s ahead").waitFor();
    await plain.close();
  });
});
