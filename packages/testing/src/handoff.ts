import { type AnyResponse, viewResponse } from "./any-response.js";

/** Throws unless the response sends a completed login's browser on to AuthKit. The message never holds an id. */
export function assertSendsToAuthKit(response: AnyResponse, authkit: { readonly issuer: string }): void {
  const fault = faultOfHandoff(response, authkit);
  if (fault !== undefined) throw new Error(fault);
}

/** What is wrong with a response as the way back to AuthKit; `undefined`: nothing. */
export function faultOfHandoff(
  response: AnyResponse,
  { issuer }: { readonly issuer: string },
): string | undefined {
  const { status, header } = viewResponse(response);
  const location = header("location");
  if ((status !== 302 && status !== 303) || location === undefined) {
    return `Expected a redirect (303 or 302) to ${issuer}, but the response is ${status}${location === undefined ? "" : ` to ${place(location)}`}.`;
  }
  if (!URL.canParse(location) || new URL(location).origin !== new URL(issuer).origin) {
    return `Expected a redirect to ${issuer}, but it leads to ${place(location)}.`;
  }
  // Its address is good for one login: no cache may hold it.
  if (!/\bno-store\b/i.test(header("cache-control") ?? "")) {
    return "Expected the redirect to AuthKit to be no-store (Cache-Control).";
  }
  return undefined;
}

/** Where something leads, without its query. */
function place(location: string): string {
  if (URL.canParse(location)) return new URL(location).origin + new URL(location).pathname;
  return location.split(/[?#]/, 1)[0] ?? "";
}
