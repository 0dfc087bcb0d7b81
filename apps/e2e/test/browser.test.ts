import { type RunningClient, readEnvironment, startClient } from "oauth-client";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { executablePath, launchChromium } from "../src/chromium.js";
import { audience, type Launched, launch } from "../src/launch.js";

/** Registered with the port left open: RFC 8252 lets a loopback redirect use any. */
const partner = {
  clientId: "client_partner",
  clientSecret: "partner_secret",
  name: "Acme Reports",
  redirectUris: ["http://localhost/callback"],
};

describe.skipIf(executablePath === undefined)("the story in a browser", () => {
  let launched: Launched;
  let client: RunningClient;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    launched = await launch("hono", { extraClients: [partner] });
    client = await startClient({
      ...readEnvironment({ PORT: "0" }),
      authkitUrl: launched.authkit.url,
      clientId: partner.clientId,
      clientSecret: partner.clientSecret,
      resource: audience,
      apiUrl: `${launched.exampleUrl}/api/me`,
    });
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await client?.close();
    await launched?.close();
  });
  beforeEach(async () => {
    context = await browser.newContext();
    page = await context.newPage();
  });
  afterEach(() => context.close());

  async function connectAs(page: Page, email: string, password: string): Promise<void> {
    await page.goto(client.url);
    await page.click("#connect");
    await page.fill("#email", email);
    await page.fill("#password", password);
    await page.click("#sign-in");
    await page.waitForSelector("#consent");
  }

  it("connects: sign in, choose US-East under Production, allow", async () => {
    await connectAs(page, "ada@example.com", "ada-password");
    expect(new URL(page.url()).origin).toBe(launched.authkit.issuer);
    await page
      .locator("#consent optgroup[label=Production] option", { hasText: "US-East" })
      .evaluate((option) => {
        (option as HTMLOptionElement).selected = true;
      });
    await page.click("button[value=allow]");

    await page.waitForSelector("#tenant");
    expect(new URL(page.url()).origin).toBe(client.url);
    expect((await page.textContent("#tenant"))?.trim()).toBe("urn:example:tenant: prod_us");

    await page.click("#call-api");
    expect(JSON.parse(String(await page.textContent("#api-result pre")))).toMatchObject({
      tenant: "prod_us",
    });
    await page.click("#refresh");
    expect((await page.textContent("#tenant"))?.trim()).toBe("urn:example:tenant: prod_us");
  });

  it("shows the connected app on the product's page, and disconnects it", async () => {
    await connectAs(page, "grace@example.com", "grace-password");
    await page.locator("#consent select").selectOption("prod_eu_grace");
    await page.click("button[value=allow]");
    await page.waitForSelector("#tenant");

    await page.goto(launched.exampleUrl);
    await page.click("#connected-apps");
    expect(await page.textContent(".app")).toContain("Acme Reports");
    expect(await page.textContent(".app")).toContain("See your e-mail address");
    await page.getByRole("button", { name: "Disconnect Acme Reports" }).click();
    await page.waitForSelector("#no-apps");

    await page.goto(client.url);
    await page.click("#refresh");
    expect(await page.textContent("#error")).toContain("invalid_grant");
  });

  it("does not let the user past consent without a choice", async () => {
    await connectAs(page, "ada@example.com", "ada-password");
    await page.click("button[value=allow]");
    expect(await page.$("#consent :invalid")).not.toBeNull();
    expect(new URL(page.url()).origin).toBe(launched.authkit.issuer);
  });

  it("shows access_denied when the user denies", async () => {
    await connectAs(page, "grace@example.com", "grace-password");
    await page.click("button[value=deny]");
    await page.waitForSelector("#error");
    expect(await page.textContent("#error")).toContain("access_denied");
  });

  it("lands on the product's home page with an id that AuthKit does not know", async () => {
    await connectAs(page, "ada@example.com", "ada-password");
    await page.goto(`${launched.exampleUrl}/auth/login?external_auth_id=ext_auth_unknown`);
    expect(page.url()).toBe(`${launched.exampleUrl}/`);
    expect(await page.textContent("#signed-in-as")).toContain("Ada");
  });

  it("works in a second tab while the first is half way", async () => {
    const second = await context.newPage();
    await page.goto(client.url);
    await page.click("#connect");
    await page.waitForSelector("#email");
    await connectAs(second, "ada@example.com", "ada-password");

    await page.fill("#email", "ada@example.com");
    await page.fill("#password", "ada-password");
    await page.click("#sign-in");
    await page.waitForSelector("#consent");
    await page.locator("#consent select").selectOption("staging_us");
    await page.click("button[value=allow]");
    await page.waitForSelector("#tenant");
    expect(await page.textContent("#tenant")).toContain("staging_us");

    await second.locator("#consent select").selectOption("prod_us");
    await second.click("button[value=allow]");
    await second.waitForSelector("#tenant");
    expect(await second.textContent("#tenant")).toContain("prod_us");
  });
});
