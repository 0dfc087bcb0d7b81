import { describe, expect, it } from "vitest";
import {
  createConnections,
  createIntrospection,
  createLogin,
  createProtectedResource,
  createVerifier,
  type LoginConfig,
  type LoginOptions,
  memoryStore,
  type ProtectedResourceConfig,
  type VerifierConfig,
} from "../src/index.js";
import { ADA, API_KEY, AUTHKIT_URL, createAuthkit } from "./support/authkit.js";
import { caught, everythingSaidBy } from "./support/errors.js";
import { AUDIENCE, ISSUER } from "./support/issuer.js";
import { request } from "./support/requests.js";

/** Part of every bad value below; must not turn up in an error. */
const SECRET = "s3cr3t";

const LOGIN: LoginConfig = { apiKey: API_KEY, authkitUrl: AUTHKIT_URL };
const VERIFIER = { issuer: ISSUER, audience: AUDIENCE };
const INTROSPECTION = {
  clientId: "client_api",
  clientSecret: "api_secret",
  whenUnavailable: "refuse",
} as const;
const OPTIONS: LoginOptions = { signInUrl: "/sign-in" };

/** What is wrong as the address of a service, whichever it is. */
const badUrls: readonly unknown[] = [
  "",
  SECRET,
  `/${SECRET}`,
  `//${SECRET}.example`,
  `${SECRET}.example`,
  `http://${SECRET}.example`,
  `http://127.0.0.1.${SECRET}.example`,
  `http://localhost.${SECRET}.example`,
  `ftp://${SECRET}.example`,
  `javascript:${SECRET}`,
  `blob:https://${SECRET}.example`,
  `https://${SECRET}@host.example`,
  `https://a:${SECRET}@host.example`,
  `https://host.example?${SECRET}`,
  `https://host.example#${SECRET}`,
  "https://host.example?",
  "https://host.example#",
  "https://",
  5,
  {},
  [`https://${SECRET}.example`],
  new URL(`https://${SECRET}.example`),
];

/** What is wrong as an address that is told to others: it may have a query. */
const badPublicUrls: readonly unknown[] = [
  ...badUrls.filter((url) => typeof url !== "string" || !/^https:\/\/host.example\?/.test(url)),
  `https:${SECRET}.example`,
  `https:\\\\${SECRET}.example`,
  ` https://${SECRET}.example`,
  `https://host.example/${SECRET}\n`,
  `https://host.example/\t${SECRET}`,
  `https://host.example/${SECRET} x`,
  `https://host.example/"${SECRET}`,
  `https://host.example/?"${SECRET}`,
  `https://host.example/?${SECRET}\\`,
  `https://host.example/${SECRET}é`,
  `https://host.example/${SECRET}\r\nx: y`,
  `https://host.example/?a#${SECRET}`,
  `https://host.example/mcp#`,
];

async function expectInvalid(option: string, run: () => unknown) {
  const error = await caught(run);
  expect(error).toMatchObject({ code: "invalid_config", status: 500 });
  expect(error.reason).toMatch(new RegExp(`^${option}: `));
  expect(everythingSaidBy(error)).not.toContain(SECRET);
}

it.each<[option: string, create: (value: string) => unknown]>([
  ["apiKey", (apiKey) => createLogin({ ...LOGIN, apiKey })],
  ["apiKey", (apiKey) => createConnections({ apiKey })],
  ["audience", (audience) => createVerifier({ ...VERIFIER, audience })],
  ["clientId", (clientId) => createIntrospection({ ...INTROSPECTION, clientId })],
  ["clientSecret", (clientSecret) => createIntrospection({ ...INTROSPECTION, clientSecret })],
])("says that %s is empty, as it is where its variable is not set", async (option, create) => {
  for (const value of ["", undefined]) {
    expect((await caught(() => create(value as string))).reason).toBe(`${option}: is empty`);
  }
});

