import { constants, createHash, createPublicKey, type JsonWebKey, randomBytes } from "node:crypto";
import fc from "fast-check";
import { type CryptoKey, compactVerify, errors, importJWK } from "jose";
import { describe, expect, it } from "vitest";
import {
  type Algorithm,
  isConnectError,
  type PublicJwk,
  type Signatures,
  type Verifier,
} from "../src/index.js";
import { nodeSignatures } from "../src/node/index.js";
import { webSignatures } from "../src/token/signatures.js";
import { AUDIENCE, CLAIMS, createTestVerifier } from "./support/issuer.js";
import {
  ALGORITHMS,
  createKeyPair,
  encodeBytes,
  generateKeys,
  isRsa,
  type Jws,
  type KeyPair,
  signGood,
  signParts,
  signText,
  signUntil,
  signWithSecret,
  toBytes,
  toJwk,
  toNumber,
  write,
} from "./support/jws.js";
import { VECTORS } from "./support/vectors.js";

/** Made once: RSA keys take their time. The stranger's keys are of the same kinds, and in nobody's set. */
const rsa = await createKeyPair("RS256");
const pairs = await createPairs(rsa);
const strangersRsa = await createKeyPair("RS256");
const strangers = await createPairs(strangersRsa);

async function createPairs(forRsa: KeyPair): Promise<ReadonlyMap<Algorithm, KeyPair>> {
  const pairs = new Map<Algorithm, KeyPair>();
  for (const one of ALGORITHMS) pairs.set(one, isRsa(one) ? forRsa : await createKeyPair(one));
  return pairs;
}

function pick(from: ReadonlyMap<Algorithm, KeyPair>, algorithm: Algorithm): KeyPair {
  const pair = from.get(algorithm);
  if (pair === undefined) throw new Error(algorithm);
  return pair;
}

async function verdictOf(verifier: Verifier, token: string): Promise<string> {
  try {
    await verifier.verify(token);
    return "good";
  } catch (error) {
    if (!isConnectError(error)) throw error;
    return error.reason === undefined ? error.code : `${error.code}: ${error.reason}`;
  }
}

/** The reference: all that jose checks, as a port. */
const joseSignatures: Signatures<CryptoKey> = {
  importKey: async (jwk, algorithm) => (await importJWK({ ...jwk }, algorithm)) as CryptoKey,
  verify: (token, key, algorithm) =>
    compactVerify(token, key, { algorithms: [algorithm] }).then(
      () => true,
      (error) => {
        if (error instanceof errors.JOSEError) return false;
        throw error;
      },
    ),
};

/** The default first. */
const PORTS = [webSignatures, nodeSignatures, joseSignatures] as const;

/** A verifier with each port, over the same keys. What they say of a token must be the same, and is given back. */
function createJudge(keys: readonly unknown[]): (token: string) => Promise<string> {
  const config = { algorithms: ALGORITHMS, cacheSize: 0, fetch: async () => Response.json({ keys }) };
  const verifiers = PORTS.map((signatures) => createTestVerifier({ ...config, signatures }));
  return async (token) => theSame(await Promise.all(verifiers.map((verifier) => verdictOf(verifier, token))));
}

/** What the ports themselves say, where a token's claims are none for a verifier. They must say the same. */
async function say(token: string, jwk: PublicJwk, algorithm: Algorithm): Promise<boolean> {
  const said = PORTS.map(async ({ importKey, verify }: Signatures) =>
    verify(token, await importKey(jwk, algorithm), algorithm),
  );
  return theSame(await Promise.all(said));
}

function theSame<T>(verdicts: readonly T[]): T {
  const [first, ...others] = verdicts;
  for (const other of others) expect(other).toBe(first);
  return first as T;
}

const zeros = (length: number) => Buffer.alloc(length);

function flip(bytes: Buffer, index: number, bit: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[index] = (copy[index] ?? 0) ^ (1 << bit);
  return copy;
}

