import { loginRoute, requireToken } from "@connect/hono";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { login, verifier } from "../existing/connect.js";
import { currentUser, signIn, signInPage, wayBack } from "../existing/sessions.js";

const app = new Hono();

app.get("/sign-in", (c) => c.html(signInPage(c.req.query("return_to"))));
app.post("/sign-in", async (c) => {
  const form = await c.req.parseBody();
  const cookie = signIn(form);
  if (cookie === null) return c.text("Wrong password.", 401);
  c.header("set-cookie", cookie);
  return c.redirect(wayBack(form.return_to), 303);
});

app.get(
  "/auth/login",
  loginRoute(login, {
    signInUrl: "/sign-in",
    fallbackUrl: "/",
    authenticate: async (c) => {
      const user = await currentUser(c.req.header("cookie"));
      return user && { user };
    },
    onError: (error) => console.warn(error),
  }),
);

app.get("/api/me", requireToken(verifier, { scopes: ["openid"] }), (c) =>
  c.json({ subject: c.var.accessToken.subject }),
);

serve({ fetch: app.fetch, port: Number(process.env.PORT), hostname: "localhost" }, ({ port }) => {
  console.log(`http://localhost:${port}`);
});
