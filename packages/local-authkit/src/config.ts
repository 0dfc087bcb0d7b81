import * as v from "valibot";

import { type Duration, durationSchema, parseDuration } from "./clock.js";
import { faultSchema } from "./faults.js";
import { describeIssue, pathOf } from "./issue.js";
import { faultsOf } from "./jwt-template.js";
import { isRedirectUri } from "./redirect-uri.js";
import { type Switches, switchesSchema } from "./switches.js";

/** Grants an application may use at `/oauth2/token` (AuthKit: token reference). */
export type GrantType =
  | "authorization_code"
  | "refresh_token"
  | "client_credentials"
  | "urn:ietf:params:oauth:grant-type:device_code";

/** A Connect application, as AuthKit's dashboard would hold it. */
export interface LocalClient {
  clientId: string;
  /** Absent: a public client, which must use PKCE. Present: a confidential one. */
  clientSecret?: string | undefined;
  /** Shown on the consent screen. */
  name: string;
  /** Compared exactly; only the port of `http://localhost`, `127.0.0.1` and `[::1]` is free (RFC 8252 7.3; assumed). */
  redirectUris: string[];
  /** First-party applications ask for no consent. Default: false. */
  firstParty?: boolean | undefined;
  /** Permission slugs it may ask for besides `openid`, `profile`, `email` and `offline_access`. Default: none. */
  scopes?: string[] | undefined;
  /** Default: authorization_code, refresh_token and device_code. M2M: only `client_credentials`. */
  grantTypes?: GrantType[] | undefined;
  /** The id of the organization that owns it: `org_id` in the tokens of an M2M application. */
  organizationId?: string | undefined;
}

/** A user that AuthKit knows before anybody signed in. */
export interface LocalUser {
  /** The application's own id for the user: `external_id` at AuthKit. */
  id: string;
  email: string;
  firstName?: string | undefined;
  lastName?: string | undefined;
  name?: string | undefined;
  metadata?: Record<string, string> | undefined;
  /** A completion with another e-mail address is refused with `email_change_not_allowed`. Default: false. */
  emailLocked?: boolean | undefined;
}

/** An organization and who belongs to it. */
export interface LocalOrganization {
  /** `org_id` of tokens. */
  id: string;
  /** Shown where a user has several to pick from. */
  name: string;
  /** The `id`s of users, as the application has them. They need not have signed in yet. Default: none. */
  members?: string[] | undefined;
}

/** A permission of the environment, which an application may have among its `scopes`. */
export interface LocalPermission {
  slug: string;
  /** Said on the consent screen in place of the slug. */
  name: string;
}

/** A client with its defaults filled in. */
export interface ResolvedClient {
  clientId: string;
  clientSecret?: string;
  name: string;
  redirectUris: string[];
  firstParty: boolean;
  scopes: string[];
  grantTypes: GrantType[];
  organizationId?: string;
}

