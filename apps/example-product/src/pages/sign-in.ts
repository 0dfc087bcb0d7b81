import { html } from "hono/html";
import { demoAccounts } from "../seed.js";
import { renderDocument } from "./document.js";

/** What the sign-in page shows: where it leads, and after a failed attempt the e-mail that was typed. */
export interface SignInPage {
  /** A path on this site, as `readReturnTo` gives it. */
  returnTo: string;
  email?: string;
  failed?: boolean;
}

/** The sign-in form. It never repeats a password and doesn't say which of the two fields was wrong. */
export function signInPage({ returnTo, email = "", failed = false }: SignInPage): string {
  return renderDocument(
    "Sign in",
    "",
    html`<div class="narrow">
<section class="card">
<h1>Sign in</h1>
${failed ? html`<p class="alert" role="alert" id="error">That e-mail and password don't match.</p>` : ""}
<form method="post" action="/sign-in">
<input type="hidden" name="return_to" value="${returnTo}">
<label for="email">E-mail</label>
<input id="email" name="email" type="email" value="${email}" autocomplete="username" required>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button class="button wide" id="sign-in">Sign in</button>
</form>
</section>
<section class="small">
<h3>Demo accounts</h3>
<ul class="list">${demoAccounts.map((account) => html`<li><code>${account.email}</code> <code>${account.password}</code></li>`)}</ul>
</section>
</div>`,
  );
}
