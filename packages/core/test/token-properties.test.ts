import { verify } from "node:crypto";
import { setImmediate as turn } from "node:timers/promises";
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  type Fetch,
  isConnectError,
  type TokenOutcome,
  type TokenRequirements,
  toReply,
  type Verifier,
} from "../src/index.js";
import { nodeSignatures } from "../src/node/index.js";
import { everythingSaidBy } from "./support/errors.js";
import { AUDIENCE, CLAIMS, createTestVerifier, ISSUER, NOW, SUBJECT } from "./support/issuer.js";
import {
  addMember,
  changedObjectText,
  jsonText,
  NEAR_CLAIMS,
  NEAR_HEADER,
  rarely,
  toAnyBytes,
} from "./support/json-text.js";
import {
  createKeyPair,
  encodeBytes,
  generateKeys,
  type Jws,
  signParts,
  toJwk,
  write,
} from "./support/jws.js";

const issuer = await createKeyPair("RS256");
const stranger = await createKeyPair("RS256");
const RSA_JWK = toJwk(issuer, "rsa-1");
const EC_JWK = toJwk(await createKeyPair("ES256"), "ec-1");
const WEAK_JWK = toJwk(await generateKeys("rsa", { modulusLength: 1_024 }), "rsa-1");
const JWKS = { keys: [RSA_JWK, EC_JWK] };

const good = write(signParts('{"alg":"RS256","kid":"rsa-1"}', JSON.stringify(CLAIMS), "RS256", issuer));

const createIssuersVerifier = (fetch: Fetch = async () => Response.json(JWKS)) =>
  createTestVerifier({ fetch });

/** What all objects inherit: nothing that a token or a key set brings may get in there. */
const PROTOTYPES = [Object, Array, Function, Promise, String, Number].map(({ prototype }) => prototype);

function listInherited(): unknown[] {
  return PROTOTYPES.flatMap((prototype) =>
    Reflect.ownKeys(prototype).flatMap((name) => {
      const { value, get } = Object.getOwnPropertyDescriptor(prototype, name) ?? {};
      return [name, value, get];
    }),
  );
}

const INHERITED = listInherited();

afterEach(() => {
  vi.restoreAllMocks();
  const now = listInherited();
  expect(now.length === INHERITED.length && now.every((one, at) => Object.is(one, INHERITED[at]))).toBe(true);
});

/** Decides about a request with this header, and looks at all that the decision gives away. */
async function decide(
  verifier: Verifier,
  authorization: string | null,
  requirements?: TokenRequirements,
): Promise<TokenOutcome> {
  const headers = { get: (name: string) => (name === "authorization" ? authorization : null) };
  const outcome = await verifier.authorize({ method: "GET", url: "/api", headers }, requirements);
  if (outcome.type === "authorized") {
    expectFrozen(outcome.accessToken);
    return outcome;
  }
  expect(["challenge", "unavailable"]).toContain(outcome.type);
  expect(isConnectError(outcome.error)).toBe(true);
  const reply = toReply(outcome);
  expect(outcome.type === "unavailable" ? [503] : [400, 401, 403]).toContain(reply.status);
  expect("www-authenticate" in reply.headers).toBe(outcome.type === "challenge");
  const said = [outcome, outcome.error.message, reply].map(everythingSaidBy).join("\n");
  expect(echoOf(authorization ?? "", said)).toBeUndefined();
  expect(said).not.toContain(SUBJECT);
  for (const value of Object.values(reply.headers)) expect(value).toMatch(/^[\x20-\x7e]*$/);
  return outcome;
}

const PIECE = 12;

/** The pieces of what is said, kept: most answers say the same. */
const piecesOfSaid = new Map<string, ReadonlySet<string>>();

function listPieces(text: string): string[] {
  return Array.from({ length: Math.max(0, text.length - PIECE + 1) }, (_, at) => text.slice(at, at + PIECE));
}

