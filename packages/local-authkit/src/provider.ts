import type { Configuration, Interaction, KoaContextWithOIDC, Provider } from "oidc-provider";

import type { AccessTokens } from "./access-tokens.js";
import { createAdapterFactory } from "./adapter.js";
import { type Application, type Applications, isDynamic } from "./applications.js";
import { checkAuthorizationRequest, SCOPE_REFUSED } from "./authorization-request.js";
import type { Changes } from "./changes.js";
import type { Clock } from "./clock.js";
import type { Config } from "./config.js";
import type { Consent, Consents } from "./consents.js";
import { readCookie, writeCookie } from "./cookies.js";
import { DevicePolling, POLLING_INTERVAL } from "./device-polling.js";
import { type ExternalAuth, toSetCookie } from "./external-auth.js";
import type { Faults } from "./faults.js";
import { MAX_RENDERED_BYTES, renderTemplate } from "./jwt-template.js";
import type { LoginRecorder } from "./login-recorder.js";
import type { Logins } from "./logins.js";
import type { Oidc } from "./oidc.js";
import type { Organization, Organizations } from "./organizations.js";
import { deviceCodePage, deviceConfirmPage, deviceDeniedPage, deviceDonePage } from "./pages/device.js";
import { authorizationErrorPage, deviceLoginRefusedPage, loginUriMissingPage } from "./pages/error.js";
import { PAGE_HEADERS } from "./pages/layout.js";
import { isRedirectUriAllowed } from "./redirect-uri.js";
import type { Resources } from "./resources.js";
import { CLAIMS_BY_SCOPE, STANDARD_SCOPES, splitScope } from "./scopes.js";
import type { SigningKeys } from "./signing-keys.js";
import type { State } from "./state.js";
import { stripIssuerParameter, type TokenRequest, toTokenError, toTokenReply } from "./token-reply.js";
import type { UserConsentOption } from "./user-consent-option.js";
import { claimsOf, type User, type Users } from "./users.js";

// Cookies on localhost are shared by all ports: these names must not meet those of other applications.
const SESSION_COOKIE = "authkit_session";
export const RESUME_COOKIE = "authkit_resume";
const INTERACTION_COOKIE = "authkit_interaction";

// Stands for "the Login URI" until the answer is on its way; never reached by a browser.
const LOGIN_PLACEHOLDER = "/oauth2/external-auth";

// The audience of tokens that ask for no resource: oidc-provider wants a URI, tokens show the environment.
const NO_RESOURCE = "urn:local-authkit:environment";

/** Carries the code of a `verification_uri_complete` to the page that asks for it. */
export const SUGGESTED_CODE_HEADER = "x-suggested-code";

const TEMPLATE_TOO_LARGE = `The rendered JWT template is larger than ${MAX_RENDERED_BYTES} bytes.`;

const MINUTE = 60;
const DAY = 24 * 60 * MINUTE;
const CONSENT_TTL = 10 * MINUTE;
const DEVICE_CODE_TTL = 5 * MINUTE;
// The longest that an AuthKit session can be set to.
const GRANT_TTL = 365 * DAY;

/** All that an authorization server of one environment needs. */
export interface Environment {
  oidc: Oidc;
  config: Config & { issuer: string; apiKey: string };
  /** Of the forms on AuthKit's pages. */
  csrfKey: string;
  clock: Clock;
  state: State;
  /** Read anew for each login: the Login URI may be set while running. */
  loginUri: () => string | undefined;
  signingKeys: SigningKeys;
  applications: Applications;
  resources: Resources;
  organizations: Organizations;
  externalAuth: ExternalAuth;
  consents: Consents;
  accessTokens: AccessTokens;
  users: Users;
  faults: Faults;
  logins: Logins;
  /** Writes the log of logins. */
  recorder: LoginRecorder;
  /** Of all that the dashboard shows. */
  changes: Changes;
  /** The `sub` of a user. */
  subjectOf: (user: User) => string;
  findUser: (subject: string) => User | undefined;
}