describe("createLogin", () => {
  it.each<[option: keyof LoginConfig, value: unknown]>([
    ...[
      undefined,
      null,
      "",
      " ",
      `${SECRET} x`,
      `${SECRET}\n`,
      `\r\n${SECRET}`,
      `${SECRET}é`,
      5,
      [SECRET],
    ].map((value): ["apiKey", unknown] => ["apiKey", value]),
    ...[undefined, null, ...badUrls, `https://host.example/${SECRET}`].map(
      (value): ["authkitUrl", unknown] => ["authkitUrl", value],
    ),
    ...badUrls.map((value): ["apiUrl", unknown] => ["apiUrl", value]),
    ...[0, -1, Number.NaN, Number.POSITIVE_INFINITY, 60_001, "8000", SECRET, 8000n].map(
      (value): ["timeout", unknown] => ["timeout", value],
    ),
    ...[null, SECRET, {}].map((value): ["fetch", unknown] => ["fetch", value]),
    ...[
      null,
      SECRET,
      {},
      ...["get", "set", "setIfAbsent", "delete"].map((missing) => ({ ...memoryStore(), [missing]: SECRET })),
    ].map((value): ["store", unknown] => ["store", value]),
    ...[
      `https://${SECRET}.example`,
      { SECRET },
      5,
      ...badUrls.map((url) => [url]),
      [`https://host.example/${SECRET}`],
      ["https://good.example", SECRET],
      [undefined],
    ].map((value): ["allowedRedirectOrigins", unknown] => ["allowedRedirectOrigins", value]),
  ])("names the option that is wrong and never its value: %s, %o", async (option, value) => {
    await expectInvalid(option, () => createLogin({ ...LOGIN, [option]: value } as LoginConfig));
  });

  it.each<[what: string, config: Partial<LoginConfig>]>([
    ["the least", {}],
    [
      "undefined options",
      { apiUrl: undefined, timeout: undefined, fetch: undefined, allowedRedirectOrigins: undefined },
    ],
    ["a slash after the host", { authkitUrl: `${AUTHKIT_URL}/` }],
    ["http on localhost", { authkitUrl: "http://localhost:4010", apiUrl: "http://localhost:4010/api" }],
    ["http on 127.0.0.1", { authkitUrl: "http://127.0.0.1:4010" }],
    ["http on ::1", { authkitUrl: "http://[::1]:4010" }],
    ["the shortest time", { timeout: 1 }],
    ["the longest time", { timeout: 60_000 }],
    ["no further origins", { allowedRedirectOrigins: [] }],
    ["a store", { store: memoryStore() }],
  ])("takes %s", (_, config) => {
    expect(createLogin({ ...LOGIN, ...config })).toEqual({
      handle: expect.any(Function),
      complete: expect.any(Function),
    });
  });
});

