import { loginRoute } from "@connect/next";
import { application, route } from "../../../application";

export const runtime = "edge";
export const GET = loginRoute(application.login, { ...application.loginOptions, ...route });
