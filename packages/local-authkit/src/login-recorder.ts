import { decodeJwt } from "jose";
import type { KoaContextWithOIDC, Provider } from "oidc-provider";

import type { ApiReply, FieldError } from "./api-reply.js";
import type { Applications } from "./applications.js";
import { parseJsonObject } from "./json.js";
import { clip, type LoggedLogin, type Login, type LoginPhase, type Logins } from "./logins.js";
import { splitScope } from "./scopes.js";
import type { User, Users } from "./users.js";

interface Known {
  logins: Logins;
  applications: Applications;
  users: Users;
  findUser: (subject: string) => User | undefined;
}

// What a device hears while its user has not decided yet. It asks every few seconds.
const WAITING = ["authorization_pending", "slow_down"];

// What oidc-provider has as errors of its page, as the device hears them (RFC 8628 section 3.5).
const DEVICE_ERRORS = new Map([
  ["AbortedError", "access_denied"],
  ["ExpiredError", "expired_token"],
]);

/**
 * Writes the log of logins. One login is many requests from three sides; oidc-provider changes an interaction's id at
 * each prompt and keeps its `cid`, so that is what a browser's part goes by. What a client comes with later (a code, a
 * refresh token) leads to the login it came from.
 */
export class LoginRecorder {
  readonly #known: Known;
  // A request may have several events before anything in it leads to its login.
  readonly #byRequest = new WeakMap<object, LoggedLogin>();

  constructor(known: Known) {
    this.#known = known;
  }

