import { html } from "hono/html";
import type { User } from "../database.js";
import type { Markup } from "./document.js";

/** Who is signed in, with the way out: for the header of every page behind the sign-in. */
export function accountMenu({ firstName, lastName, email }: User): Markup {
  return html`<div class="account">
<span id="signed-in-as" title="${email}">Signed in as ${firstName} ${lastName}</span>
<form method="post" action="/sign-out"><button class="button plain" id="sign-out">Sign out</button></form>
</div>`;
}
