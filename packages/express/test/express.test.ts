import { connect } from "node:net";
import { verifierOf, verifierWith } from "@connect/adapter-contract";
import {
  ConnectError,
  createLogin,
  createProtectedResource,
  createVerifier,
  type Guard,
  type LoginContext,
  type Verifier,
} from "@connect/core";
import { attachAuthInfo, catchStray, loginRoute, requireToken, resourceRoutes } from "@connect/express";
import type { ErrorRequestHandler, Express, Request, RequestHandler } from "express";
import { afterEach, describe, expect, it } from "vitest";
import { type Served, serve, VERSIONS } from "./support/serve.js";

const login = createLogin({ apiKey: "sk_test", authkitUrl: "https://example.authkit.app" });
const refused = verifierOf({
  type: "challenge",
  error: new ConnectError("invalid_token", { reason: "signature" }),
  challenge: 'Bearer error="invalid_token"',
});
const tenants = verifierWith({ tenant: "a" });

/** A verifier with a guard of the test's own. */
const verifierBy = <Claims>(verifier: Verifier<Claims>, guard: Guard<Claims>): Verifier<Claims> => ({
  ...verifier,
  guard: () => guard,
});

/** What the application does where it throws: in time, or at once. */
const throwing = (thrown: unknown): readonly (() => Promise<never>)[] => [
  () => Promise.reject(thrown),
  () => {
    throw thrown;
  },
];

let served: Served[] = [];
afterEach(async () => {
  await Promise.all(served.map((one) => one.close()));
  served = [];
});

/** Asks the application, which listens until the test is over. */
async function ask(app: Express, path = "/", init: RequestInit = {}): Promise<Response> {
  return fetch((await listen(app)) + path, { redirect: "manual", ...init });
}

async function listen(app: Express): Promise<string> {
  const one = await serve(app);
  served.push(one);
  return one.url;
}

/** Answers with what came to `next`, and keeps it. */
function catchErrors(app: Express): unknown[] {
  const errors: unknown[] = [];
  const handler: ErrorRequestHandler = (error, _request, response, _next) => {
    errors.push(error);
    response.status(error.status ?? 500).send("the application's error page");
  };
  app.use(handler);
  return errors;
}

const post = (type: string, body: string): RequestInit => ({
  method: "POST",
  headers: { "content-type": type, "sec-fetch-site": "same-origin" },
  body,
});

/** Sent without a length. */
const inChunks = ({ body, ...init }: RequestInit): RequestInit & { duplex: "half" } => ({
  ...init,
  body: new Blob([String(body)]).stream(),
  duplex: "half",
});

// What an application may throw by mistake. To `next`, these mean to go on.
const NO_ERRORS = [undefined, null, "", 0, "route", "router"];

