import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import {
  createIntrospection,
  type Fetch,
  type IntrospectionConfig,
  type TokenOutcome,
  type VerifierConfig,
} from "../src/index.js";
import { caught } from "./support/errors.js";
import { createTestVerifier, ISSUER, NOW, serveKeys, signToken } from "./support/issuer.js";
import { withAuthorization } from "./support/requests.js";

const SECRET = "SECRET-THAT-NOBODY-MAY-SEE";
const token = await signToken({ jti: "j1" });

type Answer = () => Response | Promise<Response>;
const active: Answer = () => Response.json({ active: true, token_type: "access_token" });
const inactive: Answer = () => Response.json({ active: false });
const down: Answer = () => Promise.reject(new Error(`no route, ${SECRET}`));

/** A verifier on a route that wants a live answer, with AuthKit's answer and the time to be set. */
function createLive(
  introspection: Partial<IntrospectionConfig> = {},
  config: Partial<VerifierConfig<Readonly<Record<string, unknown>>>> = {},
) {
  const asked: { url: string; body: URLSearchParams; redirect: RequestRedirect | undefined }[] = [];
  const world = { answer: active, now: NOW };
  const fetch: Fetch = (url, init) => {
    if (init?.method !== "POST") return serveKeys(url);
    asked.push({ url, body: new URLSearchParams(String(init.body)), redirect: init.redirect });
    return Promise.resolve(world.answer());
  };
  const verifier = createTestVerifier({
    fetch,
    clock: () => world.now * 1000,
    introspection: createIntrospection({
      clientId: "client_1",
      clientSecret: SECRET,
      whenUnavailable: "refuse",
      ...introspection,
    }),
    ...config,
  });
  const guard = verifier.guard({ live: true });
  return {
    asked,
    world,
    verifier,
    ask: async (bearer = token): Promise<TokenOutcome> => guard(withAuthorization(`Bearer ${bearer}`)),
  };
}

describe("a route that wants a live answer", () => {
  it("asks AuthKit as an application does, about good tokens only", async () => {
    const { ask, asked } = createLive();
    expect((await ask()).type).toBe("authorized");
    expect(asked).toHaveLength(1);
    expect(asked[0]?.url).toBe(`${ISSUER}/oauth2/introspection`);
    expect(Object.fromEntries(asked[0]?.body ?? [])).toEqual({
      token,
      token_type_hint: "access_token",
      client_id: "client_1",
      client_secret: SECRET,
    });
    expect(asked[0]?.redirect).toBe("manual");
    expect((await ask(await signToken({ aud: "https://other.example" }))).type).toBe("challenge");
    expect((await ask("x")).type).toBe("challenge");
    expect(asked).toHaveLength(1);
  });

  it("refuses what counts no more, remembered or not", async () => {
    const { ask, world } = createLive();
    expect((await ask()).type).toBe("authorized");
    world.answer = inactive;
    world.now += 5;
    expect(await ask()).toMatchObject({
      type: "challenge",
      error: { code: "invalid_token", reason: "inactive" },
    });
  });

  it("asks again when the answer is old, and not before", async () => {
    const { ask, asked, world } = createLive({ cacheTtl: 30 });
    for (const [second, questions] of [
      [0, 1],
      [29, 1],
      [30, 2],
      [59, 2],
      [60, 3],
    ] as const) {
      world.now = NOW + second;
      await ask();
      expect([second, asked.length]).toEqual([second, questions]);
    }
    // A clock that went back would keep an answer for longer than was said.
    world.now = NOW - 1;
    await ask();
    expect(asked).toHaveLength(4);
  });

  it("asks once for many requests at a time, and each time where cacheTtl is 0", async () => {
    const together = createLive();
    await Promise.all(Array.from({ length: 10 }, () => together.ask()));
    expect(together.asked).toHaveLength(1);
    const each = createLive({ cacheTtl: 0 });
    for (let round = 0; round < 3; round++) await each.ask();
    expect(each.asked).toHaveLength(3);
  });

  it("mixes no two tokens", async () => {
    const other = await signToken({ jti: "j2" });
    const { ask, asked, world } = createLive();
    world.answer = () => Response.json({ active: asked.at(-1)?.body.get("token") === token });
    expect((await ask(other)).type).toBe("challenge");
    expect((await ask()).type).toBe("authorized");
    expect((await ask(other)).type).toBe("challenge");
  });

  it("is a choice of the route: others ask nobody", async () => {
    const { verifier, asked, world } = createLive();
    world.answer = inactive;
    expect((await verifier.authorize(withAuthorization(`Bearer ${token}`))).type).toBe("authorized");
    expect((await verifier.authorize(withAuthorization(`Bearer ${token}`), { live: true })).type).toBe(
      "challenge",
    );
    expect(asked).toHaveLength(1);
  });
});

