import { html } from "hono/html";

import type { Application } from "../applications.js";
import type { ClientSecret } from "../client-secrets.js";
import type { PendingFault } from "../faults.js";
import { type LoggedLogin, MAX_LOGINS } from "../logins.js";
import { scopeInWords } from "../scopes.js";
import { SWITCHES, type Switches } from "../switches.js";
import { fullName, type User } from "../users.js";
import { DASHBOARD_SCRIPT } from "./dashboard-script.js";
import { DASHBOARD_STYLE } from "./dashboard-style.js";
import { createDesign, type Markup } from "./layout.js";
import { dateOf, loginEntry } from "./login-log.js";

export interface DashboardView {
  csrfToken: string;
  /** What is wrong with the form that was sent. */
  problem: string | undefined;
  /** Which process this is, and how much has happened in it. */
  run: string;
  revision: number;
  /** The newest first; where the page is brought up to date, those that changed. */
  logins: LoggedLogin[];
  loginCount: number;
  issuer: string;
  loginUri: string | undefined;
  /** Milliseconds since the epoch, and by how many of them it is ahead of the machine's. */
  now: number;
  aheadBy: number;
  faults: readonly PendingFault[];
  /** The one that signs first. */
  keyIds: string[];
  sessionCount: number;
  users: User[];
  applications: (Application & { secrets: ClientSecret[] })[];
  switches: Readonly<Switches>;
}

// Of users and applications there may be thousands.
const MAX_LISTED = 100;

const METADATA = [
  "/.well-known/oauth-authorization-server",
  "/.well-known/openid-configuration",
  "/oauth2/jwks",
];
const FAULT_TARGETS = [
  "POST /authkit/oauth2/complete",
  "POST /oauth2/token",
  "POST /oauth2/introspection",
  "GET /oauth2/authorize",
  "GET /oauth2/jwks",
  "GET /oauth2/userinfo",
  "GET /.well-known/oauth-authorization-server",
  "POST /oauth2/register",
];

const design = createDesign(DASHBOARD_STYLE, DASHBOARD_SCRIPT, "connect-src 'self'; form-action 'self'");

/** No page of another site has it in its own, in a window or as a resource. */
export const DASHBOARD_HEADERS: Record<string, string> = {
  ...design.headers,
  "Cross-Origin-Resource-Policy": "same-origin",
  "Cross-Origin-Opener-Policy": "same-origin",
};

/** What happens in this AuthKit, and what it can be told. */
export function dashboardPage(view: DashboardView): string {
  const { run, revision, csrfToken } = view;
  const form = (action: string, content: Markup, label: string) => html`<form method="post" action="/">
<input type="hidden" name="csrf_token" value="${csrfToken}">
${content}
<button class="plain" name="action" value="${action}">${label}</button>
</form>`;

  return design.render(
    "Local AuthKit",
    html`<div class="head"><h1>Local AuthKit</h1><span id="connection" role="status"><noscript>Reload to see what is new</noscript></span></div>
<p class="notice banner">This is not AuthKit. It plays AuthKit on your own machine, for development and tests only.</p>
${view.problem === undefined ? "" : html`<p class="notice banner" role="alert">Not taken: ${view.problem}</p>`}
<div id="live" data-run="${run}" data-revision="${revision}">
<div class="main">
${loginSection(view)}
${userSection(view.users)}
${clientSection(view.applications)}
</div>
<div class="side">
${addressSection(view)}
<section aria-labelledby="clock"><h2 id="clock">Clock</h2>
<p><time datetime="${new Date(view.now).toISOString()}">${dateOf(view.now)}</time>, ${
      view.aheadBy === 0
        ? "as this machine"
        : html`<strong>${inSeconds(view.aheadBy)} ahead</strong> of this machine`
    }</p>
${form(
  "advance",
  html`<label for="by">Advance by, such as 301s, 2h or 30d</label>
<input id="by" name="by" autocomplete="off" required>`,
  "Advance",
)}
</section>
${faultSection(view, form)}
<section aria-labelledby="sessions"><h2 id="sessions">Sessions</h2>
<p>${view.sessionCount === 1 ? "1 browser has" : `${view.sessionCount} browsers have`} an AuthKit session, and no need of the Login URI.</p>
${form(
  "end_sessions",
  html`<label for="session-user">Whose</label>
<select id="session-user" name="user"><option value="">All users</option>${view.users
    .slice(0, MAX_LISTED)
    .map(({ externalId, email }) => html`<option value="${externalId}">${email}</option>`)}</select>`,
  "End sessions",
)}
</section>
<section aria-labelledby="keys"><h2 id="keys">Keys</h2>
<p>Signs: <code>${view.keyIds[0] ?? ""}</code></p>
${view.keyIds.length > 1 ? html`<p class="quiet">${view.keyIds.length - 1} before it ${view.keyIds.length > 2 ? "are" : "is"} still published.</p>` : ""}
${form("rotate_keys", html``, "Rotate")}
</section>
</div>
${switchSection(view)}
</div>`,
  );
}

