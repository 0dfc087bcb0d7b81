import { getEventListeners } from "node:events";
import { setImmediate as turn } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Completion, createLogin, type LoginConfig } from "../src/index.js";
import { ADA, API_KEY, AUTHKIT_URL, REDIRECT_URI } from "./support/authkit.js";
import { caught } from "./support/errors.js";
import { type Fault, type FaultServer, startFaultServer } from "./support/fault-server.js";
import { holdTime, skipPauses } from "./support/time.js";

let server: FaultServer;

beforeEach(async () => {
  server = await startFaultServer();
  vi.spyOn(Math, "random").mockReturnValue(0.5);
});

afterEach(async () => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  await server.close();
});

const createTestLogin = (config: Partial<LoginConfig> = {}) =>
  createLogin({
    apiKey: API_KEY,
    authkitUrl: AUTHKIT_URL,
    apiUrl: server.url,
    fetch: server.fetch,
    ...config,
  });

const says = (status: number, headers: Record<string, string> = {}, body = "{}"): Fault => ({
  is: "says",
  status,
  headers,
  body,
});

/** With the randomness above, the two pauses of a call. */
const PAUSES = [125, 500] as const;

/** What was sent, without repetitions. */
const differentTries = () => new Set(server.tries.map(({ body, key }) => `${key} ${body}`)).size;

describe("a completion that surely did not happen", () => {
  it.each<[what: string, fault: Fault, arrived: number]>([
    ["nobody listens", { is: "refused" }, 1],
    ["AuthKit's name has no address", { is: "unresolved" }, 1],
    ["AuthKit says 429", says(429), 3],
    ["AuthKit says 503", says(503), 3],
  ])("is tried again twice, the same in body and key: %s", async (_, fault, arrived) => {
    const pauses = skipPauses(...PAUSES);
    server.faults.push(fault, fault);
    expect(await createTestLogin().complete("a", ADA)).toBe(REDIRECT_URI);
    expect(pauses).toEqual(PAUSES);
    expect(server.tries).toHaveLength(arrived);
    expect(differentTries()).toBe(1);
    expect(server.tries[0]?.key).toMatch(/^[0-9a-f]{64}$/);
    expect(server.completed).toEqual(new Set(["a"]));
  });

  it.each<[what: string, fault: Fault, error: object]>([
    ["nobody listens", { is: "refused" }, { code: "authkit_unavailable", reason: "network" }],
    [
      "AuthKit's name has no address",
      { is: "unresolved" },
      { code: "authkit_unavailable", reason: "network" },
    ],
    ["AuthKit says 429", says(429), { code: "rate_limited" }],
    ["AuthKit says 503", says(503), { code: "authkit_unavailable", reason: "status" }],
  ])("is given up after the third try, and may be asked for again: %s", async (_, fault, expected) => {
    const pauses = skipPauses(...PAUSES);
    server.faults.push(fault, fault, fault);
    const login = createTestLogin();
    expect(await caught(() => login.complete("a", ADA))).toMatchObject({ ...expected, retryable: true });
    expect(pauses).toEqual(PAUSES);
    expect(server.faults).toEqual([]);
    expect(await login.complete("a", ADA)).toBe(REDIRECT_URI);
  });

  it.each([
    [0, [0, 0]],
    [0.1, [25, 100]],
    [0.9, [225, 900]],
  ])("is tried again after a random pause: %d of the longest", async (random, pauses) => {
    vi.mocked(Math.random).mockReturnValue(random);
    const made = skipPauses(...pauses);
    server.faults.push(says(503), says(503));
    await createTestLogin().complete("a", ADA);
    expect(made).toEqual(pauses);
  });

  it.each([429, 503])("is tried again when AuthKit said, with %i", async (status) => {
    const pauses = skipPauses(2_000, 3_000);
    server.faults.push(says(status, { "retry-after": "2" }), says(status, { "retry-after": "3" }));
    expect(await createTestLogin().complete("a", ADA)).toBe(REDIRECT_URI);
    expect(pauses).toEqual([2_000, 3_000]);
  });

  it("is given up where AuthKit's pause does not fit into its time", async () => {
    const pauses = skipPauses(7_999, 8_000);
    for (const status of [429, 503]) {
      server.faults.push(says(status, { "retry-after": "8" }));
      const error = await caught(() => createTestLogin().complete("a", ADA));
      expect(error).toMatchObject({ retryable: true, retryAfter: 8 });
    }
    server.faults.push(says(503, { "retry-after": "8" }));
    expect(await createTestLogin({ timeout: 8_001 }).complete("a", ADA)).toBe(REDIRECT_URI);
    expect(pauses).toEqual([8_000]);
    expect(server.tries).toHaveLength(4);
  });

  it("has one time for all its tries and pauses", async () => {
    const pauses = skipPauses(5_000);
    server.faults.push(says(503, { "retry-after": "5" }), says(503, { "retry-after": "5" }));
    const error = await caught(() => createTestLogin().complete("a", ADA));
    expect(error).toMatchObject({ code: "authkit_unavailable", retryAfter: 5 });
    expect(pauses).toEqual([5_000]);
    expect(server.tries).toHaveLength(2);
  });

  it("has eight seconds for all of it, and no more for a second try", async () => {
    const timeout = vi.spyOn(AbortSignal, "timeout");
    skipPauses(...PAUSES);
    server.faults.push(says(503), { is: "refused" });
    await createTestLogin().complete("a", ADA);
    expect(timeout.mock.calls).toEqual([[8_000]]);
  });

  it.each<[what: string, fault: Fault]>([
    ["refused", { is: "refused" }],
    ["told to come again", says(429)],
  ])("is uncertain once a later try is, also if the first was %s", async (_, fault) => {
    server.onSilence = holdTime();
    skipPauses(...PAUSES);
    server.faults.push(fault, { is: "silent" });
    const error = await caught(() => createTestLogin().complete("a", ADA));
    expect(error).toMatchObject({ code: "completion_outcome_unknown", reason: "timeout", retryable: false });
  });
});

