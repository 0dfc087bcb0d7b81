import { loginRoute } from "@connect/hono";
import { fromBetterAuth } from "@connect/sessions/better-auth";
import { login } from "../login.js";
import { auth } from "./auth.js"; // yours: betterAuth({ ... })

export const route = loginRoute(login, {
  signInUrl: "/sign-in",
  authenticate: fromBetterAuth(auth, { verifyEmailUrl: "/verify-email" }),
});