describe.each(VERSIONS)("requireToken, %s", (_, express) => {
  it("answers with the challenge by itself, and bothers no error handler", async () => {
    const app = express();
    app.get("/", requireToken(refused), (_request, response) => void response.send("in"));
    const errors = catchErrors(app);
    const response = await ask(app);
    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toBe('Bearer error="invalid_token"');
    expect(response.headers.get("cache-control")).toBe("no-store");
    // Nobody keeps it, so nobody asks whether it has changed.
    expect(response.headers.get("etag")).toBeNull();
    const body = await response.text();
    expect(JSON.parse(body)).toMatchObject({ error: "invalid_token" });
    // Which check it was is for the log.
    expect(body).not.toContain("signature");
    expect(errors).toEqual([]);
  });

  it("guards its router, from where it stands, and nothing beside it", async () => {
    const app = express();
    const api = express.Router();
    api.get("/before", (_request, response) => void response.send("in"));
    api.use(requireToken(refused));
    api.get("/after", (_request, response) => void response.send("in"));
    app.use("/api", api);
    app.get("/beside", (_request, response) => void response.send("in"));
    const url = await listen(app);
    const statusOf = async (path: string) => (await fetch(url + path)).status;
    expect(await statusOf("/api/before")).toBe(200);
    expect(await statusOf("/api/after")).toBe(401);
    expect(await statusOf("/api/nowhere")).toBe(401);
    expect(await statusOf("/beside")).toBe(200);
  });

  it("keeps the headers that earlier middleware set, for browsers on other sites among others", async () => {
    const app = express();
    app.use((_request, response, next) => {
      response.set("access-control-allow-origin", "https://app.example.com");
      next();
    });
    app.use(requireToken(refused));
    const response = await ask(app);
    expect(response.status).toBe(401);
    expect(response.headers.get("access-control-allow-origin")).toBe("https://app.example.com");
  });

  it("gives its token to the routes behind it, through routers, and to nobody else", async () => {
    const app = express();
    const guard = requireToken(tenants);
    const other = requireToken(tenants);
    const router = express.Router();
    router.get("/tenant", (request, response) => {
      response.send(guard.accessToken(request).claims.tenant);
    });
    router.get("/other", (request, response) => {
      response.send(other.accessToken(request).claims.tenant);
    });
    app.use("/guarded", guard, router);
    app.use("/unguarded", router);
    const url = await listen(app);
    expect(await (await fetch(`${url}/guarded/tenant`)).text()).toBe("a");
    expect((await fetch(`${url}/guarded/other`)).status).toBe(500);
    expect((await fetch(`${url}/unguarded/tenant`)).status).toBe(500);
  });

  it("passes on what the application throws while a token is looked at", async () => {
    const thrown = new Error("the deny list is down");
    for (const guard of throwing(thrown)) {
      const app = express();
      app.get(
        "/",
        requireToken(verifierBy(tenants, guard)),
        (_request, response) => void response.send("in"),
      );
      const errors = catchErrors(app);
      expect((await ask(app)).status).toBe(500);
      expect(errors[0]).toBe(thrown);
    }
  });

  it.each(NO_ERRORS)("lets nobody in where the application throws %j", async (thrown) => {
    for (const guard of throwing(thrown)) {
      const app = express();
      app.use(requireToken(verifierBy(tenants, guard)));
      app.get("/", (_request, response) => void response.send("in"));
      const response = await ask(app);
      expect(response.status).toBe(500);
      expect(await response.text()).not.toBe("in");
    }
  });

  it("tells the error handler where somebody else has answered meanwhile", async () => {
    const app = express();
    const late = verifierBy(refused, async (request) => refused.authorize(request));
    app.use((_request, response, next) => {
      response.status(503).send("out of time");
      next();
    });
    app.get("/", requireToken(late));
    const told = new Promise((resolve) => {
      const handler: ErrorRequestHandler = (error, _request, _response, _next) => resolve(error);
      app.use(handler);
    });
    expect((await ask(app)).status).toBe(503);
    expect(await told).toMatchObject({ code: "ERR_HTTP_HEADERS_SENT" });
  });

  it("takes headers from those that no socket brought, as under serverless functions", async () => {
    const app = express();
    app.use((request, _response, next) => {
      request.rawHeaders.length = 0;
      request.headers.authorization = "Bearer from-an-event";
      next();
    });
    let seen: string | null = null;
    const verifier = verifierBy(tenants, (request) => {
      seen = request.headers.get("authorization");
      expect(request.headers.get("sec-purpose")).toBeNull();
      return tenants.authorize(request);
    });
    app.get("/", requireToken(verifier), (_request, response) => void response.send("in"));
    expect((await ask(app)).status).toBe(200);
    expect(seen).toBe("Bearer from-an-event");
  });

  it("refuses a bad scope where the guard is made", () => {
    const verifier = createVerifier({ issuer: "https://example.authkit.app", audience: "client_1" });
    expect(() => requireToken(verifier, { scopes: ['a"b'] })).toThrow(/scopes/);
  });
});

describe.each(VERSIONS)("requireToken with toolScopes, %s", (_, express) => {
  const call = JSON.stringify({ method: "tools/call", params: { name: "delete_note" } });

  /** An application with these parsers, and what its guard gets to see. */
  function appWith(...parsers: RequestHandler[]) {
    const messages: unknown[] = [];
    const verifier = verifierBy(tenants, async (request, readMessage) => {
      messages.push(await readMessage?.());
      return tenants.authorize(request);
    });
    const app = express();
    for (const parser of parsers) app.use(parser);
    app.post("/", requireToken(verifier), (_request, response) => void response.send("in"));
    return { app, messages };
  }

  it.each<[string, RequestHandler[], string]>([
    ["no parser", [], "application/json"],
    ["a parser that passed it over", [express.json()], "text/plain; x=application/json"],
    ["a parser for forms alone", [express.urlencoded({ extended: true })], "application/json"],
  ])("lets no call by that nobody has read: %s", async (_, parsers, type) => {
    const { app, messages } = appWith(...parsers);
    expect((await ask(app, "/", post(type, call))).status).toBe(415);
    expect(messages).toEqual([]);
  });

  it.each([
    ["JSON", express.json(), "application/json"],
    ["text", express.text({ type: "*/*" }), "application/json"],
  ])("reads a call that was parsed as %s", async (_, parser, type) => {
    const { app, messages } = appWith(parser);
    expect((await ask(app, "/", post(type, call))).status).toBe(200);
    expect(messages).toEqual([JSON.parse(call)]);
  });

  it.each<[string, RequestInit]>([
    ["none", { method: "POST" }],
    ["an empty one", post("application/json", "")],
    ["an empty one in chunks", inChunks(post("application/json", ""))],
  ])("has nothing against a body of %s", async (_, init) => {
    const { app } = appWith(express.json());
    expect((await ask(app, "/", init)).status).toBe(200);
  });
});

