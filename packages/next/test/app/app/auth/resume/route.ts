import { loginRoute } from "@connect/next";
import { application, route } from "../../../application";

export const GET = loginRoute(application.login, {
  ...application.loginOptions,
  ...application.resumeOptions,
  ...route,
});
