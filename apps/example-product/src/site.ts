import type { Product, User } from "./database.js";
import { type HeadersView, isSameOrigin } from "./origin.js";
import { pageHeaders } from "./pages/document.js";
import { homePage } from "./pages/home.js";
import { signInPage } from "./pages/sign-in.js";
import { readReturnTo } from "./return-to.js";
import type { Sessions } from "./session.js";

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
}

/** The fields of the sign-in form as they arrived: any of them may be missing or be something else than text. */
export interface SignInForm {
  email?: unknown;
  password?: unknown;
  return_to?: unknown;
}

/** The site for this product, with these sessions. */
export function createSite(product: Product, sessions: Sessions): Site {
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
      return redirect(returnTo, await sessions.issue(user.id));
    },

    signOut(headers) {
      if (!isSameOrigin(headers)) return foreignForm();
      return redirect("/", sessions.clear());
    },
  };
}

function page(status: number, body: string): Reply {
  return { status, headers: pageHeaders(), body };
}

/** 303, so that the browser goes on with GET. */
function redirect(location: string, setCookie: string): Reply {
  return {
    status: 303,
    headers: { location, "set-cookie": setCookie, "cache-control": "no-store" },
    body: null,
  };
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
