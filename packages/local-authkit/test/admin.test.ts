import { describe, expect, it } from "vitest";

import { authorization, Browser, complete, decode, signIn, start, tokensFor } from "./harness.js";

type AuthKit = Awaited<ReturnType<typeof start>>;

async function admin(authkit: AuthKit, target: string, body?: object, key = authkit.apiKey) {
  const [method = "", path] = target.split(" ");
  const answer = await fetch(`${authkit.url}/_local${path}`, {
    method,
    headers: { authorization: `Bearer ${key}` },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === "" ? undefined : JSON.parse(text) };
}

describe("the admin API", () => {
  it.each(["GET /clock", "POST /faults", "POST /keys/rotate", "PATCH /switches", "GET /nothing"])(
    "wants the API key: %s",
    async (target) => {
      const authkit = await start();
      expect((await admin(authkit, target, undefined, "sk_test_other")).status).toBe(401);
    },
  );

  it("takes faults, lists and clears them", async () => {
    const authkit = await start();
    const fault = { target: "POST /authkit/oauth2/complete", status: 429, body: {}, times: 3 };
    expect((await admin(authkit, "POST /faults", fault)).status).toBe(204);
    expect((await complete(authkit, "{}")).status).toBe(429);
    expect((await admin(authkit, "GET /faults")).body).toEqual({ data: [{ ...fault, times: 2 }] });
    expect((await admin(authkit, "DELETE /faults")).status).toBe(204);
    expect((await complete(authkit, "{}")).status).toBe(422);
  });

  it("advances the clock", async () => {
    const authkit = await start();
    expect((await admin(authkit, "POST /clock/advance", { by: "90s" })).body).toMatchObject({
      ahead_ms: 90_000,
    });
    const { now } = (await admin(authkit, "GET /clock")).body;
    expect(Math.abs(Date.parse(now) - Date.now() - 90_000)).toBeLessThan(60_000);
  });

  it("rotates keys: a new one signs, and tokens of the old one hold", async () => {
    const authkit = await start();
    const keyIds = async () => {
      const { keys } = await (await fetch(`${authkit.url}/oauth2/jwks`)).json();
      return keys.map(({ kid }: { kid: string }) => kid);
    };
    const before = await keyIds();
    const { body } = await tokensFor(authkit);
    expect((await admin(authkit, "POST /keys/rotate")).status).toBe(204);
    const after = await keyIds();
    expect([before.length, after.length]).toEqual([1, 2]);
    expect(after).toContain(before[0]);
    expect(after.every((kid: string) => kid.startsWith("dev-"))).toBe(true);
    const newer = await tokensFor(authkit);
    expect(decode(body.access_token).header.kid).toBe(before[0]);
    expect(decode(newer.body.access_token).header.kid).not.toBe(before[0]);
    const old = await fetch(`${authkit.url}/oauth2/userinfo`, {
      headers: { authorization: `Bearer ${body.access_token}` },
    });
    expect(old.status).toBe(200);
  });

  it("ends AuthKit sessions, so that the Login URI is visited again", async () => {
    const authkit = await start();
    const browser = new Browser();
    await signIn(authkit, browser, authorization(authkit));
    const visit = async () => (await browser.request(authorization(authkit).url)).location;
    expect(await visit()).not.toContain("app.test");
    expect((await admin(authkit, "POST /sessions/end", { user_id: "somebody-else" })).body).toEqual({
      ended: 0,
    });
    expect(await visit()).not.toContain("app.test");
    expect((await admin(authkit, "POST /sessions/end", { user_id: "app-1" })).body).toEqual({ ended: 1 });
    expect(await visit()).toContain("app.test");
  });

  it("sets the Login URI and switches", async () => {
    const authkit = await start();
    await admin(authkit, "PUT /login_uri", { login_uri: "http://other.test/login" });
    expect((await new Browser().request(authorization(authkit).url)).location).toContain(
      "http://other.test/login?",
    );
    const { body } = await admin(authkit, "PATCH /switches", { subject: "external" });
    expect(body).toMatchObject({ subject: "external", browserBinding: "strict" });
    const tokens = await tokensFor(authkit);
    expect(decode(tokens.body.access_token).claims.sub).toBe("app-1");
  });

  it.each([
    ["POST /clock/advance", { by: "soon" }, "by must be a duration"],
    ["POST /faults", { target: "jwks" }, "target must be a method and a path"],
    ["PUT /login_uri", { login_uri: "nowhere" }, "loginUri must be an absolute http or https URL"],
    ["PATCH /switches", { subject: "s3cr3t" }, "subject must be one of workos, external"],
    ["PATCH /switches", { typo: "s3cr3t" }, "typo is not an option"],
  ])("names what is wrong, and not its value: %s", async (target, body, message) => {
    const authkit = await start();
    const answer = await admin(authkit, target, body);
    expect(answer.status).toBe(422);
    expect(answer.body.message).toContain(message);
    expect(JSON.stringify(answer.body)).not.toContain("s3cr3t");
  });
});