/** oidc-provider, set up to answer as AuthKit does. */
export function createProvider(environment: Environment): Provider {
  const { oidc, config } = environment;
  const provider = new oidc.Provider(config.issuer, configure(environment));
  provider.proxy = config.issuer.startsWith("https:");
  environment.recorder.observe(provider);
  const polling = new DevicePolling(environment.state, environment.clock);

  provider.Client.prototype.redirectUriAllowed = function (requested) {
    return isRedirectUriAllowed(this.redirectUris ?? [], requested, config.switches);
  };
  // It knows one secret of a client, which may have several.
  provider.Client.prototype.compareClientSecret = function (actual) {
    return environment.applications.secrets.authenticate(this.clientId, actual);
  };
  if (config.switches.redirectUriUse === "often") keepLoginInteractions(provider);

  provider.use(async (ctx, next) => {
    await keepSessionOfInteraction(provider, ctx);
    await next();
    const { oidc: state } = ctx as Partial<KoaContextWithOIDC>;
    if (state) {
      await sendToLoginUri(environment, ctx as KoaContextWithOIDC);
      finishReply(config, polling, ctx as KoaContextWithOIDC);
      if (state.route === "token") environment.recorder.issueTokens(ctx as KoaContextWithOIDC);
    }
    await environment.state.settled();
  });
  return provider;
}

