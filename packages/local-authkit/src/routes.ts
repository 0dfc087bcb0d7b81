import { createHmac } from "node:crypto";
import { type Context, Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import type { Interaction, Provider } from "oidc-provider";

import { ADMIN_PATH, createAdmin } from "./admin.js";
import type { Application } from "./applications.js";
import { toKnownParameters } from "./authorization-request.js";
import { readBody } from "./body.js";
import { authenticateClient, readCredentials } from "./client-auth.js";
import { createCompletion } from "./completion.js";
import { isLoopbackHost } from "./config.js";
import { readCookie } from "./cookies.js";
import { createDashboard } from "./dashboard.js";
import { authorizationServerMetadata, openidConfiguration } from "./discovery.js";
import { DocumentError } from "./document-fetch.js";
import { toSetCookie } from "./external-auth.js";
import { faultMiddleware } from "./faults.js";
import { type Env, forward } from "./forward.js";
import { introspect } from "./introspection.js";
import { apiHeaders, createManagement } from "./management.js";
import { isOwnForm } from "./own-form.js";
import { consentPage } from "./pages/consent.js";
import { applicationNotFoundPage, deniedPage, errorPage, expiredPage } from "./pages/error.js";
import { PAGE_HEADERS } from "./pages/layout.js";
import { organizationPage } from "./pages/organization.js";
import {
  type Environment,
  RESUME_COOKIE,
  SUGGESTED_CODE_HEADER,
  saveGrant,
  userConsentOptionsOf,
} from "./provider.js";
import { REGISTRATION_DISABLED, register } from "./registration.js";
import { splitScope } from "./scopes.js";
import { equalSecrets } from "./secrets.js";
import type { LocalAuthKit } from "./server.js";
import { toKnownTokenParameters } from "./token-request.js";
import { choicesOf } from "./user-consent-option.js";
import { userinfo } from "./userinfo.js";
import { fullName } from "./users.js";

type Ctx = Context<Env>;

/** Every address of the local AuthKit. What is not answered here, oidc-provider answers. */
export function createRoutes(environment: Environment, provider: Provider, authkit: LocalAuthKit): Hono<Env> {
  const { config, applications, externalAuth, consents, accessTokens, users, subjectOf, findUser } =
    environment;
  const { csrfKey, state, faults, clock, recorder, changes, resources, organizations } = environment;
  const { issuer, switches } = config;
  const csrfTokenOf = (uid: string) => createHmac("sha256", csrfKey).update(uid).digest("base64url");

  const app = new Hono<Env>();

  app.use(async (c, next) => {
    // A page elsewhere whose name was pointed at this machine (DNS rebinding) must not be served.
    const host = URL.canParse(`http://${c.req.header("host")}`)
      ? new URL(`http://${c.req.header("host")}`)
      : undefined;
    if (!host || (!isLoopbackHost(host.hostname) && host.hostname !== new URL(issuer).hostname)) {
      return c.json({ message: "Misdirected Request" }, 421);
    }
    // Link previews must not spend anything, and Hono would answer HEAD like GET.
    if (c.req.method === "HEAD" && !c.req.path.startsWith("/.well-known/")) {
      return c.body(null, 405, { Allow: "GET, POST" });
    }
    await next();
    // What an answer says is kept before it is given.
    await state.settled();
    if (c.req.method !== "GET") changes.announce();
  });
  // Not for faults to hit: it is where they are cleared.
  app.route("/", createDashboard(environment, authkit));
  app.use(faultMiddleware(faults));
  app.route(ADMIN_PATH, createAdmin(authkit));
  app.notFound((c) => c.json({ message: "Not Found" }, 404));
  app.onError((error, c) => {
    if (error instanceof HTTPException) return c.json({ message: error.message }, error.status);
    console.error(error);
    return c.json({ message: "Internal Server Error" }, 500);
  });

  app.on(
    ["GET", "OPTIONS"],
    ["/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"],
    (c) => {
      if (c.req.method === "OPTIONS") return preflight(c);
      const isOauth = c.req.path.endsWith("oauth-authorization-server");
      const document = isOauth
        ? authorizationServerMetadata(issuer, config)
        : openidConfiguration(issuer, config);
      return c.json(document, 200, { "Access-Control-Allow-Origin": "*" });
    },
  );

  const complete = createCompletion({
    apiKey: config.apiKey,
    issuer,
    switches,
    users,
    externalAuth,
    subjectOf,
  });
  app.post("/authkit/oauth2/complete", async (c) => {
    const text = await readBody(c.env.incoming);
    const reply = complete({
      authorization: c.req.header("authorization"),
      idempotencyKey: c.req.header("idempotency-key"),
      text,
    });
    recorder.complete(text, reply);
    return c.json(reply.body, reply.status, apiHeaders());
  });

  app.route("/", createManagement(environment, provider));

  app.post("/oauth2/register", async (c) => {
    if (!config.dynamicClientRegistration && switches.disabledRegistration === "404") return c.notFound();
    const { status, body } = config.dynamicClientRegistration
      ? register(applications, clock, await readBody(c.env.incoming, MAX_REGISTRATION_BYTES))
      : REGISTRATION_DISABLED;
    c.header("Access-Control-Allow-Origin", "*");
    return c.json(body, status, { "Cache-Control": "no-store" });
  });
  app.options("/oauth2/register", (c) => preflight(c));

  app.get("/oauth2/authorize", async (c) => {
    const query = new URL(c.req.url).searchParams;
    const clientId = query.get("client_id");
    let client: Application | undefined;
    if (clientId !== null) {
      try {
        client = await applications.resolve(clientId);
      } catch (error) {
        if (!(error instanceof DocumentError)) throw error;
        recorder.refuse(clientId, query, "application_not_found");
        return c.redirect(`/oauth2/error?error=application_not_found&document=${error.reason}`, 302);
      }
      if (!client) {
        recorder.refuse(clientId, query, "application_not_found");
        return c.redirect("/oauth2/error?error=application_not_found", 302);
      }
    }
    return forward(c, provider, { query: toKnownParameters(query, client, { resources, switches }) });
  });

  app.get("/oauth2/authorize/complete", async (c) => {
    const ticket = c.req.query("state") ?? "";
    const redeemed = externalAuth.redeem(ticket, (name) => readCookie(c.req.header("cookie"), name));
    if (typeof redeemed === "string") {
      recorder.comeBack(ticket, redeemed);
      return show(c, expiredPage(), 400);
    }
    const { handoff, result } = redeemed;
    const interaction = await provider.Interaction.find(handoff.interactionUid);
    if (interaction?.prompt.name !== "login") {
      recorder.comeBack(ticket, "unknown_ticket");
      return show(c, expiredPage(), 400);
    }
    recorder.comeBack(ticket);
    c.header(
      "Set-Cookie",
      switches.redirectUriUse === "once"
        ? toSetCookie({ name: handoff.cookieName, value: "", maxAge: 0 }, issuer)
        : // oidc-provider has taken it back the first time.
          `${RESUME_COOKIE}=${interaction.uid}; Path=${new URL(interaction.returnTo).pathname}; HttpOnly; SameSite=Lax`,
    );
    interaction.result = {
      login: { accountId: result.accountId },
      userConsentOptions: result.userConsentOptions,
    };
    await interaction.persist();
    for (const [name, value] of Object.entries(REDIRECT_HEADERS)) c.header(name, value);
    return c.redirect(interaction.returnTo, 302);
  });

  app.get("/oauth2/authorize/:uid", (c) => forward(c, provider));

  app.get("/oauth2/error", (c) => show(c, pageFor(c.req.query("error"), c.req.query("document")), 200));

  app.get("/oauth2/organization/:uid", async (c) => {
    const interaction = await findInteraction(c, provider, "organization");
    return interaction ? showOrganizations(c, interaction, 200) : show(c, expiredPage(), 400);
  });

  app.post("/oauth2/organization/:uid", async (c) => {
    const interaction = await findInteraction(c, provider, "organization");
    if (!interaction) return show(c, expiredPage(), 400);
    const form = await readOwnForm(c, interaction);
    if (!form) return show(c, strangeFormPage(), 403);
    const [organizationId, ...others] = form.getAll("organization_id");
    const user = findUser(interaction.session?.accountId ?? "");
    const picked = others.length === 0 ? organizations.selected(user, organizationId) : undefined;
    if (!picked) return showOrganizations(c, interaction, 400);
    recorder.chooseOrganization(interaction.cid, picked.id);
    return finish(c, { organizationId: picked.id });
  });

  app.get("/oauth2/consent/:uid", async (c) => {
    const interaction = await findInteraction(c, provider, "consent");
    return interaction ? showConsent(c, interaction, [], 200) : show(c, expiredPage(), 400);
  });

  app.post("/oauth2/consent/:uid", async (c) => {
    const interaction = await findInteraction(c, provider, "consent");
    if (!interaction) return show(c, expiredPage(), 400);
    const form = await readOwnForm(c, interaction);
    if (!form) return show(c, strangeFormPage(), 403);

    const decision = form.get("decision");
    if (decision === "deny") recorder.decide(interaction.cid);
    if (decision === "deny" && switches.deniedConsent === "page" && !interaction.deviceCode) {
      const client = await applications.find(String(interaction.params.client_id));
      await interaction.destroy();
      return show(c, deniedPage(client?.name ?? "The application"), 200);
    }
    if (decision === "deny") {
      return finish(c, {
        error: "access_denied",
        error_description: "The user denied the request.",
      });
    }
    const options = userConsentOptionsOf(interaction.lastSubmission);
    const chosen = options.map((option, index) => {
      const values = form.getAll(`option:${index}`);
      return choicesOf(option).find(({ value }) => values.length === 1 && value === values[0])?.value;
    });
    if (decision !== "allow" || chosen.includes(undefined)) return showConsent(c, interaction, chosen, 400);

    const accountId = interaction.session?.accountId ?? "";
    const clientId = String(interaction.params.client_id);
    const application = await applications.find(clientId);
    if (!application) return show(c, expiredPage(), 400);
    const scopes = splitScope(interaction.params.scope);
    const known = consents.covering(accountId, clientId, []);
    const answers = options.map(({ claim }, index): [string, string] => [claim, chosen[index] ?? ""]);
    const consent = consents.remember(accountId, application, {
      scopes,
      claims: options.length > 0 ? answers : (known?.claims ?? []),
    });
    const grantId = await saveGrant(environment, provider, {
      accountId,
      clientId,
      scopes,
      resource: interaction.params.resource,
      organization: organizationOf(interaction),
      consent,
    });
    recorder.decide(interaction.cid, answers);
    return finish(c, { consent: { grantId } });
  });

  /** The form of a page that was shown in this interaction; undefined for one that comes from elsewhere. */
  async function readOwnForm(c: Ctx, interaction: Interaction): Promise<URLSearchParams | undefined> {
    const form = new URLSearchParams(await readBody(c.env.incoming));
    const isOwn =
      isOwnForm(c, issuer) && equalSecrets(form.get("csrf_token") ?? "", csrfTokenOf(interaction.uid));
    return isOwn ? form : undefined;
  }

  function organizationOf({ session, lastSubmission }: Interaction) {
    return organizations.selected(findUser(session?.accountId ?? ""), lastSubmission?.organizationId);
  }

  // Answered with an own address first: browsers hold a form's redirects to the form-action of its page.
  async function finish(c: Ctx, result: Record<string, unknown>) {
    const returnTo = await provider.interactionResult(c.env.incoming, c.env.outgoing, result);
    for (const [name, value] of Object.entries(REDIRECT_HEADERS)) c.header(name, value);
    return c.redirect(new URL(new URL(returnTo).pathname, issuer).href, 303);
  }

  async function showOrganizations(c: Ctx, interaction: Interaction, status: 200 | 400) {
    const client = await applications.find(String(interaction.params.client_id));
    const user = findUser(interaction.session?.accountId ?? "");
    if (!client || !user) return show(c, expiredPage(), 400);
    recorder.show(interaction.cid, "organizations_shown");
    const page = organizationPage({
      action: `/oauth2/organization/${interaction.uid}`,
      csrfToken: csrfTokenOf(interaction.uid),
      clientName: client.name,
      userName: fullName(user),
      email: user.email,
      organizations: organizations.of(user),
      isIncomplete: status === 400,
    });
    return show(c, page, status);
  }

  async function showConsent(
    c: Ctx,
    interaction: Interaction,
    chosen: (string | undefined)[],
    status: 200 | 400,
  ) {
    const client = await applications.find(String(interaction.params.client_id));
    const user = findUser(interaction.session?.accountId ?? "");
    if (!client || !user) return show(c, expiredPage(), 400);
    recorder.show(interaction.cid, "consent_shown");
    const page = consentPage({
      action: `/oauth2/consent/${interaction.uid}`,
      csrfToken: csrfTokenOf(interaction.uid),
      clientName: client.name,
      userName: fullName(user),
      email: user.email,
      organizationName: organizationOf(interaction)?.name,
      scopes: splitScope(interaction.params.scope),
      permissions: config.permissions ?? [],
      options: userConsentOptionsOf(interaction.lastSubmission),
      chosen,
      isIncomplete: status === 400,
    });
    return show(c, page, status);
  }

  app.post("/oauth2/token", async (c) => {
    const form = new URLSearchParams(await readBody(c.env.incoming));
    const { id } = readCredentials(c.req.header("authorization"), form);
    toKnownTokenParameters(form, applications.isRegistered(id), { resources, switches });
    return forward(c, provider, { form, headers: { accept: "application/json" } });
  });
  app.options("/oauth2/token", (c) => preflight(c));

  app.post("/oauth2/device_authorization", async (c) => {
    const form = new URLSearchParams(await readBody(c.env.incoming));
    form.delete("resource");
    return forward(c, provider, { form, headers: { accept: "application/json" } });
  });

  app.get("/oauth2/jwks", (c) => forward(c, provider));

  app.on(["GET", "POST"], "/oauth2/userinfo", async (c) => {
    c.header("Access-Control-Allow-Origin", "*");
    c.header("Cache-Control", "no-store");
    const { status, body } = await userinfo(
      { provider, config, accessTokens, findUser },
      c.req.header("authorization"),
    );
    if (body.error === "invalid_token") c.header("WWW-Authenticate", 'Bearer error="invalid_token"');
    return c.json(body, status);
  });
  app.options("/oauth2/userinfo", (c) => preflight(c));

  app.post("/oauth2/introspection", async (c) => {
    const form = new URLSearchParams(await readBody(c.env.incoming));
    c.header("Cache-Control", "no-store");
    const client = await authenticateClient(applications, c.req.header("authorization"), form, switches);
    if ("status" in client) {
      c.header("WWW-Authenticate", 'Basic realm="AuthKit"');
      return c.json(client.body, client.status);
    }
    const token = form.get("token");
    if (!token)
      return c.json(
        { error: "invalid_request", error_description: "missing required parameter 'token'" },
        400,
      );
    const introspection = { issuer, switches, provider, applications, accessTokens, consents };
    return c.json(await introspect(introspection, client, token));
  });

  app.on(["GET", "POST"], ["/device", "/device/:uid"], (c) => {
    const userCode = c.req.query("user_code");
    if (c.req.method !== "GET" || userCode === undefined) return forward(c, provider);
    // oidc-provider would send the code on by script; here it is only filled in.
    return forward(c, provider, {
      query: new URLSearchParams(),
      headers: { [SUGGESTED_CODE_HEADER]: userCode },
    });
  });

  return app;
}

// A thousand of them are kept.
const MAX_REGISTRATION_BYTES = 64 * 1024;

const REDIRECT_HEADERS = { "Cache-Control": "no-store", "Referrer-Policy": "no-referrer" };

function show(c: Ctx, page: string, status: 200 | 400 | 403): Response {
  return c.html(page, status, PAGE_HEADERS);
}

function pageFor(error: string | undefined, documentFault: string | undefined): string {
  if (error === "application_not_found") return applicationNotFoundPage(documentFault);
  return errorPage({
    title: "This request cannot be answered",
    text: "Go back to the application you came from and start again.",
  });
}

function strangeFormPage(): string {
  return errorPage({
    title: "This form cannot be accepted",
    text: "It does not come from this page. Go back to the application you came from and start again.",
  });
}

function preflight(c: Ctx): Response {
  return c.body(null, 204, {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": c.req.header("access-control-request-headers") ?? "*",
  });
}

/** The interaction of this page in this browser: its cookie is bound to the page's path. */
async function findInteraction(
  c: Ctx,
  provider: Provider,
  prompt: "consent" | "organization",
): Promise<Interaction | undefined> {
  try {
    const interaction = await provider.interactionDetails(c.env.incoming, c.env.outgoing);
    const isThis = interaction.uid === c.req.param("uid") && interaction.prompt.name === prompt;
    return isThis ? interaction : undefined;
  } catch {
    return undefined;
  }
}
