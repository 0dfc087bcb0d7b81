import { withReturnTo } from "@connect/core";
import { loginRoute } from "@connect/express";
import { login } from "../login.js";
import type { AppUser } from "../users.js"; // yours: what deserializeUser gives

export const route = loginRoute(login, {
  signInUrl: "/sign-in",
  authenticate: (request, { returnTo }) => {
    const user = request.user as AppUser | undefined;
    if (!user) return null;
    if (!user.emailVerified) return { redirectTo: withReturnTo("/verify-email", returnTo) };
    return { user: { id: user.id, email: user.email, name: user.name } };
  },
});
