import { createVerifier, isConnectError } from "@connect/core";
import { describeDifference } from "../difference.js";
import { CommandFailure } from "../failure.js";
import { peek } from "./peek.js";
import { REASONS, type ReasonName } from "./reasons.js";

/** What a token is held against. */
export interface Expectation {
  readonly issuer: string;
  readonly audience: string;
  readonly scopes: readonly string[];
  /** The claim that must hold the application's own id of the user, where one must. */
  readonly userId: string | undefined;
  readonly jwksUrl: string | undefined;
}

/** Why a token is good or not. */
export interface Explanation {
  readonly accepted: boolean;
  readonly checks: readonly { readonly check: string; readonly what: string; readonly passed: boolean }[];
  /** What to do about the check that failed. */
  readonly todo?: string;
}

/** Lets core verify the token, and says in words what it found. Throws {@link CommandFailure}. */
export async function explain(token: string, expectation: Expectation): Promise<Explanation> {
  const { issuer, audience, scopes, userId, jwksUrl } = expectation;
  try {
    const verifier = createVerifier({
      issuer,
      audience,
      jwksUrl,
      userId: userId === "sub" || userId === undefined ? userId : { claim: userId },
    });
    const accessToken = await verifier.verify(token);
    const missing = scopes.filter((scope) => !accessToken.scopes.includes(scope));
    return {
      accepted: missing.length === 0,
      checks: [
        ...passed(expectation),
        ...scopes.map((scope) => ({
          check: "scope",
          what: `It has the scope ${scope}`,
          passed: !missing.includes(scope),
        })),
      ],
      ...(missing.length > 0 && {
        todo: "The client must ask for the scope. The challenge names it, and MCP clients then ask for it by themselves.",
      }),
    };
  } catch (error) {
    if (isConnectError(error, "invalid_config")) {
      const reason = String(error.reason);
      throw new CommandFailure(`${reason}. It comes from ${optionOf(reason)} or the environment.`);
    }
    if (isConnectError(error, "jwks_unavailable")) {
      throw new CommandFailure("The issuer's keys can't be had: connect doctor says more.", 1);
    }
    if (!isConnectError(error, "invalid_token") || !isReason(error.reason)) throw error;
    return refused(error.reason, token, expectation);
  }
}

/** The option for the member of the verifier's that a reason begins with: `jwksUrl: ...` is `--jwks-url`. */
function optionOf(reason: string): string {
  const [member = ""] = reason.split(":");
  return `--${member.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function refused(reason: ReasonName, token: string, expectation: Expectation): Explanation {
  const all = passed(expectation);
  const parts = peek(token);
  const found = parts?.claims;
  // A kid that can be none is refused with the header, before the claims are looked at.
  const isEarly = reason === "kid" && parts !== undefined && !isKid(parts.header.kid);
  const before = isEarly ? "typ" : reason;
  const at = all.findIndex(({ check }) => check === before);
  const near =
    reason === "iss"
      ? describeDifference(found?.iss, expectation.issuer)
      : reason === "aud"
        ? describeDifference(found?.aud, expectation.audience)
        : "";
  return {
    accepted: false,
    checks: all
      .filter(({ check }, index) => check === reason || index <= at)
      .map((check) => (check.check === reason ? { ...check, passed: false } : check)),
    todo: near === "" ? REASONS[reason].todo : `It differs ${near} only. ${REASONS[reason].todo}`,
  };
}

function passed({ issuer, audience, userId }: Expectation) {
  return Object.entries(REASONS)
    .filter(([check]) => check !== "userId" || userId !== undefined)
    .map(([check, { what }]) => ({
      check,
      // What the configuration asks for may be shown; what came in may not.
      what: check === "iss" ? `${what}, ${issuer}` : check === "aud" ? `${what}, ${audience}` : what,
      passed: true,
    }));
}

/** As core has it, and also where there is none: then the only key of a set would do. */
function isKid(kid: unknown): boolean {
  return kid === undefined || (typeof kid === "string" && kid !== "" && kid.length <= 256);
}

function isReason(reason: string | undefined): reason is ReasonName {
  return reason !== undefined && Object.hasOwn(REASONS, reason);
}
