import { IncomingMessage } from "node:http";
import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { Context } from "hono";
import type { Provider } from "oidc-provider";

import { readBody } from "./body.js";

export type Env = { Bindings: HttpBindings };

/** Where a request differs from the one that came in. */
export interface Changes {
  query?: URLSearchParams | undefined;
  form?: URLSearchParams | undefined;
  headers?: Record<string, string>;
}

/**
 * Lets oidc-provider answer a request. It builds URLs from the Host header; it gets the issuer's, so that they are
 * right for whichever loopback name was used.
 */
export async function forward(
  c: Context<Env>,
  provider: Provider,
  { query, form, headers }: Changes = {},
): Promise<Response> {
  const { incoming, outgoing } = c.env;
  const { host, protocol } = new URL(provider.issuer);
  const body = c.req.method === "POST" ? (form ?? (await readBody(incoming))).toString() : "";

  const request = new IncomingMessage(incoming.socket);
  request.method = incoming.method ?? "GET";
  request.url = query ? `${c.req.path}?${query}` : (incoming.url ?? "/");
  request.headers = {
    ...incoming.headers,
    ...headers,
    host,
    "x-forwarded-host": host,
    "x-forwarded-proto": protocol.slice(0, -1),
    "content-length": String(Buffer.byteLength(body)),
  };
  delete request.headers["transfer-encoding"];
  request.push(body);
  request.push(null);
  // All of it is there; otherwise the end of reading it would count as an abort and close the connection.
  request.complete = true;
  await provider.callback()(request, outgoing);
  return RESPONSE_ALREADY_SENT;
}
