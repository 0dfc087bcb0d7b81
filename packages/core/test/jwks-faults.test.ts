import type { IncomingMessage, ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Fetch, Guard, TokenOutcome, VerifierConfig } from "../src/index.js";
import {
  CLAIMS,
  createTestVerifier,
  JWKS,
  NOW,
  signEcToken,
  signStrangersToken,
  signToken,
} from "./support/issuer.js";
import { type JwksServer, startJwksServer } from "./support/jwks-server.js";
import { createKeyPair, type KeyPair, signGood, toJwk, write } from "./support/jws.js";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const GOOD = JSON.stringify(JWKS);

let server: JwksServer;

beforeEach(async () => {
  server = await startJwksServer();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await server.goDown();
});

function toVerdict(outcome: TokenOutcome): string {
  if (outcome.type === "authorized") return "ok";
  const { code, reason } = outcome.error;
  return code === "invalid_token" ? `${code}: ${reason}` : code;
}

/** A verifier whose keys come over the network, and whose clock is the test's. */
function setUp(config: Partial<VerifierConfig<Readonly<Record<string, unknown>>>> = {}) {
  const world = { now: NOW * SECOND };
  const verifier = createTestVerifier({
    jwksUrl: server.url,
    fetch: (input, init) => fetch(input, init),
    clock: () => world.now,
    algorithms: ["RS256", "ES256"],
    ...config,
  });
  const guard: Guard<unknown> = verifier.guard();
  const decide = (token: string) =>
    guard({ method: "GET", url: "/", headers: { get: () => `Bearer ${token}` } });
  const judge = async (token: string) => toVerdict(await decide(token));
  /** Of a token that is good at the world's time, and was never seen. */
  const judgeNew = async () => {
    const seconds = Math.floor(world.now / SECOND);
    return judge(await signToken({ iat: seconds, exp: seconds + 300, jti: crypto.randomUUID() }));
  };
  /** Whether it is told at once: from memory alone. */
  const isRemembered = (token: string) => !(decide(token) instanceof Promise);
  return { world, judge, judgeNew, isRemembered };
}

/** The time that a fetch has, to be ended by the test instead of a clock. */
function holdTime(): () => void {
  const controllers: AbortController[] = [];
  vi.spyOn(AbortSignal, "timeout").mockImplementation(() => {
    const controller = new AbortController();
    controllers.push(controller);
    return controller.signal;
  });
  return () => {
    for (const controller of controllers) controller.abort(new DOMException("time is up", "TimeoutError"));
  };
}

/** Until nobody is at the other end any more. */
function closing({ socket }: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    if (socket.destroyed) resolve();
    else socket.once("close", () => resolve());
  });
}

describe("an endpoint of keys that is down", () => {
  it("at the start makes for 503, until it is up and the cooldown over", async () => {
    const { world, judgeNew } = setUp();
    await server.goDown();
    expect(await judgeNew()).toBe("jwks_unavailable");
    await server.comeUp();
    expect(await judgeNew()).toBe("jwks_unavailable");
    world.now += 10 * SECOND;
    expect(await judgeNew()).toBe("ok");
  });

  it("later leaves the last good keys to serve for an hour, then makes for 503, and is forgiven", async () => {
    const { world, judgeNew } = setUp();
    expect(await judgeNew()).toBe("ok");
    await server.goDown();
    for (const minutes of [11, 40, 69]) {
      world.now = NOW * SECOND + minutes * MINUTE;
      expect(await judgeNew()).toBe("ok");
    }
    world.now = NOW * SECOND + 70 * MINUTE;
    expect(await judgeNew()).toBe("jwks_unavailable");
    await server.comeUp();
    world.now += 10 * SECOND;
    expect(await judgeNew()).toBe("ok");
  });

  it("now and then never makes for a challenge, nor for more than one fetch in ten seconds", async () => {
    const { world, judgeNew } = setUp({ keysMaxStale: 60 });
    const verdicts = new Set<string>();
    let isUp = true;
    const begin = world.now;
    for (let step = 0; step < 60; step++) {
      if (step % 3 === 2) {
        await (isUp ? server.goDown() : server.comeUp());
        isUp = !isUp;
      }
      world.now += (step % 7) * MINUTE + 3 * SECOND;
      verdicts.add(await judgeNew());
      verdicts.add(await judgeNew());
    }
    expect([...verdicts].sort()).toEqual(["jwks_unavailable", "ok"]);
    expect(server.fetches).toBeLessThanOrEqual((world.now - begin) / (10 * SECOND));
  });
});

