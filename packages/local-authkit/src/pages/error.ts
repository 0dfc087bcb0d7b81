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
    text:
      description === undefined
        ? "Something went wrong here. Go back to the application you came from and start again."
        : `The application you came from asked in a way that AuthKit does not take: ${description}.`,
    code: error,
  });
}

const DOCUMENT_FAULTS = new Map([
  ["unreachable", "cannot be fetched: there was no answer in time, or its address is not a public one"],
  ["status", "was not answered with 200. Redirects are not followed"],
  ["size", "is larger than 5 KB"],
  ["json", "is not a JSON object"],
  ["client_id", "names another client_id than its own address"],
  ["redirect_uris", "has no redirect_uris that can be used"],
  [
    "token_endpoint_auth_method",
    "asks for another token_endpoint_auth_method than none, and does not offer none",
  ],
  ["token_endpoint_auth_methods_supported", "has token_endpoint_auth_methods_supported that want a secret"],
  ["client_secret", "has a client_secret, and is public"],
  ["client_secret_expires_at", "has a client_secret_expires_at, and is public"],
  ["grant_types", "has no authorization_code among its grant_types"],
  ["response_types", "has no code among its response_types"],
  ["client_name", "has a client_name that is empty or no text"],
]);

/** `documentFault`: why the document at the client id's address cannot be used; a word of {@link DocumentError}. */
export function applicationNotFoundPage(documentFault: string | undefined): string {
  const fault = DOCUMENT_FAULTS.get(documentFault ?? "");
  return errorPage({
    title: "Application not found",
    text:
      fault === undefined
        ? "No application has this client ID. Check the client_id in the request."
        : `The client ID is the address of a metadata document, and that ${fault}.`,
    code: "application_not_found",
  });
}

export function loginUriMissingPage(): string {
  return errorPage({
    title: "No Login URI is set",
    text: "AuthKit sends users to your application to sign in. Start it with the loginUri option, --login-uri or LOGIN_URI.",
  });
}

/** Where the application that was denied is not told. */
export function deniedPage(clientName: string): string {
  return errorPage({ title: "Access denied", text: `${clientName} has no access. You can close this page.` });
}

/** Where a device is not worth a visit of the Login URI. */
export function deviceLoginRefusedPage(): string {
  return errorPage({
    title: "Sign in first",
    text: "You are not signed in here, so the device was denied access. Sign in through an application, then start again on your device.",
  });
}

export function expiredPage(): string {
  return errorPage({
    title: "This sign-in has expired",
    text: "It took too long, was finished before, or was begun in another browser. Go back to the application you came from and start again.",
  });
}
