import { verifierOf, verifierWith } from "@connect/adapter-contract";
import {
  ConnectError,
  createLogin,
  createProtectedResource,
  createVerifier,
  isConnectError,
} from "@connect/core";
import { loginRoute, loginRoutes, requireToken, resourceRoutes, type TokenRefusal } from "@connect/fastify";
import fastifyAuth from "@fastify/auth";
import cookie from "@fastify/cookie";
import formbody from "@fastify/formbody";
import session from "@fastify/session";
import Fastify from "fastify";
import { describe, expect, expectTypeOf, it } from "vitest";

declare module "fastify" {
  interface Session {
    user?: { id: string; email: string };
    visited?: boolean;
  }
}

const login = createLogin({ apiKey: "sk_test", authkitUrl: "https://example.authkit.app" });

const refused = verifierOf({
  type: "challenge",
  error: new ConnectError("missing_token"),
  challenge: "Bearer",
});
const tenants = verifierWith({ tenant: "a" });

describe("requireToken", () => {
  it("lets Fastify's own error handler answer, with the challenge", async () => {
    const app = Fastify();
    app.get("/", { onRequest: requireToken(refused) }, () => "in");
    const response = await app.inject("/");
    expect(response.statusCode).toBe(401);
    expect(response.headers["www-authenticate"]).toBe("Bearer");
    expect(response.json()).toMatchObject({ statusCode: 401, code: "missing_token" });
  });

  it("keeps from the client which check a token failed, and tells it to the error handler", async () => {
    const verifier = verifierOf({
      type: "challenge",
      error: new ConnectError("invalid_token", { reason: "expired" }),
      challenge: "Bearer",
    });
    let reason: unknown;
    const app = Fastify();
    app.addHook("onError", async (_request, _reply, error) => {
      reason = isConnectError(error) && error.reason;
    });
    app.get("/", { onRequest: requireToken(verifier) }, () => "in");
    expect((await app.inject("/")).body).not.toContain("(expired)");
    expect(reason).toBe("expired");
  });

  it("throws an error that an error handler can tell", async () => {
    const app = Fastify();
    app.setErrorHandler((error, _, reply) =>
      reply.code(418).send({
        mine: isConnectError(error, "missing_token") && Object.keys((error as TokenRefusal).headers),
      }),
    );
    app.get("/", { onRequest: requireToken(refused) }, () => "in");
    expect((await app.inject("/")).json()).toEqual({ mine: ["cache-control", "www-authenticate"] });
  });

  it("guards an encapsulated plugin and nothing beside it", async () => {
    const app = Fastify();
    app.register(async (api) => {
      api.addHook("onRequest", requireToken(refused));
      api.get("/inside", () => "in");
    });
    app.get("/beside", () => "in");
    expect((await app.inject("/inside")).statusCode).toBe(401);
    expect((await app.inject("/beside")).statusCode).toBe(200);
  });

  it("is one of several ways in with @fastify/auth", async () => {
    const app = Fastify();
    await app.register(fastifyAuth);
    const byKey = async (request: { headers: Record<string, unknown> }) => {
      if (request.headers["x-api-key"] !== "key") throw new Error("no key");
    };
    app.get("/", { onRequest: app.auth([byKey, requireToken(refused)]) }, () => "in");
    expect((await app.inject({ url: "/", headers: { "x-api-key": "key" } })).statusCode).toBe(200);
    expect((await app.inject("/")).statusCode).toBe(401);
  });

  it("types the token by the verifier, and gives none to a request it did not see", async () => {
    const app = Fastify();
    const guard = requireToken(tenants);
    app.get("/guarded", { onRequest: guard }, (request) => {
      expectTypeOf(guard.accessToken(request).claims).toEqualTypeOf<{ tenant: string }>();
      return guard.accessToken(request).claims.tenant;
    });
    app.get("/unguarded", (request) => guard.accessToken(request).claims.tenant);
    expect((await app.inject("/guarded")).body).toBe("a");
    expect((await app.inject("/unguarded")).statusCode).toBe(500);
  });

  it.each([undefined, null, "", 0])("lets nobody in where the application throws %j", async (thrown) => {
    for (const guard of [
      () => Promise.reject(thrown),
      () => {
        throw thrown;
      },
    ]) {
      const app = Fastify();
      app.get("/", { onRequest: requireToken({ ...tenants, guard: () => guard }) }, () => "in");
      expect((await app.inject("/")).statusCode).toBe(500);
    }
  });

  it("refuses a bad scope where the hook is made", () => {
    const verifier = createVerifier({ issuer: "https://example.authkit.app", audience: "client_1" });
    expect(() => requireToken(verifier, { scopes: ['a"b'] })).toThrow(/scopes/);
  });
});

