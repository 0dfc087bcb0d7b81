import { toAuthInfo } from "@connect/core";
import { loginRoute, requireToken, resourceRoutes } from "@connect/fastify";
import cors from "@fastify/cors";
import formbody from "@fastify/formbody";
import { type NodeIncomingMessageLike, toWebRequest } from "@modelcontextprotocol/node";
import {
  type DisconnectForm,
  type HeadersView,
  type Reply,
  type SignInForm,
  toolScopes,
} from "example-product";
import Fastify, { type FastifyReply, type FastifyRequest } from "fastify";
import { authenticate, login, mcp, mcpVerifier, resource, site, verifier } from "./connect.js";

export const app = Fastify();
await app.register(formbody);

// Connect: the Login URI, a protected API, and a protected MCP endpoint.
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

await app.register(resourceRoutes(resource));
await app.register(
  async (scope) => {
    await scope.register(cors, {
      origin: "*",
      exposedHeaders: ["WWW-Authenticate", "Mcp-Session-Id", "Mcp-Protocol-Version"],
    });
    const guard = requireToken(mcpVerifier, { toolScopes });
    // Twice: tools' scopes are in the body, and a client without a token must be told so before Fastify looks at one.
    scope.all("/", { onRequest: requireToken(mcpVerifier), preHandler: guard }, async (request) => {
      // The SDK's type wants members left out that Node's may hold as undefined.
      const raw = request.raw as NodeIncomingMessageLike;
      return mcp.fetch(await toWebRequest(raw, request.body, { signal: request.signal }), {
        authInfo: toAuthInfo(guard.accessToken(request), resource),
        parsedBody: request.body,
      });
    });
  },
  { prefix: "/mcp" },
);

// The product itself.
app.get("/", async (request, reply) => send(reply, await site.home(view(request))));
app.get<{ Querystring: { return_to?: unknown } }>("/sign-in", (request, reply) =>
  send(reply, site.signInForm(request.query.return_to)),
);
app.post<{ Body: SignInForm | undefined }>("/sign-in", async (request, reply) =>
  send(reply, await site.signIn(view(request), request.body ?? {})),
);
app.post("/sign-out", (request, reply) => send(reply, site.signOut(view(request))));
app.get("/connected-apps", async (request, reply) => send(reply, await site.connectedApps(view(request))));
app.post<{ Body: DisconnectForm | undefined }>("/connected-apps", async (request, reply) =>
  send(reply, await site.disconnect(view(request), request.body ?? {})),
);

function view({ headers }: FastifyRequest): HeadersView {
  return { get: (name) => headers[name]?.toString() ?? null };
}

function send(reply: FastifyReply, { status, headers, body }: Reply): FastifyReply {
  return reply.code(status).headers(headers).send(body);
}
