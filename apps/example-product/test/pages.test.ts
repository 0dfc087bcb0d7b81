import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  connectedAppsPage,
  homePage,
  pageHeaders,
  signInPage,
  type User,
  workspaceChoices,
} from "../src/index.js";

const ada: User = { id: "usr_ada", email: "ada@example.com", firstName: "Ada", lastName: "Lovelace" };
const attack = `"'><script>alert(1)</script>`;

describe("pages", () => {
  it("offer to sign in", () => {
    const page = homePage({ user: null, workspaces: [] });
    expect(page).toContain('href="/sign-in"');
    expect(page).not.toContain("/sign-out");
  });

  it("say who is signed in and show the workspaces", () => {
    const page = homePage({
      user: ada,
      workspaces: [{ id: "w1", name: "North", environment: "Production" }],
    });
    expect(page).toContain("Signed in as Ada Lovelace");
    expect(page).toContain("<li>North <code>w1</code></li>");
    expect(page).toContain('action="/sign-out"');
    expect(homePage({ user: ada, workspaces: [] })).toContain("any workspace yet");
  });

  it("keep the e-mail of a failed attempt", () => {
    const page = signInPage({ returnTo: "/login?a=1&b=2", email: "ada@example.com", failed: true });
    expect(page).toContain('role="alert"');
    expect(page).toContain("That e-mail and password don't match.");
    expect(page).toContain('value="ada@example.com"');
    expect(page).toContain('name="return_to" value="/login?a=1&amp;b=2"');
    expect(signInPage({ returnTo: "/" })).not.toContain('role="alert"');
  });

  it("escape all they are given", () => {
    const user = { ...ada, firstName: attack, email: attack };
    const workspaces = [{ id: attack, name: attack, environment: attack }];
    const connections = [{ applicationId: attack, name: attack, scopes: [attack], resource: attack }];
    for (const page of [
      connectedAppsPage({ user, connections }),
      homePage({ user, workspaces }),
      signInPage({ returnTo: attack, email: attack, failed: true }),
    ]) {
      expect(page).toContain("&lt;script&gt;");
      expect(page).not.toContain("<script");
      expect(page).not.toContain(`"'>`);
    }
  });

  it("tell of no connected app from not knowing", () => {
    expect(connectedAppsPage({ user: ada, connections: [] })).toContain("No app is connected");
    const unknown = connectedAppsPage({ user: ada, connections: null });
    expect(unknown).toContain('role="alert"');
    expect(unknown).not.toContain("No app is connected");
  });

  it("come with a policy that allows their style and nothing else", () => {
    const style = /<style>([\s\S]*)<\/style>/.exec(signInPage({ returnTo: "/" }))?.[1] ?? "";
    const policy = pageHeaders()["content-security-policy"];
    expect(policy).toContain(`'sha256-${createHash("sha256").update(style).digest("base64")}'`);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain("form-action");
  });
});

describe("workspaceChoices", () => {
  it("groups by environment, in the order given", () => {
    const choices = workspaceChoices([
      { id: "staging_us", name: "US-East", environment: "Staging" },
      { id: "prod_us", name: "US-East", environment: "Production" },
      { id: "staging_eu", name: "EU-West", environment: "Staging" },
    ]);
    expect(choices).toEqual([
      {
        group: "Staging",
        choices: [
          { value: "staging_us", label: "US-East" },
          { value: "staging_eu", label: "EU-West" },
        ],
      },
      { group: "Production", choices: [{ value: "prod_us", label: "US-East" }] },
    ]);
  });
});
