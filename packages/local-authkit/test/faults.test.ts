import { describe, expect, it } from "vitest";

import type { Fault } from "../src/faults.js";
import { ADA, authorization, Browser, begin, complete, start } from "./harness.js";

const COMPLETE = "POST /authkit/oauth2/complete";

async function tryCompletion(authkit: Awaited<ReturnType<typeof start>>, external_auth_id: string) {
  try {
    const { status, body } = await complete(authkit, { external_auth_id, user: ADA });
    return { status, body };
  } catch {
    return "no whole answer";
  }
}

describe("a fault", () => {
  it("answers in place of AuthKit, so many times", async () => {
    const authkit = await start();
    const id = await begin(new Browser(), authorization(authkit));
    authkit.fault(COMPLETE, {
      status: 503,
      headers: { "Retry-After": "1" },
      body: { message: "later" },
      times: 2,
    });
    for (const left of [1, 0]) {
      const answer = await complete(authkit, { external_auth_id: id, user: ADA });
      expect([answer.status, answer.body, answer.headers.get("retry-after")]).toEqual([
        503,
        { message: "later" },
        "1",
      ]);
      expect(authkit.faults.reduce((sum, { times }) => sum + times, 0)).toBe(left);
    }
    expect(await tryCompletion(authkit, id)).toMatchObject({ status: 200 });
  });

  it.each<[what: string, fault: Fault, acted: boolean]>([
    ["closes the connection before AuthKit acts", { reset: "before" }, false],
    ["closes the connection after AuthKit acted", { reset: "after" }, true],
    ["cuts the answer short", { truncate: true }, true],
  ])("%s", async (_, fault, acted) => {
    const authkit = await start();
    const id = await begin(new Browser(), authorization(authkit));
    authkit.fault(COMPLETE, fault);
    expect(await tryCompletion(authkit, id)).toBe("no whole answer");
    expect(await tryCompletion(authkit, id)).toMatchObject({ status: acted ? 400 : 200 });
  });

  it.each([{ reset: "after" }, { truncate: true }] as Fault[])(
    "spoils what oidc-provider answers: %j",
    async (fault) => {
      const authkit = await start();
      authkit.fault("GET /oauth2/jwks", fault);
      const keys = () => fetch(`${authkit.url}/oauth2/jwks`).then((answer) => answer.json());
      await expect(keys()).rejects.toThrow();
      await expect(keys()).resolves.toMatchObject({ keys: [{ alg: "RS256" }] });
    },
  );

  it("delays, and goes on as always", async () => {
    const authkit = await start();
    authkit.fault("GET /oauth2/jwks", { delay: "80ms" });
    const began = performance.now();
    expect((await fetch(`${authkit.url}/oauth2/jwks`)).status).toBe(200);
    expect(performance.now() - began).toBeGreaterThan(70);
  });

  it("that delays keeps nothing from closing", async () => {
    const authkit = await start();
    authkit.fault("GET /oauth2/jwks", { delay: "1h" });
    const waiting = fetch(`${authkit.url}/oauth2/jwks`).catch(() => "closed");
    // Taken as soon as the request is there.
    await expect.poll(() => authkit.faults).toEqual([]);
    await authkit.close();
    expect(await waiting).toBe("closed");
  });

  it("is for one method and path; a star stands for any", async () => {
    const authkit = await start();
    authkit.fault("* /user_management/users/*", { status: 500 });
    authkit.fault("DELETE /oauth2/jwks", { status: 500 });
    const statusOf = async (path: string) => (await fetch(`${authkit.url}${path}`)).status;
    expect(await statusOf("/user_management/users/user_1/authorized_applications")).toBe(401);
    expect(await statusOf("/oauth2/jwks")).toBe(200);
    expect(await statusOf("/user_management/users/user_1")).toBe(500);
    expect(authkit.faults).toHaveLength(1);
    authkit.clearFaults();
    expect(authkit.faults).toEqual([]);
  });

  it.each<[named: string, target: string, fault: object]>([
    ["target must be a method and a path", "/oauth2/jwks", { status: 500 }],
    ["status", "GET /oauth2/jwks", { status: 99 }],
    ["delay must be a duration", "GET /oauth2/jwks", { delay: "soon" }],
    ["reset", "GET /oauth2/jwks", { reset: "now" }],
    ["times", "GET /oauth2/jwks", { times: 0 }],
    ["typo is not an option", "GET /oauth2/jwks", { typo: 1 }],
  ])("that can't be is refused: %s", async (named, target, fault) => {
    const authkit = await start();
    expect(() => authkit.fault(target, fault)).toThrow(named);
  });
});
