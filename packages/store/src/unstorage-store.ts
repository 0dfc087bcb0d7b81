import { type Clock, ConnectError, type Store } from "@connect/core";
import { withoutCommand } from "./without-command.js";

/** What is used of a storage of unstorage's (`createStorage`). */
export interface Unstorage {
  getItem(key: string): Promise<unknown>;
  setItem(key: string, value: Entry, options: { ttl: number }): Promise<void>;
  removeItem(key: string): Promise<void>;
}

/** A value with its end, in milliseconds since the epoch: most drivers know none of their own. */
type Entry = { value: string; until: number };

/** Cloudflare KV takes no shorter time, in seconds. */
const SHORTEST_TTL = 60;

/**
 * A store in whatever unstorage has a driver for: Cloudflare KV, Upstash, Deno KV, files, ... It has no step that two
 * writers can't take at once, and so is no `AtomicStore`. A value counts until its time is over by this process's clock;
 * the driver, where it can, removes it then or up to a minute later. What it throws passes, but for the command that it may hold.
 *
 * @param clock default `Date.now`
 * @throws `invalid_config` where this is no storage of unstorage's
 */
export function unstorageStore(storage: Unstorage, clock: Clock = Date.now): Store {
  const functions = ["getItem", "setItem", "removeItem"] as const;
  if (!functions.every((name) => typeof storage?.[name] === "function")) {
    throw new ConnectError("invalid_config", { reason: `storage: must have ${functions.join(" and ")}` });
  }

  return {
    async get(key) {
      const itemKey = await toItemKey(key);
      const entry = await withoutCommand(() => storage.getItem(itemKey));
      return isEntry(entry) && clock() < entry.until ? entry.value : undefined;
    },
    async set(key, value, ttl) {
      const itemKey = await toItemKey(key);
      const entry = { value, until: clock() + ttl * 1000 };
      const options = { ttl: Math.max(SHORTEST_TTL, Math.ceil(ttl)) };
      await withoutCommand(() => storage.setItem(itemKey, entry, options));
    },
    async delete(key) {
      const itemKey = await toItemKey(key);
      await withoutCommand(() => storage.removeItem(itemKey));
    },
  };
}

/**
 * A key that every driver takes as it is, and that tells nobody's id in a driver's error. unstorage itself reads "a/b",
 * "a::b" and "a:b?c" as one and the same; Cloudflare KV takes 512 bytes, file systems less and without case.
 */
async function toItemKey(key: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(key));
  return `connect:${Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

function isEntry(item: unknown): item is Entry {
  const { value, until } = (item ?? {}) as Partial<Entry>;
  return typeof value === "string" && typeof until === "number";
}
