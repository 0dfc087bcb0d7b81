import { invalidConfig } from "../config.js";
import type { HandoffCookie } from "../outcome.js";
import type { RequestView } from "../ports.js";
import { parseExternalAuthId } from "./external-auth-id.js";
import { createSeal } from "./seal.js";

/** Lets a login be found again by a browser that lost its id on the way through the sign-in page. */
export interface ResumeOptions {
  /**
   * At least 32 characters that nobody can guess, or several such secrets to rotate them: the first seals, the others
   * still open what they sealed. A secret that is taken away ends the logins under way with it.
   */
  readonly secret: string | readonly [string, ...string[]];
}

/** Over plain http, browsers take a `__Host-` cookie from loopback alone, and Safari not even there. */
const PREFIX = "__Host-connect-login.";

/** Twice as long as AuthKit is known to keep an id, in seconds. */
const MAX_AGE = 600;

/** Logins that one browser has under way at the same time; the oldest gives way. */
const MAX_PARKED = 5;

/** A login that waits in a cookie. */
export interface Parked {
  readonly handle: string;
  readonly externalAuthId: string;
  readonly since: number;
}

/** The cookies in which a browser's logins wait. */
export interface Parking {
  /** What this browser has parked, oldest first. */
  read(request: RequestView): Promise<readonly Parked[]>;
  /** Parks a login among the others; the cookies to set. */
  park(handle: string, externalAuthId: string, parked: readonly Parked[]): Promise<readonly HandoffCookie[]>;
}

/** Sets it up. Throws `invalid_config`. */
export function createParking(options: ResumeOptions): Parking {
  const seal = createSeal(parseSecrets(options), "resume");

  return {
    async read(request) {
      const parked: Parked[] = [];
      for (const [handle, text] of readCookies(request, PREFIX)) {
        const content = await seal.open(text);
        // The handle is sealed as well, so that no cookie passes for another.
        if (content?.handle !== handle || typeof content.iat !== "number") continue;
        parked.push({ handle, externalAuthId: parseExternalAuthId(content.id), since: content.iat });
      }
      return parked.sort((a, b) => a.since - b.since);
    },
    async park(handle, externalAuthId, parked) {
      const tooMany = parked.slice(0, Math.max(0, parked.length - MAX_PARKED + 1));
      const value = await seal.close({ handle, id: externalAuthId }, MAX_AGE);
      return [{ name: PREFIX + handle, value, maxAge: MAX_AGE }, ...tooMany.map((old) => unpark(old.handle))];
    },
  };
}

/** The cookies of a request whose names begin so, by the rest of their names. */
function readCookies({ headers }: RequestView, prefix: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  // A comma, where a view of the headers joined two cookie headers with one.
  for (const pair of (headers.get("cookie") ?? "").split(/[;,]/)) {
    const [name = "", value = ""] = pair.trim().split("=", 2);
    if (name.startsWith(prefix)) found.set(name.slice(prefix.length), value);
  }
  return found;
}

/** The cookie that takes a parked login away. */
export function unpark(handle: string): HandoffCookie {
  return { name: PREFIX + handle, value: "", maxAge: 0 };
}

/** A name for a login that tells nothing of it. */
export function createHandle(): string {
  return crypto.randomUUID().replaceAll("-", "");
}

/** The secrets, newest first. Throws `invalid_config`. */
export function parseSecrets({ secret }: ResumeOptions): readonly string[] {
  const secrets = typeof secret === "string" ? [secret] : secret;
  const areGood =
    Array.isArray(secrets) &&
    secrets.length > 0 &&
    secrets.every((one) => typeof one === "string" && one.length >= 32);
  if (!areGood) {
    const isEmpty = secret === undefined || secret === "";
    throw invalidConfig(`resume.secret: ${isEmpty ? "is empty" : "must have at least 32 characters"}`);
  }
  return secrets;
}
