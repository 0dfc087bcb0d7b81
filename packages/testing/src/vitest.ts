import { expect } from "vitest";
import type { AnyResponse } from "./any-response.js";
import { type ExpectedChallenge, faultOfChallenge } from "./challenge.js";
import { faultOfHandoff } from "./handoff.js";

expect.extend({
  toBeChallenge: (response: AnyResponse, expected?: ExpectedChallenge) =>
    toVerdict(faultOfChallenge(response, expected), "Expected the response not to be such a challenge."),
  toSendToAuthKit: (response: AnyResponse, authkit: { readonly issuer: string }) =>
    toVerdict(faultOfHandoff(response, authkit), "Expected the response not to send the browser to AuthKit."),
});

function toVerdict(fault: string | undefined, opposite: string) {
  return { pass: fault === undefined, message: () => fault ?? opposite };
}

declare module "vitest" {
  // biome-ignore lint/suspicious/noExplicitAny: declared as vitest declares it, or it would be another interface.
  interface Matchers<T = any> {
    /** The response refuses a token as RFC 6750 has it; what `expected` leaves out is not looked at. */
    toBeChallenge(expected?: ExpectedChallenge): T;
    /** The response sends a completed login's browser on to AuthKit, and no cache holds it. */
    toSendToAuthKit(authkit: { readonly issuer: string }): T;
  }
}
