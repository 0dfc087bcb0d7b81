import { type Application, createApplication, describeAdapter } from "@connect/adapter-contract";
import { catchStray, loginRoute, requireToken, resourceRoutes, type TokenGuard } from "@connect/express";
import type { ErrorRequestHandler, Express, Request } from "express";
import { serve, VERSIONS } from "./support/serve.js";

/** The suite's handlers, for an application that is put together in one way or another. */
function createHandlers(application: Application) {
  const { login, loginOptions, confirmOptions, resumeOptions, resourceVerifier } = application;
  const route = {
    authenticate: (request: Request, context: Parameters<typeof application.authenticate>[1]) =>
      application.authenticate({ get: (name) => request.get(name) ?? null }, context),
    onError: application.onError,
  };
  return {
    login: loginRoute(login, { ...loginOptions, ...route }),
    strict: loginRoute(login, { signInUrl: loginOptions.signInUrl, ...route }),
    confirm: loginRoute(login, { ...loginOptions, ...confirmOptions, ...route }),
    resume: loginRoute(login, { ...loginOptions, ...resumeOptions, ...route }),
    stray: catchStray("/auth/login"),
    me: requireToken(application.verifier),
    notes: requireToken(application.verifier, { scopes: application.scopes }),
    unreachable: requireToken(application.verifierWithoutKeys),
    mcp: requireToken(resourceVerifier),
    tools: requireToken(resourceVerifier, { toolScopes: application.toolScopes }),
    resource: resourceRoutes(application.resource),
    /** What a guard's route answers with. */
    describe: (guard: TokenGuard<Readonly<Record<string, unknown>>>) => async (request: Request) => ({
      ...(await application.describe(guard.accessToken(request))),
      ...(request.method === "POST" && { received: request.body }),
    }),
  };
}

type Handlers = ReturnType<typeof createHandlers>;

for (const [name, express] of VERSIONS) {
  /** All on the application itself, and no parser for forms. One for JSON comes first, which in Express 4 leaves its mark on forms. */
  function mountFlat(app: Express, handlers: Handlers): void {
    app.use(express.json());
    app.use("/stray", handlers.stray);
    app.get("/auth/login", handlers.login);
    app.get("/auth/strict", handlers.strict);
    app.route("/auth/confirm").get(handlers.confirm).post(handlers.confirm);
    app.get("/auth/resume", handlers.resume);
    for (const guard of ["me", "notes", "unreachable"] as const) {
      app.get(`/api/${guard}`, handlers[guard], answer(handlers, guard));
    }
    app.get("/mcp", handlers.mcp, answer(handlers, "mcp"));
    app.post("/mcp", handlers.tools, answer(handlers, "tools"));
    app.use(handlers.resource);
  }

  /** Routers, all parsers, and an error handler. */
  function mountNested(app: Express, handlers: Handlers): void {
    app.use(handlers.resource, express.json(), express.urlencoded({ extended: true }));
    const auth = express.Router();
    auth.get("/login", handlers.login);
    auth.get("/strict", handlers.strict);
    auth.all("/confirm", handlers.confirm);
    auth.get("/resume", handlers.resume);
    app.use("/auth", auth);
    const api = express.Router();
    for (const guard of ["me", "notes", "unreachable"] as const) {
      api.use(`/${guard}`, express.Router().use(handlers[guard]).get("/", answer(handlers, guard)));
    }
    app.use("/api", api);
    const mcp = express.Router();
    mcp.use(handlers.mcp, handlers.tools);
    app.use("/mcp", mcp.all("/", answer(handlers, "tools")));
    app.use(handlers.stray);
    const answerError: ErrorRequestHandler = (error, _request, response, _next) =>
      response.status(error.status ?? 500).send("handled by the application");
    app.use(answerError);
  }

  /** What Express 4 needs, too: there, nobody waits for a handler. */
  function answer(
    { describe, ...guards }: Handlers,
    guard: "me" | "notes" | "unreachable" | "mcp" | "tools",
  ) {
    const handle = describe(guards[guard]);
    return (...[request, response, next]: Parameters<ReturnType<typeof express.Router>>) => {
      handle(request as Request).then((body) => response.json(body), next);
    };
  }

  const mounts = [
    [name, mountFlat, "<pre>Error:"],
    [`${name} with routers, parsers and an error handler`, mountNested, "handled by the application"],
  ] as const;
  for (const [title, mount, errorMarker] of mounts) {
    describeAdapter(`@connect/express, ${title}`, async (authkitUrl) => {
      const app = express();
      mount(app, createHandlers(createApplication(authkitUrl)));
      return { ...(await serve(app)), errorMarker };
    });
  }
}
