import type { AccessToken } from "./claims.js";

/** Where an adapter leaves the verified token, in frameworks that hand a handler nothing but the request. */
export interface TokenSlot<Claims> {
  put(request: object, accessToken: AccessToken<Claims>): void;
  /** Throws for a request that has none: no guard with this slot let it through. */
  get(request: object): AccessToken<Claims>;
}

/**
 * Makes the slot of one guard: two verifiers in one application keep their types and their tokens apart, and nothing is
 * declared on every request of the process.
 */
export function createTokenSlot<Claims>(): TokenSlot<Claims> {
  // On the request itself, under a name that nobody else has: a WeakMap with an entry for each request keeps the garbage collector busy.
  const name = Symbol("accessToken");
  type Slotted = Record<symbol, AccessToken<Claims> | undefined>;
  return {
    put(request, accessToken) {
      (request as Slotted)[name] = accessToken;
    },
    get(request) {
      const accessToken = (request as Slotted)[name];
      if (accessToken === undefined)
        throw new Error("This route is not behind the requireToken guard that it asks for a token.");
      return accessToken;
    },
  };
}
