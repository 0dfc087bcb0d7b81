import { createHmac, createPrivateKey, generateKeyPair, randomBytes, randomUUID, sign } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";

/** What a resource server knows of an issuer; plain data, so that another process may be told it. */
export interface IssuerView {
  /** `iss`: the address of the server, without a slash at its end. */
  readonly url: string;
  readonly jwksUrl: string;
  readonly audience: string;
  /** The key set as it is published. */
  readonly jwks: { readonly keys: readonly PublishedKey[] };
  /** The same key as PEM, for those that are configured with one. */
  readonly pem: string;
}

/** An RSA key as a key set publishes it. */
interface PublishedKey {
  readonly kty: "RSA";
  readonly use: "sig";
  readonly alg: "RS256";
  readonly kid: string;
  readonly n: string;
  readonly e: string;
}

/** What a token is made with, where it is not as AuthKit makes it. */
interface TokenChanges {
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** Makes an issuer's tokens. */
export interface Signer {
  readonly view: IssuerView;
  /** A token of some 850 characters, signed with RS256. */
  mint(changes?: TokenChanges): string;
  /** A token with this header and these claims, and whatever is given as its signature. */
  mintWith(signature: (input: string) => Buffer, changes?: TokenChanges): string;
  /** A token signed with HMAC, the public key being the secret: a check of which key fits which algorithm. */
  mintConfused(): string;
}

/** What makes a signer in another process. */
export interface SignerSeed {
  readonly view: IssuerView;
  /** PKCS 8, as PEM. */
  readonly privateKey: string;
}

/** An issuer on loopback: publishes one key, and counts who asks for it. */
export interface Issuer extends Signer {
  readonly seed: SignerSeed;
  /** How often the keys were asked for since the last call. */
  takeFetches(): number;
  /** Whether the key set is answered, or 503. */
  setAnswering(isAnswering: boolean): void;
  close(): Promise<void>;
}

const KID = "sso_oidc_key_pair_01JV3Q6W4R0Z8M5T7Y9B2C4D6F";
const AUDIENCE = "https://api.example.com/mcp";

/** Longer than any run, clocks that were put forward included. */
const LIFETIME = 7 * 24 * 3_600;

export async function startIssuer(): Promise<Issuer> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)("rsa", { modulusLength: 2_048 });
  const { n = "", e = "" } = publicKey.export({ format: "jwk" });
  const jwks = { keys: [{ kty: "RSA", use: "sig", alg: "RS256", kid: KID, n, e }] } as const;
  const pem = publicKey.export({ format: "pem", type: "spki" }).toString();

  const body = JSON.stringify(jwks);
  let fetches = 0;
  let isAnswering = true;
  const server = createServer((_request, response) => {
    fetches += 1;
    response.writeHead(isAnswering ? 200 : 503, { "content-type": "application/json" });
    response.end(isAnswering ? body : '{"error":"unavailable"}');
  });
  // Connections stay: a client that was too busy to see one closed would fail with its next fetch.
  server.keepAliveTimeout = 0;
  await listen(server);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const view = { url, jwksUrl: `${url}/oauth2/jwks`, audience: AUDIENCE, jwks, pem };
  const seed = { view, privateKey: privateKey.export({ format: "pem", type: "pkcs8" }).toString() };
  return {
    ...createSigner(seed),
    seed,
    takeFetches() {
      const count = fetches;
      fetches = 0;
      return count;
    },
    setAnswering(value) {
      isAnswering = value;
    },
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}

export function createSigner({ view, privateKey }: SignerSeed): Signer {
  const key = createPrivateKey(privateKey);
  const mintWith: Signer["mintWith"] = (signature, { header, claims } = {}) => {
    const parts = [
      { alg: "RS256", kid: KID, ...header },
      { ...authkitClaims(view.url), ...claims },
    ];
    const input = parts.map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
    return `${input}.${signature(input).toString("base64url")}`;
  };
  return {
    view,
    mint: (changes) => mintWith((input) => sign("sha256", Buffer.from(input), key), changes),
    mintWith,
    mintConfused: () =>
      mintWith((input) => createHmac("sha256", view.pem).update(input).digest(), {
        header: { alg: "HS256" },
      }),
  };
}

function authkitClaims(issuer: string): Record<string, unknown> {
  const now = Math.floor(Date.now() / 1_000);
  return {
    iss: issuer,
    aud: AUDIENCE,
    sub: `user_${randomBytes(13).toString("hex").toUpperCase()}`,
    client_id: "client_01JV3Q6W4R0Z8M5T7Y9B2C4D6F",
    sid: `app_consent_${randomBytes(13).toString("hex").toUpperCase()}`,
    jti: randomUUID(),
    scope: "openid profile email offline_access notes:read",
    "urn:example:tenant": "prod_us",
    iat: now - 10,
    exp: now + LIFETIME,
  };
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => resolve());
  });
}
