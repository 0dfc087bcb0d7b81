import { loginRoute } from "@connect/core/web";
import { login } from "$lib/server/connect";
import { currentUser } from "../../../../../your-app.js";

const handler = loginRoute(login, {
  signInUrl: "/sign-in",
  fallbackUrl: "/",
  confirm: true,
  authenticate: async (request) => {
    const user = await currentUser(request.headers.get("cookie"));
    return user && { user };
  },
});

const answer = ({ request }: { request: Request }) => handler(request);

export { answer as GET, answer as POST }; // POST of the page that `confirm` shows
