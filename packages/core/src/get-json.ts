import { parseJson, readText, startDeadline } from "./bounds.js";
import type { Fetch } from "./ports.js";

/** How long getting a document may take, in milliseconds. */
const TIMEOUT = 5_000;

/** A document as it came and as it was read, or why there is none. */
export type JsonDocument =
  | { readonly text: string; readonly json: object; readonly reason?: undefined }
  | { readonly reason: "timeout" | "network" | "json" }
  | { readonly reason: "status"; readonly status: number };

/**
 * Gets a JSON document, by GET where `init` says nothing else: without following a redirect, within 5 seconds and
 * `maxBytes`, also where the given `fetch` heeds no signal.
 */
export async function getJson(
  url: string,
  fetch: Fetch,
  maxBytes: number,
  init: RequestInit = {},
): Promise<JsonDocument> {
  const deadline = startDeadline(TIMEOUT);
  try {
    const response = await deadline.within(
      fetch(url, {
        ...init,
        headers: { accept: "application/json" },
        signal: deadline.signal,
        redirect: "manual",
      }),
    );
    if (response.status !== 200) {
      // Unread bodies keep their connection.
      response.body?.cancel().catch(() => {});
      return { reason: "status", status: response.status };
    }
    const text = await readText(response.body, deadline, maxBytes);
    const json = parseJson(text);
    return typeof json === "object" && json !== null ? { text, json } : { reason: "json" };
  } catch {
    return { reason: deadline.signal.aborted ? "timeout" : "network" };
  }
}
