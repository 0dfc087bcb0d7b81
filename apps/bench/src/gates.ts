import { createVerifier, type Verifier } from "@connect/core";
import { requireToken as fastifyGuard } from "@connect/fastify";
import { requireToken as honoGuard } from "@connect/hono";
import { requireToken as nextGuard } from "@connect/next";
import { fastifyJwt, type TokenOrHeader } from "@fastify/jwt";
import { serve } from "@hono/node-server";
import fastify, {
  type FastifyInstance,
  type FastifyRequest,
  type onRequestAsyncHookHandler,
  type onRequestHookHandler,
} from "fastify";
import buildGetJwks from "get-jwks";
import { Hono, type MiddlewareHandler } from "hono";
import { jwk } from "hono/jwk";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { NextRequest } from "next/server.js";
import type { IssuerView } from "./issuer.js";

/** A server of one framework, with one thing before its only route. Gives its port. */
export type StartGate = (issuer: IssuerView) => Promise<number>;

/** What stands before a route, as it is called in the tables. */
export const NOTHING = "does nothing";

/** Connect's adapter. */
export const CONNECT = "connect";

/** The same answer for everybody: it is the gate that is measured. */
const ANSWER = { ok: true } as const;

/** By framework, then by what stands before the route. All are set up as their documentation does it. */
export const GATES: Readonly<Record<string, Readonly<Record<string, StartGate>>>> = {
  hono: {
    [NOTHING]: () => serveHono((_c, next) => next()),
    [CONNECT]: (issuer) => serveHono(honoGuard(createOwnVerifier(issuer))),
    "hono/jwk": ({ url, audience, jwksUrl }) =>
      serveHono(jwk({ jwks_uri: jwksUrl, alg: ["RS256"], verification: { iss: url, aud: audience } })),
    jose: (issuer) => {
      const isGood = createJoseCheck(issuer);
      return serveHono(async (c, next) => {
        if (!(await isGood(c.req.header("authorization")))) return c.body(null, 401);
        return next();
      });
    },
  },
  fastify: {
    [NOTHING]: () => serveFastify(fastify(), (_request, _reply, done) => done()),
    [CONNECT]: (issuer) => serveFastify(fastify(), fastifyGuard(createOwnVerifier(issuer))),
    "@fastify/jwt + get-jwks": (issuer) => serveFastifyJwt(issuer, false),
    "@fastify/jwt + get-jwks, cached": (issuer) => serveFastifyJwt(issuer, true),
    jose: (issuer) => {
      const isGood = createJoseCheck(issuer);
      const hook: onRequestAsyncHookHandler = async (request, reply) => {
        if (!(await isGood(request.headers.authorization))) return reply.code(401).send();
      };
      return serveFastify(fastify(), hook);
    },
  },
  next: {
    [NOTHING]: () => serveNext(async () => Response.json(ANSWER)),
    [CONNECT]: (issuer) => {
      const handler = nextGuard(createOwnVerifier(issuer), {}, async () => Response.json(ANSWER));
      return serveNext((request) => handler(request, undefined));
    },
    jose: (issuer) => {
      const isGood = createJoseCheck(issuer);
      return serveNext(async (request) => {
        if (!(await isGood(request.headers.get("authorization")))) return new Response(null, { status: 401 });
        return Response.json(ANSWER);
      });
    },
  },
};

function createOwnVerifier({ url, audience, jwksUrl }: IssuerView): Verifier {
  return createVerifier({ issuer: url, audience, jwksUrl });
}

type Check = (authorization: string | null | undefined) => Promise<boolean>;

/** As one writes it by hand. */
function createJoseCheck({ url, audience, jwksUrl }: IssuerView): Check {
  const keys = createRemoteJWKSet(new URL(jwksUrl));
  const options = { issuer: url, audience, algorithms: ["RS256"] };
  return async (authorization) => {
    if (!authorization?.startsWith("Bearer ")) return false;
    try {
      await jwtVerify(authorization.slice("Bearer ".length), keys, options);
      return true;
    } catch {
      return false;
    }
  };
}

function serveHono(middleware: MiddlewareHandler): Promise<number> {
  const app = new Hono();
  app.get("/", middleware, (c) => c.json(ANSWER));
  return serveFetch(app.fetch);
}

/** Route handlers as Next calls them, with a request made as Next makes it, and without its router. */
function serveNext(handler: (request: NextRequest) => Promise<Response>): Promise<number> {
  return serveFetch(({ url, method, headers }) => handler(new NextRequest(url, { method, headers })));
}

function serveFetch(fetch: (request: Request) => Response | Promise<Response>): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, hostname: "127.0.0.1", port: 0 }, ({ port }) => resolve(port));
    server.once("error", reject);
  });
}

async function serveFastify(
  app: FastifyInstance,
  onRequest: onRequestHookHandler | onRequestAsyncHookHandler,
): Promise<number> {
  app.get("/", { onRequest }, async () => ANSWER);
  return Number(new URL(await app.listen({ host: "127.0.0.1", port: 0 })).port);
}

async function serveFastifyJwt(issuer: IssuerView, cache: boolean): Promise<number> {
  const getJwks = buildGetJwks({ jwksPath: "/oauth2/jwks", issuersWhitelist: [issuer.url] });
  const app = fastify();
  await app.register(fastifyJwt, {
    decode: { complete: true },
    secret: (_request: FastifyRequest, token: TokenOrHeader) => {
      const { kid = "", alg } = "header" in token ? token.header : token;
      return getJwks.getPublicKey({ kid, alg, domain: issuer.url });
    },
    verify: { algorithms: ["RS256"], allowedIss: issuer.url, allowedAud: issuer.audience, cache },
  });
  const hook: onRequestAsyncHookHandler = async (request) => {
    await request.jwtVerify();
  };
  return serveFastify(app, hook);
}
