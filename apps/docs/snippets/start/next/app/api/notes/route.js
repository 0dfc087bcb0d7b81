// app/api/notes/route.js, of Next.js
import { createVerifier } from "@connect/core";
import { requireToken } from "@connect/next";

const verifier = createVerifier({
  issuer: process.env.AUTHKIT_URL ?? "http://localhost:4000",
  audience: "http://localhost:3002/api", // the resource indicator, byte for byte
  onRefusal: (error) => console.warn(error.message),
});

export const GET = requireToken(verifier, { scopes: ["notes:read"] }, (_request, accessToken) =>
  Response.json({ readBy: accessToken.clientId, notes: ["Buy milk"] }),
);
