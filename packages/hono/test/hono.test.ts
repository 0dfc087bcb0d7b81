import { verifierOf, verifierWith } from "@connect/adapter-contract";
import {
  ConnectError,
  createLogin,
  createProtectedResource,
  createVerifier,
  isConnectError,
} from "@connect/core";
import { catchStray, loginRoute, requireToken, resourceRoutes } from "@connect/hono";
import { type Context, Hono, type HonoRequest } from "hono";
import { env } from "hono/adapter";
import { hc, type InferResponseType } from "hono/client";
import { setCookie } from "hono/cookie";
import { cors } from "hono/cors";
import { HTTPException } from "hono/http-exception";
import { validator } from "hono/validator";
import { describe, expect, expectTypeOf, it } from "vitest";

const login = createLogin({ apiKey: "sk_test", authkitUrl: "https://example.authkit.app" });

describe("requireToken", () => {
  it("gives app.onError an HTTPException with the ConnectError as its cause", async () => {
    const error = new ConnectError("invalid_token");
    let seen: unknown;
    const app = new Hono()
      .get("/", requireToken(verifierOf({ type: "challenge", error, challenge: "Bearer" })), (c) =>
        c.text("in"),
      )
      .onError((thrown, c) => {
        seen = thrown;
        return c.text("mine", 418);
      });
    const response = await app.request("/");
    expect(response.status).toBe(418);
    expect(seen).toBeInstanceOf(HTTPException);
    const { message, cause } = seen as HTTPException;
    expect(message).toBe(error.description);
    expect(isConnectError(cause, "invalid_token")).toBe(true);
  });

  it("answers by itself where the application has no onError", async () => {
    const error = new ConnectError("missing_token");
    const app = new Hono().get(
      "/",
      requireToken(verifierOf({ type: "challenge", error, challenge: "Bearer" })),
    );
    const response = await app.request("/");
    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toBe("Bearer");
    expect(await response.json()).toMatchObject({ error: "missing_token" });
  });

  it("types the token by the verifier, each route its own", async () => {
    const tenants = verifierWith({ tenant: "a" });
    const plans = verifierWith({ plan: 1 });
    const app = new Hono()
      .get("/tenant", requireToken(tenants), (c) => {
        expectTypeOf(c.var.accessToken.claims).toEqualTypeOf<{ tenant: string }>();
        return c.text(c.var.accessToken.claims.tenant);
      })
      .get("/plan", requireToken(plans), (c) => {
        expectTypeOf(c.var.accessToken.claims).toEqualTypeOf<{ plan: number }>();
        return c.text(String(c.var.accessToken.claims.plan));
      });
    expect(await (await app.request("/tenant")).text()).toBe("a");
    expect(await (await app.request("/plan")).text()).toBe("1");
  });

  it("lets an RPC client know the route's answer, its input and the refusal", async () => {
    const mode = { refuse: false };
    const verifier = verifierWith({ tenant: "a" });
    const refusing = verifierOf({
      type: "challenge",
      error: new ConnectError("insufficient_scope"),
      challenge: "Bearer",
    });
    const app = new Hono()
      .post(
        "/notes/:id",
        requireToken({
          ...verifier,
          guard: (needs) => (view, read) => (mode.refuse ? refusing : verifier).guard(needs)(view, read),
        } as typeof verifier),
        validator("json", (value) => ({ text: String(value.text) })),
        (c) => c.json({ tenant: c.var.accessToken.claims.tenant, text: c.req.valid("json").text }, 201),
      )
      .get("/open", (c) => c.json({ open: true }));
    const client = hc<typeof app>("http://localhost", { fetch: app.request });

    const note = client.notes[":id"].$post;
    expectTypeOf<InferResponseType<typeof note, 201>>().toEqualTypeOf<{ tenant: string; text: string }>();
    expectTypeOf<InferResponseType<typeof note, 403>>().toEqualTypeOf<{
      error: string;
      error_description: string;
    }>();
    expectTypeOf<Parameters<typeof note>[0]>().toExtend<{ param: { id: string }; json: { text: string } }>();

    const written = await note({ param: { id: "1" }, json: { text: "hi" } });
    if (!written.ok) throw new Error("A good token was refused.");
    expect(await written.json()).toEqual({ tenant: "a", text: "hi" });
    mode.refuse = true;
    const refusal = await note({ param: { id: "1" }, json: { text: "hi" } });
    if (refusal.status !== 403) throw new Error("A token without the scope got in.");
    expect((await refusal.json()).error).toBe("insufficient_scope");
  });

  it("makes a verifier from the environment that comes with requests, once", async () => {
    let made = 0;
    const app = new Hono().get(
      "/",
      requireToken((c) => {
        made += 1;
        return verifierWith({ tenant: env<{ TENANT: string }>(c, "workerd").TENANT });
      }),
      (c) => {
        expectTypeOf(c.var.accessToken.claims).toEqualTypeOf<{ tenant: string }>();
        return c.text(c.var.accessToken.claims.tenant);
      },
    );
    for (let request = 0; request < 3; request += 1) {
      expect(await (await app.request("/", {}, { TENANT: "a" })).text()).toBe("a");
    }
    expect(made).toBe(1);
  });

  it("lets nobody in while the environment is wrong, and tries again", async () => {
    let seen: unknown;
    const app = new Hono()
      .get(
        "/",
        requireToken((c) =>
          createVerifier({
            issuer: env<{ ISSUER: string }>(c, "workerd").ISSUER,
            audience: "https://api.example.com",
          }),
        ),
        (c) => c.text("in"),
      )
      .onError((error, c) => {
        seen = error;
        return c.text("mine", error instanceof HTTPException ? error.status : 500);
      });
    expect((await app.request("/", {}, { ISSUER: "no address" })).status).toBe(500);
    expect(isConnectError(seen, "invalid_config")).toBe(true);
    expect((await app.request("/", {}, { ISSUER: "https://example.authkit.app" })).status).toBe(401);
  });

  it("finds the call of a tool in a body that middleware has read, and leaves it to the handler", async () => {
    const tools = verifierWith({ tenant: "a" });
    const seen: unknown[] = [];
    const guard: typeof tools.guard = () => async (request, readMessage) => {
      seen.push(await readMessage?.());
      return tools.authorize(request);
    };
    const app = new Hono()
      .use(async (c, next) => {
        await c.req.text();
        await next();
      })
      .post("/", requireToken({ ...tools, guard }), async (c) => c.json(await c.req.json()));
    const call = { method: "tools/call", params: { name: "delete_note" } };
    const response = await app.request("/", { method: "POST", body: JSON.stringify(call) });
    expect(await response.json()).toEqual(call);
    expect(seen).toEqual([call]);
  });

  it("refuses a bad scope where the route is made", () => {
    const verifier = createVerifier({ issuer: "https://example.authkit.app", audience: "client_1" });
    expect(() => requireToken(verifier, { scopes: ['a"b'] })).toThrow(/scopes/);
  });
});

