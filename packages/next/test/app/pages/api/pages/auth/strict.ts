import { loginRoute } from "@connect/next/pages";
import { apiRoute, application } from "../../../../application";

export default loginRoute(application.login, { signInUrl: application.loginOptions.signInUrl, ...apiRoute });
