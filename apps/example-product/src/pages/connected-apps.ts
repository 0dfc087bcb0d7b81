import type { Connection } from "@connect/core";
import { html } from "hono/html";
import type { User } from "../database.js";
import { accountMenu } from "./account-menu.js";
import { type Markup, renderDocument } from "./document.js";

/** What the page shows: whose it is, and the apps they let in; `null` where AuthKit couldn't be asked. */
export interface ConnectedAppsPage {
  user: User;
  connections: readonly Connection[] | null;
}

/** What the scopes that every app may have mean to the user. Others are shown by their name alone. */
const MEANINGS: ReadonlyMap<string, string> = new Map([
  ["openid", "Know who you are"],
  ["profile", "See your name"],
  ["email", "See your e-mail address"],
  ["offline_access", "Stay connected while you are away"],
]);

/** The apps that act for the user, each with a button that ends it. */
export function connectedAppsPage({ user, connections }: ConnectedAppsPage): string {
  return renderDocument(
    "Connected apps",
    accountMenu(user),
    html`<h1>Connected apps</h1>
${connections === null ? unavailable() : connections.length === 0 ? none() : apps(connections)}`,
  );
}

function apps(connections: readonly Connection[]): Markup {
  return html`<p class="lead">These apps act for you. One that you disconnect has to ask you again; what it holds already
can work for a few minutes more.</p>
${connections.map(card)}`;
}

function card({ applicationId, name, scopes, resource }: Connection): Markup {
  return html`<section class="card app">
<div class="head">
<h2>${name}</h2>
<form method="post" action="/connected-apps">
<input type="hidden" name="application_id" value="${applicationId}">
<button class="button plain" aria-label="Disconnect ${name}">Disconnect</button>
</form>
</div>
<h3>It may</h3>
<ul class="list">${scopes.map((scope) => html`<li>${MEANINGS.get(scope) ?? "Use a permission of its own"} <code>${scope}</code></li>`)}</ul>
${resource === undefined ? "" : html`<h3>At</h3><p><code>${resource}</code></p>`}
</section>`;
}

function none(): Markup {
  return html`<section class="card" id="no-apps"><p>No app is connected to your account.</p></section>`;
}

function unavailable(): Markup {
  return html`<p class="alert" role="alert" id="error">Your connected apps can't be shown or changed at the moment.
<a href="/connected-apps">Try again</a> in a minute.</p>`;
}