function configure(environment: Environment): Configuration {
  const { oidc, config, applications, resources, organizations, consents, accessTokens, findUser } =
    environment;
  const { switches } = config;
  const { Check, Prompt } = oidc.interactionPolicy;

  const policy = oidc.interactionPolicy.base();
  if (switches.loginUriVisit === "always") {
    policy.get("login")?.checks.add(
      new Check("external_auth", "the Login URI is visited each time", ({ oidc: { result } }) => {
        return result?.login ? Check.NO_NEED_TO_PROMPT : Check.REQUEST_PROMPT;
      }),
    );
  }
  policy.add(
    new Prompt(
      { name: "organization", requestable: false },
      new Check("organization", "the user has to pick an organization", ({ oidc: { session, result } }) => {
        const user = findUser(session?.accountId ?? "");
        return organizations.isOpen(user, result?.organizationId)
          ? Check.REQUEST_PROMPT
          : Check.NO_NEED_TO_PROMPT;
      }),
    ),
    1,
  );
  const consentChecks = policy.get("consent")?.checks;
  // AuthKit remembers a consent for every application, native ones included.
  consentChecks?.remove("native_client_prompt");
  if (switches.optionsAfterConsent === "asked") {
    consentChecks?.add(
      new Check("user_consent_options", "the user has to choose", ({ oidc: { result } }) => {
        return isUnanswered(result) ? Check.REQUEST_PROMPT : Check.NO_NEED_TO_PROMPT;
      }),
    );
  }

  return {
    adapter: createAdapterFactory(
      oidc.errors,
      applications,
      environment.state,
      environment.clock,
      config.refreshReuseGrace,
    ),
    jwks: { keys: environment.signingKeys.all },
    // Permission slugs are not among them: those are scopes of resources, and each token is for one.
    scopes: [...STANDARD_SCOPES],
    claims: CLAIMS_BY_SCOPE,
    conformIdTokenClaims: false,
    responseTypes: ["code"],
    clientAuthMethods: ["none", "client_secret_post", "client_secret_basic"],
    pkce: { required: (_ctx, client) => mustUsePkce(environment, client) },
    rotateRefreshToken: true,
    // What was used twice ends its grant; a device's code always does.
    revokeGrantPolicy: ({ oidc: { params } }) =>
      !(params?.grant_type === "authorization_code" && switches.codeReplay === "refused") &&
      !(params?.grant_type === "refresh_token" && switches.refreshReuse === "refused"),
    allowOmittingSingleRegisteredRedirectUri: false,
    // Tokens outlive the browser's session, and a second flow in it must not end those of the first.
    expiresWithSession: () => false,
    clientBasedCORS: () => true,
    routes: {
      authorization: "/oauth2/authorize",
      token: "/oauth2/token",
      jwks: "/oauth2/jwks",
      device_authorization: "/oauth2/device_authorization",
      code_verification: "/device",
    },
    cookies: {
      names: { session: SESSION_COOKIE, interaction: INTERACTION_COOKIE, resume: RESUME_COOKIE },
      long: { httpOnly: true, sameSite: "lax" },
      short: { httpOnly: true, sameSite: "lax" },
    },
    ttl: {
      AccessToken: config.accessTokenTtl,
      AuthorizationCode: config.authorizationCodeTtl,
      ClientCredentials: config.accessTokenTtl,
      DeviceCode: DEVICE_CODE_TTL,
      Grant: Math.max(GRANT_TTL, config.refreshTokenTtl),
      IdToken: config.idTokenTtl,
      Interaction: (_ctx, { prompt }) => (prompt.name === "login" ? config.externalAuthTtl : CONSENT_TTL),
      RefreshToken: ({ oidc: { entities } }) =>
        (switches.refreshLife === "fixed" && entities.RotatedRefreshToken?.remainingTTL) ||
        config.refreshTokenTtl,
      Session: config.sessionTtl,
    },
    interactions: {
      policy,
      url: (_ctx, { prompt, uid }) =>
        prompt.name === "login" ? LOGIN_PLACEHOLDER : `/oauth2/${prompt.name}/${uid}`,
    },
    extraParams: {
      // Runs on each authorization request, after oidc-provider's own checks; carries no value.
      x_local_authkit: async (ctx, _value, client) =>
        checkAuthorizationRequest(oidc, switches, await applications.find(client.clientId), ctx),
    },

    async findAccount(_ctx, sub) {
      const user = findUser(sub);
      return user && { accountId: sub, claims: async () => ({ sub, ...claimsOf(user, switches) }) };
    },

    async loadExistingGrant({ oidc: { result, session, client, params, provider } }) {
      if (result?.consent?.grantId) return provider.Grant.find(result.consent.grantId);
      const accountId = session?.accountId;
      const known = client && (await applications.find(client.clientId));
      const user = findUser(accountId ?? "");
      if (accountId === undefined || !known) return undefined;
      if (isUnanswered(result) && switches.optionsAfterConsent === "asked") return undefined;
      if (organizations.isOpen(user, result?.organizationId)) return undefined;

      const requested = splitScope(params?.scope);
      const consent = known.firstParty
        ? consents.extend(accountId, known, requested)
        : consents.enoughFor(accountId, known, requested, switches);
      if (!consent) return undefined;
      const grantId = await saveGrant(environment, provider, {
        accountId,
        clientId: known.clientId,
        scopes: requested,
        resource: params?.resource,
        organization: organizations.selected(user, result?.organizationId),
        consent,
      });
      return provider.Grant.find(grantId);
    },

    formats: {
      customizers: {
        async jwt(ctx, token, jwt) {
          const { jti } = jwt.payload;
          const grantId = token.kind === "AccessToken" ? token.grantId : undefined;
          const consent = consents.of(grantId);
          const clientId = ctx.oidc.client?.clientId;
          const org_id =
            token.kind === "AccessToken"
              ? consents.organizationIdOf(grantId)
              : (await applications.find(clientId ?? ""))?.organizationId;
          if (typeof jti === "string") accessTokens.record(jti, { grantId, clientId }, config.accessTokenTtl);
          // AuthKit's access tokens have no `typ`, where RFC 9068 would have `at+jwt`.
          jwt.header = { typ: undefined };
          if (consent) {
            const user = findUser(String(jwt.payload.sub));
            const templated = user ? renderTemplate(config.jwtTemplate, user) : {};
            if (Buffer.byteLength(JSON.stringify(templated)) > MAX_RENDERED_BYTES) {
              throw new oidc.errors.CustomOIDCProviderError("server_error", TEMPLATE_TOO_LARGE);
            }
            const isDropped =
              switches.claimsOnRefresh === "dropped" && ctx.oidc.params?.grant_type === "refresh_token";
            const chosen = isDropped ? {} : Object.fromEntries(consent.claims);
            const { client_id, ...claims } = jwt.payload;
            const client = switches.clientIdClaim === "present" ? { client_id } : {};
            jwt.payload = { ...templated, ...chosen, ...claims, ...client, sid: consent.id };
          }
          if (org_id !== undefined) jwt.payload = { ...jwt.payload, org_id };
        },
      },
    },

    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      introspection: { enabled: false },
      revocation: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        async defaultResource(_ctx, client, oneOf) {
          if (oneOf) return oneOf;
          const application = await applications.find(client.clientId);
          return (application && isDynamic(application) && resources.defaultUri) || NO_RESOURCE;
        },
        useGrantedResource: () => true,
        async getResourceServerInfo(ctx, resource, client) {
          const application = await applications.find(client.clientId);
          if (ctx.oidc.route === "token") checkTokenRequest(environment, application, ctx, resource);
          return {
            // Byte for byte as it was asked for.
            audience: resources.has(resource) ? resource : config.environmentClientId,
            scope: application?.scopes.join(" ") ?? "",
            accessTokenFormat: "jwt",
            accessTokenTTL: config.accessTokenTtl,
            jwt: { sign: { alg: "RS256" } },
          };
        },
      },
      deviceFlow: {
        enabled: true,
        userCodeInputSource(ctx, _form, _out, error) {
          if (error) environment.recorder.failAtDevice(ctx, error);
          if (error?.name === "AbortedError") return showPage(ctx, deviceDeniedPage());
          // What was typed, and can be corrected.
          const suggested = String(Object(error).userCode ?? ctx.get(SUGGESTED_CODE_HEADER));
          showPage(ctx, deviceCodePage({ xsrf: xsrfOf(ctx), suggested, problem: error?.name }));
        },
        userCodeConfirmSource(ctx, _form, client, _deviceInfo, userCode) {
          showPage(
            ctx,
            deviceConfirmPage({
              xsrf: xsrfOf(ctx),
              userCode,
              clientName: client.clientName ?? client.clientId,
            }),
          );
        },
        successSource(ctx) {
          showPage(ctx, deviceDonePage());
        },
      },
    },

    renderError(ctx, { error, error_description }) {
      showPage(ctx, authorizationErrorPage(error, error_description));
    },
  };
}

