import { createHash } from "node:crypto";
import { html, raw } from "hono/html";
import { styles } from "./styles.js";

/** A piece of markup in which everything that came from outside is escaped. */
export type Markup = ReturnType<typeof html>;

/** A whole page around this content. */
export function renderDocument(title: string, main: Markup): string {
  // No part of a page is a promise, so `html` has made a string already.
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Acme Reports</title>
<link rel="icon" href="data:,">
<style>${raw(styles)}</style>
</head>
<body>
<header><div><a class="brand" href="/">Acme <span>Reports</span></a><small class="soft">An OAuth client</small></div></header>
<main>${main}</main>
</body>
</html>
`.toString();
}

/** The headers of every page: no scripts, no frames, no other site's files, not kept. */
export function pageHeaders(): Record<string, string> {
  const style = createHash("sha256").update(styles).digest("base64");
  return {
    "content-security-policy": `default-src 'none'; style-src 'sha256-${style}'; img-src data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`,
    "cache-control": "no-store",
    // Not `no-referrer`: with that, browsers send the forms' `Origin` as `null`.
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
  };
}
