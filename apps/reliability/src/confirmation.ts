import type { Answer, Sent } from "./browser.js";
import type { Secrets } from "./secrets.js";

/** The page that asks, as somebody sees it. */
export interface Confirmation {
  readonly action: string;
  readonly proof: string;
}

export function readConfirmation({ status, body }: Answer, secrets: Secrets): Confirmation | undefined {
  const action = /action="([^"]*)"/.exec(body)?.[1];
  const proof = /name="proof" value="([^"]*)"/.exec(body)?.[1];
  if (status !== 200 || action === undefined || proof === undefined) return undefined;
  return { action: action.replaceAll("&amp;", "&"), proof: secrets.add("proof", proof) };
}

/** "Continue", as a browser sends it. */
export function toPost({ action, proof }: Confirmation): Sent {
  return {
    method: "POST",
    target: action,
    headers: { "content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin" },
    body: new URLSearchParams({ answer: "continue", proof }).toString(),
  };
}