describe("an endpoint of keys that is slow", () => {
  it("with its headers is hung up on when the time is over, and nobody waits longer", async () => {
    const { judgeNew } = setUp();
    const endTime = holdTime();
    const arrival = server.next();
    const verdicts = [judgeNew(), judgeNew()];
    const { request } = await arrival;
    endTime();
    expect(await Promise.all(verdicts)).toEqual(["jwks_unavailable", "jwks_unavailable"]);
    await closing(request);
    expect(server.fetches).toBe(1);
  });

  it("with its body is hung up on, too", async () => {
    let sayHeadersCame: () => void = () => {};
    const headersCame = new Promise<void>((resolve) => {
      sayHeadersCame = resolve;
    });
    const { judgeNew } = setUp({
      fetch: (input, init) => fetch(input, init).finally(sayHeadersCame),
    });
    const endTime = holdTime();
    const arrival = server.next();
    const verdict = judgeNew();
    const { request, response } = await arrival;
    response.write(GOOD.slice(0, 50));
    await headersCame;
    endTime();
    expect(await verdict).toBe("jwks_unavailable");
    await closing(request);
  });

  it("holds up no token whose key is known and still serves", async () => {
    const { world, judgeNew } = setUp();
    expect(await judgeNew()).toBe("ok");
    world.now += 9 * MINUTE;
    const arrival = server.next();
    expect(await judgeNew()).toBe("ok");
    const { response } = await arrival;
    expect(await judgeNew()).toBe("ok");
    response.end(GOOD);
    expect(server.fetches).toBe(2);
  });
});

/** What an endpoint can answer instead of a set, with the server's own hands. */
const NO_SETS: readonly (readonly [what: string, answer: (response: ServerResponse) => unknown])[] = [
  ["HTML", (response) => response.end("<html>Sign in</html>")],
  ["nothing", (response) => response.end()],
  ["an empty set", (response) => response.end('{"keys":[]}')],
  ["half a set", (response) => response.end(GOOD.slice(0, -20))],
  [
    "a set cut off by its length",
    (response) => response.writeHead(200, { "content-length": 40 }).end(GOOD.slice(0, 40)),
  ],
  [
    "a set whose connection is cut",
    (response) => {
      response.writeHead(200, { "content-length": GOOD.length });
      response.write(GOOD.slice(0, 50), () => response.socket?.resetAndDestroy());
    },
  ],
  [
    "a set whose last chunk never comes",
    (response) => response.write(GOOD, () => response.socket?.destroy()),
  ],
  ["a connection that is cut at once", (response) => response.socket?.resetAndDestroy()],
  ["no HTTP", (response) => response.socket?.end("220 mail.example ESMTP\r\n")],
  ["what is called gzip and is not", (response) => response.setHeader("content-encoding", "gzip").end(GOOD)],
  ["a set with status 203", (response) => response.writeHead(203).end(GOOD)],
  ["a part of a set", (response) => response.writeHead(206, { "content-range": "bytes 0-9/99" }).end(GOOD)],
  ["no news", (response) => response.writeHead(304).end()],
  ["a set with status 401", (response) => response.writeHead(401, { "www-authenticate": "Basic" }).end(GOOD)],
  ["a set with status 500", (response) => response.writeHead(500).end(GOOD)],
];

