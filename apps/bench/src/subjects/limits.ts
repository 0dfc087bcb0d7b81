import { createPublicKey, verify, webcrypto } from "node:crypto";
import type { Limit } from "../subject.js";

/** Making the string that a request brings, and nothing else. */
export const freshString: Limit = {
  name: "a fresh string",
  packages: [],
  isLimit: true,
  prepare: () => () => undefined,
};

/** A `Map` from whole tokens to results, without a bound and without a look at the time. */
export const mapGet: Limit = {
  name: "Map.get",
  packages: [],
  isLimit: true,
  prepare() {
    const results = new Map<string, object>();
    return (token) => {
      const known = results.get(token);
      if (known !== undefined) return known;
      const result = { token };
      results.set(token, result);
      return result;
    };
  },
};

/** The signature alone, by Node's crypto. */
export const cryptoVerify: Limit = {
  name: "crypto.verify",
  packages: [],
  isLimit: true,
  prepare({ pem }) {
    const key = createPublicKey(pem);
    return (token) => {
      const end = token.lastIndexOf(".");
      const signature = Buffer.from(token.slice(end + 1), "base64url");
      if (!verify("sha256", Buffer.from(token.slice(0, end)), key, signature)) throw new Error("signature");
    };
  },
};

/** The signature alone, by Web Crypto. */
export const subtleVerify: Limit = {
  name: "subtle.verify",
  packages: [],
  isLimit: true,
  async prepare({ jwks }) {
    const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
    const [jwk] = jwks.keys;
    if (jwk === undefined) throw new Error("an issuer without a key");
    const key = await webcrypto.subtle.importKey("jwk", { ...jwk }, algorithm, false, ["verify"]);
    return async (token) => {
      const end = token.lastIndexOf(".");
      const signature = Buffer.from(token.slice(end + 1), "base64url");
      const input = Buffer.from(token.slice(0, end));
      if (!(await webcrypto.subtle.verify(algorithm, key, signature, input))) throw new Error("signature");
    };
  },
};
