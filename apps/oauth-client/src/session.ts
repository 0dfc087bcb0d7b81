import { randomBytes } from "node:crypto";
import type { ApiAnswer } from "./api.js";
import type { Attempt, Tokens } from "./authkit.js";

const COOKIE = "acme_session";
/** Bounds on what strangers can make the app remember: the oldest gives way. */
const MOST_SESSIONS = 10_000;
const MOST_ATTEMPTS = 10;

/** What the app remembers of one browser. */
export interface Session {
  /** The cookie's value. */
  id: string;
  /** Authorizations under way by their state: each tab has its own. */
  readonly attempts: Map<string, Attempt>;
  connection: Connection | null;
}

/** Tokens that came from one authorization, and what was last done with them. */
export interface Connection {
  tokens: Tokens;
  identity: Record<string, unknown>;
  /** A refresh that hasn't been answered yet. */
  refreshing: Promise<void> | null;
  answer: ApiAnswer | null;
}

/** The sessions in this process's memory, each known to one browser by a random cookie. */
export interface Sessions {
  /** The session that the `Cookie` header names, or null. */
  find(cookieHeader: string | null): Session | null;
  /** A new session, and the `Set-Cookie` value that gives it to a browser. */
  open(): { session: Session; setCookie: string };
  /** Moves a session to a new cookie, so that one known before its user connected is worth nothing. */
  renew(session: Session): string;
}

/** Keeps sessions until the process ends, or until ten thousand newer ones have come. */
export function createSessions(): Sessions {
  const byId = new Map<string, Session>();

  function keep(session: Session): string {
    byId.set(session.id, session);
    dropOldest(byId, MOST_SESSIONS);
    return `${COOKIE}=${session.id}; Path=/; HttpOnly; SameSite=Lax`;
  }

  return {
    find(cookieHeader) {
      const id = readCookie(cookieHeader);
      return (id && byId.get(id)) || null;
    },

    open() {
      const session: Session = { id: randomId(), attempts: new Map(), connection: null };
      return { session, setCookie: keep(session) };
    },

    renew(session) {
      byId.delete(session.id);
      session.id = randomId();
      return keep(session);
    },
  };
}

/** Remembers an authorization under way. */
export function addAttempt({ attempts }: Session, attempt: Attempt): void {
  attempts.set(attempt.state, attempt);
  dropOldest(attempts, MOST_ATTEMPTS);
}

/** The authorization that this state belongs to, once: a state is good for one return. */
export function takeAttempt({ attempts }: Session, state: string): Attempt | null {
  const attempt = attempts.get(state) ?? null;
  attempts.delete(state);
  return attempt;
}

function randomId(): string {
  return randomBytes(32).toString("base64url");
}

function dropOldest(map: Map<string, unknown>, most: number): void {
  for (const key of map.keys()) {
    if (map.size <= most) return;
    map.delete(key);
  }
}

function readCookie(header: string | null): string | null {
  for (const pair of (header ?? "").split(";")) {
    const [name, value] = pair.split("=", 2);
    if (name?.trim() === COOKIE) return value?.trim() || null;
  }
  return null;
}