describe("an endpoint of keys that gives no set", () => {
  it.each(NO_SETS)("is down as far as tokens go, and leaves known keys alone: %s", async (_, answer) => {
    const { world, judgeNew } = setUp();
    server.answer((__, response) => answer(response));
    expect(await judgeNew()).toBe("jwks_unavailable");
    server.publish(JWKS.keys);
    world.now += 10 * SECOND;
    expect(await judgeNew()).toBe("ok");
    server.answer((__, response) => answer(response));
    world.now += 11 * MINUTE;
    expect(await judgeNew()).toBe("ok");
    expect(server.fetches).toBe(3);
  });

  it.each([301, 302, 303, 307, 308])(
    "but status %i and another address is not followed there",
    async (status) => {
      const elsewhere = await startJwksServer();
      server.answer((_, response) => response.writeHead(status, { location: elsewhere.url }).end(GOOD));
      expect(await setUp().judgeNew()).toBe("jwks_unavailable");
      expect([server.fetches, elsewhere.fetches]).toEqual([1, 0]);
      await elsewhere.goDown();
    },
  );

  it("but bytes without end is hung up on", async () => {
    let hungUp: Promise<void> | undefined;
    server.answer((request, response) => {
      hungUp = closing(request);
      response.write('{"keys":[');
      const go = () => {
        while (!response.destroyed && response.write(" ".repeat(65_536)));
      };
      response.on("drain", go);
      go();
    });
    expect(await setUp().judgeNew()).toBe("jwks_unavailable");
    await hungUp;
  });

  it("but thirty megabytes in thirty kilobytes is not unpacked", async () => {
    const bomb = gzipSync(`{${" ".repeat(30_000_000)}"keys":${JSON.stringify(JWKS.keys)}}`);
    server.answer((_, response) => response.setHeader("content-encoding", "gzip").end(bomb));
    let unpacked = 0;
    const counting: Fetch = async (input, init) => {
      const response = await fetch(input, init);
      const count = new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          unpacked += chunk.byteLength;
          controller.enqueue(chunk);
        },
      });
      return new Response(response.body?.pipeThrough(count), response);
    };
    expect(await setUp({ fetch: counting }).judgeNew()).toBe("jwks_unavailable");
    expect(unpacked).toBeLessThan(2_000_000);

    server.answer((_, response) => response.setHeader("content-encoding", "gzip").end(gzipSync(GOOD)));
    expect(await setUp({ fetch: counting }).judgeNew()).toBe("ok");
  });
});

const next = await createKeyPair("RS256");

describe("an issuer that changes its keys", () => {
  const [rsa, ec] = JWKS.keys;

  const tokenOf = (pair: KeyPair, kid: string) => write(signGood("RS256", pair, kid));

  it("to somebody else's under the same name lets only the new one's tokens in", async () => {
    const { world, judge, judgeNew } = setUp();
    const old = await signToken({ exp: NOW + 10 * 3_600 });
    expect(await judge(old)).toBe("ok");
    server.publish([toJwk(next, "rsa-1")]);
    world.now += 10 * MINUTE;
    expect(await judgeNew()).toBe("invalid_token: signature");
    expect(await judge(old)).toBe("invalid_token: signature");
    expect(await judge(await signStrangersToken())).toBe("invalid_token: expired");
  });

  it("while a fetch is under way is understood at the next one, a cooldown later", async () => {
    const { world, judge, judgeNew } = setUp();
    expect(await judgeNew()).toBe("ok");
    const arrival = server.next();
    const early = judge(tokenOf(next, "new"));
    const { response } = await arrival;
    const publication = [rsa, toJwk(next, "new")] as object[];
    server.publish(publication);
    const late = judge(tokenOf(next, "new"));
    response.end(GOOD);
    expect(await Promise.all([early, late])).toEqual(["invalid_token: kid", "invalid_token: kid"]);
    expect(await judgeNew()).toBe("ok");
    world.now += 10 * SECOND;
    expect(await judge(tokenOf(next, "new"))).toBe("ok");
    expect(server.fetches).toBe(3);
  });

  it("and withdraws one ends what is remembered of it, and what it gives back is verified anew", async () => {
    const { world, judge, judgeNew, isRemembered } = setUp();
    const token = await signToken({ exp: NOW + 10 * 3_600 });
    expect(await judge(token)).toBe("ok");
    expect(isRemembered(token)).toBe(true);
    server.publish([ec as object]);
    world.now += 10 * MINUTE;
    expect(await judge(token)).toBe("invalid_token: kid");
    expect(await judge(await signEcToken())).toBe("invalid_token: expired");
    server.publish(JWKS.keys);
    world.now += 10 * SECOND;
    expect(await judgeNew()).toBe("ok");
    expect(isRemembered(token)).toBe(false);
    expect(await judge(token)).toBe("ok");
  });

  it("to a set without end of them is not believed", async () => {
    const { world, judgeNew } = setUp();
    expect(await judgeNew()).toBe("ok");
    server.publish(Array.from({ length: 65 }, (_, at) => ({ ...rsa, kid: `k${at}` })));
    world.now += 11 * MINUTE;
    expect(await judgeNew()).toBe("ok");
  });
});

