import { loginRoute, requireToken } from "@connect/fastify";
import formBody from "@fastify/formbody";
import Fastify from "fastify";
import { login, verifier } from "../existing/connect.js";
import { currentUser, signIn, signInPage, wayBack } from "../existing/sessions.js";

const app = Fastify({ logger: false });
await app.register(formBody);

app.get<{ Querystring: { return_to?: string } }>("/sign-in", (request, reply) =>
  reply.type("text/html").send(signInPage(request.query.return_to)),
);
app.post<{ Body: Record<string, unknown> }>("/sign-in", (request, reply) => {
  const cookie = signIn(request.body);
  if (cookie === null) return reply.code(401).send("Wrong password.");
  return reply.header("set-cookie", cookie).redirect(wayBack(request.body.return_to), 303);
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
    onError: (error, request) => request.log.warn(error),
  }),
);

const guard = requireToken(verifier, { scopes: ["openid"] });
app.get("/api/me", { onRequest: guard }, async (request) => ({
  subject: guard.accessToken(request).subject,
}));

console.log(await app.listen({ port: Number(process.env.PORT), host: "localhost" }));
