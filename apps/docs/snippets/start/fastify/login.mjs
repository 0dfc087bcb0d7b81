// login.mjs, with Fastify
import { createLogin, createVerifier } from "@connect/core";
import { loginRoutes, requireToken } from "@connect/fastify";
import Fastify from "fastify";

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

const app = Fastify();
// The sign-in form has no fields: its body says nothing. Leave this line out where you have @fastify/formbody.
app.addContentTypeParser("application/x-www-form-urlencoded", async () => undefined);

// The product as it is: one user, one session, no password.
const ada = { id: "usr_ada", email: "ada@example.com" };
const isSignedIn = (/** @type {import("fastify").FastifyRequest} */ request) =>
  /(^|; )session=ada(;|$)/.test(request.headers.cookie ?? "");
app.get("/", async (request) => (isSignedIn(request) ? "Signed in as Ada." : "Signed out."));
app.get("/sign-in", (_request, reply) =>
  reply.type("text/html").send(`<form method="post"><button>Sign in as Ada</button></form>`),
);
app.post("/sign-in", (request, reply) => {
  const { return_to: returnTo = "/" } = /** @type {{ return_to?: string }} */ (request.query);
  reply.header("set-cookie", "session=ada; Path=/; HttpOnly; SameSite=Lax");
  return reply.redirect(returnTo.startsWith("/auth/login?") ? returnTo : "/", 303);
});

// What Connect adds: the Login URI, ...
app.register(
  loginRoutes(login, {
    path: "/auth/login",
    signInUrl: "/sign-in",
    fallbackUrl: "/",
    authenticate: (request) => (isSignedIn(request) ? { user: ada } : null),
    onError: (error) => console.warn(error.message),
  }),
);

// ... and a route for AuthKit's tokens.
const guard = requireToken(verifier, { scopes: ["openid"] });
app.get("/api/me", { onRequest: guard }, async (request) => ({
  subject: guard.accessToken(request).subject,
}));

const port = Number(process.env.PORT ?? 3000);
await app.listen({ port, host: "localhost" });
console.log(`http://localhost:${port}`);
