import { loginRoute } from "@connect/core/web";
import { login } from "../connect.server.js";

const handler = loginRoute(login, {
  signInUrl: "/sign-in",
  fallbackUrl: "/",
  confirm: true,
  authenticate: ({ headers }) =>
    headers.get("cookie")?.includes("session=ada") ? { user: { id: "ada", email: "ada@example.com" } } : null,
  onError: (error) => console.warn(error.message),
});

const answer = ({ request }: { request: Request }) => handler(request);

export { answer as action, answer as loader }; // `action` for the page that `confirm` shows
