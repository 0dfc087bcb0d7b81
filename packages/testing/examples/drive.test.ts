import { createLogin } from "@connect/core";
import { loginRoute } from "@connect/hono";
import { startLocalAuthKit } from "@connect/local-authkit";
import { drive } from "@connect/testing/drive";
import { type ServerType, serve } from "@hono/node-server";
import { Hono } from "hono";
import { afterAll, beforeAll, expect, it } from "vitest";

const authkit = await startLocalAuthKit({ port: 0 });
const login = createLogin({ apiKey: authkit.apiKey, authkitUrl: authkit.url, apiUrl: authkit.url });

// Your application, listening.
const app = new Hono();
app.get(
  "/auth/login",
  loginRoute(login, {
    signInUrl: "/sign-in",
    authenticate: (c) =>
      c.req.header("cookie") === "session=ada" ? { user: { id: "ada", email: "ada@example.com" } } : null,
  }),
);
app.get("/sign-in", (c) =>
  c.html(`<form method="post">
    <input type="hidden" name="return_to" value="${encodeURI(c.req.query("return_to") ?? "/")}">
    <input name="email"> <input name="password" type="password"> <button>Sign in</button>
  </form>`),
);
app.post("/sign-in", async (c) => {
  const returnTo = String((await c.req.parseBody()).return_to);
  c.header("set-cookie", "session=ada; Path=/; HttpOnly");
  return c.redirect(returnTo.startsWith("/auth/login?") ? returnTo : "/", 303);
});

let server: ServerType;
beforeAll(async () => {
  const port = await new Promise<number>((resolve) => {
    server = serve({ fetch: app.fetch, port: 0, hostname: "localhost" }, (address) => resolve(address.port));
  });
  authkit.setLoginUri(`http://localhost:${port}/auth/login`);
});
afterAll(async () => {
  server.close();
  await authkit.close();
});

it("leaves a client that Ada denies without tokens", async () => {
  const { denied } = await drive({ authkit, user: { cookie: "session=ada" }, deny: true });
  expect(denied).toBe("consent");
});

it("connects a client to Ada's account", async () => {
  const user = { fields: { email: "ada@example.com", password: "correct horse" } };
  const { claims } = await drive({ authkit, user });
  expect(authkit.users.find(String(claims.sub))?.externalId).toBe("ada");
});
