import { withReturnTo } from "@connect/core";
import { loginRoute } from "@connect/express";
import { login } from "../login.js";
import { findUser } from "../users.js"; // yours

declare module "express-session" {
  interface SessionData {
    userId: string; // set when all steps of the sign-in are done, never before a second factor
  }
}

export const route = loginRoute(login, {
  signInUrl: "/sign-in",
  authenticate: async (request, { returnTo }) => {
    const user = await findUser(request.session.userId);
    if (!user) return null;
    if (!user.emailVerified) return { redirectTo: withReturnTo("/verify-email", returnTo) };
    return { user: { id: user.id, email: user.email, name: user.name } };
  },
});
