import { invalidConfig } from "../config.js";
import type { ConnectError } from "../errors.js";
import type { LoginOutcome } from "../outcome.js";
import type { LoginRequest } from "./form.js";
import {
  type Authentication,
  checkLoginOptions,
  type Login,
  type LoginContext,
  type LoginOptions,
} from "./login.js";

/** The options of a Login URI in a framework whose request (or context) is `NativeRequest`. */
export interface LoginRouteOptions<NativeRequest> extends Omit<LoginOptions, "onError"> {
  /** The application's part, as `Authenticate` describes it. Gets the framework's own request. */
  readonly authenticate: (
    request: NativeRequest,
    context: LoginContext,
  ) => Authentication | Promise<Authentication>;
  /** As in `LoginOptions`, with the framework's own request. */
  readonly onError?: ((error: ConnectError, request: NativeRequest) => void | Promise<void>) | undefined;
}

/**
 * What every adapter's `loginRoute` is made of: checks the options once, so that a mistake shows at start-up and not
 * at the first login (`invalid_config`), and then takes a request in both its forms to an outcome.
 */
export function createLoginRoute<NativeRequest>(
  login: Login,
  options: LoginRouteOptions<NativeRequest>,
): (view: LoginRequest, request: NativeRequest) => Promise<LoginOutcome> {
  const { authenticate, onError, ...rest } = options;
  checkLoginOptions({ ...rest, onError: onError as LoginOptions["onError"] });
  if (typeof authenticate !== "function") throw invalidConfig("authenticate: must be a function");
  return (view, request) =>
    login.handle(view, (context) => authenticate(request, context), {
      ...rest,
      onError: onError && ((error) => onError(error, request)),
    });
}
