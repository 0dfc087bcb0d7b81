import { ConnectError, type LoginRouteOptions } from "@connect/core";

/** The options of a Login URI in Next. */
export interface NextLoginRouteOptions<NativeRequest> extends LoginRouteOptions<NativeRequest> {
  /**
   * The `basePath` of `next.config`, where it has one. Next takes it off the address that handlers see and says it
   * nowhere; the way back and the confirmation form need it. Default: none.
   */
  readonly basePath?: string | undefined;
}

/**
 * Gives addresses as browsers know them, with the application's base path. Throws `invalid_config` where it is no path,
 * or not that of `next.config`: a login would lead outside of the application.
 */
export function createPathPrefixer(basePath = ""): (url: string) => string {
  if (basePath !== "" && !/^(\/[^/?#\\\s]+)+$/.test(basePath)) {
    throw new ConnectError("invalid_config", {
      reason: "basePath: must be a path without a slash at its end",
    });
  }
  // A name of Next's own, which it replaces in the code that it bundles; where that is not done nothing is checked.
  const built = process.env.__NEXT_ROUTER_BASEPATH;
  if (built !== undefined && built !== basePath) {
    throw new ConnectError("invalid_config", { reason: "basePath: must be that of next.config" });
  }
  if (basePath === "") return (url) => url;
  return (url) => {
    const { pathname, search } = new URL(url, "https://path.invalid");
    return basePath + pathname + search;
  };
}
