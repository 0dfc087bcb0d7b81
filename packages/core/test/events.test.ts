import { describe, expect, it } from "vitest";
import {
  type ConnectEvent,
  createConnections,
  createIntrospection,
  createLogin,
  createProtectedResource,
} from "../src/index.js";
import { nodeSignatures } from "../src/node/index.js";
import { ADA, API_KEY, AUTHKIT_URL, createAuthkit, REDIRECT_URI } from "./support/authkit.js";
import { caught } from "./support/errors.js";
import { createTestVerifier, ISSUER, JWKS, SUBJECT, signToken } from "./support/issuer.js";
import { request, withAuthorization } from "./support/requests.js";

const ID = "external_auth_id_THAT-NOBODY-MAY-SEE";
const visit = request(`/auth/login?external_auth_id=${ID}`);
const options = { signInUrl: "/sign-in" };
const LOGIN = expect.stringMatching(/^[0-9a-f]{16}$/);
const MS = expect.any(Number);

function collect() {
  const events: ConnectEvent[] = [];
  return { events, onEvent: (event: ConnectEvent) => void events.push(event) };
}

describe("what a login tells", () => {
  it("is its start, each attempt and its completion, under one name", async () => {
    const { events, onEvent } = collect();
    const { login } = createAuthkit(undefined, { onEvent });
    await login.handle(visit, () => ADA, options);
    expect(events).toEqual([
      { type: "login.started", login: LOGIN },
      { type: "completion.attempted", login: LOGIN, attempt: 1, status: 200, loss: undefined, ms: MS },
      { type: "login.completed", login: LOGIN, ms: MS },
    ]);
    expect(new Set(events.map((event) => "login" in event && event.login)).size).toBe(1);
  });

  it("is where a visitor is sent, and whether they are asked", async () => {
    const { events, onEvent } = collect();
    const { login } = createAuthkit(undefined, { onEvent });
    await login.handle(visit, () => null, options);
    await login.handle(visit, () => ADA, { ...options, confirm: true });
    expect(events).toMatchObject([
      { type: "login.started" },
      { type: "login.redirected", to: "sign-in", login: LOGIN, ms: MS },
      { type: "login.started" },
      { type: "login.asked", login: LOGIN, ms: MS },
    ]);
  });

  it("is a failure's code and reason, also where no login is named", async () => {
    const { events, onEvent } = collect();
    const { login } = createAuthkit(() => new Response(null, { status: 404 }), { onEvent });
    await login.handle(visit, () => ADA, options);
    await login.handle(request("/auth/login"), () => ADA, options);
    await caught(() => login.complete("", ADA));
    expect(events.slice(1)).toMatchObject([
      { type: "completion.attempted", status: 404 },
      { type: "login.failed", login: LOGIN, code: "external_auth_id_not_found" },
      { type: "login.failed", login: undefined, code: "invalid_external_auth_id", reason: "missing" },
      { type: "login.failed", login: undefined, code: "invalid_external_auth_id", reason: "empty" },
    ]);
  });

  it("names a login alike in all processes with the same API key, and otherwise with another", async () => {
    const name = async (apiKey: string) => {
      const { events, onEvent } = collect();
      await createAuthkit(undefined, { apiKey, onEvent }).login.complete(ID, ADA);
      return events.map((event) => "login" in event && event.login).at(-1);
    };
    expect(await name(API_KEY)).toBe(await name(API_KEY));
    expect(await name(API_KEY)).not.toBe(await name("sk_test_another"));
  });
});

