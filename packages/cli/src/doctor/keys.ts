import { createPublicKey, type JsonWebKeyInput } from "node:crypto";
import { askForJson } from "../http.js";
import { type Finding, findingsOf, rule } from "./finding.js";
import { AUTHKIT, answerOrTrouble, Trouble } from "./trouble.js";

const { ok, warning, failure } = findingsOf("keys");

/** What core takes. */
const MIN_RSA_BITS = 2_048;

/** The ids of the local AuthKit's keys begin like this. */
const DEVELOPMENT = "dev-";

/** The keys that tokens are signed with. */
export async function checkKeys(jwksUrl: string | undefined, isLocal: boolean): Promise<Finding[]> {
  if (jwksUrl === undefined) return [];
  const answer = answerOrTrouble(await askForJson(jwksUrl), AUTHKIT);
  if (answer instanceof Trouble) {
    const seen = `A request for the keys ${answer.seen}. Without them every token is answered with 503.`;
    return [failure("jwks", seen, answer.todo)];
  }
  const keys: unknown = Object(answer.json).keys;
  if (answer.status !== 200 || !Array.isArray(keys)) {
    const what = answer.status === 200 ? "something else than keys" : `status ${answer.status}`;
    return [
      failure(
        "jwks",
        `A request for the keys is answered with ${what}.`,
        "Look for a proxy on the way to AuthKit; else ask WorkOS: no token can be verified.",
      ),
    ];
  }
  if (keys.length === 0) {
    return [failure("jwks", "The key set holds no keys.", "Ask WorkOS: no token can be verified.")];
  }
  const kids = keys.map((key) => Object(key).kid);
  return [
    ...keys.map((key) => checkKey(key, keys.some(isForRs256))),
    rule(
      new Set(kids).size === kids.length && kids.every((kid) => typeof kid === "string" && kid !== ""),
      ok("kid", "Each key has an id of its own."),
      failure(
        "kid",
        "Keys without an id, or with the same one.",
        "Tokens can't say which of them signed: ask WorkOS.",
      ),
    ),
    ...(!isLocal && kids.some((kid) => typeof kid === "string" && kid.startsWith(DEVELOPMENT))
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

function isForRs256(jwk: unknown): boolean {
  const { kty, alg } = Object(jwk);
  return kty === "RSA" && (alg === undefined || alg === "RS256");
}

/** @param hasOther whether tokens can be verified with another key */
function checkKey(jwk: unknown, hasOther: boolean): Finding {
  if (!isForRs256(jwk)) {
    const say = hasOther ? warning : failure;
    return say(
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
