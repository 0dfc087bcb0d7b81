import { createLogin, createProtectedResource, createVerifier } from "@connect/core";
import { loginRoute, requireToken, resourceRoute } from "@connect/core/web";
import { currentUser } from "../your-app.js";

const {
  WORKOS_API_KEY: apiKey = "",
  WORKOS_API_URL: apiUrl,
  AUTHKIT_URL: authkitUrl = "",
  APP_URL,
} = Bun.env;

const signIn = loginRoute(createLogin({ apiKey, apiUrl, authkitUrl }), {
  signInUrl: "/sign-in",
  fallbackUrl: "/",
  confirm: true,
  authenticate: async (request) => {
    const user = await currentUser(request.headers.get("cookie"));
    return user && { user };
  },
});

const resource = createProtectedResource({ resource: `${APP_URL}/api`, authkitUrl });
const published = resourceRoute(resource);
const verifier = createVerifier(resource.verifierConfig);
const notes = requireToken(verifier, { scopes: ["notes:read"] }, (_request, { subject }) =>
  Response.json({ notesOf: subject }),
);

const server = Bun.serve({
  port: Bun.env.PORT ?? 3000,
  routes: {
    "/auth/login": signIn, // GET, and POST of the page that `confirm` shows
    "/api/notes": { GET: (request) => notes(request) },
  },
  fetch: async (request) => (await published(request)) ?? new Response("Not found", { status: 404 }),
});
console.log(`Listening on ${server.url}`);
