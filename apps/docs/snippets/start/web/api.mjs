// api.mjs, for Request and Response
import { createVerifier } from "@connect/core";
import { requireToken } from "@connect/core/web";
import { serve } from "@hono/node-server";

const verifier = createVerifier({
  issuer: process.env.AUTHKIT_URL ?? "http://localhost:4000",
  audience: "http://localhost:3002/api", // the resource indicator, byte for byte
  onRefusal: (error) => console.warn(error.message),
});

const getNotes = requireToken(verifier, { scopes: ["notes:read"] }, (_request, accessToken) =>
  Response.json({ readBy: accessToken.clientId, notes: ["Buy milk"] }),
);

function handle(/** @type {Request} */ request) {
  const { pathname } = new URL(request.url);
  return pathname === "/api/notes" ? getNotes(request) : new Response(null, { status: 404 });
}

// On Node; elsewhere `handle` is what your platform calls.
serve({ fetch: handle, port: Number(process.env.PORT ?? 3002), hostname: "localhost" }, ({ port }) =>
  console.log(`http://localhost:${port}`),
);
