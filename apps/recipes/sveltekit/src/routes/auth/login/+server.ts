import { loginRoute } from "@connect/core/web";
import { login } from "$lib/server/connect";

const handler = loginRoute(login, {
  signInUrl: "/sign-in",
  fallbackUrl: "/",
  confirm: true,
  authenticate: ({ headers }) =>
    headers.get("cookie")?.includes("session=ada") ? { user: { id: "ada", email: "ada@example.com" } } : null,
  onError: (error) => console.warn(error.message),
});

const answer = ({ request }: { request: Request }) => handler(request);

export { answer as GET, answer as POST }; // POST of the page that `confirm` shows
