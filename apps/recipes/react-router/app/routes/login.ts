import { loginRoute } from "@connect/core/web";
import { currentUser } from "../../../your-app.js";
import { login } from "../connect.server.js";

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

export { answer as action, answer as loader }; // `action` for the page that `confirm` shows
