import { loginRoute, requireToken } from "@connect/hono";
import type { Reply } from "example-product";
import { Hono } from "hono";
import { authenticate, login, site, verifier } from "./connect.js";

export const app = new Hono();

// Connect: the Login URI, and a protected API.
app.get(
  "/auth/login",
  loginRoute(login, {
    signInUrl: "/sign-in",
    fallbackUrl: "/",
    authenticate: (c) => authenticate(c.req.raw.headers),
    onError: (error) => console.error(`login failed: ${error.code}`),
  }),
);
app.get("/api/me", requireToken(verifier), (c) => {
  const { subject, scopes, claims } = c.var.accessToken;
  return c.json({ subject, scopes, tenant: claims["urn:example:tenant"] ?? null });
});

// The product itself.
app.get("/", async (c) => send(await site.home(c.req.raw.headers)));
app.get("/sign-in", (c) => send(site.signInForm(c.req.query("return_to"))));
app.post("/sign-in", async (c) => send(await site.signIn(c.req.raw.headers, await c.req.parseBody())));
app.post("/sign-out", (c) => send(site.signOut(c.req.raw.headers)));

function send({ status, headers, body }: Reply): Response {
  return new Response(body, { status, headers });
}
