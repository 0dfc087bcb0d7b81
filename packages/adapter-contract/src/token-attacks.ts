import { AUDIENCE } from "./application.js";
import { encode, type TokenForge } from "./token-forge.js";
import type { WrittenRequest } from "./written-request.js";

/** A request without a good token where one should be. */
export interface TokenAttack {
  readonly what: string;
  /**
   * What all adapters answer. `first`: where the framework tells its handlers of the first of several headers only.
   * `node`: Node answers before any adapter is asked. `refused`: not every framework lets it come as far as an adapter;
   * what matters is that nobody is let in.
   */
  readonly status:
    | number
    | { readonly joined: number; readonly first: number }
    | { readonly node: number }
    | "refused";
  readonly write: (forge: TokenForge) => WrittenRequest | Promise<WrittenRequest>;
}

type Make = (forge: TokenForge) => string | Promise<string>;

/** A token where it belongs. */
function token(what: string, make: Make, status: TokenAttack["status"] = 401): TokenAttack {
  return {
    what,
    status,
    write: async (forge) => ({ headers: [`Authorization: Bearer ${await make(forge)}`] }),
  };
}

/** A good token written in another way, or to another place. */
function written(
  what: string,
  status: TokenAttack["status"],
  write: (good: string, forge: TokenForge) => WrittenRequest,
): TokenAttack {
  return { what, status, write: (forge) => write(forge.good, forge) };
}

function lines(...headers: string[]): WrittenRequest {
  return { headers };
}

/** The issuer's signature over a header with these members more, or fewer. */
const headerWith = (what: string, changes: object) =>
  token(`header ${what}`, ({ header, claims, issue }) => issue({ ...header, ...changes }, claims));

const claimsWith = (what: string, changes: object | ((forge: TokenForge) => object)) =>
  token(`claims ${what}`, (forge) => {
    const { header, claims, issue } = forge;
    return issue(header, { ...claims, ...(typeof changes === "function" ? changes(forge) : changes) });
  });

const unsigned = (alg: unknown, signature = "") =>
  token(`alg ${JSON.stringify(alg)}${signature && `, signed ${signature}`}`, ({ header, claims }) =>
    [encode(JSON.stringify({ ...header, alg })), encode(JSON.stringify(claims)), signature].join("."),
  );

const pem = ({ publicKey }: TokenForge) => String(publicKey.export({ type: "spki", format: "pem" }));

/** HMAC algorithms, and what everybody knows of the issuer's key for their secret. */
const SECRETS: readonly (readonly [what: string, secret: (forge: TokenForge) => string | Buffer])[] = [
  ["the PEM", pem],
  ["the PEM without its last line break", (forge) => pem(forge).trimEnd()],
  ["the PEM of PKCS#1", ({ publicKey }) => String(publicKey.export({ type: "pkcs1", format: "pem" }))],
  ["the DER", ({ publicKey }) => publicKey.export({ type: "spki", format: "der" })],
  ["the JWK", ({ publicKey }) => JSON.stringify(publicKey.export({ format: "jwk" }))],
  ["the modulus", ({ publicKey }) => String(publicKey.export({ format: "jwk" }).n)],
  ["nothing", () => ""],
];

const NESTED = `${"[".repeat(1_500)}${"]".repeat(1_500)}`;

const ALGORITHMS: readonly TokenAttack[] = [
  ...["none", "None", "NONE", "nOnE", "none ", ""].map((alg) => unsigned(alg)),
  ...["none", null, ["none"], undefined].map((alg) => unsigned(alg, "AA")),
  token("alg none over the issuer's signature", ({ header, claims, issue }) =>
    issue({ ...header, alg: "none" }, claims),
  ),
  ...SECRETS.map(([what, secret]) =>
    token(`HS256 with ${what}`, (forge) => forge.hmac({ ...forge.header, alg: "HS256" }, secret(forge))),
  ),
  token("HS512 with the PEM", (forge) => forge.hmac({ ...forge.header, alg: "HS512" }, pem(forge), "sha512")),
  token("RS256 by name, HMAC by signature", (forge) => forge.hmac(forge.header, pem(forge))),
  ...["rs256", "RS256 ", "RS384", "PS256", "ES256", "EdDSA", "constructor", "__proto__"].map((alg) =>
    headerWith(`alg ${JSON.stringify(alg)}`, { alg }),
  ),
  token("ES256 with a signature of zeros", ({ header, claims }) =>
    [{ ...header, alg: "ES256" }, claims]
      .map((part) => encode(JSON.stringify(part)))
      .concat(encode(Buffer.alloc(64)))
      .join("."),
  ),
  token(
    "a signature of zeros",
    ({ good }) => `${good.slice(0, good.lastIndexOf("."))}.${encode(Buffer.alloc(256))}`,
  ),
];

