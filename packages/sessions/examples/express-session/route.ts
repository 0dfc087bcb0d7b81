import { loginRoute } from "@connect/express";
import { fromExpressSession } from "@connect/sessions/express-session";
import { login } from "../login.js";
import { findUser } from "../users.js"; // yours: finds nobody who is banned

declare module "express-session" {
  interface SessionData {
    userId: string;
  }
}

// Behind app.use(session({ ... })).
export const route = loginRoute(login, {
  signInUrl: "/sign-in",
  authenticate: fromExpressSession(({ userId }) => userId, findUser, { verifyEmailUrl: "/verify-email" }),
});
