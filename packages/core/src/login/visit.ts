import { ConnectError } from "../errors.js";
import type { HandoffCookie } from "../outcome.js";
import type { RequestView } from "../ports.js";
import { EXTERNAL_AUTH_ID, readExternalAuthId } from "./external-auth-id.js";
import { toPath, toQuery } from "./request-path.js";
import { createHandle, createParking, type Parked, type ResumeOptions, unpark } from "./resume.js";

/** The query parameter of a way back that names a parked login. */
const HANDLE = "resume";

/** One visit to the Login URI: which login it is about. */
export interface Visit {
  readonly externalAuthId: string;
  /** The path that comes back to this login. */
  readonly returnTo: string;
  /** The cookies to set before the browser goes elsewhere and comes back. */
  park(): Promise<readonly HandoffCookie[]>;
  /** The cookies to set when the login is over. */
  readonly leave: readonly HandoffCookie[];
}

/**
 * Finds the login of a request. Throws `invalid_external_auth_id`; reason `ambiguous`: the request names no login, and
 * this browser has several parked.
 */
export async function findVisit(request: RequestView, resume: ResumeOptions | undefined): Promise<Visit> {
  if (resume === undefined) {
    const externalAuthId = readExternalAuthId(request);
    const returnTo = toReturnPath(request, { [EXTERNAL_AUTH_ID]: externalAuthId });
    return { externalAuthId, returnTo, park: async () => [], leave: [] };
  }
  const parking = createParking(resume);
  const parked = await parking.read(request);
  const found = findLogin(request, parked);
  const handle = found.handle ?? createHandle();
  return {
    externalAuthId: found.externalAuthId,
    returnTo: toReturnPath(request, { [HANDLE]: handle }),
    park: async () => (found.handle === undefined ? parking.park(handle, found.externalAuthId, parked) : []),
    leave: found.handle === undefined ? [] : [unpark(handle)],
  };
}

/** The login that the request names by its id or its handle, or the only one there is. */
function findLogin(
  request: RequestView,
  parked: readonly Parked[],
): { readonly externalAuthId: string; readonly handle?: string } {
  const query = toQuery(request);
  if (!query.has(EXTERNAL_AUTH_ID)) {
    const handle = query.get(HANDLE);
    const candidates = handle === null ? parked : parked.filter((one) => one.handle === handle);
    if (candidates.length > 1) throw new ConnectError("invalid_external_auth_id", { reason: "ambiguous" });
    if (candidates[0] !== undefined) return candidates[0];
  }
  const externalAuthId = readExternalAuthId(request);
  // Opened again, it goes on under the name that it has.
  return parked.find((one) => one.externalAuthId === externalAuthId) ?? { externalAuthId };
}

/** The way back to this login: always a path, so that no Host header or odd request line makes it another site. */
function toReturnPath(request: RequestView, query: Readonly<Record<string, string>>): string {
  return `${toPath(request)}?${new URLSearchParams(query)}`;
}