describe("loginRoute", () => {
  it("gives authenticate the context, and works in a mounted app with the whole path as the way back", async () => {
    type Env = { Variables: { user: string } };
    const inner = new Hono<Env>().get(
      "/login",
      loginRoute<Env>(login, {
        signInUrl: (returnTo) => `/sign-in?next=${encodeURIComponent(returnTo)}`,
        authenticate: (c) => {
          expectTypeOf(c.var.user).toBeString();
          return null;
        },
      }),
    );
    const response = await new Hono().route("/auth", inner).request("/auth/login?external_auth_id=x");
    expect(response.status).toBe(303);
    expect(response.headers.get("location")).toBe("/sign-in?next=%2Fauth%2Flogin%3Fexternal_auth_id%3Dx");
  });

  const path = "/login?external_auth_id=x";
  const resume = { secret: "a secret of the test's, long enough" };
  const namesOf = ({ headers }: Response) => headers.getSetCookie().map((one) => one.split(/[.=]/, 1)[0]);

  it("adds its cookie to those that authenticate sets", async () => {
    const authenticate = (c: Context) => setCookie(c, "theme", "dark") ?? null;
    const app = new Hono().get("/login", loginRoute(login, { signInUrl: "/sign-in", resume, authenticate }));
    expect(namesOf(await app.request(path))).toEqual(["theme", "__Host-connect-login"]);
  });

  it("keeps what middleware set, and is not to be kept by anybody whatever middleware says", async () => {
    const app = new Hono()
      .use(cors({ origin: "https://app.example.com" }))
      .use(async (c, next) => {
        setCookie(c, "theme", "dark");
        c.header("cache-control", "public, max-age=60");
        await next();
      })
      .get("/login", loginRoute(login, { signInUrl: "/sign-in", resume, authenticate: () => null }))
      .get("*", catchStray("/login"));
    const origin = "https://app.example.com";
    const [visit, stray] = [
      await app.request(path, { headers: { origin } }),
      await app.request("/?external_auth_id=x", { headers: { origin } }),
    ];
    expect(namesOf(visit)).toEqual(["theme", "__Host-connect-login"]);
    for (const { status, headers } of [visit, stray]) {
      expect([status, headers.get("cache-control")]).toEqual([303, "no-store"]);
      expect(headers.get("access-control-allow-origin")).toBe(origin);
    }
  });

  it.each<[string, (request: HonoRequest) => Promise<unknown>]>([
    ["nobody", async () => {}],
    ["parseBody", (request) => request.parseBody()],
    ["formData", (request) => request.formData()],
    ["text", (request) => request.text()],
    ["arrayBuffer", (request) => request.arrayBuffer()],
  ])("reads the form of the page that asks where %s has read it before", async (_, read) => {
    const authenticate = () => ({ user: { id: "usr_ada", email: "ada@example.com" } });
    const app = new Hono()
      .use(async (c, next) => {
        await read(c.req);
        await next();
      })
      .post("/login", loginRoute(login, { signInUrl: "/sign-in", confirm: true, authenticate }));
    const response = await app.request(path, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin" },
      body: "answer=deny&proof=x",
    });
    expect(await response.text()).toContain("Nothing was shared");
  });

  it("makes a login from the environment that comes with requests, once", async () => {
    let made = 0;
    const app = new Hono<{ Bindings: { WORKOS_API_KEY: string } }>().get(
      "/auth/login",
      loginRoute(
        (c) => {
          made += 1;
          return createLogin({
            apiKey: env<{ WORKOS_API_KEY: string }>(c, "workerd").WORKOS_API_KEY,
            authkitUrl: "https://example.authkit.app",
          });
        },
        { signInUrl: "/sign-in", authenticate: () => null },
      ),
    );
    for (let request = 0; request < 3; request += 1) {
      const visit = await app.request("/auth/login?external_auth_id=x", {}, { WORKOS_API_KEY: "sk_test" });
      expect(visit.status).toBe(303);
    }
    expect(made).toBe(1);
  });

  it("refuses bad options where the route is made", () => {
    expect(() => loginRoute(login, { signInUrl: "javascript:alert(1)", authenticate: () => null })).toThrow(
      /signInUrl/,
    );
  });
});

