import type { IncomingMessage, ServerResponse } from "node:http";
import { createKey, type SigningKey } from "./tokens.js";

/** What the address of the keys does. In the first three it has a key set, in all others none that is one. */
export const KEY_MODES = [
  "up",
  "slow",
  "wrong keys",
  "refused",
  "reset",
  "silent",
  "huge",
  "not JSON",
  "empty",
  "no keys",
  "private keys",
  "404",
  "500",
  "503",
  "301",
] as const;

export type KeyMode = (typeof KEY_MODES)[number];

/** A key that signs nothing. */
const WRONG = await createKey();

/** AuthKit's keys, and how they are answered. */
export class KeysEndpoint {
  mode: KeyMode = "up";
  /** The set as it should be. */
  published: readonly SigningKey[];
  /** The sets that were answered whole, with the verifier's time. */
  readonly served: { readonly keys: readonly SigningKey[]; readonly at: number }[] = [];
  /** Requests, by mode. */
  readonly asked = new Map<KeyMode, number>();
  /** The verifier's time, in milliseconds after the real one. */
  offset = 0;
  readonly #strangerUrl: string;

  constructor(published: readonly SigningKey[], strangerUrl: string) {
    this.published = published;
    this.#strangerUrl = strangerUrl;
  }

  answer(request: IncomingMessage, response: ServerResponse): unknown {
    this.asked.set(this.mode, (this.asked.get(this.mode) ?? 0) + 1);
    const json = (status: number, body: string, headers: Record<string, string> = {}) =>
      response.writeHead(status, { "content-type": "application/json", ...headers }).end(body);
    const serve = (keys: readonly SigningKey[]) => {
      response.on("finish", () => this.served.push({ keys, at: Date.now() + this.offset }));
      json(200, JSON.stringify({ keys: keys.map(({ jwk }) => jwk) }));
    };
    switch (this.mode) {
      case "up":
        return serve(this.published);
      case "slow":
        return setTimeout(() => serve(this.published), 300);
      case "wrong keys":
        return serve([WRONG]);
      case "refused":
      case "reset":
        return request.socket.resetAndDestroy();
      case "silent":
        return;
      case "huge":
        return json(
          200,
          JSON.stringify({ keys: this.published.map(({ jwk }) => jwk), more: "x".repeat(400_000) }),
        );
      case "not JSON":
        return json(200, "<!doctype html><title>Please pay for your Wi-Fi</title>");
      case "empty":
        return json(200, "");
      case "no keys":
        return json(200, '{"keys":[]}');
      case "private keys":
        return json(200, JSON.stringify({ keys: this.published.map(({ jwk }) => ({ ...jwk, d: "AQAB" })) }));
      case "404":
      case "500":
      case "503":
        return json(Number(this.mode), "{}");
      case "301":
        return json(301, "{}", { location: `${this.#strangerUrl}/oauth2/jwks` });
    }
  }
}