describe("a clock that jumps", () => {
  /** In milliseconds since the beginning of it all: hours forth and back. */
  const JUMPS = [
    0,
    3 * HOUR,
    -2 * HOUR,
    1,
    5 * HOUR,
    4 * MINUTE,
    -30 * HOUR,
    299 * SECOND,
    306 * SECOND,
    0,
    90 * HOUR,
    10,
  ];

  it("lets a token in exactly when it is in time, whatever was remembered of it", async () => {
    const { world, judge, judgeNew } = setUp();
    const [short, long] = [
      await signToken({ nbf: NOW }),
      await signToken({ nbf: NOW, exp: NOW + 4 * 3_600 }),
    ];
    for (const jump of JUMPS) {
      world.now = NOW * SECOND + jump;
      const expected = (exp: number) =>
        world.now >= (exp + 5) * SECOND
          ? "invalid_token: expired"
          : world.now < (NOW - 5) * SECOND
            ? "invalid_token: nbf"
            : "ok";
      for (let time = 0; time < 2; time++) {
        expect([jump, await judge(short)]).toEqual([jump, expected(CLAIMS.exp)]);
        expect([jump, await judge(long)]).toEqual([jump, expected(NOW + 4 * 3_600)]);
        expect(await judgeNew()).toBe("ok");
      }
    }
  });

  it("back, while the endpoint is down, leaves keys of no known age: 503 until one of both is mended", async () => {
    const { world, judge, judgeNew } = setUp();
    const token = await signToken({ iat: NOW - 86_400 });
    expect(await judge(token)).toBe("ok");
    await server.goDown();
    world.now -= HOUR;
    expect([await judge(token), await judgeNew()]).toEqual(["jwks_unavailable", "jwks_unavailable"]);
    world.now += HOUR;
    expect([await judge(token), await judgeNew()]).toEqual(["ok", "ok"]);
    world.now -= HOUR;
    await server.comeUp();
    world.now += 10 * SECOND;
    expect([await judge(token), await judgeNew()]).toEqual(["ok", "ok"]);
  });

  it("forth, while the endpoint is down, makes the keys too old until it jumps back", async () => {
    const { world, judge, judgeNew } = setUp();
    const token = await signToken({ exp: NOW + 86_400 });
    expect(await judge(token)).toBe("ok");
    await server.goDown();
    world.now += 2 * HOUR;
    expect([await judge(token), await judgeNew()]).toEqual(["jwks_unavailable", "jwks_unavailable"]);
    world.now -= 2 * HOUR;
    expect([await judge(token), await judgeNew()]).toEqual(["ok", "ok"]);
  });

  it("remembers no more tokens than it should, however it jumps", async () => {
    const { world, judge, isRemembered } = setUp({ cacheSize: 20 });
    const tokens = await Promise.all(
      Array.from({ length: 120 }, (_, at) => signToken({ jti: String(at), exp: NOW + 100 * 3_600 })),
    );
    for (const [at, token] of tokens.entries()) {
      world.now = NOW * SECOND + (JUMPS[at % JUMPS.length] ?? 0);
      expect(await judge(token)).toBe("ok");
    }
    world.now = NOW * SECOND + 20 * MINUTE;
    await judge(tokens[0] ?? "");
    const remembered = tokens.filter(isRemembered);
    expect(remembered.length).toBeGreaterThan(0);
    expect(remembered.length).toBeLessThanOrEqual(20);
  });

  it("past the end of a token while its keys are fetched lets nobody in with it", async () => {
    const { world, judge } = setUp();
    const token = await signToken();
    const arrival = server.next();
    const early = judge(token);
    const { response } = await arrival;
    // As where the machine slept: the fetch goes on as if nothing were.
    world.now += HOUR;
    const late = judge(token);
    response.end(GOOD);
    expect(await Promise.all([early, late])).toEqual(["invalid_token: expired", "invalid_token: expired"]);
    expect(await judge(token)).toBe("invalid_token: expired");
  });

  it("to the end of a remembered token ends it to the second, the tolerance included", async () => {
    const { world, judge, isRemembered } = setUp();
    const token = await signToken();
    expect(await judge(token)).toBe("ok");
    world.now = (CLAIMS.exp + 5) * SECOND - 1;
    expect(isRemembered(token)).toBe(true);
    world.now += 1;
    expect(isRemembered(token)).toBe(false);
    expect(await judge(token)).toBe("invalid_token: expired");
  });
});
