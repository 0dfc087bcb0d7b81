import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { answerLogin, answerMe, answerMetadata, type BareAnswer, CALLER_HEADER } from "./answers.js";

const app = new Hono();
app.get("/api/me", (c) => send(answerMe(c.req.header(CALLER_HEADER))));
app.get("/.well-known/oauth-protected-resource/mcp", () => send(answerMetadata()));
app.get("/auth/login", async (c) =>
  send(await answerLogin(c.req.query("external_auth_id") ?? "", c.req.header(CALLER_HEADER) ?? "")),
);

function send({ status, headers, body }: BareAnswer): Response {
  return new Response(body, { status, headers });
}

const server = serve(
  { fetch: app.fetch, port: Number(process.env.PORT), hostname: "localhost" },
  ({ port }) => console.log(`Hono on http://localhost:${port}`),
);
process.once("SIGTERM", () => server.close());