const HEADERS: readonly TokenAttack[] = [
  headerWith("crit of a known claim", { crit: ["exp"], exp: 1 }),
  headerWith("crit of nothing", { crit: [] }),
  headerWith("crit null", { crit: null }),
  headerWith("b64 false", { b64: false, crit: ["b64"] }),
  headerWith("b64 false, not critical", { b64: false }),
  headerWith("zip, critical", { zip: "DEF", crit: ["zip"] }),
  ...["logout+jwt", "id+jwt", "dpop+jwt", "secevent+jwt", "JWE", "at+jwt ", "", 5, ["JWT"]].map((typ) =>
    headerWith(`typ ${JSON.stringify(typ)}`, { typ }),
  ),
  ...[
    ...[
      "../contract",
      "../../../../dev/null",
      "/dev/null",
      "__proto__",
      "constructor",
      "toString",
      "CONTRACT",
      "",
    ],
    ...[
      "contract' OR '1'='1",
      "contract\0",
      "contract\r\nx: y",
      "contract/../contract",
      "http://127.0.0.1/",
      "k".repeat(2_048),
    ],
    ...[5, 0, true, null, ["contract"], { contract: 1 }, { toString: "contract" }],
  ].map((kid) => headerWith(`kid ${JSON.stringify(kid).slice(0, 40)}`, { kid })),
  token("a stranger's signature", ({ header, claims, forge }) => forge(header, claims)),
  ...["jwk", "jku", "x5u", "x5c", "x5t"].flatMap((name) =>
    [true, false].map((names) =>
      token(`the stranger's key as ${name}, ${names ? "by the issuer's kid" : "without a kid"}`, (forge) => {
        const { strangersJwk, strangersUrl } = forge;
        const value = {
          jwk: strangersJwk,
          jku: strangersUrl,
          x5u: strangersUrl,
          x5c: [strangersJwk.n],
          x5t: "AA",
        }[name];
        const { kid, ...header } = forge.header;
        return forge.forge({ ...header, ...(names && { kid }), [name]: value }, forge.claims);
      }),
    ),
  ),
  token("alg twice, the bad one last", ({ claims, issue }) =>
    issue('{"alg":"RS256","kid":"contract","alg":"none"}', claims),
  ),
  token("alg twice, the bad one first, by a stranger", ({ claims, forge }) =>
    forge('{"alg":"none","alg":"RS256","kid":"contract"}', claims),
  ),
  token("kid twice, the bad one last", ({ claims, issue }) =>
    issue('{"alg":"RS256","kid":"contract","kid":"x"}', claims),
  ),
  token("all of the header in __proto__", ({ claims, issue }) =>
    issue('{"__proto__":{"alg":"RS256","kid":"contract"}}', claims),
  ),
  token("a header that is a list", ({ claims, issue }) => issue('[{"alg":"RS256"}]', claims)),
  token("a header that is no JSON", ({ claims, issue }) => issue("{'alg':'RS256'}", claims)),
  token("a header that is nested without end", ({ claims, forge }) =>
    forge(`{"alg":"RS256","x":${NESTED}}`, claims),
  ),
  token("a header that never ends", ({ claims, issue }) =>
    issue(`{"alg":"RS256","x":${"[".repeat(3_000)}`, claims),
  ),
];

const PAST = 1_700_000_000;
const FUTURE = 4_000_000_000;

