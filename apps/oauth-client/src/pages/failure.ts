import { html } from "hono/html";
import { renderDocument } from "./document.js";

/** What each code means to the person in front of the page; any other code gets the last words. */
const WORDS: Record<string, readonly [title: string, advice: string]> = {
  access_denied: ["Not connected", "You chose not to connect, so nothing has been shared."],
  authkit_unreachable: [
    "AuthKit can't be reached",
    "The sign-in service gave no answer. Wait a moment, then try again.",
  ],
  invalid_authkit_response: [
    "AuthKit's answer can't be used",
    "The sign-in service answered in a way that this app doesn't accept. You can try again.",
  ],
  invalid_state: [
    "This link doesn't belong to a sign-in from here",
    "It may have been used already, or been opened in another browser.",
  ],
  foreign_request: ["That didn't come from this page", "Another site sent it, so nothing was done."],
  not_connected: ["You aren't connected", "The connection has ended, or the app was restarted."],
  not_found: ["There is nothing here", "This address doesn't lead anywhere."],
  internal_error: ["Something went wrong here", "Nothing was changed. Please try again."],
};
const OTHER_WORDS = ["That didn't work", "The sign-in service refused. You can try again."] as const;

/** Says what went wrong in plain words, with the code for whoever is asked for help. */
export function failurePage(code: string, description: string | null = null): string {
  const [title, advice] = (Object.hasOwn(WORDS, code) && WORDS[code]) || OTHER_WORDS;
  return renderDocument(
    title,
    html`<section class="panel" id="error" role="alert">
<h1>${title}</h1>
<p>${advice}</p>
<p class="soft">Code: <code>${code}</code>${description === null ? "" : html`<br>${description}`}</p>
</section>
<p class="actions"><a class="button" id="connect" href="/connect">Try again</a>
<a class="button plain" href="/">Back to the start</a></p>`,
  );
}
