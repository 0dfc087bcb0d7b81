import { html } from "hono/html";
import type { User } from "../database.js";
import { groupByEnvironment, type Workspace } from "../workspaces.js";
import { accountMenu } from "./account-menu.js";
import { type Markup, productName, renderDocument } from "./document.js";

/** The start page: who is signed in, and the workspaces they may share with a partner's app. */
export function homePage({ user, workspaces }: { user: User | null; workspaces: Workspace[] }): string {
  return renderDocument(
    "Home",
    user ? accountMenu(user) : html`<a class="button" id="sign-in" href="/sign-in">Sign in</a>`,
    html`<h1>Field notes your whole team can find</h1>
<p class="lead">${productName} keeps what your team writes down, one workspace for each region and stage.</p>
${user ? workspacesCard(workspaces) : ""}
<section class="card">
<h2>Connect other apps</h2>
<p>A partner's app can read your notes once you allow it. It sends you here to sign in; then you pick the one
workspace that it may see.</p>
${user ? html`<p><a href="/connected-apps" id="connected-apps">Your connected apps</a></p>` : ""}
</section>`,
  );
}

function workspacesCard(workspaces: Workspace[]): Markup {
  const groups = groupByEnvironment(workspaces).map(
    ([environment, members]) => html`<h3>${environment}</h3>
<ul class="list">${members.map(({ id, name }) => html`<li>${name} <code>${id}</code></li>`)}</ul>`,
  );
  return html`<section class="card" id="workspaces">
<h2>Your workspaces</h2>
${groups.length > 0 ? groups : html`<p>You aren't a member of any workspace yet.</p>`}
</section>`;
}
