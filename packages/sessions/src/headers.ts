/** Headers as Node's servers list them. */
type NodeHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

interface WithHeaders {
  readonly headers: Headers | NodeHeaders;
}

/** A `Request` (Next.js's, too), Node's own request, Express's or Fastify's, or Hono's context. */
export type SessionRequest = WithHeaders | { readonly req: { readonly raw: WithHeaders } };

export function readHeaders(request: SessionRequest): Headers {
  const { headers } = "req" in request ? request.req.raw : request;
  if (headers instanceof Headers) return headers;
  const read = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    // HTTP/2's `:path` and its kin are no headers, and Headers throws at them.
    if (value === undefined || name.startsWith(":")) continue;
    for (const each of [value].flat()) read.append(name, each);
  }
  return read;
}
