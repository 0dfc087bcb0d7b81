import { type Answer, askForJson, type JsonAnswer } from "../http.js";
import { hasCredentials, isLoopback, isSecure, parseUrl } from "../loopback.js";
import { type Finding, findingsOf, rule } from "./finding.js";
import type { Setup } from "./setup.js";
import { AUTHKIT, answerOrTrouble, Trouble } from "./trouble.js";

const { ok, info, warning, failure } = findingsOf("authkit");

/** How far clocks may differ for a verifier with its default tolerance, in seconds. */
const CLOCK_TOLERANCE = 5;

/** What is found about AuthKit, and where its keys are if that is known. */
export interface AuthKitReport {
  readonly findings: readonly Finding[];
  readonly jwksUrl: string | undefined;
}

/** The AuthKit domain, its two documents and its clock. */
export async function checkAuthKit(setup: Setup, progress: (text: string) => void): Promise<AuthKitReport> {
  const { authkitUrl } = setup;
  if (authkitUrl === undefined) return { findings: [], jwksUrl: undefined };
  const form = checkIssuer(authkitUrl);
  const origin = parseUrl(authkitUrl)?.origin;
  if (form.status === "failure" || origin === undefined) return { findings: [form], jwksUrl: undefined };

  const request = async (name: string) => {
    progress(`Asking ${origin} for ${name} ...`);
    return answerOrTrouble(await askForJson(`${origin}/.well-known/${name}`), AUTHKIT);
  };
  const oauth = await request("oauth-authorization-server");
  const openid = await request("openid-configuration");
  const oauthDocument = readDocument(oauth);
  const openidDocument = readDocument(openid);
  return {
    findings: [
      form,
      checkDocument("oauth-authorization-server", oauth, authkitUrl),
      checkDocument("openid-configuration", openid, authkitUrl),
      ...(oauthDocument ? checkOAuth(oauthDocument, authkitUrl) : []),
      ...(oauthDocument && openidDocument ? [checkAgreement(oauthDocument, openidDocument)] : []),
      ...(oauthDocument ? checkClients(oauthDocument, setup) : []),
      ...(oauth instanceof Trouble ? [] : checkClock(oauth)),
    ],
    jwksUrl: addressOf(oauthDocument?.jwks_uri) ?? addressOf(openidDocument?.jwks_uri),
  };
}

/** Byte for byte what tokens say in `iss`. */
function checkIssuer(authkitUrl: string): Finding {
  const url = parseUrl(authkitUrl);
  if (url === undefined) {
    return failure(
      "issuer",
      "AUTHKIT_URL is no http or https address.",
      "Write it as https://example.authkit.app, and a local AuthKit's as http://localhost:4000.",
    );
  }
  if (!isSecure(url)) {
    return failure("issuer", "AUTHKIT_URL is neither https nor on this machine.", "Write it with https://.");
  }
  if (hasCredentials(url)) {
    return failure("issuer", "AUTHKIT_URL holds credentials.", "Leave them out.");
  }
  if (url.origin === authkitUrl) return ok("issuer", `${authkitUrl} has the form of an issuer.`);
  // Core takes a slash at the end of authkitUrl, and refuses one at the end of issuer.
  return failure(
    "issuer",
    "AUTHKIT_URL is not written as tokens say it in iss.",
    `Write it as ${url.origin}: no slash at its end, no path, no capital letters.`,
  );
}

type Document = Readonly<Record<string, unknown>>;

function readDocument(answer: JsonAnswer | Trouble): Document | undefined {
  if (answer instanceof Trouble || answer.status !== 200) return undefined;
  const { json } = answer;
  return typeof json === "object" && json !== null && !Array.isArray(json) ? (json as Document) : undefined;
}

/** RFC 8414 section 3.3: what names another issuer must not be used. */
function checkDocument(name: string, answer: JsonAnswer | Trouble, authkitUrl: string): Finding {
  if (answer instanceof Trouble) return failure(name, `A request for ${name} ${answer.seen}.`, answer.todo);
  const document = readDocument(answer);
  if (document === undefined) {
    const what = answer.status === 200 ? "no JSON object" : `status ${answer.status}`;
    return failure(
      name,
      `${name} is answered with ${what}.`,
      "Look whether AUTHKIT_URL is the AuthKit domain and not the application's or api.workos.com.",
    );
  }
  return rule(
    document.issuer === authkitUrl,
    ok(name, `${name} names this issuer.`),
    failure(
      name,
      `${name} names another issuer than AUTHKIT_URL.`,
      `Write AUTHKIT_URL as AuthKit does${quoteUrl(document.issuer)}: tokens say it byte for byte.`,
    ),
  );
}

