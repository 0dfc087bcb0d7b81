/** A request's headers as Node has them: all lines that came, and what became of them. */
export interface NodeHeaders {
  readonly rawHeaders: readonly string[];
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** A request's body as Node has it. */
export interface NodeBody extends Pick<NodeHeaders, "headers"> {
  /** Whether all of it was read. */
  readonly readableEnded: boolean;
  /** Of HTTP/2, where no header need announce a body. */
  readonly stream?: { readonly endAfterHeaders: boolean };
}

/**
 * The headers of a `RequestView`, out of a request of Node's. For adapters of Node's frameworks: Node itself keeps the
 * first of several Authorization headers and drops the others; here they come joined. Names are asked for in lower case.
 */
export function viewHeaders({ rawHeaders, headers }: NodeHeaders): { get(name: string): string | null } {
  // What is not in the raw list was set in this process: all headers, where no socket is behind the request.
  const get = (name: string) => joinHeader(rawHeaders, name) ?? headers[name]?.toString() ?? null;
  // HTTP/2 has the host under a name of its own (RFC 9113 section 8.3.1).
  return { get: (name) => get(name) ?? (name === "host" ? get(":authority") : null) };
}

/**
 * The body as the framework's parser left it, for a guard with tools' scopes. For adapters of Node's frameworks. Throws an
 * error with `status` 415 where nobody has read the body: a server behind the guard might, and find a call in it.
 */
export function readParsedBody(request: NodeBody, body: unknown): unknown {
  if (hasBody(request) && !request.readableEnded)
    throw Object.assign(new Error("Tools' scopes need the body, parsed before the guard."), { status: 415 });
  return typeof body === "string" ? JSON.parse(body) : body;
}

/** As its headers announce it (RFC 9112 section 6.3), or its frames (RFC 9113 section 8.1). */
function hasBody({ headers, stream }: NodeBody): boolean {
  const isAnnounced = headers["transfer-encoding"] !== undefined || Number(headers["content-length"]) > 0;
  return isAnnounced || stream?.endAfterHeaders === false;
}

function joinHeader(rawHeaders: readonly string[], name: string): string | null {
  let joined: string | null = null;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const key = rawHeaders[index];
    if (key?.length !== name.length || key.toLowerCase() !== name) continue;
    const value = rawHeaders[index + 1] ?? "";
    joined = joined === null ? value : `${joined}, ${value}`;
  }
  return joined;
}
