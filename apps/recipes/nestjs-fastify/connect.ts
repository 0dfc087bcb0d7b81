import { createLogin, createProtectedResource, createVerifier } from "@connect/core";
import { loginRoutes, requireToken } from "@connect/fastify";
import { currentUser } from "../your-app.js";

const { WORKOS_API_KEY: apiKey = "", WORKOS_API_URL: apiUrl, AUTHKIT_URL: authkitUrl = "" } = process.env;

export const signIn = loginRoutes(createLogin({ apiKey, apiUrl, authkitUrl }), {
  path: "/auth/login",
  signInUrl: "/sign-in",
  fallbackUrl: "/",
  confirm: true,
  authenticate: async (request) => {
    const user = await currentUser(request.headers.cookie);
    return user && { user };
  },
});

export const resource = createProtectedResource({ resource: `${process.env.APP_URL}/api`, authkitUrl });
export const notesGuard = requireToken(createVerifier(resource.verifierConfig), { scopes: ["notes:read"] });
