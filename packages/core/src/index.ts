export type { ApiConfig } from "./api-access.js";
export {
  type Connection,
  type Connections,
  type ConnectionsConfig,
  createConnections,
} from "./connections/connections.js";
export { ConnectError, type ConnectErrorDetails, ERRORS, type ErrorCode, isConnectError } from "./errors.js";
export type {
  ConnectEvent,
  ConnectionsEvent,
  LoginEvent,
  MetadataEvent,
  OnEvent,
  TokenEvent,
} from "./events.js";
export type { Completion } from "./login/completion.js";
export type { Confirm } from "./login/confirm.js";
export type { UserConsentChoice, UserConsentChoiceGroup, UserConsentOption } from "./login/consent.js";
export { type ConsentOption, consentOption, type PersonalConsentOption } from "./login/consent-option.js";
export type { LoginRequest } from "./login/form.js";
export {
  type Authenticate,
  type Authentication,
  createLogin,
  type Login,
  type LoginConfig,
  type LoginContext,
  type LoginOptions,
  withReturnTo,
} from "./login/login.js";
export type { ResumeOptions } from "./login/resume.js";
export { createLoginRoute, type LoginRouteOptions } from "./login/route.js";
export { createStrayCatcher } from "./login/stray.js";
export type { User } from "./login/user.js";
export { type McpAuthInfo, toAuthInfo } from "./mcp/auth-info.js";
export { memoryStore } from "./memory-store.js";
export type {
  Authorized,
  Challenge,
  ConfirmationForm,
  HandoffCookie,
  LoginConfirmation,
  LoginFailure,
  LoginOutcome,
  LoginRedirect,
  ResourceOutcome,
  TokenOutcome,
  Unavailable,
} from "./outcome.js";
export type {
  Algorithm,
  AtomicStore,
  Clock,
  Fetch,
  KeysCache,
  PublicJwk,
  RequestView,
  Signatures,
  StandardSchema,
  Store,
  StoredKeys,
} from "./ports.js";
export { type NodeBody, type NodeHeaders, readParsedBody, viewHeaders } from "./raw-headers.js";
export { type Reply, toReply, toResponse } from "./reply.js";
export {
  createProtectedResource,
  type ProtectedResource,
  type ProtectedResourceConfig,
  type ProtectedResourceMetadata,
  type ResourceVerifierConfig,
} from "./resource/resource.js";
export type { AccessToken } from "./token/claims.js";
export { createDenyList, type Denied, type DenyList } from "./token/deny-list.js";
export {
  createIntrospection,
  type Introspect,
  type Introspection,
  type IntrospectionConfig,
} from "./token/introspection.js";
export { mergeClaims } from "./token/merge-claims.js";
export type { TokenRequirements } from "./token/requirements.js";
export { storedKeys } from "./token/stored-keys.js";
export { createTokenSlot, type TokenSlot } from "./token/token-slot.js";
export {
  createVerifier,
  type Guard,
  type Verifier,
  type VerifierConfig,
} from "./token/verifier.js";
