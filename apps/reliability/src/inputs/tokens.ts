import { randomBytes } from "node:crypto";
import { crowd } from "../crowd.js";
import type { Random } from "../random.js";
import {
  AUDIENCE,
  createKey,
  encode,
  goodClaims,
  mint,
  type SigningKey,
  signConfused,
  signTexts,
} from "../tokens.js";
import { mangle } from "./mangle.js";
import { isGoodToken } from "./strict.js";
import { AT_ONCE, type Target } from "./target.js";

type Claims = Readonly<Record<string, unknown>>;

/** What tokens are made of. */
interface Material {
  readonly random: Random;
  readonly key: SigningKey;
  readonly impostor: SigningKey;
  readonly claims: Claims;
}

/** A way for a token to be bad, by the name it has in the report. */
type Forge = (material: Material) => string;

/** Sends so many bad tokens, and a good one between every ten. */
export async function tryTokens(count: number, target: Target): Promise<void> {
  const { plain, authkit, secrets, tally } = target;
  const impostor = await createKey(authkit.key.kid);
  const kinds = Object.keys(FORGERIES);
  await crowd(count, AT_ONCE, async (index) => {
    const random = target.random.branch(index);
    const claims = goodClaims(authkit.url);
    secrets.add("token's user", String(claims.sub));
    secrets.add("token's id", String(claims.jti));
    const material = { random, key: authkit.key, impostor, claims };
    const kind = index % 10 === 0 ? undefined : kinds[index % kinds.length];
    const token = kind === undefined ? mint(authkit.key, claims) : (FORGERIES[kind]?.(material) ?? "");
    // What is made of a few characters is no secret, and would be found anywhere.
    if (/[\w-]{16}$/.test(token) && new Set(token.slice(-16)).size > 6) secrets.add("token", token);
    const answer = await plain.send({
      target: "/api/me",
      headers: { authorization: `Bearer ${token}` },
      allowed: ({ status }) => (status === 200 ? [String(claims.sub)] : []),
    });
    const isAccepted = answer?.status === 200;
    if (kind === undefined) tally.control(isAccepted && answer.body.includes(String(claims.sub)));
    else {
      const isWrong = isAccepted && !(await isGoodToken(token, authkit.url, authkit.key));
      tally.bad(`tokens: ${kind}`, isWrong);
    }
  });
}