/** What {@link startLocalAuthKit} takes. All of it is optional. */
export interface LocalAuthKitOptions {
  /** Default: 4000. 0 takes any free port. */
  port?: number | undefined;
  /** Where to listen: a loopback name or address and nothing else. Default: `localhost`. */
  host?: string | undefined;
  /** An origin, without path or trailing slash. Default: `http://<host>:<port>`. */
  issuer?: string | undefined;
  /** The Login URI (AuthKit: Connect, Configuration), an absolute URL. May be set later. */
  loginUri?: string | undefined;
  /** The bearer key of the completion API. Default: a random `sk_test_...` per start. */
  apiKey?: string | undefined;
  /** `aud` of access tokens where no resource indicator applies. Default: `client_local_environment`. */
  environmentClientId?: string | undefined;
  /** Default: a confidential and a public application, ready to use. */
  clients?: LocalClient[] | undefined;
  /** Users that are known from the start. Default: none; each completion makes or updates one. */
  users?: LocalUser[] | undefined;
  /** Default: none. Who belongs to several picks one on the way to consent; who belongs to one has it in the token. */
  organizations?: LocalOrganization[] | undefined;
  /** The permissions that clients may have as `scopes`. Default: any. */
  permissions?: LocalPermission[] | undefined;
  /** Registered resource indicators (RFC 8707), absolute URIs. Default: none, and `resource` is ignored. */
  resources?: string[] | undefined;
  /**
   * The audience where an application that registered itself or has a metadata document asks for none (AuthKit: "set
   * as default"): one of `resources`. Default: none.
   */
  defaultResource?: string | undefined;
  /** Whether applications may register themselves at `/oauth2/register` (RFC 7591). Default: false, as AuthKit's. */
  dynamicClientRegistration?: boolean | undefined;
  /**
   * Whether a client id may be the `https` address of a document about the client (Client ID Metadata Document). Other
   * than AuthKit's, it may also be `http` on loopback. Default: false, as AuthKit's.
   */
  clientIdMetadataDocuments?: boolean | undefined;
  /**
   * Claims to add to users' access tokens (AuthKit: JWT templates). Texts may hold `{{ user.external_id }}`,
   * `{{ user.id }}`, `{{ user.email }}`, `{{ user.first_name }}`, `{{ user.last_name }}` and
   * `{{ user.metadata.<key> }}`, with fallbacks: `{{ user.first_name || 'you' }}`. Default: none.
   */
  jwtTemplate?: Record<string, unknown> | undefined;
  /**
   * Client ID metadata documents that are known without being fetched, by their address: for tests and machines
   * without network. Default: none.
   */
  metadataDocuments?: Record<string, Record<string, unknown>> | undefined;
  /** Origins whose scripts may read token responses, where `switches.tokenCors` is `web-origins`. Default: none. */
  webOrigins?: string[] | undefined;
  /** What this AuthKit does where nobody says what the real one does, by name. Default: the first value of each. */
  switches?: Partial<{ [Name in keyof Switches]: Switches[Name] | undefined }> | undefined;
  /**
   * Where users, consents, tokens, keys and all else is kept: `memory`, `file` (the folder `.local-authkit`),
   * `file:<folder>`, or the `redis:` or `unix:` address of a Redis that no other local AuthKit uses. Default: `memory`.
   */
  store?: string | undefined;
  /** Seconds an `external_auth_id` lives. Default: 300. */
  externalAuthTtl?: number | undefined;
  /** Seconds an access token lives. Default: 300. */
  accessTokenTtl?: number | undefined;
  /** Seconds an ID token lives. Default: 3600. */
  idTokenTtl?: number | undefined;
  /** Seconds an authorization code lives. Default: 600. */
  authorizationCodeTtl?: number | undefined;
  /** Seconds a refresh token lives, anew at each rotation. Default: 30 days. */
  refreshTokenTtl?: number | undefined;
  /** Seconds in which a refresh token that was used may be used again. Default: 0. */
  refreshReuseGrace?: number | undefined;
  /** Seconds an AuthKit session lives in a browser without being used. Default: 2 days. */
  sessionTtl?: number | undefined;
}

/** Options with their defaults, checked. The issuer and the API key are missing where they are still to be made. */
export type Config = Defined<v.InferOutput<typeof schema>>;

/** Options that cannot be used. The message names the option, never its value: values may be secrets. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly code = "invalid_config";
}

export function isLoopbackHost(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[|\]$/g, "");
  return (
    name === "localhost" || name.endsWith(".localhost") || name === "::1" || /^127(\.\d{1,3}){3}$/.test(name)
  );
}

const READY_CLIENTS: LocalClient[] = [
  {
    clientId: "client_local_partner",
    clientSecret: "partner_secret_local",
    name: "Acme Reports",
    redirectUris: ["http://localhost:3001/callback"],
  },
  {
    clientId: "client_local_public",
    name: "Local MCP Client",
    redirectUris: ["http://localhost/callback"],
  },
];

/** The grants of an application that users sign in to. */
export const USER_GRANTS: GrantType[] = [
  "authorization_code",
  "refresh_token",
  "urn:ietf:params:oauth:grant-type:device_code",
];

const text = v.pipe(v.string(), v.regex(/^\S(.*\S)?$/s, "must not be empty or end in blanks"));
const token = v.pipe(v.string(), v.regex(/^[\x21-\x7e]+$/, "must be visible ASCII without blanks"));
const seconds = v.pipe(
  v.number(),
  v.integer("must be whole seconds"),
  v.minValue(1, "must be at least 1 second"),
);

/** One scope (RFC 6749 section 3.3). */
export const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

const scopeToken = v.pipe(v.string(), v.regex(SCOPE_TOKEN, "must be a permission slug"));

function isWebUrl(value: string): boolean {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  return (url?.protocol === "http:" || url?.protocol === "https:") && url.hash === "";
}

