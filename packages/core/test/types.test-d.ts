import * as v from "valibot";
import { assertType, describe, expectTypeOf, it } from "vitest";
import {
  type AccessToken,
  type Authenticate,
  type Authentication,
  type Challenge,
  ConnectError,
  createDenyList,
  createLoginRoute,
  createProtectedResource,
  createVerifier,
  type ErrorCode,
  isConnectError,
  type Login,
  type LoginConfirmation,
  type LoginFailure,
  type LoginOutcome,
  type Reply,
  type RequestView,
  type ResourceOutcome,
  type TokenOutcome,
  toReply,
  type Unavailable,
  type UserConsentChoice,
  type UserConsentChoiceGroup,
  type UserConsentOption,
  type Verifier,
} from "../src/index.js";
import { requireToken, resourceRoute } from "../src/web/index.js";

declare const loginOutcome: LoginOutcome;
declare const tokenOutcome: TokenOutcome<{ tenant: string }>;
declare const login: Login;
declare const request: RequestView;

const issuer = "https://example.authkit.app";
const audience = "https://api.example.com";

describe("outcomes", () => {
  it("of a login narrow by type and by to", () => {
    if (loginOutcome.type === "failure") {
      expectTypeOf(loginOutcome).toEqualTypeOf<LoginFailure>();
      expectTypeOf(loginOutcome.error).toEqualTypeOf<ConnectError>();
      // @ts-expect-error a failure leads nowhere
      loginOutcome.location;
    } else if (loginOutcome.type === "confirmation") {
      expectTypeOf(loginOutcome).toEqualTypeOf<LoginConfirmation>();
    } else {
      expectTypeOf(loginOutcome.location).toEqualTypeOf<string>();
      // @ts-expect-error only the fallback has an error
      loginOutcome.error;
      if (loginOutcome.to === "fallback") expectTypeOf(loginOutcome.error).toEqualTypeOf<ConnectError>();
      else
        expectTypeOf(loginOutcome.to).toEqualTypeOf<
          "authkit" | "sign-in" | "sign-out" | "detour" | "login-uri"
        >();
    }
  });

  it("of a token narrow by type", () => {
    switch (tokenOutcome.type) {
      case "authorized":
        expectTypeOf(tokenOutcome.accessToken).toEqualTypeOf<AccessToken<{ tenant: string }>>();
        // @ts-expect-error nothing went wrong
        tokenOutcome.error;
        break;
      case "challenge":
        expectTypeOf(tokenOutcome).toEqualTypeOf<Challenge>();
        break;
      case "unavailable":
        expectTypeOf(tokenOutcome).toEqualTypeOf<Unavailable>();
        // @ts-expect-error "could not check" is no challenge
        tokenOutcome.challenge;
        break;
      default:
        expectTypeOf(tokenOutcome).toBeNever();
    }
  });

  it("have a reply, but for authorized ones", () => {
    expectTypeOf(toReply(loginOutcome)).toEqualTypeOf<Reply>();
    // @ts-expect-error it may be authorized
    toReply(tokenOutcome);
    if (tokenOutcome.type !== "authorized") expectTypeOf(toReply(tokenOutcome)).toEqualTypeOf<Reply>();
  });
});

describe("createVerifier", () => {
  it("knows its claims as ever with a deny list", () => {
    const { isRevoked } = createDenyList();
    expectTypeOf(createVerifier({ issuer, audience, isRevoked })).toEqualTypeOf<Verifier>();
  });

  it("can't do without an audience, nor without an issuer", () => {
    // @ts-expect-error no audience
    createVerifier({ issuer });
    // @ts-expect-error undefined is no audience
    createVerifier({ issuer, audience: undefined });
    // @ts-expect-error null is no audience
    createVerifier({ issuer, audience: null });
    // @ts-expect-error no issuer
    createVerifier({ audience });
  });

  it("allows asymmetric algorithms only", () => {
    createVerifier({ issuer, audience, algorithms: ["RS256", "ES256", "EdDSA"] });
    // @ts-expect-error a symmetric key
    createVerifier({ issuer, audience, algorithms: ["HS256"] });
    // @ts-expect-error no signature
    createVerifier({ issuer, audience, algorithms: ["none"] });
  });

  it("gives all claims as unknown where there is no schema", async () => {
    const verifier = createVerifier({ issuer, audience });
    expectTypeOf(verifier).toEqualTypeOf<Verifier>();
    const { claims } = await verifier.verify("");
    expectTypeOf(claims).toEqualTypeOf<Readonly<Record<string, unknown>>>();
  });

  it("gives the claims the type of the schema's output", async () => {
    const verifier = createVerifier({
      issuer,
      audience,
      claims: v.object({
        tenant: v.picklist(["prod", "test"]),
        seats: v.pipe(v.string(), v.transform(Number)),
      }),
    });
    type Claims = { tenant: "prod" | "test"; seats: number };
    const { claims } = await verifier.verify("");
    expectTypeOf(claims).toEqualTypeOf<Claims>();
    const outcome = await verifier.authorize(request, { scopes: ["read"] });
    if (outcome.type === "authorized") expectTypeOf(outcome.accessToken.claims).toEqualTypeOf<Claims>();
    requireToken(verifier, {}, (_request, accessToken) => {
      expectTypeOf(accessToken.claims).toEqualTypeOf<Claims>();
      return new Response();
    });
  });

  it("gives a token that can't be written to", async () => {
    const accessToken = await createVerifier({ issuer, audience }).verify("");
    // @ts-expect-error read-only
    accessToken.subject = "";
    // @ts-expect-error read-only
    accessToken.scopes.push("admin");
    // @ts-expect-error read-only
    accessToken.claims.sub = "";
  });
});

