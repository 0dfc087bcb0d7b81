import { withReturnTo } from "@connect/core";
import { loginRoute } from "@connect/next";
import { getIronSession } from "iron-session";
import { login } from "../login.js";
import { findUser } from "../users.js"; // yours
import { type SessionData, sessionOptions } from "./session.js"; // yours

export const GET = loginRoute(login, {
  signInUrl: "/sign-in",
  authenticate: async (request, { returnTo }) => {
    const session = await getIronSession<SessionData>(request, new Response(), sessionOptions); // read, never saved
    const user = await findUser(session.userId);
    if (!user) return null;
    if (!user.emailVerified) return { redirectTo: withReturnTo("/verify-email", returnTo) };
    return { user: { id: user.id, email: user.email, name: user.name } };
  },
});