describe("a fetch that fails", () => {
  /** What a fetch throws: the reason is in its cause, or in that one's. */
  const failing = (reason: object, depth = 1) => {
    let error: unknown = Object.assign(new Error("s3cr3t"), reason);
    for (let level = 0; level < depth; level++) error = new TypeError("fetch failed", { cause: error });
    const fetch = vi.fn(async (): Promise<Response> => {
      throw error;
    });
    return { fetch, error: caught(() => createTestLogin({ fetch }).complete("a", ADA)) };
  };

  it.each([
    { code: "ECONNREFUSED", syscall: "connect" },
    { code: "EHOSTUNREACH", syscall: "connect" },
    { code: "ENETUNREACH", syscall: "connect" },
    { code: "ENOTFOUND", syscall: "getaddrinfo" },
    { code: "EAI_AGAIN", syscall: "getaddrinfo" },
    { code: "UND_ERR_CONNECT_TIMEOUT" },
    { code: "ConnectionRefused" },
    { code: "CERT_HAS_EXPIRED" },
    { code: "DEPTH_ZERO_SELF_SIGNED_CERT" },
    { code: "SELF_SIGNED_CERT_IN_CHAIN" },
    { code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" },
    { code: "ERR_TLS_CERT_ALTNAME_INVALID" },
  ])("before there is a connection is asked again: $code", async (reason) => {
    skipPauses(...PAUSES);
    for (const depth of [0, 1, 2]) {
      const { fetch, error } = failing(reason, depth);
      expect(await error).toMatchObject({ code: "authkit_unavailable", reason: "network" });
      expect(fetch).toHaveBeenCalledTimes(3);
    }
  });

  it.each([
    { code: "EHOSTUNREACH", syscall: "read" },
    { code: "ENETUNREACH", syscall: "write" },
    { code: "ECONNRESET", syscall: "read" },
    { code: "EPIPE", syscall: "write" },
    { code: "ETIMEDOUT", syscall: "read" },
    { code: "UND_ERR_SOCKET" },
    { code: "UND_ERR_HEADERS_TIMEOUT" },
    { code: "NOT_ECONNREFUSED" },
    { code: 111 },
    {},
  ])("with a connection, or for no reason it tells, is not: %o", async (reason) => {
    const { fetch, error } = failing(reason);
    expect(await error).toMatchObject({ code: "completion_outcome_unknown", reason: "network" });
    expect(fetch).toHaveBeenCalledTimes(1);
  });

  it("in a circle of causes is not asked again", async () => {
    const circle = new Error("s3cr3t");
    circle.cause = circle;
    expect(await failing(circle).error).toMatchObject({ code: "completion_outcome_unknown" });
  });
});

/** Faults after which nobody can know whether AuthKit acted. */
const LOSSES: ReadonlyArray<[what: string, fault: Fault, reason: string]> = [
  ["the connection ends before the request is read", { is: "unread" }, "network"],
  ["the connection ends before the answer", { is: "reset" }, "network"],
  ["the connection ends inside the answer", { is: "truncated" }, "network"],
  ["no answer comes in time", { is: "silent" }, "timeout"],
  ["half an answer comes in time", { is: "stalled" }, "timeout"],
  ...[500, 502, 504, 501, 599].map((status): [string, Fault, string] => [
    `AuthKit says ${status}`,
    says(status),
    "status",
  ]),
  ["AuthKit says 500 and when to come again", says(500, { "retry-after": "0" }), "status"],
];

/** Answers that make no sense of a completion. */
const RIDDLES: ReadonlyArray<[what: string, fault: Fault]> = [
  ["a redirect", says(301, { location: "/elsewhere" })],
  ["HTML", says(200, { "content-type": "text/html" }, "<!doctype html>")],
  ["no redirect_uri", says(200)],
  ["null", says(200, {}, "null")],
  ["no end", { is: "flood" }],
];

describe("a completion that AuthKit did not carry out, or perhaps did", () => {
  it.each<[status: number, code: string]>([
    [400, "invalid_authkit_response"],
    [401, "unauthorized_api_key"],
    [403, "unauthorized_api_key"],
    [404, "external_auth_id_not_found"],
    [409, "invalid_authkit_response"],
    [422, "invalid_user"],
  ])("is not tried again after %i", async (status, code) => {
    // Not even where the answer says when.
    server.faults.push(says(status, { "retry-after": "0" }));
    expect(await caught(() => createTestLogin().complete("a", ADA))).toMatchObject({
      code,
      retryable: false,
    });
    expect(server.tries).toHaveLength(1);
  });

  it.each(LOSSES)("is not tried again where %s", async (_, fault, reason) => {
    server.onSilence = holdTime();
    server.faults.push(fault);
    const error = await caught(() => createTestLogin().complete("a", ADA));
    expect(error).toMatchObject({ code: "completion_outcome_unknown", reason, retryable: false });
    expect(server.tries).toHaveLength(fault.is === "unread" ? 0 : 1);
    expect(server.faults).toEqual([]);
  });

  it.each(RIDDLES)("is not tried again where the answer is %s", async (_, fault) => {
    server.faults.push(fault);
    const error = await caught(() => createTestLogin().complete("a", ADA));
    expect(error).toMatchObject({ code: "invalid_authkit_response", retryable: false });
    expect(server.tries).toHaveLength(1);
  });
});

describe("the same login again, after an answer that was lost", () => {
  const SPENT = [
    ["completed", { status: 400, body: JSON.stringify({ code: "external_auth_session_already_completed" }) }],
    ["gone", { status: 404, body: JSON.stringify({ code: "not_found" }) }],
  ] as const;

  const lost = [...LOSSES.slice(1), ...RIDDLES].map(([what, fault]): [string, Fault] => [
    what,
    { ...fault, acts: true } as Fault,
  ]);

  it.each(SPENT.flatMap(([word, spent]) => lost.map(([what, fault]) => [word, what, spent, fault] as const)))(
    "is uncertain, and not just %s: %s",
    async (_, __, spent, fault) => {
      server.onSilence = holdTime();
      server.spent = spent;
      const login = createTestLogin();
      server.faults.push(fault);
      await caught(() => login.complete("a", ADA));
      for (const round of ["second", "third"]) {
        const error = await caught(() => login.complete("a", ADA));
        expect({ round, code: error.code, reason: error.reason }).toEqual({
          round,
          code: "completion_outcome_unknown",
          reason: undefined,
        });
      }
    },
  );

  it.each(SPENT)("is just %s where no answer was lost", async (word, spent) => {
    const code = word === "gone" ? "external_auth_id_not_found" : "external_auth_session_already_completed";
    server.spent = spent;
    server.completed.add("a");
    const login = createTestLogin();
    skipPauses(...PAUSES);
    for (const fault of [{ is: "refused" }, says(429), says(422)] as const) {
      server.faults.push(fault, fault, fault);
      await caught(() => login.complete("a", ADA));
      server.faults.length = 0;
      expect(await caught(() => login.complete("a", ADA))).toMatchObject({ code });
    }
  });

  it("is completed where AuthKit had not acted, and then no longer uncertain", async () => {
    vi.setSystemTime(1_000_000);
    const login = createTestLogin();
    server.faults.push({ is: "reset" });
    await caught(() => login.complete("a", ADA));
    expect(await login.complete("a", ADA)).toBe(REDIRECT_URI);
    vi.setSystemTime(1_010_000);
    expect(await caught(() => login.complete("a", ADA))).toMatchObject({
      code: "external_auth_session_already_completed",
    });
  });

  it("stays uncertain through failures of other kinds, and tells them as they are", async () => {
    const login = createTestLogin();
    server.faults.push({ is: "reset", acts: true }, says(422), says(401));
    await caught(() => login.complete("a", ADA));
    expect(await caught(() => login.complete("a", ADA))).toMatchObject({ code: "invalid_user" });
    expect(await caught(() => login.complete("a", ADA))).toMatchObject({ code: "unauthorized_api_key" });
    expect(await caught(() => login.complete("a", ADA))).toMatchObject({
      code: "completion_outcome_unknown",
    });
  });

  it("is uncertain for a quarter of an hour, which no id outlives", async () => {
    vi.setSystemTime(1_000_000);
    const login = createTestLogin();
    server.faults.push({ is: "reset", acts: true });
    await caught(() => login.complete("a", ADA));
    vi.setSystemTime(1_899_999);
    expect(await caught(() => login.complete("a", ADA))).toMatchObject({
      code: "completion_outcome_unknown",
    });
  });

  it("says nothing of another login", async () => {
    const login = createTestLogin();
    server.faults.push({ is: "reset", acts: true });
    await caught(() => login.complete("a", ADA));
    server.completed.add("b");
    expect(await caught(() => login.complete("b", ADA))).toMatchObject({
      code: "external_auth_session_already_completed",
    });
  });
});

describe("the idempotency key", () => {
  /** The keys of completions that all fail, each sent by a login of its own. */
  async function keysOf(...completions: ReadonlyArray<[id: string, completion: Completion]>) {
    for (const [id, completion] of completions) {
      server.faults.push(says(422));
      await caught(() => createTestLogin().complete(id, completion));
    }
    return server.tries.map(({ key }) => key);
  }

  it("is the same where the same is sent again, by this process or another", async () => {
    const [first, second] = await keysOf(["a", ADA], ["a", { user: { ...ADA.user } }]);
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect(second).toBe(first);
  });

  it("is another where anything else is sent", async () => {
    const choices = [{ value: "x", label: "X" }];
    const keys = await keysOf(
      ["a", ADA],
      ["b", ADA],
      ["a", { user: { ...ADA.user, id: "user_2" } }],
      ["a", { user: { ...ADA.user, email: "ada@example.org" } }],
      ["a", { user: { ...ADA.user, name: "Ada" } }],
      ["a", { ...ADA, userConsentOptions: [{ claim: "urn:x:tenant", label: "Tenant", choices }] }],
    );
    expect(new Set(keys).size).toBe(6);
  });
});

describe("a caller who no longer waits", () => {
  it("was not there from the beginning: nothing is asked", async () => {
    const gone = new Error("gone");
    const waiting = createTestLogin().complete("a", ADA, { signal: AbortSignal.abort(gone) });
    await expect(waiting).rejects.toBe(gone);
    expect(server.tries).toEqual([]);
  });

  it("leaves on the way: what was asked goes on to its end, and its answer is at hand", async () => {
    const caller = new AbortController();
    const gone = new Error("gone");
    const login = createTestLogin({
      fetch: async (url, init) => {
        const answer = server.fetch(url, init);
        caller.abort(gone);
        return answer;
      },
    });
    await expect(login.complete("a", ADA, { signal: caller.signal })).rejects.toBe(gone);
    expect(await login.complete("a", ADA)).toBe(REDIRECT_URI);
    expect(server.tries).toHaveLength(1);
    expect(server.completed).toEqual(new Set(["a"]));
  });

  it("leaves alone: others who ask for the same login get its location", async () => {
    const caller = new AbortController();
    const login = createTestLogin();
    const leaving = login.complete("a", ADA, { signal: caller.signal });
    const staying = login.complete("a", ADA, { signal: new AbortController().signal });
    caller.abort();
    await expect(leaving).rejects.toMatchObject({ name: "AbortError" });
    expect(await staying).toBe(REDIRECT_URI);
  });

  it("leaves before a failure that then nobody waits for", async () => {
    const unhandled = vi.fn();
    process.on("unhandledRejection", unhandled);
    const caller = new AbortController();
    server.faults.push(says(422));
    const login = createTestLogin();
    const leaving = login.complete("a", ADA, { signal: caller.signal });
    caller.abort();
    await expect(leaving).rejects.toMatchObject({ name: "AbortError" });
    await expect(login.complete("a", ADA)).rejects.toMatchObject({ code: "invalid_user" });
    await turn();
    process.off("unhandledRejection", unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  it("is not held on to once there is an answer, good or bad", async () => {
    const { signal } = new AbortController();
    const login = createTestLogin();
    server.faults.push(says(422));
    await caught(() => login.complete("a", ADA, { signal }));
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
    expect(await login.complete("a", ADA, { signal })).toBe(REDIRECT_URI);
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
  });
});
