import { createLogin, createVerifier } from "@connect/core";

const authkitUrl = process.env.AUTHKIT_URL ?? "https://example.authkit.app";

export const login = createLogin({
  apiKey: process.env.WORKOS_API_KEY ?? "",
  authkitUrl,
  apiUrl: process.env.WORKOS_API_URL ?? "https://api.workos.com",
});
export const verifier = createVerifier({ issuer: authkitUrl, audience: "https://api.example.com" });