function isOrigin(value: string): boolean {
  return URL.canParse(value) && new URL(value).origin === value;
}

export function isAbsoluteUri(value: string): boolean {
  return URL.canParse(value) && !value.includes("#");
}

function areDistinct<T>(members: readonly T[], name: keyof T): boolean {
  return new Set(members.map((member) => member[name])).size === members.length;
}

const webUrl = v.pipe(
  v.string(),
  v.check(isWebUrl, "must be an absolute http or https URL without fragment"),
);

const clientSchema = v.pipe(
  v.strictObject({
    clientId: token,
    clientSecret: v.optional(token),
    name: text,
    redirectUris: v.array(
      v.pipe(v.string(), v.check(isRedirectUri, "must be an absolute URI without fragment")),
    ),
    firstParty: v.optional(v.boolean(), false),
    scopes: v.optional(v.array(scopeToken), []),
    organizationId: v.optional(token),
    grantTypes: v.optional(
      v.pipe(
        v.array(v.picklist([...USER_GRANTS, "client_credentials"])),
        v.minLength(1, "must name a grant"),
      ),
      USER_GRANTS,
    ),
  }),
  v.forward(
    v.partialCheck(
      [["grantTypes"], ["redirectUris"]],
      ({ grantTypes, redirectUris }) => !grantTypes.includes("authorization_code") || redirectUris.length > 0,
      "must have a member",
    ),
    ["redirectUris"],
  ),
  v.forward(
    v.partialCheck(
      [["grantTypes"], ["clientSecret"]],
      ({ grantTypes, clientSecret }) => !grantTypes.includes("client_credentials") || Boolean(clientSecret),
      "is required for client_credentials",
    ),
    ["clientSecret"],
  ),
);

const userSchema = v.strictObject({
  id: text,
  email: v.pipe(v.string(), v.rfcEmail("must be an e-mail address")),
  firstName: v.optional(v.string()),
  lastName: v.optional(v.string()),
  name: v.optional(v.string()),
  metadata: v.optional(v.record(v.string(), v.string())),
  emailLocked: v.optional(v.boolean(), false),
});

const organizationSchema = v.strictObject({
  id: token,
  name: text,
  members: v.optional(v.array(text), []),
});

const permissionSchema = v.strictObject({ slug: scopeToken, name: text });

const jwtTemplateSchema = v.pipe(
  v.custom<Record<string, unknown>>(
    (value) => typeof value === "object" && value !== null && !Array.isArray(value),
    "must be an object",
  ),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const input = dataset.value;
    for (const { claim, message } of faultsOf(input)) {
      addIssue({
        message,
        path: [{ type: "object", origin: "value", input, key: claim, value: input[claim] }],
      });
    }
  }),
);

