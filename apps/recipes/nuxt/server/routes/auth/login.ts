import { loginRoute } from "@connect/core/web";
import { defineEventHandler, toWebRequest } from "h3";
import { login } from "../../utils/connect.js";

const handler = loginRoute(login, {
  signInUrl: "/sign-in",
  fallbackUrl: "/",
  confirm: true,
  authenticate: ({ headers }) =>
    headers.get("cookie")?.includes("session=ada") ? { user: { id: "ada", email: "ada@example.com" } } : null,
  onError: (error) => console.warn(error.message),
});

// For GET, and POST of the page that `confirm` shows; it refuses the rest.
export default defineEventHandler((event) => handler(toWebRequest(event)));
