import Fastify, { type FastifyReply } from "fastify";
import { answerLogin, answerMe, answerMetadata, type BareAnswer, CALLER_HEADER } from "./answers.js";

const app = Fastify();
app.get("/api/me", async ({ headers }, reply) => send(reply, answerMe(headers[CALLER_HEADER]?.toString())));
app.get("/.well-known/oauth-protected-resource/mcp", async (_request, reply) =>
  send(reply, answerMetadata()),
);
app.get<{ Querystring: { external_auth_id: string } }>("/auth/login", async ({ headers, query }, reply) =>
  send(reply, await answerLogin(query.external_auth_id, String(headers[CALLER_HEADER]))),
);

function send(reply: FastifyReply, { status, headers, body }: BareAnswer): FastifyReply {
  return reply.code(status).headers(headers).send(body);
}

const address = await app.listen({ port: Number(process.env.PORT), host: "localhost" });
console.log(`Fastify on http://localhost:${new URL(address).port}`);
process.once("SIGTERM", () => app.close());
