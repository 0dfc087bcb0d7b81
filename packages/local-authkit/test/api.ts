import type { LocalAuthKit } from "../src/server.js";

export interface ApiAnswer<Body = Record<string, unknown>> {
  status: number;
  headers: Headers;
  body: Body;
}

/** Asks the management API, with the API key unless another is given. */
export async function api<Body = Record<string, unknown>>(
  authkit: LocalAuthKit,
  method: string,
  path: string,
  body?: unknown,
  key: string = authkit.apiKey,
): Promise<ApiAnswer<Body>> {
  const response = await fetch(`${authkit.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: (text ? JSON.parse(text) : undefined) as Body,
  };
}

export const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
export const NOT_FOUND = { message: "Not Found", code: "not_found" };
