/** A request's headers as Node has them: all lines that came, and what became of them. */
export interface NodeHeaders {
  readonly rawHeaders: readonly string[];
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/**
 * The headers of a `RequestView`, out of a request of Node's. For adapters of Node's frameworks: Node itself keeps the
 * first of several Authorization headers and drops the others; here they come joined. Names are asked for in lower case.
 */
export function viewHeaders({ rawHeaders, headers }: NodeHeaders): { get(name: string): string | null } {
  // What is not in the raw list was set in this process: all headers, where no socket is behind the request.
  return { get: (name) => joinHeader(rawHeaders, name) ?? headers[name]?.toString() ?? null };
}

/** Whether a request has a body, as its headers announce it (RFC 9112 section 6.3). For adapters of Node's frameworks. */
export function hasBody({ headers }: Pick<NodeHeaders, "headers">): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"]) > 0;
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
