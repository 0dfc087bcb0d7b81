import { loginRoute } from "@connect/next";
import { login } from "../../../connect";
import { currentUser } from "../../../current-user";

export const GET = loginRoute(login, {
  signInUrl: "/sign-in", // your sign-in page: it gets return_to, the path to send the browser to afterwards
  fallbackUrl: "/",
  authenticate: async (request) => {
    const user = await currentUser(request);
    return user && { user };
  },
  onError: (error) => console.warn(error.message), // never holds a secret
});
