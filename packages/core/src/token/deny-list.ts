import { askStore } from "../bounds.js";
import { invalidConfig, parseAmount, parsePort } from "../config.js";
import { ConnectError } from "../errors.js";
import { memoryStore } from "../memory-store.js";
import type { Store } from "../ports.js";
import type { AccessToken } from "./claims.js";

/** What can be denied: one token (`jti`), all that a consent gave and will give (`sid`), or all of a subject (`sub`). */
export type Denied =
  | { readonly tokenId: string }
  | { readonly consentId: string }
  | { readonly subject: string };

/** Tokens that count no more, whatever their signature and times say. */
export interface DenyList {
  /**
   * Refuses these tokens from now on. Without AuthKit's help a client gets new ones by refreshing, and they are refused
   * as well, so for a consent or a subject choose a time that outlasts its refresh tokens, or disconnect it at AuthKit too.
   *
   * @param seconds how long: for a single token, until it expires (some 300); at most 10 years
   */
  deny(what: Denied, seconds: number): Promise<void>;
  /** Takes that back. */
  allow(what: Denied): Promise<void>;
  /**
   * For `createVerifier({ isRevoked: denyList.isRevoked })`. Throws `deny_list_unavailable` where the store fails, or gives
   * no answer within a second: the request is answered with 503, and nobody is let in.
   */
  readonly isRevoked: (
    accessToken: Pick<AccessToken, "subject" | "tokenId" | "consentId">,
  ) => Promise<boolean>;
}

const TEN_YEARS = 315_360_000;

/** Makes a deny list. Default store: this process's memory, which other processes don't see. */
export function createDenyList(config: { readonly store?: Store | undefined } = {}): DenyList {
  const store = parsePort(config.store, "store", ["get", "set", "delete"]) ?? memoryStore();

  async function look(keys: readonly (Denied | false)[]): Promise<unknown[]> {
    try {
      return await askStore(() => Promise.all(keys.map((key) => key && store.get(toKey(key)))));
    } catch {
      // The store's own error may hold addresses and credentials, or the key.
      throw new ConnectError("deny_list_unavailable");
    }
  }

  return {
    async deny(what, seconds) {
      await store.set(toKey(what), "1", parseAmount(seconds, "seconds", { min: 1, max: TEN_YEARS }));
    },
    async allow(what) {
      await store.delete(toKey(what));
    },
    async isRevoked({ tokenId, consentId, subject }) {
      const keys = [
        { subject },
        tokenId !== undefined && { tokenId },
        consentId !== undefined && { consentId },
      ];
      return (await look(keys)).some((value) => typeof value === "string");
    },
  };
}

function toKey(what: Denied): string {
  for (const kind of ["tokenId", "consentId", "subject"] as const) {
    const id = (what as Partial<Record<typeof kind, string>>)[kind];
    if (typeof id === "string" && id !== "") return `connect:denied:${kind}:${id}`;
  }
  throw invalidConfig("deny: must name a tokenId, consentId or subject");
}
