import { loginRoute } from "@connect/express";
import { fromPassport } from "@connect/sessions/passport";
import { login } from "../login.js";
import type { AppUser } from "../users.js"; // yours: what deserializeUser gives

// Behind app.use(session({ ... })) and app.use(passport.session()).
export const route = loginRoute(login, {
  signInUrl: "/sign-in",
  authenticate: fromPassport((user: AppUser) => user, { verifyEmailUrl: "/verify-email" }),
});
