import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { AUDIENCE, TENANT } from "./application.js";

/** A completion call as it arrived. */
interface Completion {
  readonly authorization: string | undefined;
  readonly body: unknown;
}

/**
 * The three endpoints of AuthKit's that an application talks to, answering as a test tells them to: the suite's port on
 * the far side, with every answer AuthKit could give.
 */
export interface ScriptedAuthKit {
  readonly url: string;
  /** The completion calls since the last `reset`. */
  readonly completions: readonly Completion[];
  /** What the application reported since the last `reset`. */
  readonly seen: readonly string[];
  /** What the next completion calls are answered with, until `reset`. Default: a `redirect_uri` of AuthKit's. */
  answer(status: number, body: unknown, headers?: Record<string, string>): void;
  /** Lets the next completion call fail in this way, before those that follow are answered as ever. */
  failOnce(how: { readonly status: number; readonly headers?: Record<string, string> } | "hang up"): void;
  /** How often its OAuth metadata was fetched since the last `reset`. */
  readonly metadataFetches: number;
  /** What its OAuth metadata is answered with, until `reset`. Default: 200 and `metadata`. */
  answerMetadata(status: number, body?: string): void;
  /** Its OAuth metadata, written as no JSON library would write it. */
  readonly metadata: string;
  /** Holds back the answer to the next completion call; `arrived` once it is there. */
  pauseOnce(): { readonly arrived: Promise<void>; resume(): void };
  reset(): void;
  /** A signed access token; `claims` replace the good ones, `undefined` leaves one out. */
  token(claims?: Record<string, unknown>): Promise<string>;
  /** Any two texts as header and payload, signed as tokens are. */
  sign(header: string, payload: string): Promise<string>;
  close(): Promise<void>;
}

/** Starts it on any free port of the loopback interface. */
export async function startScriptedAuthKit(): Promise<ScriptedAuthKit> {
  const { privateKey, publicKey } = await generateKeyPair("RS256");
  const keys = [{ ...(await exportJWK(publicKey)), kid: "contract", alg: "RS256", use: "sig" }];
  const completions: Completion[] = [];
  const seen: string[] = [];
  let metadataFetches = 0;
  let scriptedMetadata: { status: number; body: string } | undefined;
  let failure: Parameters<ScriptedAuthKit["failOnce"]>[0] | undefined;
  let pause: (() => Promise<void>) | undefined;
  let scripted: { status: number; body: unknown; headers: Record<string, string> } | undefined;

  const server = createServer(async (request, response) => {
    const body = await readBody(request);
    const json = (status: number, value: unknown, headers: Record<string, string> = {}) =>
      response
        .writeHead(status, { "content-type": "application/json", ...headers })
        .end(JSON.stringify(value));
    switch (`${request.method} ${request.url}`) {
      case "GET /oauth2/jwks":
        return json(200, { keys });
      case "GET /.well-known/oauth-authorization-server": {
        metadataFetches += 1;
        const { status, body } = scriptedMetadata ?? { status: 200, body: metadata };
        return response.writeHead(status, { "content-type": "application/json" }).end(body);
      }
      case "POST /seen":
        seen.push(body);
        return response.writeHead(204).end();
      case "POST /authkit/oauth2/complete":
        completions.push({ authorization: request.headers.authorization, body: JSON.parse(body) });
        await pause?.();
        if (failure !== undefined) {
          const how = failure;
          failure = undefined;
          return how === "hang up" ? request.socket.destroy() : json(how.status, {}, how.headers);
        }
        return scripted === undefined
          ? json(200, { redirect_uri: `${url}/oauth2/authorize/complete?state=st_1` })
          : json(scripted.status, scripted.body, scripted.headers);
      default:
        return json(500, { message: "broken" });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const metadata = `{ "issuer" : "${url}",\n "token_endpoint":"${url}/oauth2/token" }`;

  return {
    url,
    metadata,
    get metadataFetches() {
      return metadataFetches;
    },
    answerMetadata(status, body = "") {
      scriptedMetadata = { status, body };
    },
    completions,
    seen,
    answer(status, body, headers = {}) {
      scripted = { status, body, headers };
    },
    failOnce(how) {
      failure = how;
    },
    pauseOnce() {
      let resume = () => {};
      const resumed = new Promise<void>((resolve) => {
        resume = resolve;
      });
      const arrived = new Promise<void>((resolve) => {
        pause = () => {
          pause = undefined;
          resolve();
          return resumed;
        };
      });
      return { arrived, resume };
    },
    reset() {
      pause = undefined;
      scripted = undefined;
      failure = undefined;
      scriptedMetadata = undefined;
      metadataFetches = 0;
      completions.length = 0;
      seen.length = 0;
    },
    token(claims = {}) {
      const now = Math.floor(Date.now() / 1000);
      const good = { iss: url, aud: AUDIENCE, sub: "user_ada", iat: now, exp: now + 300 };
      return new SignJWT({ ...good, scope: "openid notes:read", [TENANT]: "prod_us", ...claims })
        .setProtectedHeader({ alg: "RS256", kid: "contract" })
        .sign(privateKey);
    },
    async sign(header, payload) {
      const text = [header, payload].map((part) => Buffer.from(part).toString("base64url")).join(".");
      const signature = await crypto.subtle.sign("RSASSA-PKCS1-v1_5", privateKey, Buffer.from(text));
      return `${text}.${Buffer.from(signature).toString("base64url")}`;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request.setEncoding("utf8")) body += chunk;
  return body;
}
