export type { GrantType, LocalAuthKitOptions, LocalClient, ResolvedClient } from "./config.js";
export { ConfigError } from "./config.js";
export { type LocalAuthKit, startLocalAuthKit } from "./server.js";
export type { Users } from "./users.js";
