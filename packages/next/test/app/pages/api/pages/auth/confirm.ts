import { loginRoute } from "@connect/next/pages";
import { apiRoute, application } from "../../../../application";

export default loginRoute(application.login, {
  ...application.loginOptions,
  ...application.confirmOptions,
  ...apiRoute,
});
