import { html } from "hono/html";

import { layout } from "./layout.js";

/** A plain page that says what is wrong and what helps. */
export function errorPage({
  title,
  text,
  code,
}: {
  title: string;
  text: string;
  code?: string | undefined;
}): string {
  return layout(
    title,
    html`<h1>${title}</h1>
<p>${text}</p>
${code === undefined ? "" : html`<p class="quiet"><code>${code}</code></p>`}`,
  );
}

/** For faults that must not be sent to an application: who asked is not known or not trusted. */
export function authorizationErrorPage(error: string, description: string | undefined): string {
  if (error === "invalid_redirect_uri") {
    return errorPage({
      title: "Unknown redirect URI",
      text: "The application asked to be returned to an address that is not registered for it.",
      code: error,
    });
  }
  if (description?.includes("session") || description?.includes("expired")) return expiredPage();
  return errorPage({
    title: "This request cannot be answered",
    text: description ?? "Something went wrong.",
    code: error,
  });
}

export function applicationNotFoundPage(): string {
  return errorPage({
    title: "Application not found",
    text: "No application has this client ID. Check the client_id in the request.",
    code: "application_not_found",
  });
}

export function loginUriMissingPage(): string {
  return errorPage({
    title: "No Login URI is set",
    text: "AuthKit sends users to your application to sign in. Start it with the loginUri option, --login-uri or LOGIN_URI.",
  });
}

export function expiredPage(): string {
  return errorPage({
    title: "This sign-in has expired",
    text: "It took too long, was finished before, or was begun in another browser. Go back to the application you came from and start again.",
  });
}
