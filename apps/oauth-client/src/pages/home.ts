import { html } from "hono/html";
import type { ApiAnswer } from "../api.js";
import { SCOPE, type Tokens } from "../authkit.js";
import type { Connection } from "../session.js";
import { type DecodedToken, decodeToken } from "../token.js";
import { type Markup, renderDocument } from "./document.js";

const TENANT_CLAIM = "urn:example:tenant";
const TIME_CLAIMS = new Set(["exp", "iat", "nbf", "auth_time"]);

/** The start page of a browser that isn't connected. */
export function welcomePage(): string {
  return renderDocument(
    "Welcome",
    html`<div class="hero">
<h1>Reports from the data you already have</h1>
<p>Connect the product you work in. You sign in over there and choose what Acme Reports may see; your password
never comes here.</p>
<a class="button big" id="connect" href="/connect">Connect</a>
</div>`,
  );
}

/** The start page of a browser that is connected: who, with which token, and what can be done with it. */
export function connectionPage({ identity, tokens, answer }: Connection): string {
  const token = decodeToken(tokens.accessToken);
  return renderDocument(
    "Connected",
    html`<h1>Connected as ${nameOf(identity)}</h1>
${tenantLine(token)}
<div class="actions">
${button("/call-api", "call-api", "", "Call the API")}
${tokens.refreshToken === null ? "" : button("/refresh", "refresh", "plain", "Refresh")}
${button("/disconnect", "disconnect", "danger", "Disconnect")}
</div>
${answer === null ? "" : answerPanel(answer)}
${tokenPanel(token, tokens)}
<section class="panel" id="identity">
<h2>ID token</h2>
${claimsTable("Claims", identity)}
</section>`,
  );
}

function nameOf(identity: Record<string, unknown>): string {
  return String(identity.name ?? identity.email ?? identity.sub);
}

function tenantLine(token: DecodedToken | null): Markup | string {
  const tenant = token?.claims[TENANT_CLAIM];
  if (tenant === undefined) return "";
  return html`<p id="tenant"><span class="soft">${TENANT_CLAIM}: </span><strong>${toText(tenant)}</strong></p>`;
}

function button(action: string, id: string, look: string, label: string): Markup {
  return html`<form method="post" action="${action}"><button class="button ${look}" id="${id}">${label}</button></form>`;
}

function answerPanel({ status, ok, challenge, body }: ApiAnswer): Markup {
  return html`<section class="panel" id="api-result">
<h2>The API's answer</h2>
<p class="${ok ? "good" : "bad"}">${status}</p>
${challenge === null ? "" : html`<p><code>WWW-Authenticate: ${challenge}</code></p>`}
${body === "" ? "" : html`<pre>${body}</pre>`}
</section>`;
}

function tokenPanel(token: DecodedToken | null, { expiresAt, scope }: Tokens): Markup {
  return html`<section class="panel" id="claims">
<h2>Access token</h2>
<p>${expiresAt === null ? "" : html`Expires <span id="expires">${toTime(expiresAt)}</span>, ${fromNow(expiresAt)}.<br>`}
Scopes: <span id="scopes">${scope ?? SCOPE}</span></p>
${token === null ? html`<p>It isn't a JWT, so there is nothing to read in it.</p>` : decodedToken(token)}
</section>`;
}

function decodedToken(token: DecodedToken): Markup {
  return html`${claimsTable("Header", token.header)}
${claimsTable("Claims", token.claims)}
<details><summary>As JSON</summary><pre>${JSON.stringify(token, null, 2)}</pre></details>`;
}

function claimsTable(caption: string, claims: Record<string, unknown>): Markup {
  return html`<table><caption>${caption}</caption><tbody>${Object.entries(claims).map(
    ([name, value]) => html`
<tr><th scope="row"><code>${name}</code></th><td><code>${toText(value)}</code>${
      TIME_CLAIMS.has(name) && typeof value === "number"
        ? html` <span class="soft">${toTime(value)}</span>`
        : ""
    }</td></tr>`,
  )}
</tbody></table>`;
}

function toText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function toTime(seconds: number): string {
  // A claim may hold any number; a Date can't.
  const time = new Date(seconds * 1000);
  return Number.isNaN(time.getTime()) ? "" : `${time.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

function fromNow(seconds: number): string {
  const left = seconds - Math.floor(Date.now() / 1000);
  if (left <= 0) return "which has passed";
  return left < 120 ? `in ${left} seconds` : `in ${Math.round(left / 60)} minutes`;
}
