import { createLogin, type LoginOptions } from "@connect/core";
import { catchStray, loginRoute } from "@connect/hono";
import { redisStore } from "@connect/store";
import { serve } from "@hono/node-server";
import { createSessions, createSite, openProduct, type Reply, readEnvironment } from "example-product";
import { type Context, Hono } from "hono";
import { Redis } from "ioredis";

/**
 * The example product with the defences that a test asks for in `DEFENCES` (JSON): a process of its own, so that there
 * can be two of them, and one can be killed.
 */
interface Defences {
  readonly confirm?: true;
  readonly resume?: LoginOptions["resume"];
  /** Sign-in loses what it was told about the way back, as a company's single sign-on may. */
  readonly isForgetful?: boolean;
  readonly timeout?: number;
  /** The socket of a Redis that all processes share. */
  readonly redis?: string;
}

const { confirm, resume, isForgetful, timeout, redis }: Defences = JSON.parse(process.env.DEFENCES ?? "{}");
const environment = readEnvironment();
const product = await openProduct();
const site = createSite(product, createSessions(environment.sessionSecret), {
  list: async () => [],
  remove: async () => {},
});
// What the client says of an outage is for the log alone: logins go on without it.
const client =
  redis === undefined
    ? undefined
    : new Redis({ path: redis, enableOfflineQueue: false, maxRetriesPerRequest: 0, retryStrategy: () => 20 });
client?.on("error", (error) => console.error(`redis: ${error.message}`));
if (client !== undefined) await new Promise((resolve) => client.once("ready", resolve));
const login = createLogin({
  apiKey: environment.apiKey,
  authkitUrl: environment.authkitUrl,
  apiUrl: environment.apiUrl,
  timeout,
  store: client && redisStore(client),
});

const app = new Hono();
app.use("/welcome", catchStray("/auth/login"));
app.on(
  ["GET", "POST"],
  "/auth/login",
  loginRoute(login, {
    signInUrl: isForgetful ? () => "/sign-in?return_to=/auth/login" : "/sign-in",
    signOutUrl: "/leave",
    fallbackUrl: "/",
    confirm,
    resume,
    authenticate: async (c: Context) => {
      const user = await site.currentUser(c.req.raw.headers);
      return user && { user };
    },
    onError: (error) => console.error(`login failed: ${error.code}`),
  }),
);
app.get("/", async (c) => send(await site.home(c.req.raw.headers)));
app.get("/sign-in", (c) => send(site.signInForm(c.req.query("return_to"))));
app.post("/sign-in", async (c) => send(await site.signIn(c.req.raw.headers, await c.req.parseBody())));
// Signs out at once and comes back: the page "use another account" leads to.
app.get("/leave", (c) => {
  const { headers } = site.signOut(new Headers({ ...ownOrigin(), cookie: c.req.header("cookie") ?? "" }));
  const signIn = `/sign-in?${new URLSearchParams({ return_to: c.req.query("return_to") ?? "/" })}`;
  return new Response(null, { status: 303, headers: { ...headers, location: signIn } });
});

function ownOrigin(): Record<string, string> {
  const { origin, host } = new URL(environment.appUrl);
  return { origin, host };
}

function send({ status, headers, body }: Reply): Response {
  return new Response(body, { status, headers });
}

const server = serve({ fetch: app.fetch, port: environment.port, hostname: "localhost" }, ({ port }) =>
  console.log(`Guarded product on http://localhost:${port}`),
);
process.once("SIGTERM", () => {
  server.close();
  client?.disconnect();
});