describe("an example of the standards", () => {
  it.each(VECTORS)(
    "$source ($algorithm) is good for all ports, and bad with any byte changed",
    async (vector) => {
      const { algorithm, jwk, token } = vector;
      expect(await say(token, jwk, algorithm)).toBe(true);
      const start = token.lastIndexOf(".") + 1;
      const signature = Buffer.from(token.slice(start), "base64url");
      for (let index = 0; index < signature.length; index++) {
        const changed = token.slice(0, start) + encodeBytes(flip(signature, index, index % 8));
        expect(await say(changed, jwk, algorithm)).toBe(false);
      }
      for (let index = token.indexOf(".") + 1; index < start - 1; index++) {
        const other = token[index] === "A" ? "B" : "A";
        const changed = token.slice(0, index) + other + token.slice(index + 1);
        expect(await say(changed, jwk, algorithm)).toBe(false);
      }
      for (const other of ALGORITHMS.filter((one) => isRsa(one) && isRsa(algorithm) && one !== algorithm)) {
        expect(await say(token, jwk, other)).toBe(false);
      }
    },
  );
});

type Forgery = readonly [what: string, token: string, verdict: string];

const BAD = "invalid_token: signature";
const MALFORMED = "invalid_token: malformed";

/** The order of the base point: SEC 2 sections 2.4.2 and 2.5.1, and RFC 8032 section 5.1. */
const ORDERS = {
  ES256: BigInt("0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"),
  ES384: BigInt(
    "0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973",
  ),
  EdDSA: 2n ** 252n + 27742317777372353535851937790883648493n,
} as const;

function* forgeriesOfAnyKind(algorithm: Algorithm): Generator<Forgery> {
  const pair = pick(pairs, algorithm);
  const jws = signGood(algorithm, pair);
  const { header, payload, signature } = jws;
  const { length } = signature;
  const text = `${header}.${payload}`;
  const signed = (bytes: Uint8Array) => write({ ...jws, signature: Buffer.from(bytes) });

  for (let index = 0; index < length; index += isRsa(algorithm) ? 5 : 1) {
    yield [`bit ${index % 8} of byte ${index} flipped`, signed(flip(signature, index, index % 8)), BAD];
  }
  yield ["a byte short", signed(signature.subarray(0, -1)), BAD];
  yield ["a byte short at its start", signed(signature.subarray(1)), BAD];
  yield ["half of it", signed(signature.subarray(0, length / 2)), BAD];
  yield ["one byte", signed(signature.subarray(0, 1)), BAD];
  yield ["no byte", signed(zeros(0)), MALFORMED];
  yield ["a zero more", signed(Buffer.concat([signature, zeros(1)])), BAD];
  yield ["a zero before it", signed(Buffer.concat([zeros(1), signature])), BAD];
  yield ["the whole of it twice", signed(Buffer.concat([signature, signature])), BAD];
  yield ["zeros", signed(zeros(length)), BAD];
  yield ["ones", signed(Buffer.alloc(length, 255)), BAD];
  yield ["its bytes in reverse", signed(Buffer.from(signature).reverse()), BAD];
  yield ["a stranger's", signed(signText(text, algorithm, pick(strangers, algorithm))), BAD];
  yield ["one over another text", signed(signText(`${text}x`, algorithm, pair)), BAD];
  for (const other of ALGORITHMS) {
    if (other === algorithm || isRsa(other) !== isRsa(algorithm)) continue;
    yield [`one by ${other}`, signed(signText(text, other, pick(pairs, other))), BAD];
  }
  const leading = signUntil(algorithm, pair, (bytes) => bytes[0] === 0);
  yield [
    "a zero at its start left out",
    write({ ...leading, signature: leading.signature.subarray(1) }),
    BAD,
  ];
  yield ["a zero at its start left in", write(leading), "good"];

  const claims = { ...CLAIMS, sub: "admin" };
  yield ["other claims", write({ ...jws, payload: encodeBytes(JSON.stringify(claims)) }), BAD];
  yield ["the same claims, spaced", write({ ...jws, payload: encodeBytes(` ${decode(payload)}`) }), BAD];
  yield ["the same header, spaced", write({ ...jws, header: encodeBytes(`${decode(header)}\n`) }), BAD];
  yield [
    "the same header in another order",
    write({ ...jws, header: encodeBytes(JSON.stringify({ kid: "k", alg: algorithm })) }),
    BAD,
  ];
  for (const alg of ALGORITHMS) {
    if (alg === algorithm) continue;
    const relabelled = write({ ...jws, header: encodeBytes(JSON.stringify({ alg, kid: "k" })) });
    yield [`relabelled ${alg}`, relabelled, BAD];
  }
}

