import { createLogin, createProtectedResource, createVerifier } from "@connect/core";
import { loginRoute, requireToken, resourceRoute } from "@connect/core/web";

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
  authenticate: ({ headers }) =>
    headers.get("cookie")?.includes("session=ada") ? { user: { id: "ada", email: "ada@example.com" } } : null,
  onError: (error) => console.warn(error.message),
});

const resource = createProtectedResource({ resource: `${APP_URL}/api`, authkitUrl });
const published = resourceRoute(resource);
const verifier = createVerifier({
  ...resource.verifierConfig,
  onRefusal: (error) => console.warn(error.message),
});
const notes = requireToken(verifier, { scopes: ["openid"] }, (_request, { subject }) =>
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
