import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { pause } from "./crowd.js";
import { ELSEWHERE, type Fault, type FaultKind, isInvitation } from "./faults.js";
import type { Random } from "./random.js";
import type { Secrets } from "./secrets.js";

/** What truly became of an id. */
export interface Truth {
  /** Who asked for it to be completed, once for each call. */
  readonly callers: string[];
  /** What will still go wrong. */
  readonly faults: Fault[];
  /** What is answered in place of a good `redirect_uri`. */
  readonly redirectUri?: unknown;
  /** When AuthKit completed the login, by `performance.now`, and for whom. */
  actedAt?: number;
  actedFor?: string;
  /** Calls for it after that, but for those whose answer was to come again. */
  callsAfter: number;
  /** Whether the answer that would save it went out whole, and good, and was not hung up on. */
  isDelivered: boolean;
}

/** Who a code of AuthKit's is for. */
export interface Grant {
  readonly externalAuthId: string;
  readonly userId: string;
}

/** Whoever hangs up sooner than this after an answer, in milliseconds, gave it up: idle connections are kept for longer. */
const IDLE = 3_500;

/** AuthKit's completion API, with faults, and with the truth of each login. */
export class CompletionApi {
  readonly truths = new Map<string, Truth>();
  readonly grants = new Map<string, Grant>();
  /** The ids that were asked about in a user's name. */
  readonly asked = new Map<string, string[]>();
  /** How often each fault happened. */
  readonly injected = new Map<FaultKind, number>();
  /** Calls without the API key, or with a body that is none. */
  strays = 0;
  /** Whether calls take as long as over a network. */
  hasDistance = true;
  #unread = 0;
  /** What is to be done where a connection ends with the answer that it carried last. */
  readonly #hangUps = new WeakMap<Socket, () => void>();
  readonly #random: Random;
  readonly #secrets: Secrets;
  readonly #apiKey: string;
  readonly #strangerUrl: string;

  constructor(given: { random: Random; secrets: Secrets; apiKey: string; strangerUrl: string }) {
    this.#random = given.random;
    this.#secrets = given.secrets;
    this.#apiKey = given.apiKey;
    this.#strangerUrl = given.strangerUrl;
  }

  /** Says what will go wrong with a login that is to begin. */
  expect(externalAuthId: string, faults: readonly Fault[], redirectUri?: { readonly value: unknown }): Truth {
    // Whose it is, such a request can't say: the next that arrives is the one.
    this.#unread += faults.filter(({ kind }) => kind === "unread").length;
    const truth: Truth = {
      callers: [],
      faults: faults.filter(({ kind }) => kind !== "unread"),
      callsAfter: 0,
      isDelivered: false,
      ...(redirectUri === undefined ? {} : { redirectUri: redirectUri.value }),
    };
    this.truths.set(externalAuthId, truth);
    return truth;
  }