function* forgeriesWithRsa(algorithm: Algorithm): Generator<Forgery> {
  const { publicKey } = rsa;
  const modulus = toNumber(Buffer.from(String(publicKey.export({ format: "jwk" }).n), "base64url"));
  const plus = (bytes: Buffer) => toBytes(toNumber(bytes) + modulus, 256);
  const jws = signUntil(algorithm, rsa, (signature) => plus(signature) !== undefined);
  const signed = (signature: Buffer | undefined) => write({ ...jws, signature: signature ?? zeros(0) });
  yield ["its remainder", write(jws), "good"];
  yield ["with the modulus added", signed(plus(jws.signature)), BAD];
  yield ["the modulus taken twice", signed(toBytes(toNumber(jws.signature) + 2n * modulus, 257)), BAD];
  yield ["the modulus", signed(toBytes(modulus, 256)), BAD];
  yield ["one less than the modulus", signed(toBytes(modulus - 1n, 256)), BAD];
  yield ["the rest up to the modulus", signed(toBytes(modulus - toNumber(jws.signature), 256)), BAD];
  yield ["one", signed(toBytes(1n, 256)), BAD];
  if (!algorithm.startsWith("PS")) return;
  for (const saltLength of [0, 20, constants.RSA_PSS_SALTLEN_MAX_SIGN]) {
    const salted = signText(`${jws.header}.${jws.payload}`, algorithm, rsa, saltLength);
    yield [`with a salt of ${saltLength}`, signed(salted), BAD];
  }
}

function* forgeriesWithEcdsa(algorithm: "ES256" | "ES384"): Generator<Forgery> {
  const pair = pick(pairs, algorithm);
  const jws = signGood(algorithm, pair);
  const size = jws.signature.length / 2;
  const order = ORDERS[algorithm];
  const [r, s] = [toNumber(jws.signature.subarray(0, size)), toNumber(jws.signature.subarray(size))];
  const signed = (...numbers: bigint[]) =>
    write({ ...jws, signature: Buffer.concat(numbers.map((one) => toBytes(one, size) ?? zeros(0))) });
  for (const one of [0n, order]) {
    yield [`r and s ${one}`, signed(one, one), BAD];
    yield [`r ${one}`, signed(one, s), BAD];
    yield [`s ${one}`, signed(r, one), BAD];
    yield [`r ${one}, s 1`, signed(one, 1n), BAD];
  }
  yield ["r and s 1", signed(1n, 1n), BAD];
  yield ["r and s exchanged", signed(s, r), BAD];
  yield ["r negative", signed(order - r, s), BAD];
  // ECDSA itself has two signatures for each: whoever can't sign can still turn one into the other.
  yield ["s negative", signed(r, order - s), "good"];
  yield ["r by the order more", signed(r + order, s), BAD];
  yield ["only r", signed(r), BAD];
  const longer = [r, s].map((one) => toBytes(one, size + 1) ?? zeros(0));
  yield ["r and s a byte longer", write({ ...jws, signature: Buffer.concat(longer) }), BAD];
  yield ["in DER", write({ ...jws, signature: toDer(r, s) }), BAD];
}

/** ECDSA-Sig-Value of RFC 3279 section 2.2.3. All lengths are below 128 here. */
function toDer(...numbers: bigint[]): Buffer {
  const integers = numbers.map((one) => {
    const digits = one.toString(16);
    const bytes = Buffer.from(digits.padStart(digits.length + (digits.length % 2), "0"), "hex");
    const content = (bytes[0] ?? 0) > 127 ? Buffer.concat([zeros(1), bytes]) : bytes;
    return Buffer.concat([Buffer.from([2, content.length]), content]);
  });
  const content = Buffer.concat(integers);
  return Buffer.concat([Buffer.from([0x30, content.length]), content]);
}