const schema = v.pipe(
  v.strictObject({
    port: v.optional(
      v.pipe(v.number(), v.integer("must be a whole number"), v.minValue(0), v.maxValue(65_535)),
      4000,
    ),
    host: v.optional(
      v.pipe(
        v.string(),
        v.check(
          isLoopbackHost,
          "must be a loopback name or address: this AuthKit is for your own machine only",
        ),
      ),
      "localhost",
    ),
    issuer: v.optional(
      v.pipe(webUrl, v.check(isOrigin, "must be an origin, without path or trailing slash")),
    ),
    loginUri: v.optional(webUrl),
    apiKey: v.optional(
      v.pipe(v.string(), v.regex(/^sk_[\x21-\x7e]+$/, "must start with sk_ and hold no blanks")),
    ),
    environmentClientId: v.optional(token, "client_local_environment"),
    clients: v.optional(
      v.pipe(
        v.array(clientSchema),
        v.check((members) => areDistinct(members, "clientId"), "must not hold a clientId twice"),
      ),
      READY_CLIENTS,
    ),
    users: v.optional(
      v.pipe(
        v.array(userSchema),
        v.check((members) => areDistinct(members, "id"), "must not hold an id twice"),
      ),
      [],
    ),
    organizations: v.optional(
      v.pipe(
        v.array(organizationSchema),
        v.check((members) => areDistinct(members, "id"), "must not hold an id twice"),
      ),
      [],
    ),
    permissions: v.optional(
      v.pipe(
        v.array(permissionSchema),
        v.check((members) => areDistinct(members, "slug"), "must not hold a slug twice"),
      ),
    ),
    resources: v.optional(
      v.array(v.pipe(v.string(), v.check(isAbsoluteUri, "must be an absolute URI without fragment"))),
      [],
    ),
    defaultResource: v.optional(v.string()),
    dynamicClientRegistration: v.optional(v.boolean(), false),
    clientIdMetadataDocuments: v.optional(v.boolean(), false),
    jwtTemplate: v.optional(jwtTemplateSchema, {}),
    metadataDocuments: v.optional(v.record(v.string(), v.record(v.string(), v.unknown())), {}),
    webOrigins: v.optional(
      v.array(v.pipe(v.string(), v.check(isOrigin, "must be an origin, without path or trailing slash"))),
      [],
    ),
    switches: v.optional(switchesSchema, {}),
    store: v.optional(
      v.pipe(
        v.string(),
        v.regex(
          /^(memory|file|file:.+|(rediss?|unix):\/\/.+)$/s,
          "must be memory, file, file:<folder> or redis://...",
        ),
      ),
      "memory",
    ),
    externalAuthTtl: v.optional(seconds, 300),
    accessTokenTtl: v.optional(seconds, 300),
    idTokenTtl: v.optional(seconds, 60 * 60),
    authorizationCodeTtl: v.optional(seconds, 10 * 60),
    refreshTokenTtl: v.optional(seconds, 30 * 24 * 60 * 60),
    refreshReuseGrace: v.optional(
      v.pipe(v.number(), v.integer("must be whole seconds"), v.minValue(0, "must not be negative")),
      0,
    ),
    // The inactivity after which AuthKit ends sessions by default (seen live).
    sessionTtl: v.optional(seconds, 2 * 24 * 60 * 60),
  }),
  v.forward(
    v.partialCheck(
      [["resources"], ["defaultResource"]],
      ({ resources, defaultResource }) =>
        defaultResource === undefined || resources.includes(defaultResource),
      "must be one of resources",
    ),
    ["defaultResource"],
  ),
  v.forward(
    v.partialCheck(
      [["permissions"], ["clients"]],
      ({ permissions, clients }) =>
        permissions === undefined ||
        clients.every(({ scopes }) =>
          scopes.every((scope) => permissions.some(({ slug }) => slug === scope)),
        ),
      "must have scopes that are among permissions",
    ),
    ["clients"],
  ),
);

/** All of the options. @internal For the JSON schema that editors check a configuration file with; a test writes it. */
export const optionsSchema: typeof schema = schema;

/** Checks options and fills in the defaults. Throws {@link ConfigError}. */
export function parseConfig(options: LocalAuthKitOptions, nodeEnv = process.env.NODE_ENV): Config {
  if (nodeEnv === "production") {
    throw new ConfigError("NODE_ENV is production: the local AuthKit is for development and tests only.");
  }
  return withoutUndefined(parse(schema, options, "options"));
}

/** Checks switches that are set after the start. Throws {@link ConfigError}. */
export function parseSwitches(switches: unknown): Switches {
  return parse(switchesSchema, switches, "switches");
}

/** Checks a fault. Throws {@link ConfigError}. */
export function parseFault(fault: unknown): v.InferOutput<typeof faultSchema> {
  return parse(faultSchema, fault, "fault");
}

/** Checks by what a clock is to be advanced, and gives it in milliseconds. Throws {@link ConfigError}. */
export function parseAdvance(by: Duration): number {
  return parseDuration(parse(durationSchema, by, "by"));
}

/** Checks a Login URI that is set after the start. Throws {@link ConfigError}. */
export function parseLoginUri(loginUri: string): string {
  return parse(webUrl, loginUri, "loginUri");
}

function parse<S extends v.GenericSchema>(expected: S, value: unknown, whole: string): v.InferOutput<S> {
  const result = v.safeParse(expected, value, { message: describeIssue });
  if (result.success) return result.output;
  throw new ConfigError(result.issues.map((issue) => `${pathOf(issue, whole)} ${issue.message}`).join("\n"));
}

type Defined<T> = T extends (infer Member)[]
  ? Defined<Member>[]
  : T extends object
    ? { [K in keyof T]: Defined<Exclude<T[K], undefined>> }
    : T;

/** Drops members that are present but undefined, so that "absent" is the only way to say "not given". */
function withoutUndefined<T>(value: T): Defined<T> {
  return JSON.parse(JSON.stringify(value));
}