  /** Hears what oidc-provider tells of the authorization and device endpoints. */
  observe(provider: Provider): void {
    provider.on("interaction.started", (ctx, prompt) => {
      const login = this.#loginOf(ctx);
      if (prompt.name !== "login") this.#useSession(ctx, login);
    });
    provider.on("authorization.success", (ctx, reply) => this.#finish(ctx, reply?.code));
    provider.on("device_authorization.success", (ctx) => void this.#loginOf(ctx));
    provider.on("authorization.error", (ctx, { error }) => this.#fail(ctx, "authorization", error));
    provider.on("device_authorization.error", (ctx, { error }) => this.#fail(ctx, "device", error));
    provider.on("server_error", (ctx) => {
      // What the token endpoint answers is looked at as a whole.
      if (ctx.oidc.route !== "token") this.#fail(ctx, "authorization", "server_error");
    });
  }

  /** An authorization request that oidc-provider was not asked about. */
  refuse(clientId: string, query: URLSearchParams, code: string): void {
    const { logins } = this.#known;
    const login = logins.begin("login", { id: clientId });
    logins.add(login, toRequested(query.get("scope"), query.get("resource")));
    logins.add(login, { type: "error", during: "authorization", code });
  }

  /** `cid`: of the interaction that waits at the Login URI. Without an id there is none to send it to. */
  sendToLoginUri(cid: string, externalAuthId: string | undefined): void {
    const { logins } = this.#known;
    const login = logins.find("interaction", cid);
    if (!login) return;
    if (externalAuthId === undefined) {
      logins.add(login, { type: "error", during: "authorization", code: "login_uri_missing" });
      return;
    }
    logins.mark(login, "external_auth_id", externalAuthId);
    logins.add(login, { type: "sent_to_login_uri" });
  }

  /** A completion, by its request and its answer. */
  complete(text: string, { status, body }: ApiReply): void {
    const { logins, users } = this.#known;
    const { external_auth_id, user, user_consent_options } = Object(parseJsonObject(text));
    const login = logins.find("external_auth_id", external_auth_id) ?? logins.begin("request", undefined);
    if (status === 200) {
      logins.identify(login, toUser(users.findByExternalId(user.id)));
      // Who comes back has only this.
      logins.mark(login, "ticket", new URL(String(body.redirect_uri)).searchParams.get("state") ?? undefined);
      const options = (user_consent_options ?? []).map(({ claim }: { claim: string }) => claim);
      logins.add(login, { type: "completed", user: user.id, options });
      return;
    }
    const { code, error, errors } = body as { code?: string; error?: string; errors?: FieldError[] };
    logins.add(login, {
      type: "error",
      during: "completion",
      code: code ?? error ?? (status === 401 ? "unauthorized" : "refused"),
      status,
      ...(errors && { fields: errors.map(({ field, code }) => `${withoutKeys(field)}: ${code}`) }),
    });
  }

  /** The browser is back with its ticket; `problem` says why that is of no use. */
  comeBack(ticket: string, problem?: string): void {
    const { logins } = this.#known;
    const login = logins.find("ticket", ticket) ?? logins.begin("request", undefined);
    logins.add(login, problem ? { type: "error", during: "return", code: problem } : { type: "returned" });
  }

  /** A page of AuthKit's. One that is loaded again, or comes back because nothing was chosen, is the same. */
  show(cid: string, type: "organizations_shown" | "consent_shown"): void {
    const login = this.#known.logins.find("interaction", cid);
    if (login && login.steps.at(-1)?.type !== type) this.#known.logins.add(login, { type });
  }

  chooseOrganization(cid: string, organizationId: string): void {
    const login = this.#known.logins.find("interaction", cid);
    if (login) this.#known.logins.add(login, { type: "organization_chosen", organizationId });
  }

  /** What the user decided. `chosen` is missing where it was denied. */
  decide(cid: string, chosen?: [claim: string, value: string][]): void {
    const { logins } = this.#known;
    const login = logins.find("interaction", cid);
    if (!login) return;
    logins.add(
      login,
      chosen ? { type: "consent_allowed", chosen: Object.fromEntries(chosen) } : { type: "consent_denied" },
    );
  }

  /** An answer of the token endpoint, as it leaves. */
  issueTokens(ctx: KoaContextWithOIDC): void {
    const { logins, findUser } = this.#known;
    const { params = {}, entities } = ctx.oidc;
    const body = Object(ctx.body);
    if (WAITING.includes(body.error)) return;

    const grant = String(params.grant_type ?? "");
    const login =
      logins.find("grant", entities.Grant?.jti) ??
      logins.find("code", params.code) ??
      logins.find("refresh_token", params.refresh_token) ??
      logins.find("device_code", params.device_code) ??
      logins.begin(kindOf(grant), this.#clientOf(ctx));
    if (typeof body.error === "string") {
      logins.add(login, { type: "error", during: "token", code: body.error });
      return;
    }

    logins.identify(login, toUser(findUser(entities.Account?.accountId ?? "")));
    logins.mark(login, "grant", entities.Grant?.jti);
    logins.mark(login, "refresh_token", body.refresh_token);
    logins.add(login, {
      type: "tokens_issued",
      grant,
      tokens: ["access_token", "id_token", "refresh_token"].filter((name) => body[name] !== undefined),
      claims: Object.fromEntries(
        ["access_token", "id_token"]
          .filter((name) => body[name] !== undefined)
          .map((name) => [name, decodeJwt(body[name])]),
      ),
    });
  }

  /**
   * An error on the page that asks for a device's code. Who mistypes one is told so there, and the log has nothing to
   * hold it to.
   */
  failAtDevice(ctx: KoaContextWithOIDC, error: Error & { error?: string }): void {
    const { DeviceCode, Interaction } = ctx.oidc.entities;
    if (!DeviceCode && !Interaction?.deviceCode) return;
    this.#fail(ctx, "device", DEVICE_ERRORS.get(error.name) ?? error.error ?? "invalid_grant");
  }

  #finish(ctx: KoaContextWithOIDC, code: unknown): void {
    const { logins } = this.#known;
    const { Client, Grant } = ctx.oidc.entities;
    const login = this.#loginOf(ctx);
    this.#useSession(ctx, login);
    if (!login.steps.some(({ type }) => type === "consent_allowed")) {
      const isFirstParty = this.#known.applications
        .all()
        .some(({ clientId, firstParty }) => firstParty && clientId === Client?.clientId);
      logins.add(login, { type: "consent_skipped", reason: isFirstParty ? "first_party" : "allowed_before" });
    }
    logins.mark(login, "grant", Grant?.jti);
    if (typeof code === "string") {
      logins.mark(login, "code", code);
      logins.add(login, { type: "code_issued" });
    } else {
      logins.add(login, { type: "device_confirmed" });
    }
  }

  // A browser that was not sent away was known already.
  #useSession(ctx: KoaContextWithOIDC, login: LoggedLogin): void {
    const { logins, findUser } = this.#known;
    logins.identify(login, toUser(findUser(ctx.oidc.session?.accountId ?? "")));
    if (ctx.oidc.route === "authorization" || ctx.oidc.route === "code_verification") {
      logins.add(login, { type: "session_used" });
    }
  }

  #fail(ctx: KoaContextWithOIDC, during: LoginPhase, code: string): void {
    this.#known.logins.add(this.#loginOf(ctx), { type: "error", during, code });
  }

  #loginOf(ctx: KoaContextWithOIDC): LoggedLogin {
    const { logins } = this.#known;
    const { Interaction, DeviceCode } = ctx.oidc.entities;
    const login =
      this.#byRequest.get(ctx.oidc) ??
      logins.find("interaction", Interaction?.cid) ??
      logins.find("device_code", DeviceCode?.jti) ??
      this.#begin(ctx);
    this.#byRequest.set(ctx.oidc, login);
    logins.mark(login, "interaction", Interaction?.cid);
    logins.mark(login, "device_code", DeviceCode?.jti);
    return login;
  }

  #begin(ctx: KoaContextWithOIDC): LoggedLogin {
    const { logins } = this.#known;
    const { route, params } = ctx.oidc;
    const isRequest = route === "authorization" || route === "device_authorization";
    const kind = !isRequest ? "request" : route === "authorization" ? "login" : "device";
    const login = logins.begin(kind, this.#clientOf(ctx));
    if (isRequest) {
      logins.add(login, toRequested(params?.scope ?? ctx.query.scope, ctx.query.resource));
    }
    return login;
  }

  #clientOf({ oidc, query }: KoaContextWithOIDC): Login["client"] {
    const { client, params } = oidc;
    if (client) return { id: client.clientId, ...(client.clientName && { name: client.clientName }) };
    const id = params?.client_id ?? query.client_id;
    return typeof id === "string" ? { id } : undefined;
  }
}

function kindOf(grantType: string): Login["kind"] {
  if (grantType === "client_credentials") return "m2m";
  if (grantType === "refresh_token") return "refresh";
  return grantType.endsWith("device_code") ? "device" : "request";
}

function toRequested(scope: unknown, resource: unknown) {
  return {
    type: "requested" as const,
    scopes: splitScope(typeof scope === "string" ? clip(scope) : undefined),
    ...(resource !== undefined && resource !== null && { resource: clip(String(resource)) }),
  };
}

function toUser(user: User | undefined): Login["user"] {
  return user && { id: user.externalId, email: user.email };
}

// The keys of metadata are the application's own.
function withoutKeys(field: string): string {
  return field.startsWith("user.metadata") ? "user.metadata" : clip(field);
}
