import { type Example, examples } from "e2e/example";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hold } from "../src/hold.js";
import { openScene, type Scene } from "../src/scene.js";
import { endingOf, type ServerProcess } from "../src/server-process.js";
import { signIn } from "../src/sessions.js";
import { judge, type Subject } from "../src/subject.js";
import { Traffic } from "../src/traffic.js";

let scene: Scene;
beforeAll(async () => {
  scene = await openScene();
});
afterAll(() => scene?.close());

/** A few seconds at a rate that any machine holds: enough for each kind of request, a few logins included. */
async function load(
  example: Example,
  server: ServerProcess,
  sessions: readonly string[],
  seconds: number,
): Promise<Subject> {
  const traffic = new Traffic(scene.authkit, scene.supply, sessions);
  const held = await hold({ rate: 50, seconds, warmUp: 1, interval: 1 }, server, traffic);
  return judge(held, await server.stop(), endingOf(example));
}

describe.each(examples)("example-%s under load", (example) => {
  it("answers everything, rightly, and ends in order with nothing left", async () => {
    const server = await scene.startExample(example);
    const { faults, counts } = await load(example, server, await signIn(server), 6);
    expect(faults).toEqual([]);
    expect(counts.requests).toBe(250);
  });

  it("has its framework beside it, which answers the same without Connect", async () => {
    const { faults } = await load(example, await scene.startBare(example), ["", ""], 4);
    expect(faults).toEqual([]);
  });
});

describe("the load's AuthKit", () => {
  async function complete(id: string, userId: string, apiKey = "sk_test_load"): Promise<number> {
    const response = await fetch(`${scene.authkit.apiUrl}/authkit/oauth2/complete`, {
      method: "POST",
      headers: { authorization: `Bearer ${apiKey}` },
      body: JSON.stringify({ external_auth_id: id, user: { id: userId } }),
    });
    await response.text();
    return response.status;
  }

  it("takes a completion once, for the user whose login it is, with the API key", async () => {
    expect(await complete("ext_auth_1_usr_ada", "usr_grace")).toBe(422);
    expect(await complete("ext_auth_1_usr_ada", "usr_ada", "sk_other")).toBe(401);
    expect(await complete("ext_auth_1_usr_ada", "usr_ada")).toBe(200);
    expect(await complete("ext_auth_1_usr_ada", "usr_ada")).toBe(400);
  });
});
