import { createHmac } from "node:crypto";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { type Context, Hono } from "hono";

import { readBody } from "./body.js";
import type { Duration } from "./clock.js";
import { ConfigError, isLoopbackHost } from "./config.js";
import type { Fault } from "./faults.js";
import type { Env } from "./forward.js";
import { isOwnForm } from "./own-form.js";
import { DASHBOARD_HEADERS, dashboardPage } from "./pages/dashboard.js";
import { errorPage } from "./pages/error.js";
import { PAGE_HEADERS } from "./pages/layout.js";
import type { Environment } from "./provider.js";
import { equalSecrets } from "./secrets.js";
import type { LocalAuthKit } from "./server.js";
import { SWITCHES, type Switches } from "./switches.js";

type Ctx = Context<Env>;

// However much happens at once, who watches is told of it once.
const TELL_AFTER_MS = 50;

/**
 * The page at `/`: what happens here, and what {@link LocalAuthKit} can be told, for the person at this machine. There
 * is no key to it, so it answers under loopback names only, and changes something only for its own forms.
 */
export function createDashboard(environment: Environment, authkit: LocalAuthKit): Hono<Env> {
  const { applications, changes, config, csrfKey, logins, signingKeys, state, users } = environment;
  const csrfToken = createHmac("sha256", csrfKey).update("dashboard").digest("base64url");
  const sessions = state.collection<{ accountId?: string }>("oidc.Session");

  const app = new Hono<Env>();

  app.get("/", (c) => (isAtThisMachine(c) ? show(c) : c.notFound()));

  app.post("/", async (c) => {
    if (!isAtThisMachine(c)) return c.notFound();
    const form = new URLSearchParams(await readBody(c.env.incoming));
    if (!isOwnForm(c, config.issuer) || !equalSecrets(form.get("csrf_token") ?? "", csrfToken)) {
      const text = "It does not come from the dashboard. Open the dashboard and try again.";
      return c.html(errorPage({ title: "This form cannot be accepted", text }), 403, PAGE_HEADERS);
    }
    try {
      await act(authkit, form);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      return show(c, error.message);
    }
    return c.redirect("/", 303);
  });

  app.get("/_local/events", (c) => {
    if (!isAtThisMachine(c) || !isOwnForm(c, config.issuer)) return c.notFound();
    const { outgoing } = c.env;
    outgoing.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
    outgoing.flushHeaders();
    let telling: NodeJS.Timeout | undefined;
    const unwatch = changes.watch(() => {
      telling ??= setTimeout(() => {
        telling = undefined;
        outgoing.write("data: changed\n\n");
      }, TELL_AFTER_MS);
    });
    outgoing.once("close", () => {
      unwatch();
      clearTimeout(telling);
    });
    return RESPONSE_ALREADY_SENT;
  });

  function show(c: Ctx, problem?: string) {
    const since = Number(c.req.query("since") ?? 0);
    const page = dashboardPage({
      csrfToken,
      problem,
      run: changes.run,
      revision: changes.revision,
      logins: logins.changedSince(Number.isSafeInteger(since) ? since : 0),
      loginCount: logins.size,
      issuer: authkit.issuer,
      loginUri: authkit.loginUri,
      now: authkit.clock.now(),
      aheadBy: authkit.clock.aheadBy,
      faults: authkit.faults,
      keyIds: signingKeys.all.map(({ kid = "" }) => kid),
      sessionCount: sessions.values().filter(({ accountId }) => accountId !== undefined).length,
      users: users.all().reverse(),
      applications: applications
        .all()
        .reverse()
        .map((application) => ({ ...application, secrets: applications.secrets.of(application.clientId) })),
      switches: authkit.switches,
    });
    return c.html(page, problem === undefined ? 200 : 422, DASHBOARD_HEADERS);
  }

  return app;
}

// The issuer may be another name, under which others reach this AuthKit: by a tunnel, or by a proxy, which says so.
function isAtThisMachine(c: Ctx): boolean {
  const { hostname } = new URL(`http://${c.req.header("host")}`);
  const isForwarded = ["forwarded", "x-forwarded-for", "x-forwarded-host"].some((name) => c.req.header(name));
  return isLoopbackHost(hostname) && !isForwarded;
}

/** Throws {@link ConfigError}. */
async function act(authkit: LocalAuthKit, form: URLSearchParams): Promise<void> {
  switch (form.get("action")) {
    case "advance":
      return authkit.clock.advance((form.get("by") ?? "") as Duration);
    case "fault":
      return authkit.fault(form.get("target") ?? "", faultOf(form));
    case "clear_faults":
      return authkit.clearFaults();
    case "end_sessions":
      authkit.endSession(form.get("user") || undefined);
      return;
    case "rotate_keys":
      return authkit.rotateKeys();
    case "switches":
      return authkit.setSwitches(switchesOf(form));
    case "default_switches":
      return authkit.setSwitches(
        Object.fromEntries(Object.entries(SWITCHES).map(([name, { values }]) => [name, values[0]])),
      );
    default:
      throw new ConfigError("action is not one of this page's");
  }
}

function faultOf(form: URLSearchParams): Fault {
  const effect = form.get("effect");
  const delay = form.get("delay");
  return {
    ...(effect === "status" && { status: Number(form.get("status")) }),
    ...(effect === "reset_before" && { reset: "before" }),
    ...(effect === "reset_after" && { reset: "after" }),
    ...(effect === "truncate" && { truncate: true }),
    ...(delay && { delay: delay as Duration }),
    times: Number(form.get("times")),
  };
}

function switchesOf(form: URLSearchParams): Partial<Switches> {
  const prefix = "switch:";
  return Object.fromEntries(
    [...form]
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value]),
  );
}
