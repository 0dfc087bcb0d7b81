import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";

import { AccessTokens } from "./access-tokens.js";
import { Applications } from "./applications.js";
import { Changes } from "./changes.js";
import { ClientMetadataDocuments } from "./client-metadata-documents.js";
import { AdvancingClock, type Clock, type Duration } from "./clock.js";
import {
  type Config,
  type LocalAuthKitOptions,
  parseAdvance,
  parseConfig,
  parseFault,
  parseLoginUri,
  parseSwitches,
  type ResolvedClient,
} from "./config.js";
import { Consents } from "./consents.js";
import { createDocumentFetch, type FetchDocument } from "./document-fetch.js";
import { ExternalAuth } from "./external-auth.js";
import { type Fault, Faults, type PendingFault } from "./faults.js";
import { openJournal } from "./journals.js";
import { LoginRecorder } from "./login-recorder.js";
import { type Login, Logins } from "./logins.js";
import { importOidc } from "./oidc.js";
import { Organizations } from "./organizations.js";
import { createProvider, type Environment } from "./provider.js";
import { Resources } from "./resources.js";
import { createRoutes } from "./routes.js";
import { randomSecret } from "./secrets.js";
import { SigningKeys } from "./signing-keys.js";
import { type Collection, State } from "./state.js";
import type { Switches } from "./switches.js";
import { type User, Users } from "./users.js";

/** A running local AuthKit. */
export interface LocalAuthKit {
  /** Where it listens, `http://<host>:<port>`. */
  readonly url: string;
  /** `iss` of its tokens. */
  readonly issuer: string;
  /** The bearer key of the completion API. */
  readonly apiKey: string;
  /** `aud` of access tokens where no resource indicator applies. */
  readonly environmentClientId: string;
  /** The configured applications, with their defaults filled in. */
  readonly clients: readonly ResolvedClient[];
  /** The users that the configuration and completions have made. */
  readonly users: Users;
  /** The Login URI, if one is set. */
  readonly loginUri: string | undefined;
  /** Changes the Login URI for all logins from now on. Throws {@link ConfigError}. */
  setLoginUri(loginUri: string): void;
  /** What this AuthKit does where nobody says what the real one does. */
  readonly switches: Readonly<Switches>;
  /** Changes some of the switches from now on. Throws {@link ConfigError}. */
  setSwitches(changes: Partial<Switches>): void;
  /**
   * Takes other options from now on; what is kept stays, and open logins go on. `port`, `host`, `issuer`, `apiKey` and
   * `store` stay as they were at the start. Throws {@link ConfigError}, and then nothing has changed.
   */
  reconfigure(options: LocalAuthKitOptions): void;
  /**
   * Lets the next requests to an address go wrong: `fault("POST /authkit/oauth2/complete", { status: 503, times: 2 })`.
   * In a path, `*` stands for any segment. Throws {@link ConfigError}.
   */
  fault(target: string, fault: Fault): void;
  /** The faults that wait for requests. */
  readonly faults: readonly PendingFault[];
  clearFaults(): void;
  /** What ids, codes, tokens and sessions expire by. */
  readonly clock: {
    /** Milliseconds since the epoch; may be given to a verifier as its clock. */
    now(): number;
    /** Milliseconds by which it is ahead of the machine's. */
    readonly aheadBy: number;
    /** Forwards, by `301s`, `2h`, `30d` or milliseconds. Throws {@link ConfigError}. */
    advance(by: Duration): void;
  };
  /** From now on a new key signs. Those before stay published. */
  rotateKeys(): Promise<void>;
  /**
   * What happened here: the last 200 logins, the newest first, each with its steps and the claims of its tokens. In
   * memory. Nothing in it can be used: no token, code, cookie or secret.
   */
  readonly logins: readonly Login[];
  /**
   * Ends the AuthKit sessions in browsers: those of one user, by the application's id, or all. Gives how many there were.
   */
  endSession(userId?: string): number;
  /** Stops, and drops connections that are open. May be called again. */
  close(): Promise<void>;
}

/**
 * Starts AuthKit's Standalone Connect on this machine, for development and tests. Throws {@link ConfigError} for
 * options it cannot use, a {@link StoreError} where `store` cannot be opened, and an error with code `EADDRINUSE` if
 * the port is taken.
 */
export async function startLocalAuthKit(options: LocalAuthKitOptions = {}): Promise<LocalAuthKit> {
  return serve(options);
}

/** The world outside. @internal Tests have their own. */
export interface Ports {
  /** What everything expires by, as long as it is not advanced. */
  clock?: Clock;
  fetchDocument?: FetchDocument;
}

