import { loginRoute, requireToken } from "@connect/core/web";
import { serve } from "@hono/node-server";
import { login, verifier } from "../existing/connect.js";
import { currentUser, signIn, signInPage, wayBack } from "../existing/sessions.js";

const loginHandler = loginRoute(login, {
  signInUrl: "/sign-in",
  fallbackUrl: "/",
  authenticate: async (request) => {
    const user = await currentUser(request.headers.get("cookie"));
    return user && { user };
  },
  onError: (error) => console.warn(error),
});

const meHandler = requireToken(verifier, { scopes: ["openid"] }, (_request, accessToken) =>
  Response.json({ subject: accessToken.subject }),
);

async function signInHandler(request: Request): Promise<Response> {
  const form = Object.fromEntries(new URLSearchParams(await request.text()));
  const cookie = signIn(form);
  if (cookie === null) return new Response("Wrong password.", { status: 401 });
  const headers = { "set-cookie": cookie, location: wayBack(form.return_to) };
  return new Response(null, { status: 303, headers });
}

async function handle(request: Request): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url);
  if (pathname === "/auth/login") return loginHandler(request);
  if (pathname === "/api/me") return meHandler(request);
  if (pathname !== "/sign-in") return new Response("Not found.", { status: 404 });
  if (request.method === "POST") return signInHandler(request);
  return new Response(signInPage(searchParams.get("return_to")), {
    headers: { "content-type": "text/html" },
  });
}

serve({ fetch: handle, port: Number(process.env.PORT), hostname: "localhost" }, ({ port }) => {
  console.log(`http://localhost:${port}`);
});