describe.each(VERSIONS)("loginRoute, %s", (_, express) => {
  const signedOut = { signInUrl: "/sign-in?from=connect", authenticate: () => null };

  it("has the whole path as the way back, in routers too, and asks no header for the host", async () => {
    const app = express().set("trust proxy", true);
    const inner = express.Router();
    inner.get("/login", loginRoute(login, signedOut));
    app.use("/auth", express.Router().use("/connect", inner));
    const response = await ask(app, "/auth/connect/login?external_auth_id=x", {
      headers: { "x-forwarded-host": "evil.example", "x-forwarded-proto": "http" },
    });
    expect(response.status).toBe(303);
    expect(response.headers.get("location")).toBe(
      "/sign-in?from=connect&return_to=%2Fauth%2Fconnect%2Flogin%3Fexternal_auth_id%3Dx",
    );
  });

  it("gives authenticate the request as the middleware before it left it", async () => {
    const app = express();
    app.use((_request, response, next) => {
      response.locals.user = "ada";
      next();
    });
    let context: LoginContext | undefined;
    const authenticate = (request: Request, given: LoginContext) => {
      context = given;
      return { redirectTo: `/welcome/${request.res?.locals.user}/${request.params.tenant}` };
    };
    app.get("/:tenant/login", loginRoute(login, { signInUrl: "/sign-in", authenticate }));
    const response = await ask(app, "/acme/login?external_auth_id=x");
    expect(response.headers.get("location")).toBe("/welcome/ada/acme");
    expect(context?.externalAuthId).toBe("x");
  });

  it("hands what authenticate throws to next as it is, in time and at once", async () => {
    const thrown = new Error("the database is down");
    for (const authenticate of throwing(thrown)) {
      const app = express();
      app.get("/login", loginRoute(login, { signInUrl: "/sign-in", authenticate }));
      const errors = catchErrors(app);
      const response = await ask(app, "/login?external_auth_id=x");
      expect(await response.text()).toBe("the application's error page");
      expect(errors).toHaveLength(1);
      expect(errors[0]).toBe(thrown);
    }
  });

  it.each(NO_ERRORS)("goes nowhere else where authenticate throws %j", async (thrown) => {
    const app = express();
    const [authenticate = () => null] = throwing(thrown);
    app.get("/login", loginRoute(login, { signInUrl: "/sign-in", authenticate }));
    app.get("/login", (_request, response) => void response.send("somewhere else"));
    expect((await ask(app, "/login?external_auth_id=x")).status).toBe(500);
  });

  it("adds its cookie to those that the application set", async () => {
    const app = express();
    app.use((_request, response, next) => {
      response.cookie("theme", "dark");
      next();
    });
    const resume = { secret: "a secret of the test's, long enough" };
    app.get("/login", loginRoute(login, { ...signedOut, resume }));
    const cookies = (await ask(app, "/login?external_auth_id=x")).headers.getSetCookie();
    expect(cookies.map((cookie) => cookie.split(/[.=]/, 1)[0])).toEqual(["theme", "__Host-connect-login"]);
  });

  it("refuses bad options where the route is made", () => {
    expect(() => loginRoute(login, { ...signedOut, signInUrl: "//evil.example" })).toThrow(/signInUrl/);
  });

  describe("the form of the page that asks", () => {
    const path = "/login?external_auth_id=x";
    const form = "answer=deny&proof=x";

    /** Answers "deny" with the page that says so; what is no answer, with 405. */
    function appWith(...parsers: RequestHandler[]): Express {
      const app = express();
      for (const parser of parsers) app.use(parser);
      const authenticate = () => ({ user: { id: "usr_ada", email: "ada@example.com" } });
      app.all("/login", loginRoute(login, { signInUrl: "/sign-in", confirm: true, authenticate }));
      return app;
    }

    it.each<[string, RequestHandler[]]>([
      ["nobody", []],
      ["express.urlencoded()", [express.urlencoded({ extended: false })]],
      ["express.urlencoded() with nested fields", [express.urlencoded({ extended: true })]],
      ["express.text()", [express.text({ type: "*/*" })]],
      ["a parser of something else", [express.json()]],
    ])("is read where %s has parsed it", async (_, parsers) => {
      const app = appWith(...parsers);
      const response = await ask(app, path, post("application/x-www-form-urlencoded", form));
      expect(await response.text()).toContain("Nothing was shared");
    });

    it.each(["text/plain", "application/json"])("is none in %s", async (type) => {
      expect((await ask(appWith(), path, post(type, form))).status).toBe(405);
    });

    it("is read no further than it may be long, and the application serves on", async () => {
      const length = 8_000_000;
      let tell: (bytes: number) => void;
      const bytesRead = new Promise<number>((resolve) => {
        tell = resolve;
      });
      const count: RequestHandler = ({ socket }, response, next) => {
        response.once("close", () => tell(socket.bytesRead));
        next();
      };
      const url = await listen(appWith(count));
      const long = post("application/x-www-form-urlencoded", `${form}&x=${"x".repeat(length)}`);
      // The browser may be hung up on before it hears more.
      await fetch(url + path, long).catch(() => {});
      expect(await bytesRead).toBeLessThan(length / 2);
      const next = await fetch(url + path, post("application/x-www-form-urlencoded", form));
      expect(await next.text()).toContain("Nothing was shared");
    });

    it("is none where it breaks off", async () => {
      const app = express();
      const failed = new Promise<ConnectError>((resolve) => {
        const options = { signInUrl: "/sign-in", confirm: true, onError: resolve } as const;
        app.post("/login", loginRoute(login, { ...options, authenticate: () => null }));
      });
      const { hostname, port } = new URL(await listen(app));
      const socket = connect({ host: hostname, port: Number(port) });
      socket.on("error", () => {});
      socket.end(
        `POST ${path} HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\n` +
          "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nanswer=deny",
      );
      expect(await failed).toMatchObject({ code: "method_not_allowed", reason: "form" });
    });
  });
});

