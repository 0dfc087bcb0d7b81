import { type Connections, isConnectError } from "@connect/core";
import type { Product, User } from "./database.js";
import { type HeadersView, isSameOrigin } from "./origin.js";
import { connectedAppsPage } from "./pages/connected-apps.js";
import { pageHeaders } from "./pages/document.js";
import { homePage } from "./pages/home.js";
import { signInPage } from "./pages/sign-in.js";
import { readReturnTo } from "./return-to.js";
import type { Sessions } from "./session.js";

const CONNECTED_APPS = "/connected-apps";

/** An HTTP answer as plain data, which every framework can send. Header names are lower case. */
export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: string | null;
}

/** The product's own pages. A framework hands over what it received and sends the reply. */
export interface Site {
  /** Who this request's cookie signs in, if the account still exists. */
  currentUser(headers: HeadersView): Promise<User | null>;
  /** `GET /` */
  home(headers: HeadersView): Promise<Reply>;
  /** `GET /sign-in`; `returnTo` is the query's `return_to`, whatever it holds. */
  signInForm(returnTo: unknown): Reply;
  /** `POST /sign-in`: starts a session and goes to `return_to`, or shows the form again (422). */
  signIn(headers: HeadersView, form: SignInForm): Promise<Reply>;
  /** `POST /sign-out` */
  signOut(headers: HeadersView): Reply;
  /** `GET /connected-apps`: what the user let in, or 503 while AuthKit can't say. */
  connectedApps(headers: HeadersView): Promise<Reply>;
  /** `POST /connected-apps`: ends one connection of the user who is signed in, never anybody else's. */
  disconnect(headers: HeadersView, form: DisconnectForm): Promise<Reply>;
}

/** The fields of the sign-in form as they arrived: any of them may be missing or be something else than text. */
export interface SignInForm {
  email?: unknown;
  password?: unknown;
  return_to?: unknown;
}

/** The field of a connected app's form, as it arrived. */
export interface DisconnectForm {
  application_id?: unknown;
}

/** The site for this product, with these sessions and these connections. */
export function createSite(product: Product, sessions: Sessions, connections: Connections): Site {
  async function currentUser(headers: HeadersView): Promise<User | null> {
    const userId = await sessions.readUserId(headers.get("cookie"));
    return userId === null ? null : product.findUser(userId);
  }

  return {
    currentUser,

    async home(headers) {
      const user = await currentUser(headers);
      const workspaces = user ? await product.workspacesOf(user.id) : [];
      return page(200, homePage({ user, workspaces }));
    },

    signInForm: (returnTo) => page(200, signInPage({ returnTo: readReturnTo(returnTo) })),

    async signIn(headers, form) {
      if (!isSameOrigin(headers)) return foreignForm();
      const email = readText(form.email);
      const returnTo = readReturnTo(form.return_to);
      const user = await product.checkPassword(email, readText(form.password));
      if (user === null) return page(422, signInPage({ returnTo, email, failed: true }));
      return redirect(returnTo, { "set-cookie": await sessions.issue(user.id) });
    },

    signOut(headers) {
      if (!isSameOrigin(headers)) return foreignForm();
      return redirect("/", { "set-cookie": sessions.clear() });
    },

    async connectedApps(headers) {
      const user = await currentUser(headers);
      if (user === null) return toSignIn();
      try {
        return page(200, connectedAppsPage({ user, connections: await connections.list(user.id) }));
      } catch (error) {
        return unavailable(user, error);
      }
    },

    async disconnect(headers, form) {
      if (!isSameOrigin(headers)) return foreignForm();
      const user = await currentUser(headers);
      if (user === null) return toSignIn();
      const applicationId = readText(form.application_id);
      try {
        if (applicationId !== "") await connections.remove(user.id, applicationId);
        return redirect(CONNECTED_APPS);
      } catch (error) {
        return unavailable(user, error);
      }
    },
  };
}

function page(status: number, body: string): Reply {
  return { status, headers: pageHeaders(), body };
}

/** 303, so that the browser goes on with GET. */
function redirect(location: string, headers: Record<string, string> = {}): Reply {
  return { status: 303, headers: { ...headers, location, "cache-control": "no-store" }, body: null };
}

function toSignIn(): Reply {
  return redirect(`/sign-in?${new URLSearchParams({ return_to: CONNECTED_APPS })}`);
}

/** Whatever is wrong between here and AuthKit, the user can only come back later; the log says what it is. */
function unavailable(user: User, error: unknown): Reply {
  if (!isConnectError(error)) throw error;
  console.error(`connected apps: ${error.code}`);
  return page(503, connectedAppsPage({ user, connections: null }));
}

function foreignForm(): Reply {
  return {
    status: 403,
    headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" },
    body: "This form can only be sent from the product's own pages.\n",
  };
}

function readText(value: unknown): string {
  return typeof value === "string" ? value : "";
}
