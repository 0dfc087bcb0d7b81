import { type RouteConfig, route } from "@react-router/dev/routes";

export default [
  route("auth/login", "./routes/login.ts"),
  route("api/notes", "./routes/notes.ts"),
  route(".well-known/oauth-protected-resource/api", "./routes/metadata.ts"),
] satisfies RouteConfig;
