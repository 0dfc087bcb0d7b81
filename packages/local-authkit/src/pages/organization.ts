import { html } from "hono/html";

import { layout } from "./layout.js";

export interface OrganizationView {
  action: string;
  csrfToken: string;
  clientName: string;
  userName: string | undefined;
  email: string;
  organizations: readonly { id: string; name: string }[];
  isIncomplete: boolean;
}

/** Asks who belongs to several organizations which one to go on with. */
export function organizationPage(view: OrganizationView): string {
  return layout(
    "Choose an organization",
    html`<h1 id="question">Choose an organization</h1>
<p class="quiet">Signed in as <strong>${view.userName === undefined ? view.email : `${view.userName} (${view.email})`}</strong></p>
<p class="quiet">You go on to ${view.clientName} with the one you choose.</p>
<form id="organization" method="post" action="${view.action}">
<input type="hidden" name="csrf_token" value="${view.csrfToken}">
<div class="choices" role="radiogroup" aria-labelledby="question">
${view.organizations.map(
  ({ id, name }) =>
    html`<label class="choice"><input type="radio" name="organization_id" value="${id}" required> <span>${name}</span></label>`,
)}
</div>
${view.isIncomplete ? html`<p class="notice" role="alert">Choose one of your organizations to go on.</p>` : ""}
<div class="actions"><button>Continue</button></div>
</form>`,
  );
}