/** Twelve characters in a row that stand in both; `undefined` where there are none. */
function echoOf(text: string, said: string): string | undefined {
  const known = piecesOfSaid.get(said) ?? new Set(listPieces(said));
  piecesOfSaid.set(said, known);
  // Spaces indent a stack.
  return listPieces(text).find((piece) => known.has(piece) && piece.trim() !== "");
}

function expectFrozen(root: unknown): void {
  const open = [root];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value !== "object" || value === null) continue;
    if (!Object.isFrozen(value)) throw new Error("something in it can be changed");
    for (const one of Object.values(value)) open.push(one);
  }
}

/**
 * The rules for a good token, said once more and as simply as can be: RFC 7515, 7519 and 9068 as far as AuthKit's
 * tokens go, and our own on spelling, types and ID tokens. At `NOW`, with the keys of `JWKS`.
 */
function isGood(token: string): boolean {
  const parts = token.split(".");
  const [header, payload, signature] = parts.map((part) => Buffer.from(part, "base64url"));
  if (parts.length !== 3 || header === undefined || payload === undefined || signature === undefined)
    return false;
  const spelling = [header, payload, signature].map((part) => part.toString("base64url")).join(".");
  if (spelling !== token || token.length > 8_192 || signature.length !== 256) return false;

  const head = parseObject(header);
  const claims = parseObject(payload);
  if (head === undefined || claims === undefined) return false;
  if (head.get("alg") !== "RS256" || head.has("crit") || head.has("b64")) return false;
  if (head.has("kid") && head.get("kid") !== "rsa-1") return false;
  if (head.has("typ") && !/^(application\/)?(at\+)?jwt$/i.test(text(head.get("typ")))) return false;

  const [exp, iat, nbf] = [claims.get("exp"), claims.get("iat"), claims.get("nbf")];
  if (!isTime(exp) || !isTime(iat) || exp <= NOW - 5) return false;
  if (claims.has("nbf") && !(isTime(nbf) && nbf <= NOW + 5)) return false;
  if (claims.get("iss") !== ISSUER || text(claims.get("sub")) === "") return false;
  if (claims.has("scope") && typeof claims.get("scope") !== "string") return false;
  const audience = [claims.get("aud")].flat();
  if (!audience.every((one) => typeof one === "string") || !audience.includes(AUDIENCE)) return false;
  if (["nonce", "at_hash", "c_hash"].some((name) => claims.has(name))) return false;
  return verify("sha256", Buffer.from(token.slice(0, token.lastIndexOf("."))), issuer.publicKey, signature);
}

const text = (value: unknown) => (typeof value === "string" ? value : "");
const isTime = (value: unknown): value is number => Number.isFinite(value);

/** The object's own members; `undefined` where the bytes are no object in UTF-8. */
function parseObject(bytes: Buffer): ReadonlyMap<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? new Map(Object.entries(value)) : undefined;
  } catch {
    return undefined;
  }
}

