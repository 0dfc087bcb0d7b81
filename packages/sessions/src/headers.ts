/** Headers as Node's servers list them. */
type NodeHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

interface WithHeaders {
  readonly headers: Headers | NodeHeaders;
}

/** A `Request` (Next.js's, too), Node's own request, Express's or Fastify's, or Hono's context. */
export type SessionRequest = WithHeaders | { readonly req: { readonly raw: WithHeaders } };

/** What a browser's session is found by: its cookies, and where they were sent. */
const NAMES = ["cookie", "host", "user-agent", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"];

/** The headers of a browser's session. The others are left out: out of a bearer token or an API key, plugins make a session, too. */
export function readHeaders(request: SessionRequest): Headers {
  const { headers } = "req" in request ? request.req.raw : request;
  const read = new Headers();
  for (const name of NAMES) {
    const value = headers instanceof Headers ? headers.get(name) : headers[name];
    for (const each of [value ?? []].flat()) read.append(name, each);
  }
  return read;
}