function* forgeriesWithEddsa(): Generator<Forgery> {
  const jws = signGood("EdDSA", pick(pairs, "EdDSA"));
  const point = jws.signature.subarray(0, 32);
  const scalar = toNumber(Buffer.from(jws.signature.subarray(32)).reverse());
  const signed = (R: Buffer, S: bigint) =>
    write({ ...jws, signature: Buffer.concat([R, (toBytes(S, 32) ?? zeros(0)).reverse()]) });
  yield ["its own S", signed(point, scalar), "good"];
  yield ["S by the order more", signed(point, scalar + ORDERS.EdDSA), BAD];
  yield ["S 0", signed(point, 0n), BAD];
  yield ["R the neutral point, S 0", signed(Buffer.concat([Buffer.from([1]), zeros(31)]), 0n), BAD];
  yield ["R of small order", signed(zeros(32), scalar), BAD];
  yield ["R with its sign changed", signed(flip(point, 31, 7), scalar), BAD];
}

const decode = (text: string) => Buffer.from(text, "base64url").toString();

describe("a token and what can be made of it", () => {
  const judge = createJudge([...new Set(pairs.values())].map((pair) => toJwk(pair)));

  it.each(ALGORITHMS)("is good, signed with %s", async (algorithm) => {
    expect(await judge(write(signGood(algorithm, pick(pairs, algorithm))))).toBe("good");
  });

  it.each(ALGORITHMS)(
    "is bad for all ports in the same way with another signature, %s",
    async (algorithm) => {
      for (const [what, token, verdict] of forgeriesOfAnyKind(algorithm)) {
        expect([what, await judge(token)]).toEqual([what, verdict]);
      }
    },
  );

  it.each(ALGORITHMS.filter(isRsa))("is no other number's, %s", async (algorithm) => {
    for (const [what, token, verdict] of forgeriesWithRsa(algorithm)) {
      expect([what, await judge(token)]).toEqual([what, verdict]);
    }
  });

  it.each(["ES256", "ES384"] as const)(
    "is no other pair of numbers' but the negative one, %s",
    async (algorithm) => {
      for (const [what, token, verdict] of forgeriesWithEcdsa(algorithm)) {
        expect([what, await judge(token)]).toEqual([what, verdict]);
      }
    },
  );

  it("is no other point's or scalar's, EdDSA", async () => {
    for (const [what, token, verdict] of forgeriesWithEddsa()) {
      expect([what, await judge(token)]).toEqual([what, verdict]);
    }
  });

  it.each(ALGORITHMS)(
    "is judged alike by all ports, however its signature is edited, %s",
    async (algorithm) => {
      const jws = signGood(algorithm, pick(pairs, algorithm));
      const { length } = jws.signature;
      const edit = fc.record({
        at: fc.nat(length),
        cut: fc.oneof(fc.nat(4), fc.nat(length)),
        put: fc.uint8Array({ maxLength: 8 }),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 4 }), async (edits) => {
          const signature = edits.reduce<Buffer>(
            (bytes, { at, cut, put }) =>
              Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + cut)]),
            jws.signature,
          );
          const expected = signature.equals(jws.signature)
            ? "good"
            : signature.length === 0
              ? MALFORMED
              : BAD;
          expect(await judge(write({ ...jws, signature }))).toBe(expected);
        }),
        { numRuns: 100 },
      );
    },
  );

  it.each(ALGORITHMS)("has one spelling for all ports, %s", async (algorithm) => {
    const jws = signGood(algorithm, pick(pairs, algorithm));
    const token = write(jws);
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const parts = token.split(".");
    const spellings = parts.flatMap((part, index) => {
      const replaced = (by: string) => parts.map((one, at) => (at === index ? by : one)).join(".");
      const next = alphabet.charAt(alphabet.indexOf(part.slice(-1)) + 1);
      return [
        ...(part.length % 4 === 0 ? [] : [replaced(part.slice(0, -1) + next)]),
        replaced(`${part}=`),
        replaced(`${part}==`),
        replaced(`${part.slice(0, 4)} ${part.slice(4)}`),
        replaced(`${part}\n`),
        replaced(`${part}*`),
        replaced(Buffer.from(part, "base64url").toString("base64")),
      ];
    });
    // Without a "-" or a "_" the plain alphabet is no other spelling.
    for (const spelling of spellings.filter((one) => one !== token)) {
      expect(await judge(spelling)).toBe(MALFORMED);
    }
  });

  it("is bad without a signature, in whatever case none is written", async () => {
    const { header, payload, signature } = signGood("RS256", rsa);
    await fc.assert(
      fc.asyncProperty(fc.mixedCase(fc.constantFrom("none", "null", "hs256", "rs256 ")), async (alg) => {
        const unsigned = encodeBytes(JSON.stringify({ alg, kid: "k" }));
        expect(await judge(`${unsigned}.${payload}.`)).toBe(MALFORMED);
        expect(await judge(`${unsigned}.${payload}`)).toBe(MALFORMED);
        expect(await judge(`${unsigned}.${payload}.AA`)).toBe("invalid_token: alg");
        expect(await judge(write({ header: unsigned, payload, signature }))).toBe("invalid_token: alg");
      }),
    );
    expect(await judge(`${header}.${payload}.`)).toBe(MALFORMED);
  });

  it.each(ALGORITHMS)("is bad with HMAC, the issuer's public key of %s for its secret", async (algorithm) => {
    const { publicKey } = pick(pairs, algorithm);
    const jwk = publicKey.export({ format: "jwk" });
    const secrets = [
      publicKey.export({ type: "spki", format: "pem" }),
      String(publicKey.export({ type: "spki", format: "pem" })).trim(),
      publicKey.export({ type: "spki", format: "der" }),
      ...(isRsa(algorithm) ? [publicKey.export({ type: "pkcs1", format: "pem" })] : []),
      JSON.stringify(jwk),
      Buffer.from(String(jwk.n ?? jwk.x), "base64url"),
      String(jwk.n ?? jwk.x),
      "",
    ];
    for (const secret of secrets) {
      for (const alg of ["HS256", "hs256", "HS384", "HS512"]) {
        expect(await judge(write(signWithSecret({ alg, kid: "k" }, secret)))).toBe("invalid_token: alg");
      }
      expect(await judge(write(signWithSecret({ alg: algorithm, kid: "k" }, secret)))).toBe(BAD);
    }
  });
});

