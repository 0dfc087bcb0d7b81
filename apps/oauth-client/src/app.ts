import { type Context, Hono } from "hono";
import { callApi } from "./api.js";
import { AuthKitError, createAuthKit } from "./authkit.js";
import type { Settings } from "./environment.js";
import { isSameOrigin } from "./origin.js";
import { pageHeaders } from "./pages/document.js";
import { failurePage } from "./pages/failure.js";
import { connectionPage, welcomePage } from "./pages/home.js";
import { addAttempt, type Connection, createSessions, takeAttempt } from "./session.js";

type Status = 200 | 400 | 403 | 404 | 409 | 500 | 502 | 503;

/** Where it was AuthKit's fault; every other code is a refusal, 400. */
const STATUS_OF: Readonly<Record<string, Status>> = {
  authkit_unreachable: 503,
  invalid_authkit_response: 502,
};

/** The app's settings and the origin it is reached at; `<origin>/callback` is its redirect URI. */
export interface ClientConfig extends Settings {
  origin: string;
}

/** The partner's web app. It asks nothing of AuthKit before somebody connects. */
export function createClient(config: ClientConfig): Hono {
  const authkit = createAuthKit(config, `${config.origin}/callback`);
  const sessions = createSessions();
  const app = new Hono();

  app.use(async (c, next) => {
    const changes = c.req.method !== "GET" && c.req.method !== "HEAD";
    if (changes && !isSameOrigin(c.req.raw.headers, config.origin)) {
      return page(c, failurePage("foreign_request"), 403);
    }
    return next();
  });

  app.get("/", (c) => {
    const session = sessionOf(c);
    // Here already, so that two tabs opened from this page share one session.
    if (session === null) setCookie(c, sessions.open().setCookie);
    return page(c, session?.connection ? connectionPage(session.connection) : welcomePage());
  });

  app.get("/connect", async (c) => {
    const { url, attempt } = await authkit.begin();
    let session = sessionOf(c);
    if (session === null) {
      const opened = sessions.open();
      session = opened.session;
      setCookie(c, opened.setCookie);
    }
    addAttempt(session, attempt);
    return redirect(c, url.href);
  });

  app.get("/callback", async (c) => {
    const session = sessionOf(c);
    const attempt = session && takeAttempt(session, c.req.query("state") ?? "");
    if (session === null || attempt === null) return page(c, failurePage("invalid_state"), 400);
    const tokens = await authkit.finish(new URL(c.req.url).search, attempt);
    if (tokens.identity === null) throw new AuthKitError("invalid_authkit_response");
    session.connection = { tokens, identity: tokens.identity, refreshing: null, answer: null };
    setCookie(c, sessions.renew(session));
    return redirect(c, "/");
  });

  app.post("/call-api", async (c) => {
    const connection = sessionOf(c)?.connection;
    if (!connection) return page(c, failurePage("not_connected"), 409);
    connection.answer = await callApi(config.apiUrl, connection.tokens.accessToken);
    return redirect(c, "/#api-result");
  });

  app.post("/refresh", async (c) => {
    const connection = sessionOf(c)?.connection;
    if (!connection) return page(c, failurePage("not_connected"), 409);
    // One at a time: a refresh token is spent by its use, so the second click joins the first.
    connection.refreshing ??= refresh(connection).finally(() => {
      connection.refreshing = null;
    });
    await connection.refreshing;
    return redirect(c, "/#claims");
  });

  app.post("/disconnect", (c) => {
    const session = sessionOf(c);
    if (session) session.connection = null;
    return redirect(c, "/");
  });

  app.notFound((c) => page(c, failurePage("not_found"), 404));

  app.onError((error, c) => {
    if (error instanceof AuthKitError) {
      return page(c, failurePage(error.code, error.description), STATUS_OF[error.code] ?? 400);
    }
    // The name alone: a message may hold what the code was working on.
    console.error(`${c.req.method} ${c.req.path} failed: ${error.name}`);
    return page(c, failurePage("internal_error"), 500);
  });

  async function refresh(connection: Connection): Promise<void> {
    const { refreshToken } = connection.tokens;
    if (refreshToken === null) throw new AuthKitError("invalid_grant");
    const tokens = await authkit.refresh(refreshToken);
    // What a refresh doesn't say again stays as it was (RFC 6749, section 6).
    connection.tokens = {
      ...tokens,
      refreshToken: tokens.refreshToken ?? refreshToken,
      scope: tokens.scope ?? connection.tokens.scope,
    };
    connection.identity = tokens.identity ?? connection.identity;
    connection.answer = null;
  }

  function sessionOf(c: Context) {
    return sessions.find(c.req.header("cookie") ?? null);
  }

  return app;
}

function page(c: Context, body: string, status: Status = 200) {
  return c.html(body, status, pageHeaders());
}

/** 303, so that the browser goes on with GET. */
function redirect(c: Context, location: string) {
  c.header("cache-control", "no-store");
  return c.redirect(location, 303);
}

function setCookie(c: Context, value: string): void {
  c.header("set-cookie", value);
}
