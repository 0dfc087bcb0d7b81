// app/api/me/route.js, of Next.js
import { createVerifier } from "@connect/core";
import { requireToken } from "@connect/next";

const verifier = createVerifier({
  issuer: process.env.AUTHKIT_URL ?? "http://localhost:4000",
  audience: "http://localhost:3000/api", // the resource indicator, byte for byte
  onRefusal: (error) => console.warn(error.message),
});

export const GET = requireToken(verifier, { scopes: ["openid"] }, (_request, accessToken) =>
  Response.json({ subject: accessToken.subject }),
);