describe("what a verifier tells", () => {
  it("is whether a request is let in, from memory or not, and why not", async () => {
    const { events, onEvent } = collect();
    const verifier = createTestVerifier({ onEvent });
    const authorization = `Bearer ${await signToken()}`;
    await verifier.authorize(withAuthorization(authorization));
    await verifier.authorize(withAuthorization(authorization));
    await verifier.authorize(withAuthorization(authorization), { scopes: ["notes:read"] });
    await verifier.authorize(withAuthorization(`Bearer ${await signToken({ exp: 1 })}`));
    expect(events).toEqual([
      { type: "jwks.refreshed", keys: 2, ms: MS },
      { type: "token.accepted", cached: false },
      { type: "token.accepted", cached: true },
      { type: "token.refused", code: "insufficient_scope", reason: undefined },
      { type: "token.refused", code: "invalid_token", reason: "expired" },
    ]);
  });

  it("is a new token as new also where its signature is checked at once", async () => {
    const { events, onEvent } = collect();
    const verifier = createTestVerifier({ onEvent, signatures: nodeSignatures });
    for (let time = 0; time < 2; time += 1) {
      const header = withAuthorization(`Bearer ${await signToken({ jti: `token_${time}` })}`);
      await verifier.authorize(header);
      await verifier.authorize(header);
    }
    expect(events.slice(1)).toMatchObject([false, true, false, true].map((cached) => ({ cached })));
  });

  it("is a remembered token also where the application's own list is asked", async () => {
    const { events, onEvent } = collect();
    const verifier = createTestVerifier({ onEvent, isRevoked: () => false });
    const header = withAuthorization(`Bearer ${await signToken()}`);
    await verifier.authorize(header);
    await verifier.authorize(header);
    expect(events.slice(1)).toMatchObject([{ cached: false }, { cached: true }]);
  });

  it("is an outage of the keys", async () => {
    const { events, onEvent } = collect();
    const fetch = async () => new Response(null, { status: 500 });
    await createTestVerifier({ onEvent, fetch }).authorize(withAuthorization(`Bearer ${await signToken()}`));
    expect(events[0]).toEqual({ type: "jwks.failed", reason: "status", ms: MS });
  });

  it.each([
    [{ active: true }, { type: "introspection.answered", active: true, ms: MS }],
    [{ active: false }, { type: "introspection.answered", active: false, ms: MS }],
    [{}, { type: "introspection.failed", reason: "active", ms: MS }],
  ])("is AuthKit's answer %j about a token", async (answer, expected) => {
    const { events, onEvent } = collect();
    const introspection = createIntrospection({
      clientId: "client_1",
      clientSecret: "SECRET",
      whenUnavailable: "refuse",
    });
    const fetch = async (url: string) => Response.json(url.includes("introspection") ? answer : JWKS);
    const verifier = createTestVerifier({ onEvent, fetch, introspection });
    await verifier.authorize(withAuthorization(`Bearer ${await signToken()}`), { live: true });
    expect(events[1]).toEqual(expected);
  });
});

it("a resource tells of AuthKit's metadata, and connections of their calls", async () => {
  const { events, onEvent } = collect();
  for (const issuer of [ISSUER, "https://elsewhere.example.com"]) {
    const fetch = async () => Response.json({ issuer });
    const resource = createProtectedResource({
      resource: "https://x.example.com",
      authkitUrl: ISSUER,
      fetch,
      onEvent,
    });
    await resource.handle(request("/.well-known/oauth-authorization-server"));
  }
  const fetch = async () => new Response(null, { status: 404 });
  await createConnections({ apiKey: API_KEY, fetch, onEvent }).list("user_1");
  expect(events).toEqual([
    { type: "metadata.refreshed", ms: MS },
    { type: "metadata.failed", reason: "issuer", ms: MS },
    { type: "connections.called", operation: "list", status: 404, loss: undefined, ms: MS },
  ]);
});

describe("a listener", () => {
  it.each([
    [
      "throws",
      () => {
        throw new Error("the listener's");
      },
    ],
    [
      "rejects",
      async () => {
        throw new Error("the listener's");
      },
    ],
    ["never ends", () => new Promise<void>(() => {})],
  ])("that %s breaks no request", async (_, onEvent) => {
    const { login } = createAuthkit(undefined, { onEvent });
    expect(await login.handle(visit, () => ADA, options)).toMatchObject({ location: REDIRECT_URI });
    const header = withAuthorization(`Bearer ${await signToken()}`);
    expect(await createTestVerifier({ onEvent }).authorize(header)).toMatchObject({ type: "authorized" });
  });

  it("that is no function is a mistake of the configuration", async () => {
    const config = { apiKey: API_KEY, authkitUrl: AUTHKIT_URL, onEvent: "log" as never };
    expect(await caught(() => createLogin(config))).toMatchObject({ code: "invalid_config" });
  });

  it("is told no token, id, key or e-mail address", async () => {
    const { events, onEvent } = collect();
    const { login } = createAuthkit(undefined, { onEvent });
    await login.handle(visit, () => ADA, options);
    const verifier = createTestVerifier({ onEvent });
    const token = await signToken({ jti: "token_SECRET" });
    await verifier.authorize(withAuthorization(`Bearer ${token}`));
    await verifier.authorize(withAuthorization(`Bearer ${token}x`));
    expect(events).toHaveLength(6);
    const told = JSON.stringify(events);
    for (const secret of [ID, API_KEY, ADA.user.id, ADA.user.email, SUBJECT, token, "token_SECRET"]) {
      expect(told).not.toContain(secret);
    }
  });

  it("leaves a guard as quick to answer as it was: a remembered token is no promise", async () => {
    const { events, onEvent } = collect();
    const guard = createTestVerifier({ onEvent }).guard();
    const header = withAuthorization(`Bearer ${await signToken()}`);
    await guard(header);
    expect(guard(header)).toMatchObject({ type: "authorized" });
    expect(events.at(-1)).toEqual({ type: "token.accepted", cached: true });
  });
});
