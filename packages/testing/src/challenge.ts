import { type AnyResponse, viewResponse } from "./any-response.js";

/** What a challenge shall say. What is left out is not looked at. */
export interface ExpectedChallenge {
  /** `null`: none is named, as where the request carried no token. */
  readonly error?: "invalid_request" | "invalid_token" | "insufficient_scope" | null | undefined;
  /** The scopes that are asked for, in any order. */
  readonly scope?: string | readonly string[] | undefined;
  /** Where the resource's metadata is (RFC 9728 section 5.1). */
  readonly resourceMetadata?: string | undefined;
}

/** The status that goes with each error (RFC 6750 section 3.1). */
const STATUS_OF: Readonly<Record<string, number>> = {
  invalid_request: 400,
  invalid_token: 401,
  insufficient_scope: 403,
};

/** Throws unless the response refuses a token as RFC 6750 section 3 has it. The message never holds a token. */
export function assertChallenge(response: AnyResponse, expected: ExpectedChallenge = {}): void {
  const fault = faultOfChallenge(response, expected);
  if (fault !== undefined) throw new Error(fault);
}

/** What is wrong with a response as a challenge; `undefined`: nothing. */
export function faultOfChallenge(
  response: AnyResponse,
  { error, scope, resourceMetadata }: ExpectedChallenge = {},
): string | undefined {
  const { status, header } = viewResponse(response);
  const found = parseChallenge(header("www-authenticate") ?? "");
  if (found === undefined) {
    return `Expected a challenge (WWW-Authenticate: Bearer), but the response is ${status} without one.`;
  }
  const named = found.get("error");
  if (error !== undefined && named !== (error ?? undefined)) {
    const wanted = error === null ? "to name no error" : `to say ${error}`;
    return `Expected the challenge ${wanted}, but it ${named === undefined ? "names none" : `says ${show(named)}`}.`;
  }
  const fitting = named === undefined ? 401 : STATUS_OF[named];
  if (fitting !== undefined && status !== fitting) {
    return `Expected status ${fitting} with this challenge, but the response is ${status}.`;
  }
  if (scope !== undefined) {
    const wanted = toScopes(scope);
    const asked = toScopes(found.get("scope") ?? "");
    if (wanted.join(" ") !== asked.join(" ")) {
      return `Expected the challenge to ask for ${list(wanted)}, but it asks for ${list(asked.map(show))}.`;
    }
  }
  const metadata = found.get("resource_metadata");
  if (resourceMetadata !== undefined && metadata !== resourceMetadata) {
    const says = metadata === undefined ? "names none" : `names ${showUrl(metadata)}`;
    return `Expected the challenge to name the metadata ${resourceMetadata}, but it ${says}.`;
  }
  return undefined;
}

/** The parameters of the Bearer challenge among those in the header (RFC 9110 section 11.6.1). */
export function parseChallenge(header: string): ReadonlyMap<string, string> | undefined {
  const start = /(?:^|,\s*)Bearer(?:\s+|$)/i.exec(header);
  if (start === null) return undefined;
  const parameters = new Map<string, string>();
  const parameter = /\s*([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))\s*(?:,|$)/y;
  parameter.lastIndex = start.index + start[0].length;
  for (let match = parameter.exec(header); match !== null; match = parameter.exec(header)) {
    const [, name = "", quoted, plain = ""] = match;
    parameters.set(name.toLowerCase(), quoted?.replace(/\\(.)/g, "$1") ?? plain);
  }
  return parameters;
}

function toScopes(scope: string | readonly string[]): readonly string[] {
  const scopes = typeof scope === "string" ? scope.split(" ") : scope;
  return [...new Set(scopes)].filter((one) => one !== "").sort();
}

function list(scopes: readonly string[]): string {
  return scopes.length === 0 ? "no scopes" : scopes.join(" ");
}

/** What a broken application puts here may be a token: a word is shown, and nothing else. */
function show(value: string): string {
  return /^[\w:./-]{1,40}$/.test(value) ? value : "something else";
}

function showUrl(value: string): string {
  if (!URL.canParse(value)) return "something that is no URL";
  const { origin, pathname } = new URL(value);
  return origin + (pathname.length <= 200 ? pathname : "/...");
}
