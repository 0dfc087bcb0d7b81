import type { RequestView } from "../../src/index.js";

/** An incoming request, as core sees it. */
export function request(
  url: string,
  { method = "GET", headers = {} }: { method?: string; headers?: HeadersInit } = {},
): RequestView {
  return { method, url, headers: new Headers(headers) };
}

/** A request to a protected resource with this Authorization header. */
export function withAuthorization(authorization: string): RequestView {
  return request("/api", { headers: { authorization } });
}
