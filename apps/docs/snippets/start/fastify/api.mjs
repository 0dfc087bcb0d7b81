// api.mjs, with Fastify
import { createVerifier } from "@connect/core";
import { requireToken } from "@connect/fastify";
import Fastify from "fastify";

const verifier = createVerifier({
  issuer: process.env.AUTHKIT_URL ?? "http://localhost:4000",
  audience: "http://localhost:3002/api", // the resource indicator, byte for byte
  onRefusal: (error) => console.warn(error.message),
});

const app = Fastify();

const guard = requireToken(verifier, { scopes: ["notes:read"] });
app.get("/api/notes", { onRequest: guard }, async (request) => ({
  readBy: guard.accessToken(request).clientId,
  notes: ["Buy milk"],
}));

const port = Number(process.env.PORT ?? 3002);
await app.listen({ port, host: "localhost" });
console.log(`http://localhost:${port}`);
