// login.mjs, with Express
import { createLogin, createVerifier } from "@connect/core";
import { loginRoute, requireToken } from "@connect/express";
import express from "express";

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

const app = express();

// The product as it is: one user, one session, no password.
const ada = { id: "usr_ada", email: "ada@example.com" };
const isSignedIn = (/** @type {express.Request} */ request) =>
  /(^|; )session=ada(;|$)/.test(request.headers.cookie ?? "");
app.get("/", (request, response) => {
  response.type("text").send(isSignedIn(request) ? "Signed in as Ada." : "Signed out.");
});
app.get("/sign-in", (_request, response) => {
  response.send(`<form method="post"><button>Sign in as Ada</button></form>`);
});
app.post("/sign-in", (request, response) => {
  response.cookie("session", "ada", { httpOnly: true, sameSite: "lax" });
  const returnTo = String(request.query.return_to ?? "/");
  response.redirect(303, returnTo.startsWith("/auth/login?") ? returnTo : "/");
});

// What Connect adds: the Login URI, ...
app.get(
  "/auth/login",
  loginRoute(login, {
    signInUrl: "/sign-in",
    fallbackUrl: "/",
    authenticate: (request) => (isSignedIn(request) ? { user: ada } : null),
    onError: (error) => console.warn(error.message),
  }),
);

// ... and a route for AuthKit's tokens.
const guard = requireToken(verifier, { scopes: ["openid"] });
app.get("/api/me", guard, (request, response) => {
  response.json({ subject: guard.accessToken(request).subject });
});

const port = Number(process.env.PORT ?? 3000);
app.listen(port, "localhost", () => console.log(`http://localhost:${port}`));
