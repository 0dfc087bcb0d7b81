import { createLogin, createProtectedResource, createVerifier } from "@connect/core";
import { loginRoute, requireToken } from "@connect/express";

const { WORKOS_API_KEY: apiKey = "", WORKOS_API_URL: apiUrl, AUTHKIT_URL: authkitUrl = "" } = process.env;

export const signIn = loginRoute(createLogin({ apiKey, apiUrl, authkitUrl }), {
  signInUrl: "/sign-in",
  fallbackUrl: "/",
  confirm: true,
  authenticate: ({ headers }) =>
    headers.cookie?.includes("session=ada") ? { user: { id: "ada", email: "ada@example.com" } } : null,
  onError: (error) => console.warn(error.message),
});

export const resource = createProtectedResource({ resource: `${process.env.APP_URL}/api`, authkitUrl });
const verifier = createVerifier({
  ...resource.verifierConfig,
  onRefusal: (error) => console.warn(error.message),
});
export const notesGuard = requireToken(verifier, { scopes: ["openid"] });
