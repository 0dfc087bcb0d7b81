import { LOGIN_PATH } from "../login-path.js";

/** What `init` knows of a framework. */
export interface Framework {
  readonly title: string;
  /** Besides @connect/core and what the application has. */
  readonly packages: readonly string[];
  /** What is written beside `connect`, without an extension; also the paths in `templates/<name>`. */
  readonly files: readonly string[];
  /** Whether it runs TypeScript by itself. */
  readonly runsTypeScript?: boolean;
  /** What is left to do, as lines: where the session comes in. */
  readonly mount: readonly string[];
  /** What to know of the server that `dev` starts. */
  readonly server?: string;
}

const USER =
  "{ id, email } (id is a string), or null or undefined where nobody is signed in, at once or as a promise";

const IMPORT = 'import { connectRoutes } from "./connect-routes.js";';

/** Without it a login ends at the sign-in page. */
const RETURN = [
  `Your sign-in page gets return_to. Once somebody has signed in, it sends the browser there,`,
  `but only where return_to begins with ${LOGIN_PATH}?`,
  "A form with an action loses the query: carry return_to along in the action, or in a hidden field.",
] as const;

export const FRAMEWORKS = {
  hono: {
    title: "Hono",
    packages: ["@connect/hono"],
    files: ["connect-routes"],
    mount: [
      IMPORT,
      'app.route("/", connectRoutes({ currentUser, signInUrl: "/sign-in" })); // behind the session',
      `currentUser gets Hono's context, and gives ${USER}.`,
      ...RETURN,
    ],
  },
  fastify: {
    title: "Fastify",
    packages: ["@connect/fastify"],
    files: ["connect-routes"],
    mount: [
      IMPORT,
      'app.register(connectRoutes({ currentUser, signInUrl: "/sign-in" }));',
      `currentUser gets Fastify's request, and gives ${USER}.`,
      ...RETURN,
    ],
  },
  express: {
    title: "Express",
    packages: ["@connect/express"],
    files: ["connect-routes"],
    mount: [
      IMPORT,
      'app.use(connectRoutes({ currentUser, signInUrl: "/sign-in" })); // behind the session, before what answers all other paths',
      `currentUser gets Express's request, and gives ${USER}.`,
      ...RETURN,
    ],
  },
  next: {
    title: "Next.js, app router",
    runsTypeScript: true,
    packages: ["@connect/next"],
    files: ["current-user", "app/auth/login/route", "app/api/me/route", "app/.well-known/[...path]/route"],
    mount: [
      "Fill in current-user: until then the Login URI answers with an error.",
      `currentUser gets the NextRequest, and gives ${USER}.`,
      "The sign-in page is /sign-in; another one is named in app/auth/login/route.",
      ...RETURN,
    ],
    server:
      "The whole network reaches `next dev` and `next start`, unless their scripts say --hostname localhost.",
  },
  web: {
    title: "Request and Response",
    packages: [],
    files: ["connect-routes"],
    mount: [
      IMPORT,
      'const connect = connectRoutes({ currentUser, signInUrl: "/sign-in" });',
      "return (await connect(request)) ?? yourOwnAnswer(request);",
      `currentUser gets the Request, and gives ${USER}.`,
      ...RETURN,
    ],
  },
} as const satisfies Record<string, Framework>;

export type FrameworkName = keyof typeof FRAMEWORKS;
