import { createLogin } from "@connect/core";
import { expect, type Target } from "../target.js";
import { verdictOf } from "../verdict.js";

const APPLICATION = "https://app.example.com";

const login = createLogin({
  apiKey: "sk_test_fuzz",
  authkitUrl: "https://example.authkit.app",
  fetch: () => Promise.reject(new Error("not called")),
});
const request = { method: "GET", url: "/auth/login?external_auth_id=ext_1", headers: { get: () => null } };

/** Where an application's detour sends a browser: `redirectTo`, which may be made of what a stranger wrote. */
export const location: Target = {
  name: "location",
  words: [
    ...[
      "/",
      "//",
      "///",
      "\\",
      "/\\",
      "/.//",
      "/..//",
      "?",
      "#",
      "@",
      ":",
      "%2f",
      "%5c",
      "%00",
      "\t",
      "\n",
      "\r",
    ],
    ...["https://", "http://", "http:", "javascript:", "data:", "blob:", "localhost", "127.0.0.1", "[::1]"],
    ...["evil.example", "user:pass@", "path.invalid", "https://path.invalid", "\u3002", "\ufeff", "é"],
  ],
  async run(input) {
    const redirectTo = input.toString("utf8");
    const { verdict, given } = await verdictOf(() =>
      login.handle(request, () => ({ redirectTo }), { signInUrl: "/sign-in" }),
    );
    expect(given !== undefined, `handle threw ${verdict}`);
    if (given.type === "failure") {
      expect(given.error.code === "invalid_config", `failed with ${given.error.code}`);
      return "refused";
    }
    expect(given.type === "redirect", "nobody is signed in, and somebody is asked");
    expect(/^[!-~]+$/.test(given.location), "the location can't stand in a header");
    // As a browser reads it.
    const { protocol, hostname, username, password, origin } = new URL(given.location, APPLICATION);
    if (redirectTo.startsWith("/")) {
      expect(origin === APPLICATION, "a path leads to another site");
      return "path";
    }
    const isLoopback = hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
    expect(protocol === "https:" || (protocol === "http:" && isLoopback), "the wire is open");
    expect(username === "" && password === "", "it holds credentials");
    return protocol;
  },
};