type Form = (action: string, content: Markup, label: string) => Markup;

function loginSection({ logins, loginCount }: DashboardView): Markup {
  return html`<section aria-labelledby="logins"><h2 id="logins">Logins <span class="quiet" role="status">${loginCount} in the log</span></h2>
<p class="quiet" id="no-logins" ${loginCount > 0 ? "hidden" : ""}>None yet. Begin one in your application or with an OAuth client; it appears here.</p>
<ul id="log" data-newest="${MAX_LOGINS}">${logins.map(loginEntry)}</ul>
</section>`;
}

function addressSection({ issuer, loginUri }: DashboardView): Markup {
  return html`<section aria-labelledby="addresses"><h2 id="addresses">Addresses</h2>
<dl>
<dt>Issuer</dt><dd><code>${issuer}</code></dd>
<dt>Login URI</dt><dd>${loginUri === undefined ? html`<span class="bad">Not set: logins end here</span>` : html`<code>${loginUri}</code>`}</dd>
<dt>Metadata</dt><dd>${METADATA.map((path) => html`<a href="${path}"><code>${path}</code></a><br>`)}</dd>
</dl>
</section>`;
}

function faultSection({ faults }: DashboardView, form: Form): Markup {
  return html`<section aria-labelledby="faults"><h2 id="faults">Faults</h2>
${
  faults.length === 0
    ? html`<p class="quiet">None: every request is answered.</p>`
    : html`<ul>${faults.map((fault) => html`<li><code>${fault.target}</code><br><span class="quiet">${faultInWords(fault)}</span></li>`)}</ul>
${form("clear_faults", html``, "Clear")}`
}
${form(
  "fault",
  html`<label for="fault-target">The next requests to</label>
<input id="fault-target" name="target" list="fault-targets" placeholder="POST /oauth2/token" autocomplete="off" spellcheck="false" required>
<datalist id="fault-targets">${FAULT_TARGETS.map((target) => html`<option value="${target}"></option>`)}</datalist>
<label for="fault-effect">are</label>
<select id="fault-effect" name="effect">
<option value="status">answered with a status</option>
<option value="reset_before">cut off before AuthKit acts</option>
<option value="reset_after">cut off after it acted</option>
<option value="truncate">answered by half</option>
<option value="delay">only delayed</option>
</select>
<div class="row">
<div><label for="fault-status">Status</label><input id="fault-status" name="status" type="number" min="200" max="599" value="503"></div>
<div><label for="fault-delay">Delay (2s)</label><input id="fault-delay" name="delay" autocomplete="off"></div>
<div><label for="fault-times">How often</label><input id="fault-times" name="times" type="number" min="1" value="1" required></div>
</div>`,
  "Add",
)}
</section>`;
}

function faultInWords({ status, reset, truncate, delay, times }: PendingFault): string {
  return [
    delay === undefined ? "" : `after ${typeof delay === "number" ? `${delay} ms` : delay}`,
    status === undefined ? "" : `status ${status}`,
    reset === undefined ? "" : `cut off ${reset} AuthKit acts`,
    truncate ? "answered by half" : "",
    times === 1 ? "once" : `${times} times`,
  ]
    .filter(Boolean)
    .join(", ");
}

