import { type Context, Hono } from "hono";
import type { Provider } from "oidc-provider";
import { ulid } from "ulid";

import { type ApiReply, isAuthorized, UNAUTHORIZED } from "./api-reply.js";
import { readBody } from "./body.js";
import {
  createApplication,
  createClientSecret,
  deleteApplication,
  deleteClientSecret,
  listApplications,
  listClientSecrets,
  showApplication,
  updateApplication,
} from "./connect-applications.js";
import type { Env } from "./forward.js";
import { createResource, deleteResource, listResources } from "./oauth-resources.js";
import type { Environment } from "./provider.js";
import {
  deleteAuthorizedApplication,
  listApplicationsOfOrganization,
  listAuthorizedApplications,
  showUser,
} from "./user-management.js";

/** WorkOS's management API, as far as it is about Connect: for the API key. */
export function createManagement(environment: Environment, provider: Provider): Hono<Env> {
  const { config, resources, users } = environment;
  const { applications, organizations, consents, subjectOf, findUser } = environment;
  const management = { provider, applications, organizations, consents, subjectOf, findUser };
  const connect = {
    applications,
    organizations,
    ...(config.permissions && { permissions: config.permissions }),
  };

  const app = new Hono<Env>();
  for (const path of ["/user_management/*", "/connect/*", "/organizations/*"]) {
    app.use(path, async (c, next) => {
      if (isAuthorized(c.req.header("authorization"), config.apiKey)) return next();
      return answer(c, UNAUTHORIZED);
    });
  }

  app.get("/user_management/users/external_id/:external_id", (c) =>
    answer(c, showUser(users.findByExternalId(c.req.param("external_id")))),
  );
  app.get("/user_management/users/:id", (c) => answer(c, showUser(users.find(c.req.param("id")))));
  app.get("/user_management/users/:id/authorized_applications", (c) =>
    answer(c, listAuthorizedApplications(management, users.find(c.req.param("id")), c.req.query())),
  );
  app.delete("/user_management/users/:id/authorized_applications/:application_id", async (c) => {
    const { id, application_id } = c.req.param();
    return answer(c, await deleteAuthorizedApplication(management, users.find(id), application_id));
  });
  app.get("/organizations/:id/authorized_applications", (c) =>
    answer(c, listApplicationsOfOrganization(management, c.req.param("id"), c.req.query())),
  );

  app.get("/user_management/authkit_oauth_resources", (c) =>
    answer(c, listResources(resources, c.req.query())),
  );
  app.post("/user_management/authkit_oauth_resources", async (c) =>
    answer(c, createResource(resources, await readBody(c.env.incoming))),
  );
  app.delete("/user_management/authkit_oauth_resources/:id", (c) =>
    answer(c, deleteResource(resources, c.req.param("id"))),
  );

  app.get("/connect/applications", (c) => answer(c, listApplications(connect, c.req.query())));
  app.post("/connect/applications", async (c) =>
    answer(c, createApplication(connect, await readBody(c.env.incoming))),
  );
  app.get("/connect/applications/:id", (c) => answer(c, showApplication(connect, c.req.param("id"))));
  app.put("/connect/applications/:id", async (c) =>
    answer(c, updateApplication(connect, c.req.param("id"), await readBody(c.env.incoming))),
  );
  app.delete("/connect/applications/:id", async (c) =>
    answer(c, await deleteApplication(connect, provider, consents, c.req.param("id"))),
  );
  app.get("/connect/applications/:id/client_secrets", (c) =>
    answer(c, listClientSecrets(connect, c.req.param("id"))),
  );
  app.post("/connect/applications/:id/client_secrets", (c) =>
    answer(c, createClientSecret(connect, c.req.param("id"))),
  );
  app.delete("/connect/client_secrets/:id", (c) => answer(c, deleteClientSecret(connect, c.req.param("id"))));

  return app;
}

/** Headers of each answer of the API. */
export function apiHeaders(): Record<string, string> {
  return { "Cache-Control": "no-store", "X-Request-ID": `req_${ulid()}` };
}

/** Without a reply, there is nothing to say but that it is done. */
function answer(c: Context<Env>, reply: ApiReply | undefined): Response {
  return reply ? c.json(reply.body, reply.status, apiHeaders()) : c.body(null, 204, apiHeaders());
}
