import type { Fetch } from "./ports.js";

/** How long the whole exchange may take, in milliseconds. */
const TIMEOUT = 5_000;

/** No document that core reads is near this size, in bytes. */
const MAX_BYTES = 262_144;

/**
 * Gets a JSON document that is public: no credentials, no redirect followed, bounded in time and size also where the
 * given `fetch` heeds no signal. `undefined` for anything else than a whole JSON document with status 200.
 */
export async function getJson(url: string, fetch: Fetch): Promise<unknown> {
  const signal = AbortSignal.timeout(TIMEOUT);
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  aborted.catch(() => {});
  try {
    return await Promise.race([read(url, fetch, signal), aborted]);
  } catch {
    return undefined;
  }
}

async function read(url: string, fetch: Fetch, signal: AbortSignal): Promise<unknown> {
  const response = await fetch(url, { headers: { accept: "application/json" }, redirect: "manual", signal });
  if (response.status !== 200 || response.body === null) {
    await response.body?.cancel();
    return undefined;
  }
  const decoder = new TextDecoder();
  const reader = response.body.getReader();
  let text = "";
  for (let bytes = 0; ; ) {
    const { done, value } = await reader.read();
    if (done) return JSON.parse(text + decoder.decode());
    bytes += value.byteLength;
    if (bytes > MAX_BYTES) {
      await reader.cancel();
      return undefined;
    }
    text += decoder.decode(value, { stream: true });
  }
}
