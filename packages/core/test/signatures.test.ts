import { compactVerify, errors, exportJWK, generateKeyPair, importJWK, SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import type { Algorithm, PublicJwk } from "../src/index.js";
import { nodeSignatures } from "../src/node/index.js";
import { webSignatures } from "../src/token/signatures.js";
import { createTestVerifier, signToken } from "./support/issuer.js";
import { ALGORITHMS } from "./support/jws.js";

/** What a port says of a token, or jose itself: its verdict, or that the key does not fit. */
async function verdict(
  port: "web" | "node" | "jose",
  token: string,
  jwk: PublicJwk,
  algorithm: Algorithm,
): Promise<boolean | "unfit"> {
  if (port === "jose") return joseVerdict(token, jwk, algorithm);
  const signatures = port === "web" ? webSignatures : nodeSignatures;
  try {
    return await signatures.verify(token, (await signatures.importKey(jwk, algorithm)) as never, algorithm);
  } catch {
    return "unfit";
  }
}

async function joseVerdict(token: string, jwk: PublicJwk, algorithm: Algorithm): Promise<boolean | "unfit"> {
  try {
    await compactVerify(token, await importJWK({ ...jwk }, algorithm), { algorithms: [algorithm] });
    return true;
  } catch (error) {
    return error instanceof errors.JWSSignatureVerificationFailed ? false : "unfit";
  }
}

/** Changes one byte of the signature, or its length. */
function* broken(token: string): Generator<string> {
  const end = token.lastIndexOf(".") + 1;
  const bytes = Buffer.from(token.slice(end), "base64url");
  for (let index = 0; index < bytes.length; index += 7) {
    const copy = Buffer.from(bytes);
    copy[index] = (copy[index] ?? 0) ^ (1 << (index % 8));
    yield token.slice(0, end) + copy.toString("base64url");
  }
  for (const other of [
    // Without the zero that it may begin with, a signature has the same value: its length is the key's business.
    ...(bytes[0] === 0 ? [] : [bytes.subarray(1)]),
    Buffer.concat([bytes, Buffer.from([0])]),
    Buffer.alloc(bytes.length),
  ]) {
    yield token.slice(0, end) + other.toString("base64url");
  }
  yield `${token.slice(0, end - 2)}A.${token.slice(end)}`;
}

describe.each(["web", "node"] as const)("the %s port of signatures", (port) => {
  it.each(ALGORITHMS)("says of %s what jose says", async (algorithm) => {
    const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
    const jwk = (await exportJWK(publicKey)) as PublicJwk;
    const token = await new SignJWT({ sub: "a" }).setProtectedHeader({ alg: algorithm }).sign(privateKey);
    expect(await verdict(port, token, jwk, algorithm)).toBe(true);
    expect(await verdict("jose", token, jwk, algorithm)).toBe(true);
    for (const bad of broken(token)) {
      expect(await verdict(port, bad, jwk, algorithm)).toBe(false);
      expect(await verdict("jose", bad, jwk, algorithm)).toBe(false);
    }
  });

  it.each([
    ["a secret key", { kty: "oct", k: "c2VjcmV0" }, "RS256"],
    ["no key at all", { kty: "RSA" }, "RS256"],
    [
      "a key of another type",
      { kty: "OKP", crv: "Ed25519", x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" },
      "RS256",
    ],
  ] as const)("takes no %s", async (_, jwk, algorithm) => {
    expect(await verdict(port, "a.b.c", jwk, algorithm)).toBe("unfit");
    expect(await verdict("jose", "a.b.c", jwk, algorithm)).toBe("unfit");
  });
});

describe("Node's own crypto", () => {
  it("works in a verifier as the default does", async () => {
    const verifier = createTestVerifier({ signatures: nodeSignatures });
    expect((await verifier.verify(await signToken({ sub: "usr_ada" }))).subject).toBe("usr_ada");
    const [header, payload] = (await signToken()).split(".");
    const [, , signature] = (await signToken({ sub: "eve" })).split(".");
    await expect(verifier.verify(`${header}.${payload}.${signature}`)).rejects.toMatchObject({
      reason: "signature",
    });
  });
});
