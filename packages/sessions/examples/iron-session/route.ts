import { loginRoute } from "@connect/next";
import { fromIronSession } from "@connect/sessions/iron-session";
import { login } from "../login.js";
import { findUser } from "../users.js"; // yours: finds nobody who is banned
import { type SessionData, sessionOptions } from "./session.js"; // yours

export const GET = loginRoute(login, {
  signInUrl: "/sign-in",
  authenticate: fromIronSession(sessionOptions, ({ userId }: SessionData) => userId, findUser, {
    verifyEmailUrl: "/verify-email",
  }),
});
