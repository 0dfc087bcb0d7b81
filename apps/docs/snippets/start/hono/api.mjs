// api.mjs, with Hono
import { createVerifier } from "@connect/core";
import { requireToken } from "@connect/hono";
import { serve } from "@hono/node-server";
import { Hono } from "hono";

const verifier = createVerifier({
  issuer: process.env.AUTHKIT_URL ?? "http://localhost:4000",
  audience: "http://localhost:3002/api", // the resource indicator, byte for byte
  onRefusal: (error) => console.warn(error.message),
});

const app = new Hono();

app.get("/api/notes", requireToken(verifier, { scopes: ["notes:read"] }), (c) =>
  c.json({ readBy: c.var.accessToken.clientId, notes: ["Buy milk"] }),
);

serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3002), hostname: "localhost" }, ({ port }) =>
  console.log(`http://localhost:${port}`),
);
