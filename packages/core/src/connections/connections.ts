import * as v from "valibot";
import { type ApiAccess, type ApiConfig, parseApiAccess } from "../api-access.js";
import { parseOnEvent } from "../config.js";
import { ConnectError } from "../errors.js";
import type { ConnectionsEvent, OnEvent } from "../events.js";
import { type ApiCall, callApi, type HttpAnswer, toApiFailure } from "../http.js";
import { userIdSchema } from "../login/user.js";

/** An application that a user let in. */
export interface Connection {
  /** AuthKit's id of the application, for {@link Connections.remove}. */
  readonly applicationId: string;
  /** What the application calls itself. Not to be trusted more than that: clients can register by themselves. */
  readonly name: string;
  /** The scopes that the user granted. */
  readonly scopes: readonly string[];
  /** The resource indicator that it may use, where it asked for one. */
  readonly resource: string | undefined;
}

/** The applications that users are connected with. */
export interface Connections {
  /**
   * All applications that this user let in, by the application's own id of the user. None for a user that AuthKit does
   * not know. Throws `invalid_user`, `unauthorized_api_key`, `rate_limited`, `authkit_unavailable` or
   * `invalid_authkit_response`.
   */
  list(userId: string): Promise<readonly Connection[]>;
  /**
   * Takes back what this user granted to an application. One that is not connected (any more) is no error. Access tokens
   * live on for their few minutes; a deny list ends them at once. Throws as {@link Connections.list}.
   */
  remove(userId: string, applicationId: string): Promise<void>;
}

/** What {@link createConnections} needs to know. */
export interface ConnectionsConfig extends ApiConfig {
  /** Told of each call of the API: see {@link ConnectionsEvent}. Default: nobody is told. */
  readonly onEvent?: OnEvent<ConnectionsEvent> | undefined;
}

/** The largest page that the API gives. */
const PAGE = 100;
/** No user connects this many times {@link PAGE} applications. */
const MAX_PAGES = 20;

/** Ids are visible ASCII, and go into addresses. */
const id = /* @__PURE__ */ (() => v.pipe(v.string(), v.regex(/^[\x21-\x7e]+$/)))();

const userSchema = /* @__PURE__ */ (() => v.object({ id }))();

const pageSchema = /* @__PURE__ */ (() =>
  v.object({
    data: v.array(
      v.object({
        granted_scopes: v.array(v.string()),
        oauth_resource: v.nullish(v.string()),
        application: v.object({ id, name: v.string() }),
      }),
    ),
    list_metadata: v.object({ after: v.nullish(id) }),
  }))();

/**
 * Sets up the "connected apps" page: what a user granted, and taking it back. Throws `invalid_config`, naming the option.
 * Source: WorkOS, User Management, "Authorized applications".
 */
export function createConnections(config: ConnectionsConfig): Connections {
  const api = parseApiAccess(config);
  const emit = parseOnEvent(config.onEvent);

  return {
    async list(userId) {
      const call = startCalls(api, "list", emit);
      const applications = await findApplications(call, userId);
      if (applications === undefined) return [];
      const connections: Connection[] = [];
      let query = `?limit=${PAGE}`;
      for (let page = 0; page < MAX_PAGES; page++) {
        const answer = await call({ method: "GET", path: applications + query });
        // The user was deleted since.
        if (answer.status === 404) return [];
        const { data, list_metadata } = parse(pageSchema, answer);
        connections.push(...data.map(toConnection));
        if (list_metadata.after == null) return connections;
        query = `?limit=${PAGE}&after=${encodeURIComponent(list_metadata.after)}`;
      }
      throw new ConnectError("invalid_authkit_response", { reason: "list_metadata" });
    },

    async remove(userId, applicationId) {
      const call = startCalls(api, "remove", emit);
      const applications = await findApplications(call, userId);
      const segment = toSegment(applicationId);
      if (applications === undefined || segment === undefined) return;
      const answer = await call({ method: "DELETE", path: `${applications}/${segment}` });
      if (answer.status === 404 || (answer.status >= 200 && answer.status < 300)) return;
      throw new ConnectError("invalid_authkit_response", { reason: "status" });
    },
  };
}

/** Calls that share the time of one. */
function startCalls(
  api: ApiAccess,
  operation: ConnectionsEvent["operation"],
  emit: ((event: ConnectionsEvent) => void) | undefined,
): (call: ApiCall) => Promise<HttpAnswer> {
  const until = Date.now() + api.timeout;
  return async (call) => {
    const begun = performance.now();
    const answer = await callApi({ ...api, timeout: Math.max(1, until - Date.now()) }, call, (result) =>
      emit?.({ type: "connections.called", operation, ...result, ms: performance.now() - begun }),
    );
    const failure = toApiFailure(answer);
    if (failure !== undefined) throw failure;
    return answer;
  };
}

/** Where AuthKit keeps what this user granted; `undefined` where it knows no such user. */
async function findApplications(
  call: (call: ApiCall) => Promise<HttpAnswer>,
  userId: string,
): Promise<string | undefined> {
  const segment = v.is(userIdSchema, userId) ? toSegment(userId) : undefined;
  if (segment === undefined) throw new ConnectError("invalid_user", { reason: "userId" });
  const answer = await call({ method: "GET", path: `/user_management/users/external_id/${segment}` });
  if (answer.status === 404) return undefined;
  const user = toSegment(parse(userSchema, answer).id);
  if (user === undefined) throw new ConnectError("invalid_authkit_response", { reason: "json" });
  return `/user_management/users/${user}/authorized_applications`;
}

/** An id as one part of a path; `undefined` where it would not stay one: "." and ".." lead elsewhere, however encoded. */
function toSegment(id: unknown): string | undefined {
  const isOne = typeof id === "string" && /^[\x20-\x7e]+$/.test(id) && id !== "." && id !== "..";
  return isOne ? encodeURIComponent(id) : undefined;
}

function parse<Schema extends v.GenericSchema>(schema: Schema, answer: HttpAnswer): v.InferOutput<Schema> {
  if (answer.status !== 200) throw new ConnectError("invalid_authkit_response", { reason: "status" });
  const parsed = v.safeParse(schema, answer.json);
  if (!parsed.success) throw new ConnectError("invalid_authkit_response", { reason: "json" });
  return parsed.output;
}

function toConnection(entry: v.InferOutput<typeof pageSchema>["data"][number]): Connection {
  return {
    applicationId: entry.application.id,
    name: entry.application.name,
    scopes: entry.granted_scopes,
    resource: entry.oauth_resource ?? undefined,
  };
}
