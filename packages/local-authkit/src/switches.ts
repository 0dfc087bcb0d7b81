import * as v from "valibot";

/** A question about AuthKit that nobody outside answers for sure, and what a local AuthKit can be told to answer. */
interface Switch<Value extends string> {
  /** The first is the default. */
  values: readonly [Value, ...Value[]];
  /** The number of the question in docs/authkit.md. */
  question: string;
  /** What is decided, in words for the dashboard and the documentation. */
  about: string;
}

function choice<const Value extends string>(
  question: string,
  about: string,
  ...values: [Value, ...Value[]]
): Switch<Value> {
  return { values, question, about };
}

/** All switches, in the order of the flow. */
export const SWITCHES = {
  loginUriVisit: choice("S-8", "A browser with an AuthKit session", "skipped", "always"),
  prompt: choice("S-8", "prompt=login", "ignored", "honoured"),
  externalAuthId: choice("S-2", "The form of external_auth_id", "prefixed", "bare"),
  unknownExternalAuthId: choice("S-3", "An unknown or expired id", "404-coded", "404-uncoded", "400-coded"),
  refusedCompletion: choice("S-4", "A completion that is refused", "keeps-id", "spends-id"),
  repeatedCompletion: choice(
    "S-5",
    "A second completion with the Idempotency-Key of the first",
    "refused",
    "same-answer",
  ),
  browserBinding: choice("S-6", "Where a completed login goes on", "strict", "naive"),
  redirectUriUse: choice("S-6", "How often redirect_uri may be opened", "once", "often"),
  userIdLength: choice("D-1", "The longest user.id, in characters", "128", "64"),
  metadataLimits: choice("S-14", "The limits of user.metadata", "openapi", "guide"),
  omittedProfile: choice("S-17", "Profile fields that an update leaves out", "kept", "cleared"),
  emailChange: choice("S-13", "A completion with another e-mail address", "allowed", "refused"),
  emailVerified: choice("S-33", "email_verified of completed users", "true", "false"),
  groupedChoices: choice("D-2", "Choices in groups", "accepted", "refused"),
  consentOptionChecks: choice("S-15", "Empty, repeated and mixed choices", "strict", "loose"),
  reservedClaims: choice("S-16", "Claims an option may not set", "access-token", "jwt-template", "none"),
  firstPartyOptions: choice("S-12", "Options for a first-party application", "refused", "ignored"),
  organizationPicker: choice("D-3", "A user with several organizations", "shown", "skipped"),
  existingConsent: choice("D-4", "A consent that covers the scopes", "remembered", "asked-again"),
  optionsAfterConsent: choice("S-11", "Options while a consent covers the scopes", "asked", "skipped"),
  deniedConsent: choice("S-7", "The user denies", "redirect", "page"),
  issuerParameter: choice("S-34", "iss in the authorization response", "absent", "sent"),
  pkce: choice("D-5", "Who must use PKCE", "public-clients", "all-clients"),
  nonce: choice("S-30", "nonce in an OpenID request", "optional", "required"),
  severalResources: choice("S-31", "Several resource parameters", "refused", "first"),
  loopbackPort: choice("S-24", "The port of a loopback redirect URI", "free", "exact"),
  missingSecret: choice("D-6", "A confidential client without its secret", "invalid_client", "unauthorized"),
  badCode: choice("S-19", "The error for a bad code", "invalid_grant", "invalid_code"),
  codeReplay: choice("S-18", "A code used twice", "ends-grant", "refused"),
  refreshReuse: choice("S-20", "A refresh token used twice", "ends-grant", "refused"),
  refreshLife: choice("S-21", "The life of a refresh token at each use", "renewed", "fixed"),
  claimsOnRefresh: choice("S-10", "Chosen values after a refresh", "kept", "dropped"),
  unregisteredResource: choice(
    "S-22",
    "A resource that is not registered, where others are",
    "refused",
    "ignored",
  ),
  differingResource: choice("S-23", "Another resource at the token step", "refused", "ignored"),
  tokenType: choice("D-7", "token_type in responses", "documented", "Bearer"),
  scopeMember: choice("D-8", "scope in token responses", "absent", "present"),
  tokenCors: choice("D-9", "Whose scripts may read token responses", "any-origin", "web-origins"),
  subject: choice("S-9", "sub of tokens", "workos", "external"),
  clientIdClaim: choice("D-10", "client_id in users' access tokens", "present", "absent"),
  userinfoAudience: choice("S-28", "Userinfo with a token for a resource", "accepted", "refused"),
  introspection: choice("S-29", "Introspection of other applications' tokens", "allowed", "inactive"),
  deletedAuthorization: choice("D-11", "Refresh tokens of a deleted authorization", "end", "stay"),
  deviceLogin: choice("S-32", "A device's user without an AuthKit session", "login-uri", "refused"),
  disabledRegistration: choice("S-26", "Registration while it is off", "403", "404"),
  metadataDocumentAddresses: choice(
    "S-27",
    "Which addresses of metadata documents are taken",
    "loopback-too",
    "https-only",
  ),
} as const satisfies Record<string, Switch<string>>;

type Table = typeof SWITCHES;

/** The switches of a local AuthKit, each with its value. */
export type Switches = { [Name in keyof Table]: Table[Name]["values"][number] };

/** Names and values that are not these. The message is about the name, and lists what would do. */
export const switchesSchema = v.strictObject(
  Object.fromEntries(
    Object.entries(SWITCHES).map(([name, { values }]) => [
      name,
      v.optional(v.picklist(values, `must be one of ${values.join(", ")}`), values[0]),
    ]),
  ),
) as unknown as v.GenericSchema<{ [Name in keyof Switches]?: Switches[Name] | undefined }, Switches>;