const weak = await generateKeys("rsa", { modulusLength: 1_024 });
const almost = await generateKeys("rsa", { modulusLength: 2_047 });
const three = await generateKeys("rsa", { modulusLength: 2_048, publicExponent: 3 });
const ed448 = await generateKeys("ed448", {});
const x25519 = await generateKeys("x25519", {});
const bytesOf = (text: unknown) => Buffer.from(String(text), "base64url");
const short = new Map(
  await Promise.all(
    (["ES256", "ES384"] as const).map(async (one) => [one, await createShortPair(one)] as const),
  ),
);

/** A pair with a coordinate that begins with a zero. */
async function createShortPair(algorithm: Algorithm): Promise<KeyPair> {
  while (true) {
    const pair = await createKeyPair(algorithm);
    if (bytesOf(toJwk(pair).x)[0] === 0) return pair;
  }
}

describe("a set with a key that is not as it should be", () => {
  const withZeros = (text: unknown, count: number) =>
    encodeBytes(Buffer.concat([zeros(count), bytesOf(text)]));

  type Case = readonly [what: string, algorithm: Algorithm, pair: KeyPair, jwk: object, verdict: string];
  const NO_KEYS = "jwks_unavailable";
  const UNFIT = "jwks_unavailable: key";
  const UNKNOWN = "invalid_token: kid";

  function* rsaCases(algorithm: Algorithm): Generator<Case> {
    const jwk = toJwk(rsa);
    const { n } = jwk;
    const even = flip(bytesOf(n), 255, 0);
    const changes: [what: string, change: object, verdict: string][] = [
      ["nothing wrong", {}, "good"],
      [
        "members that mean nothing here",
        { x5c: ["AAAA"], x5t: "AA", crv: "P-256", x: "AA", y: "AA" },
        "good",
      ],
      ["members that another library looks at", { ext: "yes", oth: [{}], p: "AQ", priv: "AQ" }, "good"],
      ["more operations", { key_ops: ["verify", "sign", "encrypt"] }, "good"],
      ["an operation twice", { key_ops: ["verify", "verify"] }, "good"],
      ["operations that are no words", { key_ops: ["verify", 5, null] }, "good"],
      ["no list of operations", { key_ops: "verify" }, NO_KEYS],
      ["other operations", { key_ops: ["sign"] }, NO_KEYS],
      ["another use", { use: "enc" }, NO_KEYS],
      ["a use that is no word", { use: null }, NO_KEYS],
      ["an alg that is no word", { alg: null }, NO_KEYS],
      ["another alg", { alg: algorithm === "RS256" ? "RS384" : "RS256" }, UNKNOWN],
      ["a kid that is no word", { kid: 5 }, NO_KEYS],
      ["another type", { kty: "EC", crv: "P-256" }, UNKNOWN],
      ["a type that nobody knows", { kty: "rsa" }, NO_KEYS],
      ["a private part", { d: "AQAB" }, NO_KEYS],
      ["a secret", { k: "AQAB" }, NO_KEYS],
      ["zeros before its modulus", { n: withZeros(n, 1) }, "good"],
      ["many zeros before its modulus", { n: withZeros(n, 200) }, "good"],
      ["zeros before its exponent", { e: withZeros("AQAB", 5) }, "good"],
      ["a modulus of 0", { n: encodeBytes(zeros(256)) }, NO_KEYS],
      ["an even modulus", { n: encodeBytes(even) }, BAD],
      ["a modulus that is cut", { n: n?.slice(0, -1) }, NO_KEYS],
      ["a modulus that is no base64url", { n: "*".repeat(342) }, NO_KEYS],
      ["a modulus with letters of its own", { n: `${n}é` }, NO_KEYS],
      ["a modulus without end", { n: encodeBytes(Buffer.concat([Buffer.alloc(2_100, 255)])) }, BAD],
      ["a modulus that is no text", { n: 5 }, NO_KEYS],
      ["no modulus", { n: undefined }, NO_KEYS],
      ["an exponent of 0", { e: "AA" }, NO_KEYS],
      ["an exponent of 1", { e: "AQ" }, NO_KEYS],
      ["an exponent of 1 with zeros", { e: "AAAB" }, NO_KEYS],
      ["an exponent of 2", { e: "Ag" }, NO_KEYS],
      ["an even exponent", { e: "AQAA" }, NO_KEYS],
      ["an exponent as large as its modulus", { e: n }, BAD],
      ["an exponent of 65 bits", { e: encodeBytes(Buffer.from([1, 0, 0, 0, 0, 0, 0, 0, 1])) }, BAD],
      ["an empty exponent", { e: "" }, NO_KEYS],
      ["an exponent that is a number", { e: 65_537 }, NO_KEYS],
      ["an exponent that is null", { e: null }, NO_KEYS],
      ["an exponent that is a list", { e: ["AQAB"] }, NO_KEYS],
      ["no exponent", { e: undefined }, NO_KEYS],
    ];
    for (const [what, change, verdict] of changes) {
      yield [what, algorithm, rsa, { ...jwk, ...change }, verdict];
    }
    yield ["1024 bits", algorithm, weak, toJwk(weak), NO_KEYS];
    yield [
      "1024 bits and zeros",
      algorithm,
      weak,
      { ...toJwk(weak), n: withZeros(toJwk(weak).n, 128) },
      NO_KEYS,
    ];
    yield ["2047 bits", algorithm, almost, toJwk(almost), NO_KEYS];
    yield ["an exponent of 3", algorithm, three, toJwk(three), "good"];
  }

  function* ecCases(algorithm: "ES256" | "ES384"): Generator<Case> {
    const pair = pick(pairs, algorithm);
    const jwk = toJwk(pair);
    const { x, y } = jwk;
    const size = bytesOf(x).length;
    const changes: [what: string, change: object, verdict: string][] = [
      ["nothing wrong", {}, "good"],
      ["members that mean nothing here", { n: "AA", e: "AQAB", ext: 1, key_ops: ["verify", "sign"] }, "good"],
      ["zeros before a coordinate", { x: withZeros(x, 1) }, "good"],
      ["a point that is not on the curve", { y: encodeBytes(flip(bytesOf(y), size - 1, 0)) }, UNFIT],
      ["its coordinates exchanged", { x: y, y: x }, UNFIT],
      ["the point 0, 0", { x: encodeBytes(zeros(size)), y: encodeBytes(zeros(size)) }, UNFIT],
      ["a coordinate that is cut", { x: encodeBytes(bytesOf(x).subarray(1)) }, UNFIT],
      ["no y", { y: undefined }, UNFIT],
      ["a y that is a number", { y: 5 }, NO_KEYS],
      ["another curve", { crv: algorithm === "ES256" ? "P-384" : "P-256" }, UNKNOWN],
      ["a curve of Bitcoin", { crv: "secp256k1" }, UNKNOWN],
      ["no curve", { crv: undefined }, UNKNOWN],
      ["another type", { kty: "OKP" }, UNKNOWN],
    ];
    for (const [what, change, verdict] of changes) {
      yield [what, algorithm, pair, { ...jwk, ...change }, verdict];
    }
    const zeroed = pick(short, algorithm);
    const whole = toJwk(zeroed);
    const cut = { ...whole, x: encodeBytes(bytesOf(whole.x).subarray(1)) };
    yield ["a zero before a coordinate left in", algorithm, zeroed, whole, "good"];
    yield ["a zero before a coordinate left out", algorithm, zeroed, cut, "good"];
  }

  function* okpCases(): Generator<Case> {
    const pair = pick(pairs, "EdDSA");
    const jwk = toJwk(pair);
    const { x } = jwk;
    const changes: [what: string, change: object, verdict: string][] = [
      ["nothing wrong", {}, "good"],
      ["members that mean nothing here", { y: "AA", n: "AA", ext: [], key_ops: ["verify", "x"] }, "good"],
      ["a byte too few", { x: encodeBytes(bytesOf(x).subarray(1)) }, UNFIT],
      ["a byte too many", { x: withZeros(x, 1) }, UNFIT],
      ["zeros for its point", { x: encodeBytes(zeros(32)) }, BAD],
      ["a point that is a number", { x: 5 }, NO_KEYS],
      ["no point", { x: undefined }, UNFIT],
      ["Ed448's name", { crv: "Ed448" }, UNKNOWN],
      ["a key of Ed448's", toJwk(ed448), UNKNOWN],
      ["a key of Ed448's by another name", { ...toJwk(ed448), crv: "Ed25519" }, UNFIT],
      ["a key of X25519's", toJwk(x25519), UNKNOWN],
      ["a key of X25519's by another name", { ...toJwk(x25519), crv: "Ed25519" }, BAD],
      ["another type", { kty: "EC", crv: "P-256", y: x }, UNKNOWN],
    ];
    for (const [what, change, verdict] of changes) {
      yield [what, "EdDSA", pair, { ...jwk, ...change }, verdict];
    }
  }

  it.each([
    ...rsaCases("RS256"),
    ...rsaCases("PS384"),
    ...ecCases("ES256"),
    ...ecCases("ES384"),
    ...okpCases(),
  ])("that has %s is judged alike by all ports (%s)", async (_, algorithm, pair, jwk, verdict) => {
    expect(await createJudge([jwk])(write(signGood(algorithm, pair)))).toBe(verdict);
  });

  it.each(ALGORITHMS)(
    "of every other type under the same name, beside it, finds the one of %s",
    async (algorithm) => {
      const others = ALGORITHMS.filter(
        (one) => toJwk(pick(pairs, one)).crv !== toJwk(pick(pairs, algorithm)).crv,
      );
      const jwks = [...others, algorithm].map((one) => toJwk(pick(pairs, one)));
      const unique = [...new Map(jwks.map((jwk) => [JSON.stringify(jwk), jwk])).values()];
      const token = write(signGood(algorithm, pick(pairs, algorithm)));
      expect(await createJudge(unique)(token)).toBe("good");
      expect(await createJudge(unique.slice(0, -1))(token)).toBe(UNKNOWN);
    },
  );

  it("that anybody can sign with, since its exponent is one, is nobody's", async () => {
    const jwk: JsonWebKey = { ...toJwk(rsa), e: "AQ" };
    const { header, payload } = signGood("RS256", rsa);
    const digest = createHash("sha256").update(`${header}.${payload}`).digest();
    // EMSA-PKCS1-v1_5 (RFC 8017 section 9.2), and no private key.
    const info = Buffer.from("3031300d060960864801650304020105000420", "hex");
    const padding = Buffer.alloc(256 - 3 - info.length - digest.length, 255);
    const signature = Buffer.concat([Buffer.from([0, 1]), padding, zeros(1), info, digest]);
    const forged: Jws = { header, payload, signature };
    expect(await say(write(forged), { ...jwk, kty: "RSA" }, "RS256")).toBe(true);
    expect(await createJudge([jwk])(write(forged))).toBe(NO_KEYS);
    expect(await createJudge([jwk, { ...toJwk(strangersRsa), kid: "other" }])(write(forged))).toBe(UNKNOWN);
  });

  it("is judged alike by all ports, whatever its members are", async () => {
    const good = new Map(ALGORITHMS.map((one) => [one, toJwk(pick(pairs, one))]));
    const tokens = new Map(ALGORITHMS.map((one) => [one, write(signGood(one, pick(pairs, one)))]));
    const member = fc.constantFrom(
      ...[
        "kty",
        "kid",
        "use",
        "alg",
        "n",
        "e",
        "crv",
        "x",
        "y",
        "d",
        "k",
        "p",
        "oth",
        "ext",
        "key_ops",
        "priv",
      ],
    );
    const word = fc.constantFrom(
      ...[
        "RSA",
        "EC",
        "OKP",
        "AKP",
        "oct",
        "k",
        "sig",
        "enc",
        "P-256",
        "P-384",
        "Ed25519",
        "AQAB",
        "Aw",
        "AA",
        "",
      ],
      ...ALGORITHMS,
      ...[...good.values()].flatMap((jwk) => [jwk.n, jwk.x, jwk.y]).filter((one) => one !== undefined),
    );
    const bytes = fc.uint8Array({ maxLength: 300 }).map(encodeBytes);
    const value = fc.oneof(
      word,
      bytes,
      fc.string(),
      fc.array(fc.oneof(word, fc.constant("verify"))),
      fc.jsonValue(),
    );
    const changes = fc.array(fc.tuple(member, value), { maxLength: 3 }).map(Object.fromEntries);
    const left = fc.array(member, { maxLength: 1 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...ALGORITHMS), changes, left, async (algorithm, change, out) => {
        const jwk = Object.fromEntries(
          Object.entries({ ...good.get(algorithm), ...change }).filter(([name]) => !out.includes(name)),
        );
        const verdict = await createJudge([jwk])(tokens.get(algorithm) ?? "");
        // Good only with the key itself, however the set puts it.
        if (verdict === "good") {
          const { kty, n, e, crv, x, y } = jwk as JsonWebKey;
          const key = createPublicKey({ key: { kty, n, e, crv, x, y } as JsonWebKey, format: "jwk" });
          expect(key.equals(pick(pairs, algorithm).publicKey)).toBe(true);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("a header and payload of any bytes, well signed", () => {
  const judge = createJudge([toJwk(rsa)]);

  it("are judged alike by all ports", async () => {
    const spaces = fc.constantFrom("", " ", "\n", "\ufeff", "\u00a0");
    const bytes = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 40 }),
      fc.tuple(spaces, fc.json(), spaces).map((parts) => Buffer.from(parts.join(""))),
      fc
        .tuple(spaces, fc.constantFrom("RS256", "PS256"), fc.jsonValue(), fc.jsonValue())
        .map(([space, alg, a, b]) =>
          Buffer.from(space + JSON.stringify({ b64: a, alg: "none", kid: "k", x: b }).replace("none", alg)),
        ),
      fc.constant(Buffer.from(JSON.stringify({ alg: "RS256", kid: "k" }))),
    );
    const payload = fc.oneof(
      bytes,
      fc.constant(Buffer.from(JSON.stringify({ ...CLAIMS, aud: [AUDIENCE, "b"] }))),
    );
    await fc.assert(
      fc.asyncProperty(bytes, payload, async (header, claims) => {
        const verdict = await judge(write(signParts(header, claims, "RS256", rsa)));
        expect(verdict).not.toBe(BAD);
        expect(verdict).not.toMatch(/unavailable/);
      }),
      { numRuns: 300 },
    );
  });

  it("are judged alike with a name for every member that JavaScript has of its own", async () => {
    for (const name of Object.getOwnPropertyNames(Object.prototype)) {
      const header = `{"alg":"RS256","kid":"k",${JSON.stringify(name)}:{"alg":"none","kid":"x","crit":["x"]}}`;
      const payload = JSON.stringify(CLAIMS).replace("{", `{${JSON.stringify(name)}:{"exp":0,"sub":""},`);
      expect(await judge(write(signParts(header, payload, "RS256", rsa)))).toBe("good");
    }
    expect(await judge(write(signParts(randomBytes(8), "{}", "RS256", rsa)))).toMatch(/malformed|alg/);
  });
});