describe("loginRoute", () => {
  it("has the whole path as the way back, under a prefix too", async () => {
    const app = Fastify();
    app.register(
      async (auth) => {
        auth.get(
          "/login",
          loginRoute(login, { signInUrl: "/sign-in?from=connect", authenticate: () => null }),
        );
      },
      { prefix: "/auth" },
    );
    const response = await app.inject("/auth/login?external_auth_id=x");
    expect(response.statusCode).toBe(303);
    expect(response.headers.location).toBe(
      "/sign-in?from=connect&return_to=%2Fauth%2Flogin%3Fexternal_auth_id%3Dx",
    );
  });

  it("refuses bad options where the route is made", () => {
    expect(() => loginRoute(login, { signInUrl: "//evil.example", authenticate: () => null })).toThrow(
      /signInUrl/,
    );
  });
});

describe("loginRoutes", () => {
  const options = { path: "/login", signInUrl: "/sign-in", authenticate: () => null };

  it("is encapsulated under its prefix, and leaves the application's parsers alone", async () => {
    const app = Fastify();
    app.register(loginRoutes(login, { ...options, confirm: true }), { prefix: "/auth" });
    app.post("/notes", (request) => request.body);
    const visit = await app.inject("/auth/login?external_auth_id=x");
    expect(visit.headers.location).toBe("/sign-in?return_to=%2Fauth%2Flogin%3Fexternal_auth_id%3Dx");
    const note = await app.inject({ method: "POST", url: "/notes", payload: { text: "hi" } });
    expect(note.json()).toEqual({ text: "hi" });
    expect(app.printPlugins()).toContain("@connect/fastify login");
  });

  it("comes back to the address that the browser knows, where the application rewrites it", async () => {
    const app = Fastify({ rewriteUrl: ({ url = "/" }) => url.replace(/^\/product/, "") });
    app.register(loginRoutes(login, options));
    const visit = await app.inject("/product/login?external_auth_id=x");
    expect(visit.headers.location).toBe("/sign-in?return_to=%2Fproduct%2Flogin%3Fexternal_auth_id%3Dx");
  });

  it("leaves POST to the application where no page asks", async () => {
    const app = Fastify();
    app.register(loginRoutes(login, options));
    app.post("/login", () => "the application's");
    expect((await app.inject({ method: "POST", url: "/login" })).body).toBe("the application's");
  });

  it("fits an application that parses forms itself", async () => {
    const app = Fastify();
    app.register(formbody);
    app.register(loginRoutes(login, { ...options, confirm: true }));
    expect((await app.inject("/login?external_auth_id=x")).statusCode).toBe(303);
  });

  it("finds the session of @fastify/session, and its cookie goes out beside the login's", async () => {
    const app = Fastify();
    app.register(cookie);
    app.register(session, {
      secret: "a secret of at least thirty-two characters",
      cookie: { secure: false },
    });
    app.get("/sign-in", async (request, reply) => {
      request.session.set("user", { id: "ada", email: "ada@example.com" });
      return reply.send("signed in");
    });
    const seen: unknown[] = [];
    app.register(
      loginRoutes(login, {
        ...options,
        resume: { secret: "another secret, of at least thirty-two" },
        authenticate: (request) => {
          const user = request.session.get("user");
          seen.push(user);
          if (user === undefined) request.session.set("visited", true);
          return null;
        },
      }),
    );
    const signedIn = await app.inject("/sign-in");
    const cookies = Object.fromEntries(signedIn.cookies.map(({ name, value }) => [name, value]));
    await app.inject({ url: "/login?external_auth_id=x", cookies });
    expect(seen).toEqual([{ id: "ada", email: "ada@example.com" }]);

    const signedOut = await app.inject("/login?external_auth_id=x");
    expect(seen[1]).toBeUndefined();
    expect(signedOut.cookies.map(({ name }) => name).sort()).toEqual([
      expect.stringMatching(/^__Host-connect/),
      "sessionId",
    ]);
  });

  it("keeps the id out of the request log", async () => {
    const lines: string[] = [];
    const app = Fastify({ logger: { stream: { write: (line) => lines.push(line) } } });
    app.register(loginRoutes(login, options));
    await app.inject("/login?external_auth_id=the_id_of_a_login");
    expect(lines.join("")).toMatch(/"url":"\/login",.*"remoteAddress":"127\.0\.0\.1"/);
    expect(lines.join("")).not.toContain("the_id_of_a_login");
  });

  it("keeps the id out of the log where Fastify's handlerTimeout came before authenticate", async () => {
    const lines: string[] = [];
    const stream = { write: (line: string) => lines.push(line) };
    const app = Fastify({ logger: { stream }, handlerTimeout: 20 });
    let answer: (nobody: null) => void = () => {};
    const authenticate = () =>
      new Promise<null>((resolve) => {
        answer = resolve;
      });
    app.register(loginRoutes(login, { ...options, authenticate }));
    expect((await app.inject("/login?external_auth_id=the_id_of_a_login")).statusCode).toBe(503);
    answer(null);
    await app.close();
    expect(lines.join("")).toContain("FST_ERR_HANDLER_TIMEOUT");
    expect(lines.join("")).not.toContain("the_id_of_a_login");
  });

  it("is refused by a Fastify that it is not made for", async () => {
    const app = Object.defineProperty(Fastify(), "version", { value: "6.0.0" });
    app.register(loginRoutes(login, options));
    await expect(app.ready()).rejects.toMatchObject({ code: "FST_ERR_PLUGIN_VERSION_MISMATCH" });
  });

  it("refuses bad options where the plugin is made", () => {
    expect(() => loginRoutes(login, { ...options, signInUrl: "//evil.example" })).toThrow(/signInUrl/);
  });
});