/** Claims that the issuer signed, and that open something else or nothing. */
const CLAIMS: readonly TokenAttack[] = [
  claimsWith("exp past", { exp: PAST }),
  claimsWith("exp zero", { exp: 0 }),
  claimsWith("exp missing", { exp: undefined }),
  claimsWith("exp null", { exp: null }),
  claimsWith("exp a text", { exp: String(FUTURE) }),
  claimsWith("exp a list", { exp: [FUTURE] }),
  claimsWith("nbf in the future", { nbf: FUTURE }),
  claimsWith("nbf a text", { nbf: String(PAST) }),
  claimsWith("iat missing", { iat: undefined }),
  claimsWith("iat a text", { iat: String(PAST) }),
  claimsWith("iss with a slash at its end", ({ issuer }) => ({ iss: `${issuer}/` })),
  claimsWith("iss in upper case", ({ issuer }) => ({ iss: issuer.toUpperCase() })),
  claimsWith("iss with a port more", ({ issuer }) => ({ iss: `${issuer}0` })),
  claimsWith("iss a list", ({ issuer }) => ({ iss: [issuer] })),
  claimsWith("iss missing", { iss: undefined }),
  claimsWith("aud with a slash at its end", { aud: `${AUDIENCE}/` }),
  claimsWith("aud in upper case", { aud: AUDIENCE.toUpperCase() }),
  claimsWith("aud that begins alike", { aud: `${AUDIENCE}.evil.example` }),
  claimsWith("aud the client's", { aud: "client_local" }),
  claimsWith("aud two of others", { aud: ["https://other.example", `${AUDIENCE}/x`] }),
  claimsWith("aud ours and a number", { aud: [AUDIENCE, 5] }),
  claimsWith("aud a list in a list", { aud: [[AUDIENCE]] }),
  claimsWith("aud an object", { aud: { [AUDIENCE]: true, length: 1, 0: AUDIENCE } }),
  claimsWith("aud an empty list", { aud: [] }),
  claimsWith("aud missing", { aud: undefined }),
  claimsWith("sub missing", { sub: undefined }),
  claimsWith("sub empty", { sub: "" }),
  claimsWith("sub a number", { sub: 5 }),
  claimsWith("scope a list", { scope: ["openid", "notes:read"] }),
  claimsWith("of an ID token, by nonce", { nonce: "n" }),
  claimsWith("of an ID token, by at_hash", { at_hash: "h" }),
  claimsWith("of an ID token, by c_hash", { c_hash: "h" }),
  token("all claims in __proto__", ({ header, claims, issue }) =>
    issue(header, `{"__proto__":${JSON.stringify(claims)}}`),
  ),
  token("all claims in the constructor's prototype", ({ header, claims, issue }) =>
    issue(header, { constructor: { prototype: claims } }),
  ),
  token("exp twice, the bad one last", ({ header, claims, issue }) =>
    issue(header, JSON.stringify(claims).replace(/}$/, `,"exp":${PAST}}`)),
  ),
  token("aud twice, the bad one last", ({ header, claims, issue }) =>
    issue(header, JSON.stringify(claims).replace(/}$/, ',"aud":"https://other.example"}')),
  ),
  token("exp a number beyond all numbers", ({ header, claims, issue }) =>
    issue(header, JSON.stringify({ ...claims, exp: undefined }).replace(/}$/, ',"exp":1e400}')),
  ),
  token("claims that are a list", ({ header, claims, issue }) => issue(header, [claims])),
  token("claims that are a text", ({ header, claims, issue }) =>
    issue(header, JSON.stringify(JSON.stringify(claims))),
  ),
  token("claims that are null", ({ header, issue }) => issue(header, "null")),
  token("claims that are no JSON", ({ header, issue }) => issue(header, "sub=user_ada")),
  token("claims that are nested without end", ({ header, claims, forge }) =>
    forge(header, JSON.stringify(claims).replace(/}$/, `,"x":${NESTED}}`)),
  ),
  token("claims that never end", ({ header, issue }) => issue(header, "[".repeat(4_000))),
  token("other claims under a good signature", ({ good, claims }) => {
    const [header, , signature] = good.split(".");
    return `${header}.${encode(JSON.stringify({ ...claims, sub: "user_eve" }))}.${signature}`;
  }),
];

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** What looks like a token, or is a good one in another spelling. */
const FORMS: readonly TokenAttack[] = [
  token("a good token padded", ({ good }) => `${good}==`),
  token(
    "a good token with spare bits",
    ({ good }) => good.slice(0, -1) + ALPHABET[ALPHABET.indexOf(good.slice(-1)) + 1],
  ),
  token("a good token's header padded", ({ good }) => good.replace(".", "=."), 400),
  token("a good token in plain base64", async ({ header, claims, issue }) => {
    let plain: string;
    do {
      plain = (await issue(header, { ...claims, jti: crypto.randomUUID() }))
        .replaceAll("-", "+")
        .replaceAll("_", "/");
    } while (!/[+/]/.test(plain));
    return plain;
  }),
  token("a good token and a dot", ({ good }) => `${good}.`),
  token("a dot and a good token", ({ good }) => `.${good}`),
  token("a good token with a part more", ({ good }) => `${good}.AAAA`),
  token("a good token without its signature", ({ good }) => good.slice(0, good.lastIndexOf("."))),
  token("a good token without its claims", ({ good }) => good.replace(/\..*\./, "..")),
  token("a good token in quotes", ({ good }) => `"${good}"`, 400),
  token("a good token percent-encoded", ({ good }) => good.replaceAll(".", "%2E"), 400),
  token("a good token encoded once more", ({ good }) => encode(good)),
  token("JWE in five parts", ({ claims }) =>
    [
      encode('{"alg":"RSA-OAEP","enc":"A256GCM"}'),
      "AAAA",
      "AAAA",
      encode(JSON.stringify(claims)),
      "AAAA",
    ].join("."),
  ),
  token(
    "JWE in five parts, by the direct key",
    ({ good }) => `${encode('{"alg":"dir","enc":"A128GCM"}')}..${good}`,
  ),
  token(
    "JWS in flattened JSON",
    ({ good }) => {
      const [header, payload, signature] = good.split(".");
      return JSON.stringify({ protected: header, payload, signature });
    },
    400,
  ),
  token("JWS in general JSON, encoded", ({ good }) => {
    const [header, payload, signature] = good.split(".");
    return encode(JSON.stringify({ payload, signatures: [{ protected: header, signature }] }));
  }),
  token("a token of 8193 characters and more", ({ header, claims, issue }) =>
    issue(header, { ...claims, filler: "x".repeat(7_000) }),
  ),
  token("a token of 15 KB", () => "a".repeat(15_000)),
  token("a header beyond what Node reads", () => "a".repeat(70_000), { node: 431 }),
  token("one character", () => "a"),
  token("dots", () => ".."),
];