describe("resourceRoutes", () => {
  const PRM = "/.well-known/oauth-protected-resource";
  const routesOf = (resource: string) =>
    resourceRoutes(createProtectedResource({ resource, authkitUrl: "https://example.authkit.app" }));

  it.each([
    ["https://api.example.com", PRM],
    ["https://api.example.com/mcp/", `${PRM}/mcp/`],
    ["https://api.example.com/tenants/:id", `${PRM}/tenants/:id`],
    ["https://api.example.com/a*b", `${PRM}/a*b`],
    ["https://api.example.com/m%20cp", `${PRM}/m%20cp`],
  ])("knows the paths of %s", async (resource, path) => {
    const app = new Hono().route("/", routesOf(resource));
    expect(await (await app.request(path)).json()).toMatchObject({ resource });
  });

  it("leaves all other requests to the routes that follow", async () => {
    const app = new Hono()
      .route("/", routesOf("https://api.example.com/tenants/:id"))
      .all("*", (c) => c.text("the application's"));
    for (const path of ["/", "/.well-known/security.txt", `${PRM}/tenants/5`, `${PRM}/x`]) {
      expect(await (await app.request(path)).text()).toBe("the application's");
    }
    expect(await (await app.request(PRM)).text()).not.toBe("the application's");
  });

  it("is nowhere in an app mounted elsewhere, where no client looks", async () => {
    const app = new Hono().route("/v1", routesOf("https://api.example.com/mcp"));
    expect((await app.request(`/v1${PRM}`)).status).toBe(404);
  });
});
