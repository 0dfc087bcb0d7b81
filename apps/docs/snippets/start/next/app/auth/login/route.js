// app/auth/login/route.js, of Next.js
import { createLogin } from "@connect/core";
import { loginRoute } from "@connect/next";

const login = createLogin({
  apiKey: process.env.WORKOS_API_KEY ?? "",
  authkitUrl: process.env.AUTHKIT_URL ?? "http://localhost:4000",
  apiUrl: process.env.WORKOS_API_URL ?? "https://api.workos.com",
});

export const GET = loginRoute(login, {
  signInUrl: "/sign-in",
  fallbackUrl: "/",
  authenticate: (request) =>
    /(^|; )session=ada(;|$)/.test(request.headers.get("cookie") ?? "")
      ? { user: { id: "usr_ada", email: "ada@example.com" } }
      : null,
  onError: (error) => console.warn(error.message),
});
