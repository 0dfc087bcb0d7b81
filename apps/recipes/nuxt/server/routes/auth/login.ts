import { loginRoute } from "@connect/core/web";
import { defineEventHandler, toWebRequest } from "h3";
import { currentUser } from "../../../../your-app.js";
import { login } from "../../utils/connect.js";

const handler = loginRoute(login, {
  signInUrl: "/sign-in",
  fallbackUrl: "/",
  confirm: true,
  authenticate: async (request) => {
    const user = await currentUser(request.headers.get("cookie"));
    return user && { user };
  },
});

// For GET, and POST of the page that `confirm` shows; it refuses the rest.
export default defineEventHandler((event) => handler(toWebRequest(event)));