/** Like {@link startLocalAuthKit}, with a world of the caller's. @internal For tests. */
export async function serve(
  options: LocalAuthKitOptions,
  { clock: machineClock = Date.now, fetchDocument = createDocumentFetch() }: Ports = {},
): Promise<LocalAuthKit> {
  const start = parseConfig(options);
  const oidc = await importOidc();
  const clock = new AdvancingClock(machineClock);
  const state = await State.open(clock.now, await openJournal(start.store));
  // What is made once and stays, whatever the configuration says.
  const facts: Collection<string | number> = state.collection("facts");
  const fact = <T extends string | number>(name: string, make: () => T): T => {
    const known = facts.get(name) as T | undefined;
    if (known !== undefined) return known;
    const made = make();
    facts.set(name, made);
    return made;
  };
  clock.advance(fact("clock_ahead_ms", () => 0));
  const apiKey = start.apiKey ?? fact("api_key", () => `sk_test_${randomBytes(24).toString("base64url")}`);
  const csrfKey = fact("csrf_key", randomSecret);

  const signingKeys = await SigningKeys.open(state);
  const users = new Users(state, clock.now);
  const applications = new Applications(state, clock.now);
  const resources = new Resources(state, clock.now);
  const consents = new Consents(state);
  const changes = new Changes();
  const faults = new Faults(changes);
  const logins = new Logins(clock.now, changes);

  const server = createServer();
  let url: string;
  try {
    url = await listen(server, start);
  } catch (error) {
    await state.close();
    throw error;
  }
  const issuer = start.issuer ?? url;
  const accessTokens = new AccessTokens(issuer, signingKeys, state, clock.now);

  let config: Environment["config"];
  let loginUri: string | undefined;
  let listener: ReturnType<typeof getRequestListener>;
  const configure = (next: Config) => {
    users.seed(next.users);
    applications.configure(next.clients);
    resources.configure(next.resources, next.defaultResource);
    applications.documents = next.clientIdMetadataDocuments
      ? new ClientMetadataDocuments(
          knowing(next.metadataDocuments, fetchDocument),
          clock.now,
          () => config.switches.metadataDocumentAddresses,
        )
      : undefined;
    config = { ...next, issuer, apiKey };
    build();
  };
  const build = () => {
    const isExternal = config.switches.subject === "external";
    const findUser = (subject: string) =>
      isExternal ? users.findByExternalId(subject) : users.find(subject);
    const environment: Environment = {
      oidc,
      config,
      csrfKey,
      clock: clock.now,
      state,
      loginUri: () => loginUri,
      signingKeys,
      applications,
      resources,
      organizations: new Organizations(config),
      externalAuth: new ExternalAuth(config.externalAuthTtl, config.switches, state, clock.now),
      consents,
      accessTokens,
      users,
      faults,
      logins,
      changes,
      recorder: new LoginRecorder({ logins, applications, users, findUser }),
      subjectOf: (user: User) => (isExternal ? user.externalId : user.id),
      findUser,
    };
    const app = createRoutes(environment, createProvider(environment), authkit);
    listener = getRequestListener(app.fetch, { overrideGlobalObjects: false });
    changes.announce();
  };

  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }).then(() => state.close());
    return closing;
  };

  const authkit: LocalAuthKit = {
    url,
    issuer,
    apiKey,
    get environmentClientId() {
      return config.environmentClientId;
    },
    get clients() {
      return config.clients;
    },
    users,
    get loginUri() {
      return loginUri;
    },
    setLoginUri(next) {
      loginUri = parseLoginUri(next);
      changes.announce();
    },
    get switches() {
      return config.switches;
    },
    setSwitches(changes) {
      config = { ...config, switches: parseSwitches({ ...config.switches, ...changes }) };
      build();
    },
    reconfigure(nextOptions) {
      const next = parseConfig(nextOptions);
      configure(next);
      loginUri = next.loginUri ?? loginUri;
    },
    fault(target, fault) {
      faults.add(parseFault({ ...fault, target }));
    },
    get faults() {
      return faults.pending;
    },
    clearFaults: () => faults.clear(),
    clock: {
      now: clock.now,
      get aheadBy() {
        return clock.aheadBy;
      },
      advance(by) {
        clock.advance(parseAdvance(by));
        facts.set("clock_ahead_ms", clock.aheadBy);
        changes.announce();
      },
    },
    async rotateKeys() {
      await signingKeys.rotate();
      build();
      await state.settled();
    },
    get logins() {
      return logins.list();
    },
    endSession(userId) {
      const user = userId === undefined ? undefined : users.findByExternalId(userId);
      const sessions = state.collection<{ accountId?: string }>("oidc.Session");
      const subjects = user && [user.id, user.externalId];
      const ended = sessions.deleteWhere(({ accountId }) =>
        accountId === undefined ? false : userId === undefined || (subjects?.includes(accountId) ?? false),
      ).length;
      changes.announce();
      return ended;
    },
    close,
  };

  try {
    loginUri = start.loginUri;
    configure(start);
    server.on("request", (request, response) => clock.run(() => listener(request, response)));
    await state.settled();
  } catch (error) {
    await close();
    throw error;
  }
  return authkit;
}

/** Knows some documents without fetching them. They may change whenever the configuration does. */
function knowing(documents: Config["metadataDocuments"], fetchDocument: FetchDocument): FetchDocument {
  return async (url) =>
    Object.hasOwn(documents, url.href)
      ? { text: JSON.stringify(documents[url.href]), ttl: 0 }
      : fetchDocument(url);
}

async function listen(server: ReturnType<typeof createServer>, { host, port }: Config): Promise<string> {
  const address = host.replace(/^\[|\]$/g, "");
  // Names under localhost are this machine too, but not every resolver knows.
  server.listen(port, address.endsWith(".localhost") ? "localhost" : address);
  try {
    await once(server, "listening");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") {
      const message = `Port ${port} is in use. Choose another with \`port\` (\`--port\`); 0 takes any free one.`;
      throw Object.assign(new Error(message), { code: "EADDRINUSE" });
    }
    throw error;
  }
  const taken = (server.address() as AddressInfo).port;
  return `http://${address.includes(":") ? `[${address}]` : address}:${taken}`;
}
