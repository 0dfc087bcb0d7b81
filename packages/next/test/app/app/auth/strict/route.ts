import { loginRoute } from "@connect/next";
import { application, route } from "../../../application";

export const GET = loginRoute(application.login, { signInUrl: application.loginOptions.signInUrl, ...route });