describe("where AuthKit gives no answer", () => {
  const outages: ReadonlyArray<[string, Answer]> = [
    ["it can't be reached", down],
    ["it is out of order", () => new Response("", { status: 503 })],
    ["it limits the rate", () => new Response("", { status: 429 })],
  ];
  const faults: ReadonlyArray<[string, Answer]> = [
    ["the secret is wrong", () => Response.json({ error: "invalid_client" }, { status: 401 })],
    ["the address is wrong", () => new Response("", { status: 404 })],
    [
      "it points elsewhere",
      () => new Response("", { status: 302, headers: { location: "https://evil.example" } }),
    ],
    ["it speaks of something else", () => Response.json({ ok: true })],
    ["active is a word", () => Response.json({ active: "true" })],
    ["active is another's", () => new Response('{"__proto__":{"active":true}}')],
    ["it is a page", () => new Response("<html>")],
    ["it is null", () => Response.json(null)],
  ];

  it.each(outages)("because %s, a route that refuses says 503", async (_, answer) => {
    const { ask, world } = createLive({ whenUnavailable: "refuse" });
    world.answer = answer;
    const outcome = await ask();
    expect(outcome).toMatchObject({ type: "unavailable", error: { code: "introspection_unavailable" } });
    expect(inspect(outcome, { depth: 9 })).not.toContain(SECRET);
  });

  it.each(outages)("because %s, a route that accepts goes by the token", async (_, answer) => {
    const { ask, world } = createLive({ whenUnavailable: "accept" });
    world.answer = answer;
    expect((await ask()).type).toBe("authorized");
    expect((await ask(await signToken({ aud: "https://other.example" }))).type).toBe("challenge");
  });

  it.each(faults)("because %s, nobody gets in by it", async (_, answer) => {
    for (const whenUnavailable of ["refuse", "accept"] as const) {
      const { ask, world } = createLive({ whenUnavailable });
      world.answer = answer;
      expect((await ask()).type).toBe("unavailable");
    }
  });

  it("it is left alone for a second, and asked again then", async () => {
    const { ask, asked, world } = createLive();
    world.answer = down;
    for (let round = 0; round < 5; round++) expect((await ask()).type).toBe("unavailable");
    // However many ask meanwhile, the second is counted from the failure.
    world.now += 0.5;
    expect((await ask()).type).toBe("unavailable");
    expect(asked).toHaveLength(1);
    world.answer = active;
    world.now += 0.5;
    expect((await ask()).type).toBe("authorized");
  });

  it("what is known stays known for its time", async () => {
    const { ask, world } = createLive({ cacheTtl: 60 });
    await ask();
    world.answer = down;
    world.now += 59;
    expect((await ask()).type).toBe("authorized");
    world.now += 1;
    expect((await ask()).type).toBe("unavailable");
  });
});

describe("the introspection option", () => {
  it.each([
    ["clientId", undefined],
    ["clientId", "a b"],
    ["clientSecret", ""],
    ["url", "http://authkit.example/introspect"],
    ["url", "introspect"],
    ["cacheTtl", -1],
    ["cacheTtl", 61],
    ["cacheTtl", "5"],
    ["whenUnavailable", undefined],
    ["whenUnavailable", "maybe"],
  ])("names what is wrong and never its value: %s, %o", async (option, value) => {
    const error = await caught(() => createLive({ [option]: value }));
    expect(error.reason).toMatch(new RegExp(`^${option}: `));
    expect(inspect(error)).not.toContain(SECRET);
  });
});
