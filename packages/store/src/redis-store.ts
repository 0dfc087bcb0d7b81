import { type AtomicStore, ConnectError } from "@connect/core";
import { withoutCommand } from "./without-command.js";

/** What is used of a client of node-redis, from version 5 on: a single one, a cluster, a pool, or one behind sentinels. */
export interface NodeRedisClient {
  get(key: string): Promise<string | null>;
  set(key: string, value: string, options: NodeRedisSetOptions): Promise<unknown>;
  del(key: string): Promise<unknown>;
  /** Not called: version 4, which has none, would take no notice of the options and keep everything for ever. */
  destroy(): unknown;
}

interface NodeRedisSetOptions {
  readonly expiration: { readonly type: "PX"; readonly value: number };
  readonly condition?: "NX";
}

/** What is used of a client of ioredis, from version 5 on: a single one or a cluster. */
export interface IoredisClient {
  get(key: string): Promise<string | null>;
  set(key: string, value: string, unit: "PX", milliseconds: number): Promise<unknown>;
  set(key: string, value: string, unit: "PX", milliseconds: number, condition: "NX"): Promise<unknown>;
  del(key: string): Promise<unknown>;
  /** Not called: it tells these clients from the others. */
  call(command: string): Promise<unknown>;
}

/**
 * A store in Redis, or in a server that speaks like it, for all processes that use the same database: of several
 * writers exactly one comes first (`SET ... PX ... NX`). Keys and values are kept as they are. The client is yours: so
 * are its connection, its time limits and its end. What it throws passes, but for the command that it may hold.
 *
 * @throws `invalid_config` where this is no client of node-redis 5 or ioredis, or of a later version
 */
export function redisStore(client: NodeRedisClient | IoredisClient): AtomicStore {
  const put = putWith(client);

  return {
    async get(key) {
      return (await withoutCommand(() => client.get(key))) ?? undefined;
    },
    async set(key, value, ttl) {
      await withoutCommand(() => put(key, value, toMilliseconds(ttl)));
    },
    async setIfAbsent(key, value, ttl) {
      return (await withoutCommand(() => put(key, value, toMilliseconds(ttl), "NX"))) === "OK";
    },
    async delete(key) {
      await withoutCommand(() => client.del(key));
    },
  };
}

type Put = (key: string, value: string, milliseconds: number, condition?: "NX") => Promise<unknown>;

/** The two write the same command in different ways. */
function putWith(client: NodeRedisClient | IoredisClient): Put {
  if (hasFunctions<IoredisClient>(client, ["get", "set", "del", "call"])) {
    return (key, value, milliseconds, condition) =>
      condition === undefined
        ? client.set(key, value, "PX", milliseconds)
        : client.set(key, value, "PX", milliseconds, condition);
  }
  if (hasFunctions<NodeRedisClient>(client, ["get", "set", "del", "destroy"])) {
    return (key, value, milliseconds, condition) =>
      client.set(key, value, {
        expiration: { type: "PX", value: milliseconds },
        ...(condition && { condition }),
      });
  }
  throw new ConnectError("invalid_config", {
    reason: "client: must be one of node-redis or ioredis, each from version 5 on",
  });
}

function hasFunctions<Client extends object>(
  client: unknown,
  names: readonly (keyof Client & string)[],
): client is Client {
  return (
    typeof client === "object" &&
    client !== null &&
    names.every((name) => typeof (client as Client)[name] === "function")
  );
}

/** Redis wants whole ones. */
function toMilliseconds(ttl: number): number {
  return Math.ceil(ttl * 1000);
}
