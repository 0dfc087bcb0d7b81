import { getSession } from "@auth/express";
import { loginRoute } from "@connect/express";
import { fromAuthJs } from "@connect/sessions/auth-js";
import { login } from "../login.js";
import { findUser } from "../users.js"; // yours: finds nobody who is banned
import { authConfig } from "./auth-config.js"; // yours, with the callback above

export const route = loginRoute(login, {
  signInUrl: "/sign-in",
  authenticate: fromAuthJs(
    (request) => getSession(request, authConfig),
    ({ id }) => findUser(id),
    { verifyEmailUrl: "/verify-email" },
  ),
});
