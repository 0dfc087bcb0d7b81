import { createLogin, createProtectedResource, createVerifier } from "@connect/core";

const authkitUrl = read("AUTHKIT_URL");

/** The login side: tells AuthKit who signed in. It holds the API key, so this file stays on the server. */
export const login = createLogin({
  apiKey: read("WORKOS_API_KEY"),
  authkitUrl,
  // Set for an AuthKit on this machine, as `connect dev` does.
  apiUrl: process.env.WORKOS_API_URL || undefined,
});

/** What the API publishes, so that MCP clients find AuthKit by themselves. */
export const resource = createProtectedResource({
  resource: read("CONNECT_AUDIENCE"),
  authkitUrl,
  scopes: ["openid", "offline_access"],
});

/** The API's side: verifies the access tokens that AuthKit issues. */
export const verifier = createVerifier({
  ...resource.verifierConfig,
  onRefusal: (error) => console.warn(error.message), // never holds a token
});

function read(name: string): string {
  const value = process.env[name];
  // `next build` loads the routes and calls none of them, so what is not set yet can't do harm.
  if (!value && process.env.NEXT_PHASE === "phase-production-build") return "https://not-set.invalid";
  if (!value)
    throw new Error(
      `${name} is not set: .env.example says what it is, and Node reads a .env with --env-file=.env.`,
    );
  return value;
}
