import { getSession } from "@auth/express";
import { withReturnTo } from "@connect/core";
import { loginRoute } from "@connect/express";
import { login } from "../login.js";
import { findUser } from "../users.js"; // yours
import { authConfig } from "./auth-config.js"; // yours, with the callback below

export const route = loginRoute(login, {
  signInUrl: "/sign-in",
  authenticate: async (request, { returnTo }) => {
    const session = await getSession(request, authConfig);
    const user = await findUser(session?.user?.id);
    if (!user) return null;
    if (!user.emailVerified) return { redirectTo: withReturnTo("/verify-email", returnTo) };
    return { user: { id: user.id, email: user.email, name: user.name } };
  },
});
