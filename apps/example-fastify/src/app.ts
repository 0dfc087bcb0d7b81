import { loginRoute, requireToken } from "@connect/fastify";
import formbody from "@fastify/formbody";
import type { HeadersView, Reply, SignInForm } from "example-product";
import Fastify, { type FastifyReply, type FastifyRequest } from "fastify";
import { authenticate, login, site, verifier } from "./connect.js";

export const app = Fastify();
await app.register(formbody);

// Connect: the Login URI, and a protected API.
app.get(
  "/auth/login",
  loginRoute(login, {
    signInUrl: "/sign-in",
    fallbackUrl: "/",
    authenticate: (request) => authenticate(view(request)),
    onError: (error) => console.error(`login failed: ${error.code}`),
  }),
);
const guard = requireToken(verifier);
app.get("/api/me", { onRequest: guard }, async (request) => {
  const { subject, scopes, claims } = guard.accessToken(request);
  return { subject, scopes, tenant: claims["urn:example:tenant"] ?? null };
});

// The product itself.
app.get("/", async (request, reply) => send(reply, await site.home(view(request))));
app.get<{ Querystring: { return_to?: unknown } }>("/sign-in", (request, reply) =>
  send(reply, site.signInForm(request.query.return_to)),
);
app.post<{ Body: SignInForm | undefined }>("/sign-in", async (request, reply) =>
  send(reply, await site.signIn(view(request), request.body ?? {})),
);
app.post("/sign-out", (request, reply) => send(reply, site.signOut(view(request))));

function view({ headers }: FastifyRequest): HeadersView {
  return { get: (name) => headers[name]?.toString() ?? null };
}

function send(reply: FastifyReply, { status, headers, body }: Reply): FastifyReply {
  return reply.code(status).headers(headers).send(body);
}
