import type { Users as KnownUsers } from "./users.js";

export type { Duration } from "./clock.js";
export {
  ConfigError,
  type GrantType,
  type LocalAuthKitOptions,
  type LocalClient,
  type LocalOrganization,
  type LocalPermission,
  type LocalUser,
  type ResolvedClient,
} from "./config.js";
export { defineConfig } from "./config-file.js";
export type { Fault, PendingFault } from "./faults.js";
export { StoreError } from "./journals.js";
export type { Login, LoginEvent, LoginPhase, LoginStep } from "./logins.js";
export { type LocalAuthKit, startLocalAuthKit } from "./server.js";
export { SWITCHES, type Switches } from "./switches.js";
export type { User } from "./users.js";

/** An alias: a class that is exported as a type looks like a class in the bundled declarations, and nobody can make one. */
export type Users = KnownUsers;
