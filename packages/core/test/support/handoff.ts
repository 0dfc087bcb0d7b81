import { inspect } from "node:util";
import type { ConfirmationForm, LoginConfirmation, LoginOutcome, LoginRequest } from "../../src/index.js";

/** The Login URI as AuthKit opens it. */
export const LOGIN_URI = "https://app.example.com/auth/login?external_auth_id=a";

/** What a browser says when a person sends the form of a page. */
const FORM_HEADERS = {
  "content-type": "application/x-www-form-urlencoded",
  host: "app.example.com",
  origin: "https://app.example.com",
  "sec-fetch-dest": "document",
  "sec-fetch-site": "same-origin",
};

/** A post to the Login URI; a header that is `undefined` is not sent. */
export function post(
  fields: Readonly<Record<string, string>>,
  {
    url = LOGIN_URI,
    headers = {},
    body = new URLSearchParams(fields).toString(),
  }: { url?: string; headers?: Readonly<Record<string, string | undefined>>; body?: unknown } = {},
): LoginRequest {
  const sent = Object.entries({ ...FORM_HEADERS, ...headers }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return { method: "POST", url, headers: new Headers(sent), body };
}

/** What the user clicked on a page that asks. */
export function click(
  answer: "continue" | "switch" | "deny",
  { action, proof }: ConfirmationForm,
  headers: Readonly<Record<string, string | undefined>> = {},
): LoginRequest {
  return post({ answer, proof }, { url: `https://app.example.com${action}`, headers });
}

/** The page that asks; any other outcome fails the test. */
export function asked(outcome: LoginOutcome): LoginConfirmation {
  if (outcome.type !== "confirmation") throw new Error(`not asked: ${inspect(outcome)}`);
  return outcome;
}
