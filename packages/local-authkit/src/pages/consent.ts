import { html } from "hono/html";

import { scopeInWords } from "../scopes.js";
import type { Choice, UserConsentOption } from "../user-consent-option.js";
import { layout } from "./layout.js";

export interface ConsentView {
  action: string;
  csrfToken: string;
  clientName: string;
  /** The user's name and e-mail. */
  userName: string | undefined;
  email: string;
  /** The organization that the user goes on with. */
  organizationName: string | undefined;
  scopes: string[];
  /** Of the environment, with their names. */
  permissions: readonly { slug: string; name: string }[];
  options: UserConsentOption[];
  /** What was chosen before, by option, when the form comes back. */
  chosen: (string | undefined)[];
  isIncomplete: boolean;
}

/** Asks the user whether the application may have access, and what the application wants the user to choose. */
export function consentPage(view: ConsentView): string {
  const { clientName } = view;
  return layout(
    `Allow ${clientName}?`,
    html`<h1>Allow ${clientName} to use your account?</h1>
<p class="quiet">Signed in as <strong>${view.userName === undefined ? view.email : `${view.userName} (${view.email})`}</strong>${view.organizationName === undefined ? "" : html` for <strong>${view.organizationName}</strong>`}</p>
<h2>${clientName} will be able to</h2>
<ul>${view.scopes.map((scope) => html`<li>${inWords(scope, view.permissions)}</li>`)}</ul>
<form id="consent" method="post" action="${view.action}">
<input type="hidden" name="csrf_token" value="${view.csrfToken}">
${view.options.map((option, index) => select(option, index, view.chosen[index]))}
${view.isIncomplete ? html`<p class="notice" role="alert">Choose one of the offered values to go on.</p>` : ""}
<div class="actions">
<button name="decision" value="allow">Allow</button>
<button class="plain" name="decision" value="deny" formnovalidate>Deny</button>
</div>
</form>
<p class="quiet">If you deny, you return to ${clientName} and nothing is shared.</p>`,
  );
}

function inWords(scope: string, permissions: ConsentView["permissions"]) {
  return (
    scopeInWords(scope) ??
    permissions.find(({ slug }) => slug === scope)?.name ??
    html`Use the permission <code>${scope}</code>`
  );
}

function select(option: UserConsentOption, index: number, chosen: string | undefined) {
  return html`<label for="option-${index}">${option.label}</label>
<select id="option-${index}" name="option:${index}" required>
<option value="">Choose…</option>
${option.choices.map((entry) =>
  "group" in entry
    ? html`<optgroup label="${entry.group}">${entry.choices.map((choice) => item(choice, chosen))}</optgroup>`
    : item(entry, chosen),
)}
</select>`;
}

function item({ value, label }: Choice, chosen: string | undefined) {
  return value === chosen
    ? html`<option value="${value}" selected>${label}</option>`
    : html`<option value="${value}">${label}</option>`;
}
