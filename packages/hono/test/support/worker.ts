import { createLogin, createProtectedResource, createVerifier } from "@connect/core";
import { loginRoute, requireToken, resourceRoutes } from "@connect/hono";
import { type Context, Hono } from "hono";
import { env } from "hono/adapter";

type Bindings = { WORKOS_API_KEY: string; AUTHKIT_URL: string; RESOURCE: string };

const resourceFrom = (c: Context) => {
  const { AUTHKIT_URL, RESOURCE } = env<Bindings>(c);
  return createProtectedResource({ resource: RESOURCE, authkitUrl: AUTHKIT_URL });
};

/** An application whose whole configuration comes with the requests, as Workers had it before `cloudflare:workers`. */
export default new Hono()
  .get(
    "/auth/login",
    loginRoute(
      (c) => {
        const { WORKOS_API_KEY, AUTHKIT_URL } = env<Bindings>(c);
        return createLogin({ apiKey: WORKOS_API_KEY, authkitUrl: AUTHKIT_URL, apiUrl: AUTHKIT_URL });
      },
      {
        signInUrl: "/sign-in",
        authenticate: (c) => {
          const id = c.req.header("cookie");
          return id === undefined ? null : { user: { id, email: `${id}@example.com` } };
        },
      },
    ),
  )
  .route("/", resourceRoutes(resourceFrom))
  .get(
    "/api/me",
    requireToken((c) => {
      const { metadata, metadataUrl } = resourceFrom(c);
      return createVerifier({
        issuer: env<Bindings>(c).AUTHKIT_URL,
        audience: metadata.resource,
        resourceMetadataUrl: metadataUrl,
      });
    }),
    (c) => c.json({ subject: c.var.accessToken.subject }),
  );
