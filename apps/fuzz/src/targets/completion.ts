import { createLogin } from "@connect/core";
import { expect, type Target } from "../target.js";
import { verdictOf } from "../verdict.js";

const AUTHKIT = "https://example.authkit.app";
const user = { id: "usr_1", email: "ada@example.com" };
const option = { claim: "urn:example:tenant", label: "Workspace", choices: [{ value: "a", label: "A" }] };

/** AuthKit's answer to a completion: the status, and from the next line on the body. */
export const completion: Target = {
  name: "completion",
  words: [
    ...[
      "200\n",
      "400\n",
      "401\n",
      "404\n",
      "422\n",
      "429\n",
      "503\n",
      '{"redirect_uri":"',
      '"}',
      '"code"',
      '"errors"',
    ],
    ...[
      '"error"',
      '"field"',
      '"message"',
      '"external_auth_session_already_completed"',
      '"invalid_email"',
      "user.email",
    ],
    ...[
      AUTHKIT,
      `${AUTHKIT}/x`,
      "https://",
      "http://",
      "blob:",
      "//",
      "\\\\",
      "@",
      "#",
      ".evil.example",
      ":443",
      ":8443",
    ],
    ...[
      "\\u0000",
      "\\u2215",
      "\\u3002",
      "\\t",
      "\\n",
      "%2f",
      "__proto__",
      "null",
      "[",
      "]",
      "{",
      "}",
      '":',
      ",",
    ],
  ],
  async run(input) {
    const end = input.indexOf("\n");
    const status = Number(input.subarray(0, Math.max(end, 0)));
    const body = Uint8Array.from(input.subarray(end + 1));
    const isStatus = Number.isInteger(status) && status >= 200 && status <= 599;
    const isEmpty = [204, 205, 304].includes(status);
    const login = createLogin({
      apiKey: "sk_test_fuzz",
      authkitUrl: AUTHKIT,
      fetch: async () =>
        new Response(isEmpty ? null : body, {
          status: isStatus ? status : 200,
          // Longer than a call may take: where AuthKit would be asked again, nobody waits for it here.
          headers: { "retry-after": "3600" },
        }),
    });
    const { verdict, given } = await verdictOf(() =>
      login.complete("ext_1", { user, userConsentOptions: [option] }),
    );
    if (given === undefined) return verdict;
    const { origin, username, password, hash } = new URL(given);
    expect(origin === AUTHKIT, "the browser goes to somebody else");
    expect(username === "" && password === "" && hash === "", "more than an address goes along");
    expect(/^[!-~]+$/.test(given), "the address can't stand in a header");
    const said: { redirect_uri: string } = JSON.parse(new TextDecoder().decode(body));
    expect(new URL(said.redirect_uri).href === given, "the address is none that AuthKit gave");
    return verdict;
  },
};
