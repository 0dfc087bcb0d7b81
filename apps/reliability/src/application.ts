// The application that everything is thrown at: a process of its own, with Connect as it is published.
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { type ConnectError, createLogin, createVerifier, type Fetch } from "@connect/core";
import { catchStray, loginRoute, requireToken } from "@connect/hono";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import type { Order, Report, Start } from "./messages.js";
import { personOf } from "./person.js";
import { AUDIENCE } from "./tokens.js";

const say = (report: Report) => process.send?.(report);
const started = once(process, "message");
say({ type: "ready" });
const [start] = (await started) as [Start];

const errors = new Set<string>();
let handed = 0;
let thrown = 0;
let refused = 0;
let offset = 0;

const countingFetch: Fetch = async (input, init) => {
  try {
    return await fetch(input, init);
  } catch (error) {
    if (inspect(error).includes("ECONNREFUSED")) refused += 1;
    throw error;
  }
};

/** Logs it, as an application would, and keeps all that can be got out of it. */
function take(error: ConnectError): void {
  console.error(error);
  handed += 1;
  errors.add(
    [inspect(error, { showHidden: true, depth: 10 }), JSON.stringify(error), error.stack].join("\n"),
  );
}

const login = createLogin({
  apiKey: start.apiKey,
  authkitUrl: start.authkitUrl,
  apiUrl: start.authkitUrl,
  timeout: 4_000,
  fetch: countingFetch,
});
const verifier = createVerifier({
  issuer: start.authkitUrl,
  audience: AUDIENCE,
  clock: () => Date.now() + offset,
  onRefusal: take,
});

const app = new Hono()
  .use(catchStray("/auth/login"))
  .on(
    ["GET", "POST"],
    "/auth/login",
    loginRoute(login, {
      signInUrl: "/sign-in",
      authenticate: (c) => {
        const session = /(?:^|; )session=([^;]*)/.exec(c.req.header("cookie") ?? "")?.[1];
        if (session === undefined) return null;
        const { id, email, name } = personOf(session);
        return { user: { id, email, name } };
      },
      onError: take,
      ...(start.isCareful
        ? { confirm: true, signOutUrl: "/sign-out", resume: { secret: start.resumeSecret } }
        : { fallbackUrl: "/" }),
    }),
  )
  .get("/", (c) => c.text("home"))
  .get("/sign-in", (c) => c.text("sign in"))
  .get("/sign-out", (c) => c.text("sign out"))
  .get("/api/me", requireToken(verifier), (c) => c.json({ subject: c.var.accessToken.subject }));

app.onError((error) => {
  if (error instanceof HTTPException) return error.getResponse();
  thrown += 1;
  console.error(error);
  return new Response("broken", { status: 500 });
});

const server = serve({
  fetch: app.fetch,
  port: 0,
  hostname: "127.0.0.1",
  // Connections stay: a browser that was too busy to see one closed would fail with its next request.
  serverOptions: { keepAliveTimeout: 0 },
});
await once(server, "listening");

/** Nobody is there any more to end it. */
const leave = () => process.exit(1);
process.once("disconnect", leave);
process.on("message", function obey(order: Order) {
  if (order.type === "clock") {
    offset = order.offset;
    say({ type: "clock" });
  }
  if (order.type === "close") {
    process.off("message", obey);
    process.off("disconnect", leave);
    server.close(() => say({ type: "closed", errors: [...errors], handed, thrown, refused }));
  }
});
say({ type: "listening", port: (server.address() as AddressInfo).port });