/** A good token that stands where none is looked for, or in a header that says something else. */
const WRITINGS: readonly TokenAttack[] = [
  written("without a scheme", 401, (good) => lines(`Authorization: ${good}`)),
  written("right after the scheme", 401, (good) => lines(`Authorization: Bearer${good}`)),
  written("after a tab", 401, (good) => lines(`Authorization: Bearer\t${good}`)),
  written("after two spaces", 400, (good) => lines(`Authorization: Bearer  ${good}`)),
  written("after a space and a tab", 400, (good) => lines(`Authorization: Bearer \t${good}`)),
  written("after a space of Unicode's", 401, (good) => lines(`Authorization: Bearer\u00a0${good}`)),
  written("after a byte order mark", 401, (good) => lines(`Authorization: \u00ef\u00bb\u00bfBearer ${good}`)),
  written("after a colon", 401, (good) => lines(`Authorization: Bearer: ${good}`)),
  written("after Basic", 401, (good) => lines(`Authorization: Basic ${good}`)),
  written("after DPoP", 401, (good) => lines(`Authorization: DPoP ${good}`)),
  written("as a parameter", 400, (good) => lines(`Authorization: Bearer token=${good}`)),
  written("with bytes beyond ASCII", 400, (good) => lines(`Authorization: Bearer ${good}\u00e9`)),
  written("with every byte beyond ASCII", 400, (good) => {
    const bytes = Array.from({ length: 128 }, (_, at) => String.fromCharCode(128 + at)).join("");
    return lines(`Authorization: Bearer ${bytes}${good}`);
  }),
  written("with a space inside", 400, (good) =>
    lines(`Authorization: Bearer ${good.slice(0, 9)} ${good.slice(9)}`),
  ),
  written("with a NUL at its end", { node: 400 }, (good) => lines(`Authorization: Bearer ${good}\0`)),
  written("with a NUL before it", { node: 400 }, (good) => lines(`Authorization: Bearer \0${good}`)),
  ...[1, 8, 0x0b, 0x0c, 0x1b, 0x7f].map((code) =>
    written(`with the control character ${code}`, "refused", (good) =>
      lines(`Authorization: Bearer ${good}${String.fromCharCode(code)}x`),
    ),
  ),
  written("on a folded line", { node: 400 }, (good) => lines("Authorization: Bearer", ` ${good}`)),
  written("on a line folded by a tab", { node: 400 }, (good) => lines("Authorization: Bearer", `\t${good}`)),
  written("folded in the middle", { node: 400 }, (good) =>
    lines(`Authorization: Bearer ${good.slice(0, 40)}`, ` ${good.slice(40)}`),
  ),
  written("after a bare line feed", { node: 400 }, (good) =>
    lines(`Authorization: Bearer x\nAuthorization: Bearer ${good}`),
  ),
  written("after a bare carriage return", { node: 400 }, (good) =>
    lines(`Authorization: Bearer x\rAuthorization: Bearer ${good}`),
  ),
  written("with a space before the colon", { node: 400 }, (good) => lines(`Authorization : Bearer ${good}`)),
  written("in a header whose name has a NUL", { node: 400 }, (good) =>
    lines(`Autho\0rization: Bearer ${good}`),
  ),
  written("in Proxy-Authorization", 401, (good) => lines(`Proxy-Authorization: Bearer ${good}`)),
  written("in headers called nearly so", 401, (good) =>
    lines(`X-Authorization: Bearer ${good}`, `Authorisation: Bearer ${good}`, `X-Access-Token: ${good}`),
  ),
  written("in a header as CGI writes it", 401, (good) => lines(`HTTP_AUTHORIZATION: Bearer ${good}`)),
  written("twice, a bad one first", { joined: 400, first: 401 }, (good) =>
    lines("Authorization: Bearer a.b.c", `Authorization: Bearer ${good}`),
  ),
  written("twice, a bad one first in another case", { joined: 400, first: 401 }, (good) =>
    lines("AUTHORIZATION: bearer a.b.c", `authorization: Bearer ${good}`),
  ),
  written("twice, an empty one first", 401, (good) =>
    lines("Authorization:", `Authorization: Bearer ${good}`),
  ),
  written("twice, Basic first", 401, (good) =>
    lines("Authorization: Basic YTpi", `Authorization: Bearer ${good}`),
  ),
  written("three times, bad ones first", { joined: 400, first: 401 }, (good) =>
    lines("Authorization: Bearer a.b.c", "Authorization: Bearer d.e.f", `Authorization: Bearer ${good}`),
  ),
  written("before a comma and a bad one", 400, (good) =>
    lines(`Authorization: Bearer ${good}, Bearer a.b.c`),
  ),
  written("after a bad one and a comma", 400, (good) => lines(`Authorization: Bearer a.b.c, Bearer ${good}`)),
  written("twice with a comma", 400, (good) => lines(`Authorization: Bearer ${good},Bearer ${good}`)),
  written("after Basic and a comma", 401, (good) => lines(`Authorization: Basic YTpi, Bearer ${good}`)),
  written("in the query", 401, (good) => ({ query: `?access_token=${good}&authorization=Bearer%20${good}` })),
  written("in a cookie", 401, (good) => lines(`Cookie: access_token=${good}; Authorization=Bearer ${good}`)),
  written("in a form", 401, (good) => withBody("application/x-www-form-urlencoded", `access_token=${good}`)),
  written("in JSON", 401, (good) => withBody("application/json", JSON.stringify({ access_token: good }))),
  written("in a trailer", 401, (good) => ({
    headers: ["Transfer-Encoding: chunked", "Trailer: Authorization"],
    body: `0\r\nAuthorization: Bearer ${good}\r\n\r\n`,
  })),
  written("in a chunk's extension", 401, (good) => ({
    headers: ["Transfer-Encoding: chunked"],
    body: `1;Authorization=Bearer-${good}\r\nx\r\n0\r\n\r\n`,
  })),
  written("after the connection's own list of headers", 401, (good) =>
    lines(`Connection: close, Authorization`, `X-Forwarded-Authorization: Bearer ${good}`),
  ),
];

