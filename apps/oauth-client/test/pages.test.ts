import { createHash } from "node:crypto";
import { UnsecuredJWT } from "jose";
import { describe, expect, it } from "vitest";
import { pageHeaders } from "../src/pages/document.js";
import { failurePage } from "../src/pages/failure.js";
import { connectionPage, welcomePage } from "../src/pages/home.js";
import type { Connection } from "../src/session.js";

const attack = `"'><script>alert(1)</script>`;

function connection(claims: Record<string, unknown>, change: Partial<Connection> = {}): Connection {
  const accessToken = new UnsecuredJWT(claims).encode();
  return {
    tokens: {
      accessToken,
      expiresAt: 1_800_000_000,
      refreshToken: "refresh",
      scope: "openid",
      identity: null,
    },
    identity: { sub: "user_1", name: "Ada Lovelace" },
    refreshing: null,
    answer: null,
    ...change,
  };
}

function textOf(id: string, page: string): string | undefined {
  const element = new RegExp(`<(\\w+) [^>]*id="${id}"[^>]*>([\\s\\S]*?)</\\1>`).exec(page);
  return element?.[2]?.replace(/<[^>]*>/g, "");
}

describe("pages", () => {
  it("offer to connect", () => {
    expect(welcomePage()).toContain('id="connect" href="/connect"');
  });

  it("show who is connected, to which tenant, and until when", () => {
    const page = connectionPage(connection({ "urn:example:tenant": "prod_us", exp: 1_800_000_000 }));
    expect(page).toContain("Connected as Ada Lovelace");
    expect(textOf("tenant", page)).toBe("urn:example:tenant: prod_us");
    expect(textOf("expires", page)).toBe("2027-01-15 08:00:00 UTC");
    expect(textOf("scopes", page)).toBe("openid");
    for (const id of ["claims", "call-api", "refresh", "disconnect"]) expect(page).toContain(`id="${id}"`);
    expect(page).not.toContain('id="api-result"');
  });

  it("never show a token", () => {
    const shown = connection({ jti: "1" });
    const page = connectionPage({ ...shown, tokens: { ...shown.tokens, refreshToken: "refresh-token-1" } });
    expect(page).not.toContain(shown.tokens.accessToken);
    expect(page).not.toContain("refresh-token-1");
  });

  it("have no line for a tenant that wasn't chosen and no button for a refresh token that wasn't given", () => {
    const shown = connection({ sub: "1" });
    const page = connectionPage({ ...shown, tokens: { ...shown.tokens, refreshToken: null } });
    expect(page).not.toContain('id="tenant"');
    expect(page).not.toContain('id="refresh"');
  });

  it("can live with an access token that isn't a JWT", () => {
    const shown = connection({});
    const page = connectionPage({ ...shown, tokens: { ...shown.tokens, accessToken: "opaque" } });
    expect(page).toContain("isn't a JWT");
    expect(page).not.toContain("As JSON");
  });

  it("survive times that no calendar has", () => {
    expect(connectionPage(connection({ exp: 1e300, iat: -1, nbf: "soon" }))).toContain("1e+300");
  });

  it("show the API's answer", () => {
    const answer = {
      status: "401 Unauthorized",
      ok: false,
      challenge: 'Bearer error="invalid_token"',
      body: "{}",
    };
    const page = connectionPage(connection({}, { answer }));
    expect(textOf("api-result", page)).toContain("401 Unauthorized");
    expect(page).toContain("WWW-Authenticate: Bearer error=&quot;invalid_token&quot;");
  });

  it("escape all they are given", () => {
    const answer = { status: attack, ok: true, challenge: attack, body: attack };
    const page = connectionPage(
      connection(
        { [attack]: attack, "urn:example:tenant": attack },
        { answer, identity: { name: attack, [attack]: { deep: attack } } },
      ),
    );
    for (const text of [page, failurePage(attack, attack)]) {
      expect(text).toContain("&lt;script&gt;");
      expect(text).not.toContain("<script");
      expect(text).not.toContain(`"'>`);
    }
  });

  it("explain a failure and give its code", () => {
    const page = failurePage("access_denied", "End-User aborted interaction");
    expect(textOf("error", page)).toContain("Code: access_denied");
    expect(page).toContain("End-User aborted interaction");
    expect(failurePage("constructor")).toContain("The sign-in service refused.");
  });

  it("come with a policy that allows their style and nothing else", () => {
    const style = /<style>([\s\S]*)<\/style>/.exec(welcomePage())?.[1] ?? "";
    const policy = pageHeaders()["content-security-policy"];
    expect(policy).toContain(`'sha256-${createHash("sha256").update(style).digest("base64")}'`);
    expect(policy).toContain("default-src 'none'");
  });
});
