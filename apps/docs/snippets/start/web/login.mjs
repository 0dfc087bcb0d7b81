// login.mjs, for Request and Response
import { createLogin, createVerifier } from "@connect/core";
import { loginRoute, requireToken } from "@connect/core/web";
import { serve } from "@hono/node-server";

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

// The product as it is: one user, one session, no password.
const ada = { id: "usr_ada", email: "ada@example.com" };
const isSignedIn = (/** @type {Request} */ request) =>
  /(^|; )session=ada(;|$)/.test(request.headers.get("cookie") ?? "");

function signIn(/** @type {Request} */ request) {
  if (request.method !== "POST") {
    const headers = { "content-type": "text/html" };
    return new Response(`<form method="post"><button>Sign in as Ada</button></form>`, { headers });
  }
  const returnTo = new URL(request.url).searchParams.get("return_to") ?? "/";
  const headers = {
    location: returnTo.startsWith("/auth/login?") ? returnTo : "/",
    "set-cookie": "session=ada; Path=/; HttpOnly; SameSite=Lax",
  };
  return new Response(null, { status: 303, headers });
}

// What Connect adds: the Login URI, ...
const completeLogin = loginRoute(login, {
  signInUrl: "/sign-in",
  fallbackUrl: "/",
  authenticate: (request) => (isSignedIn(request) ? { user: ada } : null),
  onError: (error) => console.warn(error.message),
});

// ... and a route for AuthKit's tokens.
const getMe = requireToken(verifier, { scopes: ["openid"] }, (_request, accessToken) =>
  Response.json({ subject: accessToken.subject }),
);

function handle(/** @type {Request} */ request) {
  const { pathname } = new URL(request.url);
  if (pathname === "/auth/login") return completeLogin(request);
  if (pathname === "/api/me") return getMe(request);
  if (pathname === "/sign-in") return signIn(request);
  return new Response(isSignedIn(request) ? "Signed in as Ada." : "Signed out.");
}

// On Node; elsewhere `handle` is what your platform calls.
serve({ fetch: handle, port: Number(process.env.PORT ?? 3000), hostname: "localhost" }, ({ port }) =>
  console.log(`http://localhost:${port}`),
);