describe("createProtectedResource", () => {
  const resource = createProtectedResource({ resource: audience, authkitUrl: issuer });

  it("can't do without a resource, nor without AuthKit", () => {
    // @ts-expect-error no resource
    createProtectedResource({ authkitUrl: issuer });
    // @ts-expect-error no AuthKit
    createProtectedResource({ resource: audience });
  });

  it("gives metadata that can't be written to, and its address for the verifier", () => {
    // @ts-expect-error read-only
    resource.metadata.resource = "";
    // @ts-expect-error read-only
    resource.metadata.scopes_supported?.push("admin");
    // @ts-expect-error read-only
    resource.paths.push("/");
    createVerifier({ issuer, audience, resourceMetadataUrl: resource.metadataUrl });
  });

  it("answers with an outcome that has a reply, or with null", async () => {
    const outcome = await resource.handle(request);
    expectTypeOf(outcome).toEqualTypeOf<ResourceOutcome | null>();
    // @ts-expect-error it may be null
    toReply(outcome);
    if (outcome?.type === "metadata_unavailable") expectTypeOf(outcome.error).toEqualTypeOf<ConnectError>();
    if (outcome !== null) expectTypeOf(toReply(outcome)).toEqualTypeOf<Reply>();
    expectTypeOf(resourceRoute(resource)).returns.toEqualTypeOf<Promise<Response | null>>();
  });
});

describe("authenticate", () => {
  const user = { id: "1", email: "ada@example.com" };

  it("may answer with a user, a detour or nobody, at once or later", () => {
    assertType<Authenticate>(() => ({ user }));
    assertType<Authenticate>(() => ({ user, userConsentOptions: [] }));
    assertType<Authenticate>(() => ({ redirectTo: "/onboarding" }));
    assertType<Authenticate>(() => null);
    assertType<Authenticate>(() => undefined);
    assertType<Authenticate>(() => {
      if (user.id === "") return null;
      return { user };
    });
    assertType<Authenticate>(async () => ({ user }));
    assertType<Authenticate>(async () => ({ redirectTo: "/onboarding" }));
    assertType<Authenticate>(async () => null);
    assertType<Authenticate>(async () => undefined);
    assertType<Authenticate>(async ({ externalAuthId, returnTo }) => ({
      redirectTo: externalAuthId + returnTo,
    }));
    assertType<Authentication>({
      user: { ...user, firstName: null, name: undefined, metadata: { plan: "pro" } },
    });
  });

  it("may not answer with something else", () => {
    // @ts-expect-error no user
    assertType<Authenticate>(() => ({}));
    // @ts-expect-error the user stands alone
    assertType<Authenticate>(() => user);
    // @ts-expect-error no e-mail
    assertType<Authenticate>(() => ({ user: { id: "1" } }));
    // @ts-expect-error a number
    assertType<Authenticate>(() => ({ user: { ...user, id: 1 } }));
    // @ts-expect-error an address alone
    assertType<Authenticate>(() => "/sign-in");
    // @ts-expect-error a truth value
    assertType<Authenticate>(() => false);
    // @ts-expect-error metadata holds strings
    assertType<Authentication>({ user: { ...user, metadata: { seats: 5 } } });
  });

  it("gets a framework's own request in its route", () => {
    createLoginRoute<{ session: string }>(login, {
      signInUrl: "/sign-in",
      authenticate: (native, context) => {
        expectTypeOf(native).toEqualTypeOf<{ session: string }>();
        expectTypeOf(context.returnTo).toEqualTypeOf<string>();
        return null;
      },
      onError: (error, native) => {
        expectTypeOf(error).toEqualTypeOf<ConnectError>();
        expectTypeOf(native).toEqualTypeOf<{ session: string }>();
      },
    });
  });
});

describe("a user consent option", () => {
  const choice: UserConsentChoice = { value: "a", label: "A" };
  const group: UserConsentChoiceGroup = { group: "G", choices: [choice] };

  it("has flat or grouped choices, never both", () => {
    assertType<UserConsentOption>({ claim: "c", label: "l", choices: [choice] });
    assertType<UserConsentOption>({ claim: "c", label: "l", choices: [group] });
    assertType<UserConsentOption>({ claim: "c", type: "enum", label: "l", choices: [choice, choice] });
    // @ts-expect-error mixed
    assertType<UserConsentOption>({ claim: "c", label: "l", choices: [choice, group] });
    // @ts-expect-error a group in a group
    assertType<UserConsentOption>({ claim: "c", label: "l", choices: [{ group: "G", choices: [group] }] });
    // @ts-expect-error no other type
    assertType<UserConsentOption>({ claim: "c", type: "text", label: "l", choices: [choice] });
    // @ts-expect-error no label
    assertType<UserConsentOption>({ claim: "c", choices: [choice] });
  });
});

describe("isConnectError", () => {
  it("narrows to the error, and to its code", () => {
    const caught: unknown = new ConnectError("invalid_token");
    if (isConnectError(caught)) {
      expectTypeOf(caught.code).toEqualTypeOf<ErrorCode>();
      expectTypeOf(caught.retryAfter).toEqualTypeOf<number | undefined>();
    }
    if (isConnectError(caught, "rate_limited")) {
      expectTypeOf(caught.code).toEqualTypeOf<"rate_limited">();
      expectTypeOf(caught.status).toEqualTypeOf<number>();
    }
    // @ts-expect-error no such code
    isConnectError(caught, "no_such_code");
  });
});