  async answer(request: IncomingMessage, response: ServerResponse, url: string): Promise<void> {
    if (this.#unread > 0) {
      this.#unread -= 1;
      this.#count("unread");
      request.socket.resetAndDestroy();
      return;
    }
    const { socket } = request;
    // Who asks again has read the last answer.
    socket.off("close", this.#hangUps.get(socket) ?? (() => {}));
    const call = await readCall(request);
    if (call === undefined || request.headers.authorization !== `Bearer ${this.#apiKey}`) {
      this.strays += 1;
      response.writeHead(401).end();
      return;
    }
    // On the way there, and on the way back: what people do in between is what they do in life.
    if (this.hasDistance) await pause(this.#random.between(5, 80));
    const { externalAuthId, userId } = call;
    const truth = this.truths.get(externalAuthId) ?? this.expect(externalAuthId, []);
    truth.callers.push(userId);
    this.asked.set(userId, [...(this.asked.get(userId) ?? []), externalAuthId]);

    const fault = truth.faults.shift();
    if (fault !== undefined) this.#count(fault.kind);
    if (truth.actedAt !== undefined && !isInvitation(fault?.kind)) truth.callsAfter += 1;
    const isSpent = truth.actedAt !== undefined;
    if ((fault === undefined || fault.acts) && !isSpent) {
      truth.actedAt = performance.now();
      truth.actedFor = userId;
    }
    const good = JSON.stringify({ redirect_uri: this.#grant(url, call, truth) });
    // What AuthKit completed before, it refuses; the ways in which answers are slow or lost go for that, too.
    const body = isSpent ? '{"code":"external_auth_session_already_completed"}' : good;
    const status = isSpent ? 400 : 200;
    if (this.hasDistance) await pause(this.#random.between(5, 80));
    this.#send(fault?.kind, response, { status, body }, () => {
      if (isSpent || response.destroyed) return;
      truth.isDelivered = true;
      const sentAt = performance.now();
      const hangUp = () => {
        if (performance.now() - sentAt < IDLE) truth.isDelivered = false;
      };
      socket.once("close", hangUp);
      this.#hangUps.set(socket, hangUp);
    });
  }

  #grant(url: string, grant: Grant, truth: Truth): unknown {
    if ("redirectUri" in truth) return truth.redirectUri;
    const code = this.#secrets.add("code", `code_${randomBytes(16).toString("hex")}`);
    this.grants.set(code, grant);
    return `${url}/oauth2/authorize/complete?code=${code}`;
  }

  #send(
    kind: FaultKind | undefined,
    response: ServerResponse,
    { status, body }: { readonly status: number; readonly body: string },
    onDelivered: () => void,
  ): unknown {
    const json = (code: number, text: string, headers: Record<string, string> = {}) =>
      response.writeHead(code, { "content-type": "application/json", ...headers }).end(text);
    const half = Math.ceil(body.length / 2);
    switch (kind) {
      case undefined:
        response.on("finish", onDelivered);
        return json(status, body);
      case "slowHeaders":
        response.on("finish", onDelivered);
        return setTimeout(() => json(status, body), this.#random.between(100, 1_000));
      case "slowBody":
        response.on("finish", onDelivered);
        response.writeHead(status, { "content-type": "application/json" }).write(body.slice(0, half));
        return setTimeout(() => response.end(body.slice(half)), this.#random.between(100, 1_000));
      case "unread":
      case "reset":
        return response.socket?.resetAndDestroy();
      case "silent":
        return;
      case "stalled":
        return response.writeHead(status).write(body.slice(0, half));
      case "truncated":
        response.writeHead(status, { "content-length": String(body.length) });
        return response.write(body.slice(0, half), () => response.destroy());
      case "oversized":
        return pour(response, body);
      case "html":
        response.writeHead(200, { "content-type": "text/html" });
        return response.end("<!doctype html><title>Please pay for your Wi-Fi</title>");
      case "noRedirect":
        return json(
          200,
          this.#random.pick(["{}", "[]", "null", '{"redirect_uri":null}', '{"redirect_uri":7}']),
        );
      case "untrusted":
        return json(200, JSON.stringify({ redirect_uri: this.#random.pick(ELSEWHERE) }));
      case "moved":
        return json(301, "{}", { location: `${this.#strangerUrl}/authkit/oauth2/complete` });
      case "limited":
        return json(429, "{}");
      case "limitedShortly":
        return json(429, "{}", { "retry-after": "1" });
      case "limitedForLong":
        return json(429, "{}", { "retry-after": "60" });
      case "unavailable":
        return json(503, "{}");
      case "unavailableShortly":
        return json(503, "{}", { "retry-after": "1" });
      case "unavailableForLong":
        return json(503, "{}", { "retry-after": "60" });
      case "broken":
        return json(500, "{}");
      case "badGateway":
        return json(502, "<html>bad gateway</html>");
      case "gatewayTimeout":
        return json(504, "");
      case "unauthorized":
        return json(401, '{"message":"Unauthorized"}');
      case "spent":
        return json(400, '{"code":"external_auth_session_already_completed"}');
      case "unknown":
        return json(404, '{"code":"not_found"}');
    }
  }

  #count(kind: FaultKind): void {
    this.injected.set(kind, (this.injected.get(kind) ?? 0) + 1);
  }
}

/** Sends until the other side has had enough. */
function pour(response: ServerResponse, body: string): void {
  response.writeHead(200, { "content-type": "application/json" }).write(`${body.slice(0, -1)},"more":"`);
  const more = () => {
    while (!response.destroyed && response.write("x".repeat(65_536)));
  };
  response.on("drain", more);
  more();
}

async function readCall(request: IncomingMessage): Promise<Grant | undefined> {
  let text = "";
  try {
    for await (const chunk of request.setEncoding("utf8")) text += chunk;
    const { external_auth_id, user } = JSON.parse(text);
    return { externalAuthId: String(external_auth_id), userId: String(user.id) };
  } catch {
    return undefined;
  }
}
