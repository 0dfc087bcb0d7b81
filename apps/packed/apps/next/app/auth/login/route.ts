import { loginRoute } from "@connect/next";
import { login } from "../../../../existing/connect";
import { currentUser } from "../../../../existing/sessions";

export const GET = loginRoute(login, {
  signInUrl: "/sign-in",
  fallbackUrl: "/",
  authenticate: async (request) => {
    const user = await currentUser(request.headers.get("cookie"));
    return user && { user };
  },
  onError: (error) => console.warn(error),
});