describe("a header of any text", () => {
  const scheme = fc.oneof(
    { weight: 3, arbitrary: fc.mixedCase(fc.constant("bearer ")) },
    fc.constantFrom(
      "Bearer",
      "Bearer  ",
      "Bearer\t",
      "Basic ",
      "DPoP ",
      " Bearer ",
      "",
      "Bearer Bearer ",
      "bearer,",
    ),
  );
  const anyText = fc.oneof(
    fc.string({ unit: "binary", maxLength: 300 }),
    fc.string({ unit: "grapheme", maxLength: 60 }),
    fc.base64String({ maxLength: 400 }),
    fc.array(fc.base64String({ maxLength: 40 }), { maxLength: 6 }).map((parts) => parts.join(".")),
    fc.constantFrom(
      good,
      `${good}, Bearer ${good}`,
      `${good}=`,
      ` ${good}`,
      `${good}\n`,
      `${good}\u0000`,
      `"${good}"`,
    ),
    fc
      .tuple(fc.string({ minLength: 1, maxLength: 3 }), fc.nat(6_000))
      .map(([one, times]) => one.repeat(times)),
  );
  const header = fc.oneof(
    { weight: 9, arbitrary: fc.tuple(scheme, anyText).map((parts) => parts.join("")) },
    { weight: 1, arbitrary: fc.constant(null) },
  );

  /** RFC 6750 sections 2.1 and 3.1, and our own bound. */
  function judge(authorization: string): string {
    const [scheme = "", ...rest] = authorization.split(" ");
    const token = rest.join(" ");
    if (/^bearer\s?$/i.test(authorization)) return "invalid_request";
    if (scheme.toLowerCase() !== "bearer") return "missing_token";
    if (token.length > 8_192) return "invalid_token";
    if (!/^[A-Za-z0-9._~+/-]+=*$/.test(token)) return "invalid_request";
    return token === good ? "good" : "invalid_token";
  }

  it("is decided about, gets a fitting answer, and is not repeated in it", async () => {
    const verifier = createIssuersVerifier();
    await fc.assert(
      fc.asyncProperty(header, async (authorization) => {
        const outcome = await decide(verifier, authorization);
        expect(outcome.type === "authorized" ? "good" : outcome.error.code).toBe(judge(authorization ?? ""));
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("a token of any three parts", () => {
  const header = toAnyBytes(
    fc.oneof(
      { weight: 4, arbitrary: changedObjectText({ alg: "RS256", kid: "rsa-1" }, NEAR_HEADER) },
      { weight: 1, arbitrary: changedObjectText({ alg: "RS256", typ: "JWT" }, NEAR_HEADER) },
      { weight: 1, arbitrary: jsonText },
    ),
  );
  const claims = { ...CLAIMS, scope: "openid notes:read", jti: "j1", "urn:example:tenant": { deep: [{}] } };
  const payload = toAnyBytes(
    fc.oneof(
      { weight: 6, arbitrary: changedObjectText(claims, NEAR_CLAIMS) },
      { weight: 1, arbitrary: jsonText },
    ),
  );
  const signer = fc.oneof(
    { weight: 8, arbitrary: fc.constant(issuer) },
    { weight: 1, arbitrary: fc.constant(stranger) },
  );
  const signed = fc
    .tuple(header, payload, signer)
    .map(([head, body, pair]) => signParts(head, body, "RS256", pair));
  const damage = rarely(
    fc.record({
      at: fc.nat(1_200),
      cut: fc.nat(3),
      put: fc.oneof(fc.base64String({ maxLength: 4 }), fc.constantFrom("=", ".", " ", "é", "-", "_", "")),
    }),
  );
  const token = fc
    .tuple(signed, damage)
    .map(([jws, wound]: [Jws, { at: number; cut: number; put: string } | null]) => {
      const whole = write(jws);
      return wound === null
        ? whole
        : whole.slice(0, wound.at) + wound.put + whole.slice(wound.at + wound.cut);
    });

  it("is let in exactly where each of its members is right", async () => {
    const verifier = createIssuersVerifier();
    const head = '{"alg":"RS256"}';
    const body = JSON.stringify(claims);
    const near = [
      ...Object.entries(NEAR_HEADER).flatMap(([name, values]) =>
        values.map((value) => [addMember(head, name, value), body] as const),
      ),
      ...Object.entries(NEAR_CLAIMS).flatMap(([name, values]) =>
        values.map((value) => [head, addMember(body, name, value)] as const),
      ),
    ];
    for (const [one, other] of near) {
      const token = write(signParts(one, other, "RS256", issuer));
      const outcome = await decide(verifier, `Bearer ${token}`);
      expect([one, other, outcome.type]).toEqual([one, other, isGood(token) ? "authorized" : "challenge"]);
    }
  });

  it("is let in exactly where it is good, and its claims are what it says", async () => {
    const verifiers = [
      createIssuersVerifier(),
      createTestVerifier({ fetch: async () => Response.json(JWKS), signatures: nodeSignatures }),
    ];
    let letIn = 0;
    await fc.assert(
      fc.asyncProperty(token, fc.nat(1), async (one, which) => {
        const outcome = await decide(verifiers[which] as Verifier, `Bearer ${one}`);
        expect(outcome.type).toBe(isGood(one) ? "authorized" : "challenge");
        if (outcome.type !== "authorized") return;
        letIn += 1;
        const { accessToken } = outcome;
        const said = parseObject(Buffer.from(one.split(".")[1] ?? "", "base64url"));
        expect(accessToken.subject).toBe(said?.get("sub"));
        expect(accessToken.expiresAt).toBe(said?.get("exp"));
        expect(accessToken.tokenId).toBe(
          text(said?.get("jti")) === "" ? accessToken.tokenId : said?.get("jti"),
        );
        expect(Object.keys(accessToken.claims as object)).toEqual([...(said?.keys() ?? [])]);
      }),
      { numRuns: 1_000 },
    );
    // Some tenth of them should be good, or the rest says little.
    expect(letIn).toBeGreaterThan(50);
  });

  it("is let in to a route with scopes exactly where it is good and has them", async () => {
    const fetch = async () => Response.json(JWKS);
    const resourceMetadataUrl = "https://api.example.com/.well-known/oauth-protected-resource";
    const verifiers = [createTestVerifier({ fetch }), createTestVerifier({ fetch, resourceMetadataUrl })];
    const needed = fc.subarray(["openid", "notes:read", "notes:write", "admin"]);
    const one = fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom("openid", "notes:read", "notes:write", "notes", "admin ", "") },
      { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 8 }) },
      {
        weight: 1,
        arbitrary: fc.constantFrom('"', "\\", "a\r\nb", 'x", error="none', "openid,admin", "\ud800"),
      },
    );
    await fc.assert(
      fc.asyncProperty(needed, fc.array(one), fc.nat(1), async (scopes, granted, which) => {
        const body = JSON.stringify({ ...CLAIMS, scope: granted.join(" ") });
        const token = write(signParts('{"alg":"RS256"}', body, "RS256", issuer));
        const outcome = await decide(verifiers[which] as Verifier, `Bearer ${token}`, { scopes });
        const has = new Set(granted.join(" ").split(" "));
        expect(outcome.type).toBe(scopes.every((scope) => has.has(scope)) ? "authorized" : "challenge");
        if (outcome.type !== "challenge") return;
        expect(outcome.error.code).toBe("insufficient_scope");
        // One value between quotes, and no more of them than there should be.
        expect(outcome.challenge.match(/"/g)).toHaveLength(which === 0 ? 6 : 8);
      }),
      { numRuns: 300 },
    );
  });

  it("is verified to be no token where it is no text", async () => {
    const verifier = createIssuersVerifier();
    const value = fc.anything({
      withBigInt: true,
      withNullPrototype: true,

      withTypedArray: true,
    });
    await fc.assert(
      fc.asyncProperty(value, async (one) => {
        const error: unknown = await verifier.verify(one as string).then(
          () => undefined,
          (reason) => reason,
        );
        expect(isConnectError(error, "invalid_token")).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe("a key set of any body", () => {
  const key = fc
    .oneof(
      fc.constantFrom<unknown>(
        RSA_JWK,
        RSA_JWK,
        EC_JWK,
        WEAK_JWK,
        null,
        5,
        "rsa-1",
        [],
        {},
        toJwk(stranger, "rsa-1"),
      ),
      fc
        .tuple(
          fc.constantFrom(RSA_JWK, EC_JWK),
          fc.dictionary(
            fc.constantFrom("kty", "kid", "use", "alg", "n", "e", "x", "key_ops", "d", "ext"),
            fc.jsonValue(),
            {
              maxKeys: 2,
            },
          ),
        )
        .map(([jwk, changes]) => ({ ...jwk, ...changes })),
    )
    .map((one) => JSON.stringify(one));
  const deep = fc
    .tuple(fc.constantFrom("x", "n", "kid", "x5c", "__proto__"), fc.constantFrom(10, 1_000, 20_000, 100_000))
    .map(
      ([name, depth]) =>
        `{"kty":"EC","crv":"P-256",${JSON.stringify(name)}:${"[".repeat(depth)}${"]".repeat(depth)}}`,
    );
  const list = fc.oneof(
    { weight: 6, arbitrary: fc.array(fc.oneof({ weight: 6, arbitrary: key }, jsonText), { maxLength: 6 }) },
    { weight: 1, arbitrary: fc.array(deep, { minLength: 1, maxLength: 2 }) },
    { weight: 1, arbitrary: fc.tuple(key, fc.nat(70)).map(([one, times]) => Array<string>(times).fill(one)) },
  );
  const body = fc.oneof(
    { weight: 8, arbitrary: list.map((keys) => `{"keys":[${keys.join(",")}]}`) },
    { weight: 1, arbitrary: jsonText },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }) },
    { weight: 1, arbitrary: jsonText.map((value) => `{"keys":${value}}`) },
  );

  /** Whether the issuer's key is in there, unmistakably: the only excuse for letting its token in. */
  function holdsIssuersKey(bytes: string | Uint8Array): boolean {
    const said = typeof bytes === "string" ? bytes : Buffer.from(bytes).toString();
    return said.includes(String(RSA_JWK.n));
  }

  it("never breaks the verifier, now or in the background, and lets nobody in without the issuer's key", async () => {
    const token = write(
      signParts(
        '{"alg":"RS256","kid":"rsa-1"}',
        JSON.stringify({ ...CLAIMS, exp: NOW + 9_999 }),
        "RS256",
        issuer,
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(body, { minLength: 3, maxLength: 3 }), async (bodies) => {
        let now = NOW;
        const served: (string | Uint8Array)[] = [];
        const verifier = createTestVerifier({
          clock: () => now * 1_000,
          cacheSize: 0,
          fetch: async () => {
            const next = bodies[Math.min(served.length, bodies.length - 1)] ?? "";
            served.push(next);
            return new Response(Buffer.from(next));
          },
        });
        for (const minutes of [0, 9, 2, 80]) {
          now += minutes * 60;
          const outcome = await decide(verifier, `Bearer ${token}`);
          if (outcome.type === "authorized") expect(served.some(holdsIssuersKey)).toBe(true);
          await turn();
        }
        expect(served.length).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
  });

  it("is found out to be none where the endpoint gives no set at all", async () => {
    const answer = fc.oneof(
      fc.integer({ min: 200, max: 599 }).map((status) => {
        const empty = [204, 205, 304].includes(status);
        return () => new Response(empty ? null : JSON.stringify(status === 200 ? {} : JWKS), { status });
      }),
      fc.anything().map((value) => () => {
        throw value;
      }),
      fc.anything().map((value) => () => value as Response),
      fc.constant(() => ({ status: 200, body: { getReader: () => ({}) } }) as unknown as Response),
      fc.constant(
        () => new Response(new ReadableStream({ start: (controller) => controller.error("broken") })),
      ),
    );
    await fc.assert(
      fc.asyncProperty(answer, fc.boolean(), async (give, isAsynchronous) => {
        const fetch: Fetch = isAsynchronous
          ? async () => give()
          : () => give() as unknown as Promise<Response>;
        const outcome = await decide(createIssuersVerifier(fetch), `Bearer ${good}`);
        expect(outcome).toMatchObject({ type: "unavailable", error: { code: "jwks_unavailable" } });
      }),
      { numRuns: 300 },
    );
  });

  it("does not serve without end where a cache has lost its age", async () => {
    const age = fc.oneof(
      fc.constantFrom(undefined, null, Number.NaN, "x", {}, Number.POSITIVE_INFINITY),
      fc.string(),
    );
    await fc.assert(
      fc.asyncProperty(age, async (uat) => {
        const keysCache = { read: () => ({ jwks: JWKS, uat }) as never, write: () => {} };
        const fetch = async () => new Response(null, { status: 503 });
        const outcome = await decide(createTestVerifier({ fetch, keysCache }), `Bearer ${good}`);
        expect(outcome.type).toBe("unavailable");
      }),
    );
  });
});

describe("what a header costs", () => {
  /** A verifier whose work is counted, beyond comparing lengths and characters. */
  function setUp() {
    const parse = vi.spyOn(JSON, "parse");
    const decoding = vi.spyOn(TextDecoder.prototype, "decode");
    const fetch = vi.fn(async () => Response.json(JWKS));
    const check = vi.fn(() => true);
    const verifier = createTestVerifier({ fetch, signatures: { importKey: () => ({}), verify: check } });
    /** What was done meanwhile, and the error's reason. Nothing is printed before it is counted: that reads source maps. */
    async function spend(run: () => Promise<unknown>) {
      for (const work of [parse, decoding, fetch, check]) work.mockClear();
      const result = (await run()) as Partial<TokenOutcome & { reason: string }>;
      const read = parse.mock.calls.map(([said]) => said.length);
      const calls = [decoding, fetch, check].map((work) => work.mock.calls.length);
      const [decoded = 0, fetched = 0, checked = 0] = calls;
      const error = "error" in result ? result.error : result;
      return { reason: (error as { reason?: string }).reason, read, decoded, fetched, checked };
    }
    const authorize = (authorization: string) => {
      const headers = { get: () => authorization };
      return spend(() => verifier.authorize({ method: "GET", url: "/", headers }));
    };
    const verify = (token: string) => spend(() => verifier.verify(token).catch((reason: unknown) => reason));
    return { authorize, verify };
  }

  const NOTHING = { read: [], decoded: 0, fetched: 0, checked: 0 };

  it("is told by its length alone where that is too long, whatever is in it", async () => {
    const { authorize, verify } = setUp();
    const content = fc.oneof(
      fc.constantFrom("a", ".", "=", "a=", " ", ",", "é", "\u0000", "a.a.", "eyJ", `${good}.`, `${good},`),
      fc.string({ unit: "binary", minLength: 1, maxLength: 30 }),
    );
    const [header, , signature] = good.split(".");
    await fc.assert(
      fc.asyncProperty(content, fc.integer({ min: 8_193, max: 32_768 }), async (one, length) => {
        const token = one.repeat(Math.ceil(length / one.length)).slice(0, length);
        for (const scheme of ["Bearer ", "bearer "]) {
          expect(await authorize(scheme + token)).toEqual({ reason: "too_long", ...NOTHING });
        }
        expect(await authorize(`Basic ${token}`)).toEqual({ reason: undefined, ...NOTHING });
        // In whatever form: also where all of it could be decoded.
        const filler = "A".repeat(length - (length % 4));
        for (const long of [token, `${header}.${filler}.${signature}`, `${filler}.${filler}.${filler}`]) {
          expect(await verify(long)).toEqual({ reason: "malformed", ...NOTHING });
        }
      }),
      { numRuns: 60 },
    );
  });

  it("is two readings of no more than itself, and one look at the signature, where it is not", async () => {
    const { authorize } = setUp();
    const header = changedObjectText({ alg: "RS256", kid: "rsa-1" }, NEAR_HEADER);
    const payload = fc.oneof(
      changedObjectText(CLAIMS, NEAR_CLAIMS),
      fc.nat(7_000).map((length) => "[".repeat(length)),
    );
    // So that the keys are there, and a search for one that isn't is over.
    const lost = signParts('{"alg":"RS256","kid":"lost"}', JSON.stringify(CLAIMS), "RS256", issuer);
    for (const token of [good, write(lost)]) await authorize(`Bearer ${token}`);
    await fc.assert(
      fc.asyncProperty(header, payload, fc.nat(256), async (head, body, length) => {
        const signature = encodeBytes(Buffer.alloc(length, 7));
        const token = `${encodeBytes(head)}.${encodeBytes(body)}.${signature}`;
        const { read, decoded, fetched, checked } = await authorize(`Bearer ${token}`);
        expect(read.length).toBeLessThanOrEqual(2);
        expect(read.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(token.length);
        expect(decoded).toBeLessThanOrEqual(2);
        expect(fetched).toBe(0);
        expect(checked).toBeLessThanOrEqual(1);
      }),
      { numRuns: 300 },
    );
  });
});