/** Grants scopes to an application, under a consent. Gives the grant's id. */
export async function saveGrant(
  { config, resources, consents }: Pick<Environment, "config" | "resources" | "consents">,
  provider: Provider,
  given: {
    accountId: string;
    clientId: string;
    scopes: string[];
    resource: unknown;
    organization: Organization | undefined;
    consent: Consent;
  },
): Promise<string> {
  const grant = new provider.Grant({ accountId: given.accountId, clientId: given.clientId });
  const scope = given.scopes.join(" ");
  grant.addOIDCScope(scope);
  grant.addResourceScope(typeof given.resource === "string" ? given.resource : NO_RESOURCE, scope);
  const grantId = await grant.save();
  const { accountId, clientId } = given;
  const resource =
    typeof given.resource === "string" && resources.has(given.resource) ? given.resource : undefined;
  consents.attach(
    { id: grantId, accountId, clientId, resource, organizationId: given.organization?.id },
    given.consent,
    Math.max(GRANT_TTL, config.refreshTokenTtl),
  );
  return grantId;
}

/** The options the application sent with this login; none once the browser came without visiting the Login URI. */
export function userConsentOptionsOf(result: Interaction["result"]): UserConsentOption[] {
  const { userConsentOptions } = result ?? {};
  // Set by the continue step alone, from a checked completion.
  return Array.isArray(userConsentOptions) ? (userConsentOptions as UserConsentOption[]) : [];
}

function isUnanswered(result: Interaction["result"]): boolean {
  return userConsentOptionsOf(result).length > 0 && !result?.consent;
}

function mustUsePkce(
  { config, applications }: Environment,
  { clientId, clientAuthMethod }: { clientId: string; clientAuthMethod?: string | undefined },
): boolean {
  if (config.switches.pkce === "all-clients") return true;
  const isPublic = clientAuthMethod === "none";
  return config.switches.pkce === "public-clients"
    ? isPublic
    : isPublic && applications.isRegistered(clientId);
}

/** Lets a login go on from its address as often as somebody comes, where once would be the rule. */
function keepLoginInteractions(provider: Provider) {
  const { destroy } = provider.Interaction.prototype;
  provider.Interaction.prototype.destroy = async function () {
    if (this.prompt.name !== "login") await destroy.call(this);
  };
}

// Of the token endpoint, the two checks that oidc-provider has no setting for.
function checkTokenRequest(
  { oidc, config, resources }: Environment,
  application: Application | undefined,
  ctx: KoaContextWithOIDC,
  resource: string,
) {
  const isUnregistered = resource !== NO_RESOURCE && !resources.isEmpty && !resources.has(resource);
  if (isUnregistered && config.switches.unregisteredResource === "refused") {
    throw new oidc.errors.InvalidTarget();
  }
  if (ctx.oidc.params?.grant_type === "client_credentials") {
    const allowed = application?.scopes ?? [];
    if (!splitScope(ctx.oidc.params.scope).every((scope) => allowed.includes(scope))) {
      throw new oidc.errors.CustomOIDCProviderError("invalid_scope", SCOPE_REFUSED);
    }
  }
}

/**
 * An interaction goes on in the session it began in, whatever the browser's session has become in another tab. A
 * login begins in none: its user replaces the one before, without oidc-provider's question whether to log out.
 */
