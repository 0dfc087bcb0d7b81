import { loginRoute } from "@connect/next";
import { authenticate, login } from "../../../connect";

export const GET = loginRoute(login, {
  signInUrl: "/sign-in",
  fallbackUrl: "/",
  authenticate: (request) => authenticate(request.headers),
  onError: (error) => console.error(`login failed: ${error.code}`),
});
