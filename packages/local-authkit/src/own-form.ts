import type { Context } from "hono";

import type { Env } from "./forward.js";

/**
 * Whether a request comes from a page of this AuthKit, as far as the browser says. Besides a token in the form.
 * Browsers send `Origin: null` from pages without a referrer, so that says nothing.
 */
export function isOwnForm(c: Context<Env>, issuer: string): boolean {
  const site = c.req.header("sec-fetch-site");
  if (site !== undefined) return site === "same-origin";
  const origin = c.req.header("origin");
  return origin === undefined || origin === "null" || origin === issuer;
}
