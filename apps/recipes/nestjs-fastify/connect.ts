import { createLogin, createProtectedResource, createVerifier } from "@connect/core";
import { loginRoutes, requireToken } from "@connect/fastify";

const { WORKOS_API_KEY: apiKey = "", WORKOS_API_URL: apiUrl, AUTHKIT_URL: authkitUrl = "" } = process.env;

const warn = (error: Error) => console.warn(error.message);

export const signIn = loginRoutes(createLogin({ apiKey, apiUrl, authkitUrl }), {
  path: "/auth/login",
  signInUrl: "/sign-in",
  fallbackUrl: "/",
  confirm: true,
  authenticate: ({ headers }) =>
    headers.cookie?.includes("session=ada") ? { user: { id: "ada", email: "ada@example.com" } } : null,
  onError: warn,
});

export const resource = createProtectedResource({ resource: `${process.env.APP_URL}/api`, authkitUrl });
const verifier = createVerifier({ ...resource.verifierConfig, onRefusal: warn });
export const notesGuard = requireToken(verifier, { scopes: ["openid"] });
