import { createHash } from "node:crypto";
import { html, raw } from "hono/html";
import { styles } from "./styles.js";

/** What the example product is called. */
export const productName = "Heron Notes";

/** A piece of markup in which everything that came from outside is escaped. */
export type Markup = ReturnType<typeof html>;

/** A whole page around this header and content. */
export function renderDocument(title: string, account: Markup | string, main: Markup): string {
  // No part of a page is a promise, so `html` has made a string already.
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · ${productName}</title>
<link rel="icon" href="data:,">
<style>${raw(styles)}</style>
</head>
<body>
<header><a class="brand" href="/">${productName}</a>${account}</header>
<main>${main}</main>
<footer>A fictional product: its accounts live in memory until it stops.</footer>
</body>
</html>
`.toString();
}

/**
 * The headers of every page: no scripts, no frames, no other site's files, not kept. There is no `form-action`,
 * because Chromium also holds a form's redirects to it, and the sign-in form ends at AuthKit's origin.
 */
export function pageHeaders(): Record<string, string> {
  const style = createHash("sha256").update(styles).digest("base64");
  return {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": `default-src 'none'; style-src 'sha256-${style}'; img-src data:; base-uri 'none'; frame-ancestors 'none'`,
    "cache-control": "no-store",
    // Not `no-referrer`: with that, browsers send the forms' `Origin` as `null`.
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
  };
}
