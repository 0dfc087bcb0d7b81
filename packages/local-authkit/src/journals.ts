import { createClient } from "@redis/client";
import { ClassicLevel } from "classic-level";

import type { Change, Entry, Journal } from "./state.js";

/** A place for state could not be opened. The message holds no address: one may carry a password. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly code = "store_unavailable";
}

const SEPARATOR = "\0";

/** The place that the option `store` names; none for `memory`. Throws {@link StoreError}. */
export async function openJournal(store: string): Promise<Journal | undefined> {
  if (store === "memory") return undefined;
  if (/^(rediss?|unix):/.test(store)) return openRedisJournal(store);
  return openFileJournal(store.replace(/^file:?/, "") || ".local-authkit");
}

/** A folder on this machine: LevelDB, which lets one process at a time in. */
async function openFileJournal(directory: string): Promise<Journal> {
  const level = new ClassicLevel<string, Entry>(directory, { valueEncoding: "json" });
  try {
    await level.open();
  } catch (error) {
    const isLocked = Object(Object(error).cause).code === "LEVEL_LOCKED";
    throw new StoreError(
      isLocked
        ? "The store is in use: another local AuthKit has it open."
        : "The store's folder cannot be opened.",
    );
  }
  return {
    async *load() {
      for await (const [name, entry] of level.iterator()) yield toChange(name, entry);
    },
    async write(changes) {
      await level.batch(
        changes.map(({ collection, key, entry }) => {
          const name = `${collection}${SEPARATOR}${key}`;
          return entry ? { type: "put", key: name, value: entry } : { type: "del", key: name };
        }),
      );
    },
    close: () => level.close(),
  };
}

const REDIS_PREFIX = "local-authkit:";

/** Redis, by a `redis:`, `rediss:` or `unix:` address. */
async function openRedisJournal(url: string): Promise<Journal> {
  let isConnected = false;
  const client = createClient({
    url,
    // Whoever waits for an answer is told at once; what was to be kept is kept as soon as Redis is back.
    disableOfflineQueue: true,
    socket: { reconnectStrategy: (retries) => (isConnected ? Math.min(retries * 50, 2000) : false) },
  });
  // Without a listener the loss of a connection would end the process. Commands tell what went wrong.
  client.on("error", () => {});
  try {
    await client.connect();
    isConnected = true;
  } catch {
    client.destroy();
    throw new StoreError("Redis cannot be reached at the store's address.");
  }
  return {
    async *load() {
      for await (const names of client.scanIterator({ MATCH: `${REDIS_PREFIX}*`, COUNT: 500 })) {
        if (names.length === 0) continue;
        const texts = await client.mGet(names);
        for (const [index, text] of texts.entries()) {
          const name = names[index]?.slice(REDIS_PREFIX.length);
          // It may have expired in between.
          if (name !== undefined && text !== null) yield toChange(name, JSON.parse(text));
        }
      }
    },
    async write(changes) {
      const transaction = client.multi();
      for (const { collection, key, entry } of changes) {
        const name = `${REDIS_PREFIX}${collection}${SEPARATOR}${key}`;
        if (entry) transaction.set(name, JSON.stringify(entry));
        else transaction.del(name);
      }
      await transaction.exec();
    },
    close: () => client.close(),
  };
}

function toChange(name: string, entry: Entry): Required<Change> {
  const at = name.indexOf(SEPARATOR);
  return { collection: name.slice(0, at), key: name.slice(at + 1), entry };
}
