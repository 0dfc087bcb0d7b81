import {
  type AccessToken,
  type Authentication,
  type ConnectError,
  createDenyList,
  createLogin,
  createProtectedResource,
  createVerifier,
  type Fetch,
  type Login,
  type LoginContext,
  memoryStore,
  type ProtectedResource,
  type ResumeOptions,
  type Verifier,
} from "@connect/core";

/** The API key of the suite; a distinctive one, so that a leak is found by searching for it. */
export const API_KEY = "sk_test_contract_7f3a9";

/** The audience of the suite's tokens. */
export const AUDIENCE = "https://api.example.com/mcp";

/** What the application's own error says; it must reach the framework's error handling. */
export const APPLICATION_ERROR = "the application's database is down";

/** A claim that the application shows, as the consent option of the suite makes it. */
export const TENANT = "urn:example:tenant";

/** A consent of which the deny list's store can't say anything. */
export const UNTOLD_CONSENT = "consent_untold";

/** A request with this header comes so many hours later: nothing that the application keeps lasts that long. */
export const HOURS_LATER = "x-hours-later";

/** Headers as any framework can give them. */
interface HeaderView {
  get(name: string): string | null;
}

/**
 * The application that every adapter serves. A request's cookie says what the user's session is like
 * (`session=ada`, `bob`, `detour`, `silent`, `broken`; none: signed out), and its `x-hours-later` what time it is for the resource, so
 * that the same application runs in the test's process and in one of its own. What it did it reports to AuthKit's stand-in, under `/seen`.
 *
 * An adapter mounts
 * - GET `/auth/login`: `loginRoute(login, { ...loginOptions, authenticate, onError })`
 * - GET `/auth/strict`: the same, without `fallbackUrl`
 * - GET and POST `/auth/confirm`: the same as `/auth/login`, with `confirmOptions`
 * - GET `/auth/resume`: the same as `/auth/login`, with `resumeOptions`
 * - `catchStray("/auth/login")` for `/stray` and all below it
 * - GET `/api/me`: `requireToken(verifier)`, then `describe(accessToken)` as JSON
 * - GET `/api/notes`: the same with `scopes`
 * - GET `/api/unreachable`: the same with `verifierWithoutKeys`
 * - GET `/mcp`: the same with `resourceVerifier`
 * - POST `/mcp`: the same with `toolScopes`, then `{ ...describe(accessToken), received }` with the body's JSON
 * - `resourceRoutes(resource)` (or `resourceRoute`) at the root, next to them
 */
export interface Application {
  readonly login: Login;
  readonly verifier: Verifier;
  readonly verifierWithoutKeys: Verifier;
  readonly resourceVerifier: Verifier;
  readonly resource: ProtectedResource;
  readonly loginOptions: { readonly signInUrl: string; readonly fallbackUrl: string };
  readonly confirmOptions: { readonly confirm: true; readonly signOutUrl: string };
  readonly resumeOptions: { readonly resume: ResumeOptions };
  readonly scopes: readonly string[];
  readonly toolScopes: Readonly<Record<string, readonly string[]>>;
  authenticate(headers: HeaderView, context: LoginContext): Promise<Authentication>;
  onError(error: ConnectError): Promise<void>;
  describe(
    accessToken: AccessToken,
  ): Promise<{ subject: string; scopes: readonly string[]; tenant: unknown }>;
}

/** Makes the application, connected to the stand-in at `authkitUrl`; its login calls AuthKit by `fetchOfLogin`, if there is one. */
export function createApplication(authkitUrl: string, fetchOfLogin?: Fetch): Application {
  const verifierConfig = { issuer: authkitUrl, audience: AUDIENCE };
  const report = async (what: string): Promise<void> => {
    await fetch(`${authkitUrl}/seen`, { method: "POST", body: what });
  };
  const resource = createTravellingResource(authkitUrl);
  const store = memoryStore();
  const denyList = createDenyList({
    store: {
      ...store,
      get: (key) =>
        key.endsWith(UNTOLD_CONSENT) ? Promise.reject(new Error(APPLICATION_ERROR)) : store.get(key),
    },
  });
  return {
    login: createLogin({
      apiKey: API_KEY,
      authkitUrl,
      apiUrl: authkitUrl,
      timeout: 2_000,
      fetch: fetchOfLogin,
    }),
    verifier: createVerifier(verifierConfig),
    verifierWithoutKeys: createVerifier({ ...verifierConfig, jwksUrl: `${authkitUrl}/broken/jwks` }),
    resourceVerifier: createVerifier({
      ...verifierConfig,
      resourceMetadataUrl: resource.metadataUrl,
      isRevoked: denyList.isRevoked,
    }),
    resource,
    loginOptions: { signInUrl: "/sign-in", fallbackUrl: "/" },
    confirmOptions: { confirm: true, signOutUrl: "/sign-out" },
    resumeOptions: { resume: { secret: "a secret of the suite's, long enough" } },
    scopes: ["notes:read"],
    toolScopes: { delete_note: ["notes:write"] },
    async authenticate(headers, context) {
      await report("authenticate");
      switch (/\bsession=(\w+)/.exec(headers.get("cookie") ?? "")?.[1]) {
        case undefined:
          return null;
        case "detour":
          return { redirectTo: `/welcome?${new URLSearchParams({ return_to: context.returnTo })}` };
        case "silent":
          return new Promise<never>(() => {});
        case "broken":
          throw new Error(APPLICATION_ERROR);
        case "bob":
          return { user: { id: "usr_bob", email: "bob@example.com", name: "<b>\"Bob\" & 'co'" } };
        default:
          return {
            user: { id: "usr_ada", email: "ada@example.com", firstName: "Ada", lastName: "Lovelace" },
            userConsentOptions: [
              {
                claim: TENANT,
                label: "Workspace",
                choices: [
                  { group: "Production", choices: [{ value: "prod_us", label: "US-East" }] },
                  { group: "Staging", choices: [{ value: "staging_us", label: "US-East" }] },
                ],
              },
            ],
          };
      }
    },
    onError: (error) => report(`error ${error.code}`),
    async describe({ subject, scopes, claims }) {
      await report("handler");
      return { subject, scopes, tenant: claims[TENANT] ?? null };
    },
  };
}

/** A protected resource whose clock its requests may move. */
function createTravellingResource(authkitUrl: string): ProtectedResource {
  let hours = 0;
  const resource = createProtectedResource({
    resource: AUDIENCE,
    authkitUrl,
    scopes: ["openid"],
    clock: () => Date.now() + hours * 3_600_000,
  });
  return {
    ...resource,
    handle(request) {
      hours += Number(request.headers.get(HOURS_LATER));
      return resource.handle(request);
    },
  };
}
