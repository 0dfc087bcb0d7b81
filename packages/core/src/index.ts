export { ConnectError, type ConnectErrorDetails, ERRORS, type ErrorCode, isConnectError } from "./errors.js";
export type { Completion } from "./login/completion.js";
export type { UserConsentChoice, UserConsentChoiceGroup, UserConsentOption } from "./login/consent.js";
export { type ConsentOption, consentOption, type PersonalConsentOption } from "./login/consent-option.js";
export {
  type Authenticate,
  type Authentication,
  createLogin,
  type Login,
  type LoginConfig,
  type LoginContext,
  type LoginOptions,
} from "./login/login.js";
export { createLoginRoute, type LoginRouteOptions } from "./login/route.js";
export type { User } from "./login/user.js";
export type {
  Authorized,
  Challenge,
  LoginFailure,
  LoginOutcome,
  LoginRedirect,
  ResourceOutcome,
  TokenOutcome,
  Unavailable,
} from "./outcome.js";
export type {
  Algorithm,
  Clock,
  Fetch,
  KeysCache,
  PublicJwk,
  RequestView,
  Signatures,
  StandardSchema,
  StoredKeys,
} from "./ports.js";
export { type Reply, toReply, toResponse } from "./reply.js";
export {
  createProtectedResource,
  type ProtectedResource,
  type ProtectedResourceConfig,
  type ProtectedResourceMetadata,
} from "./resource/resource.js";
export type { AccessToken } from "./token/claims.js";
export { mergeClaims } from "./token/merge-claims.js";
export {
  checkTokenRequirements,
  createVerifier,
  type TokenRequirements,
  type Verifier,
  type VerifierConfig,
} from "./token/verifier.js";
