import { randomUUID } from "node:crypto";
import { type Context, Hono } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { html } from "hono/html";

const COOKIE = "product_session";

/** The product's own sign-in, by e-mail address alone: whether it asks for a password is no business of a client's. */
export class SignIn {
  readonly #emails = new Map<string, string>();

  /** Whose session the browser has. */
  emailOf(c: Context): string | undefined {
    return this.#emails.get(getCookie(c, COOKIE) ?? "");
  }

  routes(): Hono {
    const app = new Hono();
    app.get("/sign-in", (c) =>
      c.html(html`<form method="post">
        <input name="email" type="email">
        <input name="return_to" type="hidden" value="${c.req.query("return_to") ?? "/"}">
        <button>Sign in</button>
      </form>`),
    );
    app.post("/sign-in", async (c) => {
      const { email, return_to: returnTo } = await c.req.parseBody();
      const session = randomUUID();
      this.#emails.set(session, String(email));
      setCookie(c, COOKIE, session, { httpOnly: true, sameSite: "Lax" });
      // Of an address elsewhere, only what could be a path here.
      const { pathname, search } = new URL(String(returnTo), c.req.url);
      return c.redirect(pathname + search, 303);
    });
    return app;
  }
}
