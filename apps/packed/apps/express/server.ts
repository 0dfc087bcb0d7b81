import { loginRoute, requireToken } from "@connect/express";
import express from "express";
import { login, verifier } from "../existing/connect.js";
import { currentUser, signIn, signInPage, wayBack } from "../existing/sessions.js";

const app = express();
app.use(express.urlencoded({ extended: false }));

app.get("/sign-in", (request, response) => {
  response.send(signInPage(request.query.return_to));
});
app.post("/sign-in", (request, response) => {
  const form = request.body as Record<string, unknown>;
  const cookie = signIn(form);
  if (cookie === null) response.status(401).send("Wrong password.");
  else response.set("set-cookie", cookie).redirect(303, wayBack(form.return_to));
});

app.get(
  "/auth/login",
  loginRoute(login, {
    signInUrl: "/sign-in",
    fallbackUrl: "/",
    authenticate: async (request) => {
      const user = await currentUser(request.headers.cookie);
      return user && { user };
    },
    onError: (error) => console.warn(error),
  }),
);

const guard = requireToken(verifier, { scopes: ["openid"] });
app.get("/api/me", guard, (request, response) => {
  response.json({ subject: guard.accessToken(request).subject });
});

const server = app.listen(Number(process.env.PORT), "localhost", () => {
  const address = server.address();
  if (address !== null && typeof address === "object") console.log(`http://localhost:${address.port}`);
});
