type Headers = { get(name: string): string | null } | Readonly<Record<string, unknown>>;

/** The response of a web handler, of Fastify's `inject`, of supertest, or Node's own. */
export type AnyResponse =
  | { readonly status: number; readonly headers: Headers }
  | { readonly statusCode: number; readonly headers: Headers };

/** Of a response, what can be told of all of them. */
export interface ResponseView {
  readonly status: number;
  /** A header by its lower-case name; repeated ones with ", " between. */
  readonly header: (name: string) => string | undefined;
}

export function viewResponse(response: AnyResponse): ResponseView {
  const { headers } = response;
  return {
    status: "status" in response ? response.status : response.statusCode,
    header: (name) => {
      const value = isHeaders(headers) ? headers.get(name) : headers[name];
      if (value === undefined || value === null) return undefined;
      return Array.isArray(value) ? value.join(", ") : String(value);
    },
  };
}

function isHeaders(headers: Headers): headers is { get(name: string): string | null } {
  return typeof headers.get === "function";
}