async function keepSessionOfInteraction(
  provider: Provider,
  ctx: { path: string; req: KoaContextWithOIDC["req"] },
) {
  if (!/^\/(oauth2\/authorize|device)\/[^/]+$/.test(ctx.path)) return;
  const { headers } = ctx.req;
  const interaction = await provider.Interaction.find(readCookie(headers.cookie, RESUME_COOKIE) ?? "");
  if (!interaction) return;
  const session = interaction.session && (await provider.Session.findByUid(interaction.session.uid));
  headers.cookie = writeCookie(headers.cookie, SESSION_COOKIE, session?.jti);
}

/** The hop to the application: its Login URI as it was set, and `external_auth_id`. */
async function sendToLoginUri(
  { oidc, config, applications, externalAuth, loginUri, recorder }: Environment,
  ctx: KoaContextWithOIDC,
) {
  const interaction = ctx.oidc.entities.Interaction;
  if (ctx.response.get("location") !== LOGIN_PLACEHOLDER || !interaction) return;
  const { DeviceCode } = ctx.oidc.entities;
  if (DeviceCode && config.switches.deviceLogin === "refused") {
    Object.assign(DeviceCode, { error: "access_denied", errorDescription: "The user is not signed in." });
    await DeviceCode.save();
    recorder.failAtDevice(ctx, new oidc.errors.AccessDenied());
    ctx.remove("location");
    ctx.status = 403;
    showPage(ctx, deviceLoginRefusedPage());
    return;
  }
  const target = loginUri();
  if (target === undefined) {
    recorder.sendToLoginUri(interaction.cid, undefined);
    ctx.remove("location");
    ctx.status = 500;
    showPage(ctx, loginUriMissingPage());
    return;
  }
  // The login is to begin in no session; one may be there where every login visits the Login URI.
  interaction.session = undefined;
  await interaction.persist();

  const application = await applications.find(String(interaction.params.client_id));
  const { externalAuthId, cookie } = externalAuth.begin({
    interactionUid: interaction.uid,
    firstParty: application?.firstParty ?? false,
  });
  recorder.sendToLoginUri(interaction.cid, externalAuthId);
  ctx.append("Set-Cookie", toSetCookie(cookie, config.issuer));
  // Appended by hand: URLSearchParams would write the other parameters anew.
  const url = new URL(target);
  url.search += `${url.search ? "&" : "?"}external_auth_id=${externalAuthId}`;
  ctx.status = 302;
  ctx.redirect(url.href);
}

function finishReply(config: Environment["config"], polling: DevicePolling, ctx: KoaContextWithOIDC) {
  const { route, client, params } = ctx.oidc;
  const { switches } = config;
  if (route === "token" || route === "device_authorization") {
    const request: TokenRequest = {
      grantType: params?.grant_type,
      isClientKnown: client !== undefined,
      isSecretMissing:
        client !== undefined &&
        client.clientAuthMethod !== "none" &&
        !params?.client_secret &&
        !ctx.headers.authorization,
    };
    const error = toTokenError(ctx.body, request, switches);
    if (error) {
      const isPending = error.body.error === "authorization_pending";
      const isTooSoon = isPending && polling.isTooSoon(String(params?.device_code), DEVICE_CODE_TTL);
      ctx.status = error.status;
      ctx.body = isTooSoon ? { error: "slow_down" } : error.body;
      if (error.status === 401) ctx.set("WWW-Authenticate", 'Basic realm="AuthKit"');
    } else if (route === "token") {
      ctx.body = toTokenReply(ctx.body, request, switches);
    } else {
      ctx.body = { ...Object(ctx.body), interval: POLLING_INTERVAL };
    }
  }
  const isForeign = !config.webOrigins.includes(ctx.get("Origin"));
  if (route === "token" && switches.tokenCors === "web-origins" && isForeign) {
    ctx.remove("Access-Control-Allow-Origin");
    ctx.remove("Access-Control-Expose-Headers");
  }
  if (ctx.status === 303 && ctx.method === "GET") ctx.status = 302;
  const location = ctx.response.get("location");
  if (location) {
    if (switches.issuerParameter === "absent") {
      ctx.set("Location", stripIssuerParameter(location, config.issuer));
    }
    // Koa would repeat the address, code and all.
    ctx.body = "";
  }
}

function xsrfOf(ctx: KoaContextWithOIDC): string {
  const secret = ctx.oidc.session?.state?.secret;
  return typeof secret === "string" ? secret : "";
}

function showPage(ctx: KoaContextWithOIDC, page: string) {
  ctx.set(PAGE_HEADERS);
  ctx.type = "html";
  ctx.body = page;
}
