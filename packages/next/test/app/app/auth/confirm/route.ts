import { loginRoute } from "@connect/next";
import { application, route } from "../../../application";

const confirm = loginRoute(application.login, {
  ...application.loginOptions,
  ...application.confirmOptions,
  ...route,
});

export { confirm as GET, confirm as POST };