describe("resourceRoutes", () => {
  const PRM = "/.well-known/oauth-protected-resource";
  const resourceAt = (resource: string) =>
    createProtectedResource({ resource, authkitUrl: "https://example.authkit.app" });

  it.each([
    "https://api.example.com",
    "https://api.example.com/mcp/",
    "https://api.example.com/a/b?c=d",
    "https://api.example.com/tenants/:id::x",
    "https://api.example.com/m%20cp/%C3%A9",
    "https://api.example.com/a(b)[c]",
  ])("knows the paths of %s as its router compares them", async (resource) => {
    const app = Fastify();
    await app.register(resourceRoutes(resourceAt(resource)));
    const { pathname, search } = new URL(resourceAt(resource).metadataUrl);
    for (const url of [pathname + search, PRM]) {
      expect((await app.inject(url)).json()).toMatchObject({ resource });
    }
  });

  it("adds its paths and nothing else, and leaves the application's bodies alone", async () => {
    const app = Fastify();
    app.register(resourceRoutes(resourceAt("https://api.example.com/tenants/:id")));
    app.get("/.well-known/*", () => "the application's");
    app.post("/", (request) => request.body);
    for (const url of [`${PRM}/other`, `${PRM}/tenants/5`]) {
      expect((await app.inject(url)).body).toBe("the application's");
    }
    expect((await app.inject({ method: "POST", url: "/", payload: { a: 1 } })).json()).toEqual({ a: 1 });
  });

  it.each([
    ["text/xml", "<a>"],
    ["application/json", "{"],
    ["application/json", "x".repeat(1_048_577)],
    [undefined, "x"],
  ])("says that POST is no method, whatever the body is: %s", async (type, payload) => {
    const app = Fastify();
    app.register(resourceRoutes(resourceAt("https://api.example.com/mcp")));
    const response = await app.inject({
      method: "POST",
      url: PRM,
      payload,
      headers: type === undefined ? {} : { "content-type": type },
    });
    expect(response.statusCode).toBe(405);
    expect(response.headers.allow).toBe("GET, HEAD, OPTIONS");
  });

  it("is nowhere under a prefix, where no client looks", async () => {
    const app = Fastify();
    app.register(resourceRoutes(resourceAt("https://api.example.com/mcp")), { prefix: "/v1" });
    app.setNotFoundHandler((_, reply) => reply.code(404).send("the application's"));
    expect((await app.inject(`/v1${PRM}`)).body).toBe("the application's");
  });
});
