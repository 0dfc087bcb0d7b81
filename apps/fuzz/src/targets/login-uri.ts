import { createLogin, type LoginContext } from "@connect/core";
import { expect, type Target } from "../target.js";
import { verdictOf } from "../verdict.js";

const APPLICATION = "https://app.example.com";

const login = createLogin({
  apiKey: "sk_test_fuzz",
  authkitUrl: "https://example.authkit.app",
  fetch: () => Promise.reject(new Error("not called")),
});

/** The address in the request line of a visit to the Login URI. */
export const loginUri: Target = {
  name: "login-uri",
  words: [
    ...[
      "external_auth_id=",
      "/auth/login?",
      "?",
      "&",
      "#",
      "=",
      "%",
      "%00",
      "%0d%0a",
      "%2F",
      "%5C",
      "+",
      ";",
    ],
    ...[
      "/",
      "//",
      "\\",
      "/.//",
      "..",
      "//evil.example",
      "http://",
      "https://evil.example/",
      "@",
      ":",
      "[]",
      "\ufeff",
    ],
  ],
  async run(input) {
    const url = input.toString("latin1");
    let context: LoginContext | undefined;
    const { verdict, given } = await verdictOf(() =>
      login.handle(
        { method: "GET", url, headers: { get: () => null } },
        (asked) => {
          context = asked;
          return null;
        },
        { signInUrl: "/sign-in" },
      ),
    );
    expect(given !== undefined, `handle threw ${verdict}`);
    if (given.type === "failure") {
      expect(given.error.code === "invalid_external_auth_id", `failed with ${given.error.code}`);
      expect(context === undefined, "the application was asked about a login without an id");
      return `${given.error.reason}`;
    }
    const isSignIn = given.type === "redirect" && given.to === "sign-in";
    expect(context !== undefined && isSignIn, "a user was taken for signed in");
    const { externalAuthId, returnTo } = context;
    expect(/^[!-~]{1,512}$/.test(externalAuthId), "the id has other characters");
    const wayBack = new URL(returnTo, APPLICATION);
    expect(returnTo.startsWith("/") && wayBack.origin === APPLICATION, "the way back leads elsewhere");
    expect(
      wayBack.searchParams.getAll("external_auth_id").join("\n") === externalAuthId && wayBack.hash === "",
      "the way back is another login's",
    );
    const signIn = new URL(given.location, APPLICATION);
    expect(signIn.origin === APPLICATION && signIn.pathname === "/sign-in", "the sign-in page is elsewhere");
    expect(signIn.searchParams.get("return_to") === returnTo, "the sign-in page is told another way back");
    return given.type;
  },
};