/** An issuer is public, and the one thing that helps here. */
function quoteUrl(value: unknown): string {
  const url = addressOf(value);
  // What is no ASCII could draw on the terminal.
  return url !== undefined && /^[\x21-\x7e]{1,200}$/.test(url) ? `, ${url}` : "";
}

/** What both documents must name, and alike. */
const ENDPOINTS = ["authorization_endpoint", "token_endpoint", "jwks_uri"];

function checkOAuth(document: Document, authkitUrl: string): Finding[] {
  const missing = ENDPOINTS.filter((name) => addressOf(document[name]) === undefined);
  const methods = document.code_challenge_methods_supported;
  return [
    rule(
      missing.length === 0,
      ok("endpoints", "The endpoints that clients need are named."),
      failure(
        "endpoints",
        `No address is named as ${missing.join(", ")}.`,
        "Ask WorkOS: clients can't go on.",
      ),
    ),
    rule(
      Array.isArray(methods) && methods.includes("S256"),
      ok("pkce", "PKCE with S256 is offered."),
      failure(
        "pkce",
        "PKCE with S256 is not offered.",
        "MCP clients refuse to go on without it: ask WorkOS.",
      ),
    ),
    ...(missing.length > 0 || document.jwks_uri === `${authkitUrl}/oauth2/jwks`
      ? []
      : [
          warning(
            "jwks-uri",
            "The keys are not at <issuer>/oauth2/jwks, where the verifier looks.",
            "Give createVerifier the jwksUrl that the metadata names.",
          ),
        ]),
  ];
}

function checkAgreement(oauth: Document, openid: Document): Finding {
  const differing = ENDPOINTS.filter((name) => oauth[name] !== openid[name]);
  return rule(
    differing.length === 0,
    ok("agreement", "Both documents name the same endpoints."),
    warning(
      "agreement",
      `The two documents differ in ${differing.join(", ")}.`,
      "Clients read the one or the other: look for a proxy that mends one of them.",
    ),
  );
}

/** How clients that nobody configured may come. */
function checkClients(document: Document, { cimd, dcr }: Setup): Finding[] {
  return [
    checkWay(
      "cimd",
      "Client ID metadata documents",
      document.client_id_metadata_document_supported === true,
      cimd,
    ),
    checkWay("dcr", "Dynamic client registration", document.registration_endpoint !== undefined, dcr),
  ];
}

function checkWay(check: string, name: string, isOn: boolean, wanted: boolean | undefined): Finding {
  const seen = `${name}: ${isOn ? "on" : "off"}.`;
  if (wanted === undefined) return info(check, seen);
  return isOn === wanted
    ? ok(check, seen)
    : failure(
        check,
        seen,
        `Switch it ${wanted ? "on" : "off"} in the WorkOS dashboard, Connect, Configuration.`,
      );
}

/**
 * By the Date header, which knows whole seconds: what may be due to that or to the way is not held against anybody. A cache
 * on the way keeps the header as it was, and says for how long (RFC 9111 section 5.1).
 */
function checkClock({ headers, askedAt, answeredAt }: Answer): Finding[] {
  const date = Date.parse(headers.get("date") ?? "");
  if (Number.isNaN(date)) return [];
  const age = Number(headers.get("age")) || 0;
  const now = date + age * 1_000;
  const behind = (now - answeredAt) / 1000;
  const ahead = (askedAt - (now + (age > 0 ? 2_000 : 1_000))) / 1000;
  const off = Math.ceil(Math.max(behind, ahead, 0));
  const seen = `This machine's clock is ${off} seconds ${behind > ahead ? "behind" : "ahead of"} AuthKit's.`;
  if (off > CLOCK_TOLERANCE) {
    return [failure("clock", seen, "Set it by NTP: tokens are refused as expired or not valid yet.")];
  }
  return [
    rule(
      off < 2,
      ok("clock", "This machine's clock agrees with AuthKit's."),
      warning("clock", seen, `Set it by NTP: verifiers let clocks differ by ${CLOCK_TOLERANCE} seconds.`),
    ),
  ];
}

/** Whether this AuthKit is one on this machine, whose keys are for development. */
export function isLocalAuthKit({ authkitUrl }: Setup): boolean {
  const url = parseUrl(authkitUrl ?? "");
  return url !== undefined && isLoopback(url);
}

function addressOf(value: unknown): string | undefined {
  return typeof value === "string" && parseUrl(value) ? value : undefined;
}
