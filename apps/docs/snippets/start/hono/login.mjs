// login.mjs, with Hono
import { createLogin, createVerifier } from "@connect/core";
import { loginRoute, requireToken } from "@connect/hono";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { getCookie, setCookie } from "hono/cookie";

const authkitUrl = process.env.AUTHKIT_URL ?? "http://localhost:4000";
const login = createLogin({
  apiKey: process.env.WORKOS_API_KEY ?? "",
  authkitUrl,
  apiUrl: process.env.WORKOS_API_URL ?? "https://api.workos.com",
});
const verifier = createVerifier({
  issuer: authkitUrl,
  audience: "http://localhost:3000/api", // the resource indicator, byte for byte
  onRefusal: (error) => console.warn(error.message),
});

const app = new Hono();

// The product as it is: one user, one session, no password.
const ada = { id: "usr_ada", email: "ada@example.com" };
app.get("/", (c) => c.text(getCookie(c, "session") === "ada" ? "Signed in as Ada." : "Signed out."));
app.get("/sign-in", (c) => c.html(`<form method="post"><button>Sign in as Ada</button></form>`));
app.post("/sign-in", (c) => {
  setCookie(c, "session", "ada", { httpOnly: true, sameSite: "Lax" });
  const returnTo = c.req.query("return_to") ?? "/";
  return c.redirect(returnTo.startsWith("/auth/login?") ? returnTo : "/", 303);
});

// What Connect adds: the Login URI, ...
app.get(
  "/auth/login",
  loginRoute(login, {
    signInUrl: "/sign-in",
    fallbackUrl: "/",
    authenticate: (c) => (getCookie(c, "session") === "ada" ? { user: ada } : null),
    onError: (error) => console.warn(error.message),
  }),
);

// ... and a route for AuthKit's tokens.
app.get("/api/me", requireToken(verifier, { scopes: ["openid"] }), (c) =>
  c.json({ subject: c.var.accessToken.subject }),
);

serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000), hostname: "localhost" }, ({ port }) =>
  console.log(`http://localhost:${port}`),
);