describe("createVerifier", () => {
  it.each<[option: keyof VerifierConfig<unknown>, value: unknown]>([
    ...[
      undefined,
      null,
      ...badUrls,
      `${ISSUER}/`,
      `${ISSUER}/tenant/`,
      "https://Example.authkit.app",
      "HTTPS://example.authkit.app",
      "https://example.authkit.app:443",
      " https://example.authkit.app",
      "https://example.authkit.app/a/../b",
      "https://example.authkit.app\\x",
      "https:example.authkit.app",
      "https://exämple.authkit.app",
    ].map((value): ["issuer", unknown] => ["issuer", value]),
    ...[undefined, null, "", " ", `${SECRET} x`, `${SECRET}\n`, [SECRET], new RegExp(SECRET)].map(
      (value): ["audience", unknown] => ["audience", value],
    ),
    ...badUrls.map((value): ["jwksUrl", unknown] => ["jwksUrl", value]),
    ...[null, ...badPublicUrls].map((value): ["resourceMetadataUrl", unknown] => [
      "resourceMetadataUrl",
      value,
    ]),
    ...[
      [],
      "RS256",
      SECRET,
      [SECRET],
      ["HS256"],
      ["none"],
      ["RS256", "HS256"],
      ["rs256"],
      [undefined],
      {},
    ].map((value): ["algorithms", unknown] => ["algorithms", value]),
    ...[-1, 61, Number.NaN, Number.POSITIVE_INFINITY, "5", SECRET].map(
      (value): ["clockTolerance", unknown] => ["clockTolerance", value],
    ),
    ...[null, SECRET, {}, { [SECRET]: true }, { "~standard": {} }, { "~standard": { validate: SECRET } }].map(
      (value): ["claims", unknown] => ["claims", value],
    ),
    ...(["isRevoked", "onRefusal", "introspection"] as const).flatMap((option) =>
      [null, SECRET, {}].map((value): [typeof option, unknown] => [option, value]),
    ),
    ...[-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "5", SECRET].map((value): ["cacheSize", unknown] => [
      "cacheSize",
      value,
    ]),
    ...[-1, 86_401, Number.NaN, "5", SECRET].map((value): ["keysMaxStale", unknown] => [
      "keysMaxStale",
      value,
    ]),
    ...[null, SECRET, {}, { read: SECRET, write: SECRET }].map((value): ["keysCache", unknown] => [
      "keysCache",
      value,
    ]),
    ...[null, SECRET, {}, { verify: () => true }].map((value): ["signatures", unknown] => [
      "signatures",
      value,
    ]),
    ...[null, SECRET, {}].map((value): ["fetch", unknown] => ["fetch", value]),
    ...[null, SECRET, 5, new Date()].map((value): ["clock", unknown] => ["clock", value]),
  ])("names the option that is wrong and never its value: %s, %o", async (option, value) => {
    await expectInvalid(option, () =>
      createVerifier({ ...VERIFIER, [option]: value } as VerifierConfig<unknown>),
    );
  });

  it.each<[what: string, config: Partial<VerifierConfig<Readonly<Record<string, unknown>>>>]>([
    ["the least", {}],
    ["an issuer with a path", { issuer: `${ISSUER}/tenant` }],
    ["an issuer on loopback", { issuer: "http://localhost:4010" }],
    ["an audience that is no URL", { audience: "client_01HXYZ" }],
    ["keys elsewhere", { jwksUrl: "https://keys.example.com/set.json" }],
    ["metadata", { resourceMetadataUrl: "https://api.example.com/.well-known/oauth-protected-resource?a=b" }],
    ["no tolerance", { clockTolerance: 0 }],
    ["the widest tolerance", { clockTolerance: 60 }],
    [
      "every asymmetric algorithm",
      { algorithms: ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"] },
    ],
  ])("takes %s", (_, config) => {
    expect(createVerifier({ ...VERIFIER, ...config })).toEqual({
      authorize: expect.any(Function),
      guard: expect.any(Function),
      verify: expect.any(Function),
    });
  });
});

describe("createProtectedResource", () => {
  const RESOURCE: ProtectedResourceConfig = { resource: AUDIENCE, authkitUrl: AUTHKIT_URL };

  it.each<[option: keyof ProtectedResourceConfig, value: unknown]>([
    ...[undefined, null, ...badPublicUrls].map((value): ["resource", unknown] => ["resource", value]),
    ...[undefined, null, ...badUrls, `https://host.example/${SECRET}`].map(
      (value): ["authkitUrl", unknown] => ["authkitUrl", value],
    ),
    ...[SECRET, 5, {}, [SECRET, ""], [`${SECRET} x`], [`${SECRET}"`], [5]].map(
      (value): ["scopes", unknown] => ["scopes", value],
    ),
    ...[null, SECRET, {}].map((value): ["fetch", unknown] => ["fetch", value]),
    ...[null, SECRET, 5, new Date()].map((value): ["clock", unknown] => ["clock", value]),
  ])("names the option that is wrong and never its value: %s, %o", async (option, value) => {
    await expectInvalid(option, () =>
      createProtectedResource({ ...RESOURCE, [option]: value } as ProtectedResourceConfig),
    );
  });

  it.each<[what: string, config: Partial<ProtectedResourceConfig>]>([
    ["the least", {}],
    ["undefined options", { scopes: undefined, fetch: undefined, clock: undefined }],
    ["http on localhost", { resource: "http://localhost:3000/mcp", authkitUrl: "http://localhost:4010" }],
    ["a query", { resource: `${AUDIENCE}?tenant=a` }],
    ["a slash after AuthKit's host", { authkitUrl: `${AUTHKIT_URL}/` }],
  ])("takes %s", (_, config) => {
    expect(createProtectedResource({ ...RESOURCE, ...config })).toEqual({
      metadataUrl: expect.any(String),
      metadata: expect.any(Object),
      verifierConfig: expect.any(Object),
      paths: expect.any(Array),
      handle: expect.any(Function),
    });
  });
});

describe("the options of a login", () => {
  const badLocations: readonly unknown[] = [
    "",
    SECRET,
    `//${SECRET}.example`,
    `/\\${SECRET}.example`,
    `/.//${SECRET}.example`,
    `http://${SECRET}.example`,
    `javascript:${SECRET}`,
    `https://a:${SECRET}@host.example`,
    5,
    null,
    {},
  ];

  it.each<[option: keyof LoginOptions, value: unknown]>([
    ...[undefined, ...badLocations].map((value): ["signInUrl", unknown] => ["signInUrl", value]),
    ...badLocations.map((value): ["fallbackUrl", unknown] => ["fallbackUrl", value]),
    ...[null, SECRET, {}].map((value): ["onError", unknown] => ["onError", value]),
  ])("are named where they are wrong, and never their values: %s, %o", async (option, value) => {
    const { login, calls } = createAuthkit();
    const options = { ...OPTIONS, [option]: value } as LoginOptions;
    await expectInvalid(option, () => login.handle(request("/login?external_auth_id=a"), () => ADA, options));
    expect(calls).toEqual([]);
  });
});