describe.each(VERSIONS)("catchStray, %s", (_, express) => {
  it("stands before the pages that it keeps logins from, and leaves everything else to them", async () => {
    const app = express();
    app.use(catchStray("/auth/login"));
    app.use((_request, response) => void response.send("the application's"));
    const url = await listen(app);
    const visit = (path: string, method = "GET") => fetch(url + path, { method, redirect: "manual" });
    const stray = await visit("/?utm=1&external_auth_id=x");
    expect([stray.status, stray.headers.get("location")]).toEqual([303, "/auth/login?external_auth_id=x"]);
    for (const answer of [visit("/"), visit("/?external_auth_id="), visit("/?external_auth_id=x", "POST")]) {
      expect(await (await answer).text()).toBe("the application's");
    }
  });

  it("refuses a path that is none where it is made", () => {
    expect(() => catchStray("https://evil.example")).toThrow(/loginPath/);
  });
});

describe.each(VERSIONS)("resourceRoutes, %s", (_, express) => {
  const PRM = "/.well-known/oauth-protected-resource";
  const resourceAt = (resource: string) =>
    createProtectedResource({ resource, authkitUrl: "https://example.authkit.app" });

  it.each([
    "https://api.example.com",
    "https://api.example.com/mcp/",
    "https://api.example.com/a/b?c=d",
    "https://api.example.com/tenants/:id::x",
    "https://api.example.com/m%20cp/%C3%A9",
    "https://api.example.com/a(b)[c]*",
  ])("knows the paths of %s", async (resource) => {
    const app = express();
    app.use(resourceRoutes(resourceAt(resource)));
    const url = await listen(app);
    const { pathname, search } = new URL(resourceAt(resource).metadataUrl);
    for (const path of [pathname + search, PRM]) {
      expect(await (await fetch(url + path)).json()).toMatchObject({ resource });
    }
  });

  it("leaves all other requests to what follows", async () => {
    const app = express();
    app.use(resourceRoutes(resourceAt("https://api.example.com/tenants/:id")));
    app.use((_request, response) => void response.send("the application's"));
    const url = await listen(app);
    for (const path of ["/", "/.well-known/security.txt", `${PRM}/tenants/5`, `${PRM}/other`]) {
      expect(await (await fetch(url + path)).text()).toBe("the application's");
    }
  });

  it.each([
    ["text/xml", "<a>"],
    ["application/json", "{"],
    ["application/json", "x".repeat(200_000)],
  ])("says that POST is no method, whatever the body is: %s", async (type, body) => {
    const app = express();
    app.use(resourceRoutes(resourceAt("https://api.example.com/mcp")), express.json());
    const response = await ask(app, PRM, post(type, body));
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("GET, HEAD, OPTIONS");
  });

  it("is nowhere under a mount path, where no client looks", async () => {
    const app = express();
    app.use("/v1", resourceRoutes(resourceAt("https://api.example.com/mcp")));
    expect((await ask(app, `/v1${PRM}`)).status).toBe(404);
  });
});

describe.each(VERSIONS)("attachAuthInfo, %s", (_, express) => {
  it("needs the guard before it", async () => {
    const app = express();
    app.use(attachAuthInfo(requireToken(tenants)));
    app.get("/", (_request, response) => void response.send("in"));
    expect((await ask(app)).status).toBe(500);
  });
});
