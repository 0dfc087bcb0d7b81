import { type VerifyTokenOptions, verifyToken } from "@clerk/backend";
import type { IssuerView } from "../issuer.js";
import type { Subject } from "../subject.js";

const packages = ["@clerk/backend"];

/** Configured with the key. */
export const clerkKey: Subject = {
  name: "@clerk/backend, static key",
  packages,
  prepare: (issuer) => (token) => verifyWith(token, { jwtKey: issuer.pem, ...rules(issuer) }),
};

/** Fetches the keys. Each verifier is a client of its own, since the package keeps keys for the whole process. */
export const clerk: Subject = {
  name: "@clerk/backend",
  packages,
  prepare(issuer) {
    clients += 1;
    const secretKey = `sk_test_${clients}`;
    return (token) => verifyWith(token, { secretKey, apiUrl: issuer.url, ...rules(issuer) });
  },
};

let clients = 0;

function rules({ url, audience }: IssuerView) {
  return { issuer: url, audience };
}

async function verifyWith(token: string, options: Omit<VerifyTokenOptions, "kid">): Promise<unknown> {
  return verifyToken(token, options as VerifyTokenOptions);
}
