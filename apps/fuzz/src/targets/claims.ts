import { consentOption, mergeClaims, type StandardSchema } from "@connect/core";
import { AUDIENCE, createTestVerifier, ISSUER, isGoodForJose, NOW, signParts } from "../issuer.js";
import { expect, type Target } from "../target.js";
import { verdictOf } from "../verdict.js";

const TENANT = "urn:example:tenant";

const everything: StandardSchema<Readonly<Record<string, unknown>>> = {
  "~standard": {
    version: 1,
    vendor: "fuzz",
    validate: (value) => ({ value: value as Record<string, unknown> }),
  },
};
const tenant = consentOption(TENANT, {
  label: "Workspace",
  choices: [{ value: "prod", label: "Production" }],
  optional: true,
});
const verifier = createTestVerifier({ cacheSize: 0, claims: mergeClaims(everything, tenant) });

/** A header and, from the next line on, a payload: whatever they are, the issuer signed them. */
export const claims: Target = {
  name: "claims",
  words: [
    ...[
      "alg",
      "kid",
      "typ",
      "crit",
      "b64",
      "jwk",
      "iss",
      "aud",
      "sub",
      "iat",
      "exp",
      "nbf",
      "scope",
      "nonce",
    ],
    ...["jti", "sid", "client_id", "org_id", "at_hash", TENANT, "__proto__", "constructor", "toString"],
    ...["EdDSA", "none", "HS256", "k", "at+jwt", ISSUER, AUDIENCE, "prod", "user_1"].map((one) => `"${one}"`),
    ...[NOW - 5, NOW + 5, NOW + 290, 0, -1, "1e400", "1e-400", "0.1"].map(String),
    ...[
      '":',
      ',"',
      '",',
      "{}",
      "[]",
      "{",
      "}",
      "[",
      "]",
      "null",
      "true",
      "\\u005f",
      "\\",
      '"',
      "\n",
      "\ufeff",
    ],
  ],
  async run(input) {
    const end = input.indexOf("\n");
    const payload = input.subarray(end + 1);
    const token = signParts(input.subarray(0, Math.max(end, 0)), payload);
    const { verdict, given } = await verdictOf(() => verifier.verify(token));
    if (given === undefined) return verdict;

    expect(await isGoodForJose(token), "a token that jose refuses was let in");
    const said: Record<string, unknown> = JSON.parse(payload.toString());
    expect(given.subject === said.sub && given.expiresAt === said.exp, "the token is somebody else's");
    const names = Object.keys(said);
    expect(names.join("\n") === Object.keys(given.claims).join("\n"), "a claim was lost or made up");
    expect(Object.getPrototypeOf(given.claims) === Object.prototype, "a claim became a prototype");
    expect([given, given.claims].every(Object.isFrozen), "what all requests share can be changed");
    expect([undefined, "prod"].includes(given.claims[TENANT]), "a value that nobody could choose was let in");
    return `${verdict}, ${given.kind}`;
  },
};