function userSection(users: User[]): Markup {
  return html`<section aria-labelledby="users"><h2 id="users">Users <span class="quiet">${users.length}</span></h2>
${users.length === 0 ? html`<p class="quiet">None yet. Each completion makes one, or updates it.</p>` : ""}
<ul class="cards">${users.slice(0, MAX_LISTED).map(
    (user) => html`<li id="${user.id}"><strong>${fullName(user) ?? user.email}</strong>
<dl>
<dt>E-mail address</dt><dd>${user.email}${user.emailLocked ? " (locked)" : ""}</dd>
<dt>Your id</dt><dd><code>${user.externalId}</code></dd>
<dt>AuthKit's id</dt><dd><code>${user.id}</code></dd>
</dl></li>`,
  )}</ul>
${andMore(users.length)}
</section>`;
}

const ORIGINS = new Map([
  ["registration", "registered itself"],
  ["document", "known by its document"],
  ["api", "made by the API"],
]);

function clientSection(applications: DashboardView["applications"]): Markup {
  return html`<section aria-labelledby="clients"><h2 id="clients">Clients <span class="quiet">${applications.length}</span></h2>
<ul class="cards">${applications.slice(0, MAX_LISTED).map((application) => {
    const { id, name, clientId, secrets, redirectUris, scopes, firstParty, origin } = application;
    const permissions = scopes.filter((scope) => scopeInWords(scope) === undefined);
    const traits = [
      firstParty ? "first-party" : "third-party",
      application.isPublic ? "public" : "confidential",
      ORIGINS.get(origin) ?? "",
    ];
    return html`<li id="${id}"><strong>${name}</strong> <span class="quiet">${traits.filter(Boolean).join(", ")}</span>
<dl>
<dt>Client ID</dt><dd><code>${clientId}</code></dd>
${secrets.map((secret) => html`<dt>Client secret</dt><dd><details class="secret" id="${secret.id}"><summary>Show</summary><code>${secret.value}</code></details></dd>`)}
${redirectUris.length === 0 ? "" : html`<dt>Redirect URIs</dt><dd>${redirectUris.map((uri) => html`<code>${uri}</code><br>`)}</dd>`}
${permissions.length === 0 ? "" : html`<dt>Permissions</dt><dd>${permissions.map((scope) => html`<code>${scope}</code> `)}</dd>`}
</dl></li>`;
  })}</ul>
${andMore(applications.length)}
</section>`;
}

function andMore(count: number): Markup | string {
  return count > MAX_LISTED ? html`<p class="quiet">and ${count - MAX_LISTED} older ones</p>` : "";
}

function switchSection({ switches, csrfToken }: DashboardView): Markup {
  const names = Object.keys(SWITCHES) as (keyof Switches)[];
  const changed = names.filter((name) => switches[name] !== SWITCHES[name].values[0]).length;
  return html`<section class="wide" aria-labelledby="switches"><h2 id="switches">Switches <span class="quiet">${changed} changed</span></h2>
<p class="quiet">What this AuthKit does where nobody says for sure what the real one does.</p>
<details id="all-switches"><summary>Show all ${names.length}</summary>
<form method="post" action="/">
<input type="hidden" name="csrf_token" value="${csrfToken}">
<div class="switches">${names.map((name) => {
    const { about, question, values } = SWITCHES[name];
    const isChanged = switches[name] !== values[0];
    return html`<div id="switch-${name}"><label for="value-${name}">${about}<br><span class="quiet"><code>${name}</code>, ${question}${isChanged ? html`, <strong>changed</strong>` : ""}</span></label>
<select id="value-${name}" name="switch:${name}">${values.map((value, index) => {
      const text = index === 0 ? `${value} (default)` : value;
      return switches[name] === value
        ? html`<option value="${value}" selected>${text}</option>`
        : html`<option value="${value}">${text}</option>`;
    })}</select></div>`;
  })}</div>
<div class="row"><button name="action" value="switches">Set</button><button class="plain" name="action" value="default_switches">All to their defaults</button></div>
</form>
</details>
</section>`;
}

function inSeconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toLocaleString("en")} s`;
}