/** A second request inside of the first one's body, as proxies and servers disagree about where that ends. */
const SMUGGLINGS: readonly TokenAttack[] = [
  ["a length and chunks", ["Content-Length: 5", "Transfer-Encoding: chunked"]],
  ["chunks and a length", ["Transfer-Encoding: chunked", "Content-Length: 5"]],
  ["two lengths", ["Content-Length: 5", "Content-Length: 0"]],
  ["a list of lengths", ["Content-Length: 0, 5"]],
  ["a length with a sign", ["Content-Length: +0"]],
  ["a length in hexadecimal", ["Content-Length: 0x0"]],
  ["a negative length", ["Content-Length: -1"]],
  ["an encoding that is nearly chunked", ["Transfer-Encoding: xchunked"]],
  ["chunks that are not last", ["Transfer-Encoding: chunked, identity"]],
  ["chunks after a control character", ["Transfer-Encoding: \x0bchunked"]],
  ["two encodings", ["Transfer-Encoding: identity", "Transfer-Encoding: chunked"]],
  ["a folded encoding", ["Transfer-Encoding:", " chunked"]],
].map(([what, headers]) => ({
  what: `a second request behind ${what}`,
  status: "refused" as const,
  write: () => ({
    headers: ["Authorization: Bearer a.b.c", ...(headers as string[])],
    body: "0\r\n\r\nGET /api/me HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer d.e.f\r\n\r\n",
  }),
}));

