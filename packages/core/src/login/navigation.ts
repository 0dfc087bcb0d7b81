import { ConnectError } from "../errors.js";
import type { RequestView } from "../ports.js";

/**
 * Only a person's own navigation may complete a login. Browsers say when a load is speculative (`Sec-Purpose`; older ones
 * `Purpose`, Safari's `X-Purpose`, Firefox's `X-Moz`; Next.js has a header of its own) or lands in a frame, image or script
 * (`Sec-Fetch-Dest`); link previews ask with HEAD, or come without the user's cookies. A page's WebSocket brings the cookies,
 * and Chromium says nothing of its destination (RFC 6455 section 1.3). Throws `method_not_allowed` with reason `method`,
 * `prefetch` or `embedded`.
 */
export function requireNavigation({ method, headers }: RequestView, allowed: "GET" | "POST"): void {
  if (method !== allowed) throw new ConnectError("method_not_allowed", { reason: "method" });
  const purpose = ["sec-purpose", "purpose", "x-purpose", "x-moz"]
    .map((name) => headers.get(name))
    .join(" ")
    .toLowerCase();
  if (/prefetch|prerender|preview/.test(purpose) || headers.get("next-router-prefetch") !== null) {
    throw new ConnectError("method_not_allowed", { reason: "prefetch" });
  }
  const destination = headers.get("sec-fetch-dest");
  const isLoad = destination !== null && destination !== "document";
  if (isLoad || headers.get("sec-websocket-key") !== null) {
    throw new ConnectError("method_not_allowed", { reason: "embedded" });
  }
}
