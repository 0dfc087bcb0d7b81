import { createPublicKey, type JsonWebKeyInput } from "node:crypto";
import { ask } from "../http.js";
import { type Finding, findingsOf, rule } from "./finding.js";

const { ok, failure } = findingsOf("keys");

/** What core takes. */
const MIN_RSA_BITS = 2_048;

/** The ids of the local AuthKit's keys begin like this. */
const DEVELOPMENT = "dev-";

/** The keys that tokens are signed with. */
export async function checkKeys(jwksUrl: string | undefined, isLocal: boolean): Promise<Finding[]> {
  if (jwksUrl === undefined) return [];
  const answer = await ask(jwksUrl);
  if (typeof answer === "string" || answer.status !== 200) {
    const why = typeof answer === "string" ? answer : `status ${answer.status}`;
    return [
      failure("jwks", `The keys can't be had: ${why}.`, "Without them every token is answered with 503."),
    ];
  }
  const keys: unknown = Object(answer.json).keys;
  if (!Array.isArray(keys) || keys.length === 0) {
    return [failure("jwks", "The key set holds no keys.", "Ask WorkOS: no token can be verified.")];
  }
  const kids = keys.map((key) => Object(key).kid);
  return [
    ...keys.map(checkKey),
    rule(
      new Set(kids).size === kids.length && kids.every((kid) => typeof kid === "string" && kid !== ""),
      ok("kid", "Each key has an id of its own."),
      failure(
        "kid",
        "Keys without an id, or with the same one.",
        "Tokens can't say which of them signed: ask WorkOS.",
      ),
    ),
    ...(!isLocal && kids.some((kid) => String(kid).startsWith(DEVELOPMENT))
      ? [
          failure(
            "development",
            "The keys are a local AuthKit's, which is for development only.",
            "Point AUTHKIT_URL at your AuthKit domain.",
          ),
        ]
      : []),
  ];
}

function checkKey(jwk: unknown): Finding {
  const { kty, alg } = Object(jwk);
  if (kty !== "RSA" || (alg !== undefined && alg !== "RS256")) {
    return failure(
      "type",
      "A key is not for RS256, the only algorithm that verifiers take by default.",
      "Give createVerifier the algorithms that AuthKit signs with.",
    );
  }
  const bits = sizeOf(jwk);
  if (bits === undefined) return failure("type", "A key can't be read.", "Ask WorkOS.");
  return rule(
    bits >= MIN_RSA_BITS,
    ok("size", `A key for RS256 with ${bits} bits.`),
    failure(
      "size",
      `A key has ${bits} bits only.`,
      `Keys below ${MIN_RSA_BITS} bits are not taken: ask WorkOS.`,
    ),
  );
}

function sizeOf(jwk: unknown): number | undefined {
  try {
    const { asymmetricKeyDetails } = createPublicKey({ key: jwk, format: "jwk" } as JsonWebKeyInput);
    return asymmetricKeyDetails?.modulusLength;
  } catch {
    return undefined;
  }
}