function withBody(type: string, body: string): WrittenRequest {
  return { headers: [`Content-Type: ${type}`, `Content-Length: ${body.length}`], body };
}

/** All of them, for each path that wants a token. */
export const TOKEN_ATTACKS: readonly TokenAttack[] = [
  ...ALGORITHMS,
  ...HEADERS,
  ...CLAIMS,
  ...FORMS,
  ...WRITINGS,
  ...SMUGGLINGS,
];

/** Good tokens that are a little unusual: they are let in, and show that the attacks fail for no other reason. */
export const GOOD_REQUESTS: readonly (readonly [what: string, write: TokenAttack["write"]])[] = [
  ["as usual", ({ good }) => lines(`Authorization: Bearer ${good}`)],
  ["a scheme and a name in lower case", ({ good }) => lines(`authorization: bearer ${good}`)],
  ["a scheme and a name in upper case", ({ good }) => lines(`AUTHORIZATION: BEARER ${good}`)],
  ["white space around the value", ({ good }) => lines(`Authorization:\t Bearer ${good} \t`)],
  ["no white space before the value", ({ good }) => lines(`Authorization:Bearer ${good}`)],
  [
    "a token signed anew",
    async ({ header, claims, issue }) => lines(`Authorization: Bearer ${await issue(header, claims)}`),
  ],
  [
    "several audiences, ours among them",
    async ({ header, claims, issue }) =>
      lines(
        `Authorization: Bearer ${await issue(header, { ...claims, aud: ["https://other.example", AUDIENCE] })}`,
      ),
  ],
  [
    "no kid, where there is one key",
    async ({ claims, issue }) => lines(`Authorization: Bearer ${await issue({ alg: "RS256" }, claims)}`),
  ],
  [
    "a typ of RFC 9068",
    async ({ header, claims, issue }) =>
      lines(`Authorization: Bearer ${await issue({ ...header, typ: "at+jwt" }, claims)}`),
  ],
];
