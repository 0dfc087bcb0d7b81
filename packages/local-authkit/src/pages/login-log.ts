import { html } from "hono/html";

import type { LoggedLogin, LoginPhase, LoginStep } from "../logins.js";
import type { Markup } from "./layout.js";

const TOKENS = new Map([
  ["access_token", "access token"],
  ["id_token", "ID token"],
  ["refresh_token", "refresh token"],
]);

const WHO_REFUSED: Record<LoginPhase, string> = {
  authorization: "The authorization request ended with",
  completion: "The completion API refused:",
  return: "The way back from the application ended with",
  consent: "Consent ended with",
  device: "The device's request ended with",
  token: "The token endpoint refused:",
};

const KINDS: Record<LoggedLogin["kind"], string> = {
  login: "Login",
  device: "Device",
  m2m: "Machine to machine",
  refresh: "Refresh of an older login",
  request: "Request of no known login",
};

/** One login: a line that says where it is, and all its steps. */
export function loginEntry(login: LoggedLogin): Markup {
  const { id, client, user, steps, omitted } = login;
  const [tone, state] = stateOf(steps.at(-1));
  return html`<li id="${id}">
<details class="login" id="${id}-steps">
<summary><span class="who"><strong>${client?.name ?? client?.id ?? KINDS[login.kind]}</strong>${user ? html` <span class="quiet">${user.email}</span>` : ""}</span><span class="state ${tone}">${state}</span><time datetime="${login.at}">${dateOf(login.at)}</time></summary>
<div class="inside">
<dl>
<dt>Kind</dt><dd>${KINDS[login.kind]}</dd>
${client ? html`<dt>Client</dt><dd><code>${client.id}</code></dd>` : ""}
${user ? html`<dt>User</dt><dd>${user.email}, <code>${user.id}</code></dd>` : ""}
</dl>
<ol class="steps">
${steps.map((step, index) => {
  const position = index === 0 ? 0 : index + omitted;
  return html`<li id="${id}-${position}"><time datetime="${step.at}">${sinceThen(login.at, step.at)}</time><div>${inWords(step, `${id}-${position}`)}${
    index === 0 && omitted > 0 ? html`<p class="quiet">${omitted} older steps are not kept.</p>` : ""
  }</div></li>`;
})}
</ol>
</div>
</details>
</li>`;
}

function stateOf(step: LoginStep | undefined): [tone: "good" | "bad" | "open", state: Markup | string] {
  switch (step?.type) {
    case "sent_to_login_uri":
      return ["open", "At the Login URI"];
    case "session_used":
    case "returned":
    case "consent_skipped":
      return ["open", "At AuthKit"];
    case "completed":
      return ["open", "Completed"];
    case "organizations_shown":
      return ["open", "Asked for an organization"];
    case "organization_chosen":
      return ["open", "Organization chosen"];
    case "consent_shown":
      return ["open", "Asked for consent"];
    case "consent_allowed":
      return ["open", "Consent given"];
    case "consent_denied":
      return ["bad", "Denied"];
    case "code_issued":
      return ["open", "Code issued"];
    case "device_confirmed":
      return ["open", "Device confirmed"];
    case "tokens_issued":
      return ["good", step.grant === "refresh_token" ? "Refreshed" : "Tokens issued"];
    case "error":
      return ["bad", html`Refused: ${step.code}`];
    default:
      return ["open", "Requested"];
  }
}

function inWords(step: LoginStep, id: string): Markup | string {
  switch (step.type) {
    case "requested":
      return html`Asked for ${step.scopes.length === 0 ? "no scope" : codes(step.scopes)}${
        step.resource === undefined ? "" : html`, for the resource <code>${step.resource}</code>`
      }`;
    case "session_used":
      return "The browser has an AuthKit session: no visit of the Login URI";
    case "sent_to_login_uri":
      return "Sent to the Login URI";
    case "completed":
      return html`Completed as <code>${step.user}</code>${
        step.options.length === 0 ? "" : html`, with options for ${codes(step.options)}`
      }`;
    case "returned":
      return "Came back to AuthKit";
    case "organizations_shown":
      return "Organization picker shown";
    case "organization_chosen":
      return html`Organization chosen: <code>${step.organizationId}</code>`;
    case "consent_shown":
      return "Consent page shown";
    case "consent_allowed": {
      const chosen = Object.entries(step.chosen);
      return html`Allowed${
        chosen.length === 0 ? "" : html`, with ${codes(chosen.map(([claim, value]) => `${claim}: ${value}`))}`
      }`;
    }
    case "consent_denied":
      return "Denied";
    case "consent_skipped":
      return step.reason === "first_party"
        ? "No consent page: the application is first-party"
        : "No consent page: all of this was allowed before";
    case "code_issued":
      return "Code issued; the browser goes to the client";
    case "device_confirmed":
      return "The device's code is confirmed";
    case "tokens_issued":
      return html`${step.grant === "refresh_token" ? "Refreshed: " : "Tokens issued: "}${step.tokens
        .map((name) => TOKENS.get(name) ?? name)
        .join(", ")}
${Object.entries(step.claims).map(
  ([name, claims]) => html`<details id="${id}-${name}"><summary>What the ${TOKENS.get(name)} says</summary>
<pre>${JSON.stringify(claims, null, 2)}</pre></details>`,
)}`;
    case "error":
      return html`<span class="bad">${WHO_REFUSED[step.during]} <code>${step.code}</code>${
        step.status === undefined ? "" : ` (${step.status})`
      }</span>${step.fields === undefined ? "" : html`<br>${codes(step.fields)}`}`;
  }
}

function codes(texts: string[]): Markup {
  return html`${texts.map((text, index) => html`${index === 0 ? "" : ", "}<code>${text}</code>`)}`;
}

// In the time zone of this machine, where the browser is, too.
const DATE = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

/** `27 Nov, 02:31:05` */
export function dateOf(time: string | number): string {
  return DATE.format(new Date(time));
}

/** How much later: `+1.204 s`, `+5 min 1 s`, `+2 h 0 min`. */
function sinceThen(then: string, time: string): string {
  const milliseconds = Date.parse(time) - Date.parse(then);
  const seconds = Math.floor(milliseconds / 1000);
  const minutes = Math.floor(seconds / 60);
  if (minutes === 0) return `+${(milliseconds / 1000).toFixed(3)} s`;
  if (minutes < 60) return `+${minutes} min ${seconds % 60} s`;
  return `+${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