const FORGERIES: Readonly<Record<string, Forge>> = {
  "changed anywhere": ({ random, key, claims }) => {
    let token = mint(key, claims);
    for (let times = random.between(1, 3); times > 0; times--) token = mangle(random, token) || "x";
    // What no header can hold is not sent.
    return token.replace(/[^\x21-\x7e]/g, "") || "x";
  },
  "another signature": ({ random, key, impostor, claims }) => {
    const token = mint(key, claims);
    const start = token.slice(0, token.lastIndexOf(".") + 1);
    return random.pick([
      mint(impostor, claims),
      start + encode(randomBytes(256)),
      start + encode(Buffer.alloc(256)),
      start + encode(randomBytes(random.pick([1, 64, 255, 257, 512]))),
      `${start}A`,
      start,
      start.slice(0, -1),
    ]);
  },
  "another part's signature": ({ random, key, claims }) => {
    const [header, payload, signature] = mint(key, claims).split(".");
    const other = mint(key, { ...claims, sub: "user_somebody_else" }).split(".");
    return random
      .pick([
        [header, other[1], signature],
        [encode(JSON.stringify({ alg: "RS256", kid: key.kid, typ: "JWT" })), payload, signature],
        [header, payload, other[2]],
      ])
      .join(".");
  },
  "header members": ({ random, key, impostor, claims }) => {
    const from = (signer: SigningKey, header: object) => mint(signer, claims, header as Claims);
    return random.pick([
      () => from(key, { crit: ["exp"], exp: 1 }),
      () => from(key, { crit: [] }),
      () => from(key, { b64: false, crit: ["b64"] }),
      () => from(key, { typ: random.pick(["logout+jwt", "dpop+jwt", "id+jwt", 7, null, ""]) }),
      () =>
        from(key, {
          kid: random.pick(["", 7, null, "other", "k".repeat(1_000), ["a"], "../../key", "' or 1=1"]),
        }),
      () => from(key, { cty: "JWT", zip: "DEF", enc: "A256GCM", alg: "dir" }),
      () => from(impostor, { jwk: impostor.jwk }),
      () => from(impostor, { jwk: impostor.jwk, kid: undefined }),
      () => from(impostor, { jku: "http://127.0.0.1:9/jwks", x5u: "http://127.0.0.1:9/x5u" }),
      () => from(impostor, { x5c: [encode("certificate")] }),
    ])();
  },
  algorithms: ({ random, key, impostor, claims }) => {
    const alg = random.pick([
      "none",
      "None",
      "NONE",
      "HS256",
      "HS512",
      "RS384",
      "RS512",
      "PS256",
      "ES256",
      "EdDSA",
      "RS1",
      "rs256",
      "",
      null,
      7,
      ["RS256"],
    ]);
    const header = JSON.stringify({ alg, kid: key.kid });
    const payload = JSON.stringify(claims);
    return random.pick([
      () => `${encode(header)}.${encode(payload)}.`,
      () => signTexts(key, header, payload),
      () => signTexts(key, header, payload, random.pick(["sha384", "sha512", "sha1"])),
      () => signTexts(impostor, header, payload),
      () => signConfused(key, header, payload),
      () => signConfused(key, JSON.stringify({ alg: "HS256", kid: key.kid }), payload),
    ])();
  },
  "claims, well signed": ({ random, key, claims }) => {
    const now = Math.floor(Date.now() / 1_000);
    const iss = String(claims.iss);
    const changes: Claims = random.pick<() => Claims>([
      () => ({
        iss: random.pick([
          `${iss}/`,
          iss.toUpperCase(),
          "https://evil.example",
          "",
          null,
          7,
          [iss],
          undefined,
        ]),
      }),
      () => ({
        aud: random.pick<unknown>([
          `${AUDIENCE}/`,
          AUDIENCE.slice(0, -1),
          AUDIENCE.toUpperCase(),
          "https://other.example.com",
          "client_01",
          "",
          [],
          [[AUDIENCE]],
          [AUDIENCE, 7],
          [`${AUDIENCE}/`],
          { 0: AUDIENCE },
          null,
          undefined,
        ]),
      }),
      () => ({
        exp: random.pick<unknown>([
          now - 6,
          now - 3_600,
          0,
          -1,
          String(now + 300),
          null,
          [now + 300],
          true,
          undefined,
        ]),
      }),
      () => ({ iat: random.pick<unknown>([String(now), null, [now], true, undefined]) }),
      () => ({ nbf: random.pick<unknown>([now + 60, String(now), null, [now], {}]) }),
      () => ({ sub: random.pick<unknown>(["", 7, null, [], { id: 1 }, undefined]) }),
      () => ({ nonce: "n", ...(random.chance(0.5) ? { at_hash: "h" } : {}) }),
      () => ({ c_hash: "h" }),
      () => ({ at_hash: null }),
    ])();
    return mint(key, { ...claims, ...changes });
  },
  "JSON, well signed": ({ random, key, claims }) => {
    const header = JSON.stringify({ alg: "RS256", kid: key.kid });
    const text = JSON.stringify(claims);
    const rest = text.slice(1);
    const without = (name: string) => JSON.stringify({ ...claims, [name]: undefined }).slice(1);
    return random.pick([
      () => signTexts(key, header, `{${rest.slice(0, -1)},"exp":1}`),
      () => signTexts(key, header, `{${rest.slice(0, -1)},"aud":"https://other.example.com"}`),
      () => signTexts(key, header, `{${rest.slice(0, -1)},"\\u0069ss":"https://evil.example"}`),
      () => signTexts(key, header, `{"exp":1e400,${without("exp")}`),
      () => signTexts(key, header, `{"nbf":1e400,${rest}`),
      () => signTexts(key, header, `{"__proto__":${text}}`),
      () => signTexts(key, header, `[${text}]`),
      () =>
        signTexts(
          key,
          header,
          random.pick(["null", "7", '"text"', "", "{", `${text}}`, `${text} {}`, text.slice(0, -1)]),
        ),
      () =>
        signTexts(key, header, `{"deep":${"[".repeat(2_000)}${"]".repeat(2_000)},"exp":1,${without("exp")}`),
      () => signTexts(key, `{"alg":"RS256","alg":"none","kid":"${key.kid}"}`, text),
      () => signTexts(key, `{"alg":"none","\\u0061lg":"HS256","kid":"${key.kid}"}`, text),
      () => signTexts(key, random.pick(["null", "[]", "7", "{", ""]), text),
    ])();
  },
  "bytes, well signed": ({ random, key, claims }) => {
    const token = mint(key, claims);
    const [header = "", payload = "", signature = ""] = token.split(".");
    const text = Buffer.from(JSON.stringify(claims));
    const binary = (bytes: Buffer) =>
      signTexts(key, JSON.stringify({ alg: "RS256", kid: key.kid }), bytes.toString("latin1"));
    return random.pick([
      () => `${header}.${payload}.${signature}=`,
      () => `${header}=.${payload}.${signature}`,
      () => `${header}.${payload}==.${signature}`,
      () => `${header}.${payload}.${signature.replaceAll("-", "+").replaceAll("_", "/")}`,
      () => `${header}.${payload}.${signature}.${signature}`,
      () => `.${header}.${payload}.${signature}`,
      () => `${header}..${payload}.${signature}`,
      () => `${header},${payload},${signature}`,
      () => `${header}.${payload}.AA${signature}`,
      () => `${header}.${payload}.${signature.slice(0, -1)}${random.pick([..."BCDEFGHIJ"])}`,
      () => binary(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf, 0xff]), text])),
      () =>
        binary(
          Buffer.concat([
            text.subarray(0, -1),
            Buffer.from(',"x":"\u00ff\u00fe"}', "latin1"),
            Buffer.from("}"),
          ]),
        ),
    ])();
  },
  sizes: ({ random, key, claims }) =>
    random.pick([
      () => mint(key, { ...claims, more: "x".repeat(random.between(8_200, 10_500)) }),
      () => mint(key, claims, { more: "x".repeat(8_200) }),
      () => "A".repeat(random.between(1, 15_000)),
      () => ".".repeat(random.between(1, 15_000)),
      () => "A.".repeat(random.between(1, 7_000)),
      () => `${mint(key, claims)}${"A".repeat(8_000)}`,
      () => "a",
    ])(),
};
