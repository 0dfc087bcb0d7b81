import { getAuth } from "@clerk/express";
import { loginRoute } from "@connect/express";
import { fromClerk } from "@connect/sessions/clerk";
import { login } from "../login.js";
import { clerkClient } from "./clerk.js"; // yours: createClerkClient({ ... })

// Behind app.use(clerkMiddleware()).
export const route = loginRoute(login, {
  signInUrl: "/sign-in",
  authenticate: fromClerk(clerkClient, getAuth, { verifyEmailUrl: "/verify-email" }),
});
