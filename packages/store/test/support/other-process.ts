import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { AtomicStore, DenyList } from "@connect/core";

/** The store and the deny list of another process. */
export interface OtherProcess {
  readonly store: AtomicStore;
  readonly denyList: DenyList;
  close(): Promise<void>;
}

export async function startOtherProcess(redisPath: string): Promise<OtherProcess> {
  const child = fork(fileURLToPath(new URL("./other-process.mjs", import.meta.url)), [redisPath]);
  const waiting = new Map<number, (result: never) => void>();
  let calls = 0;
  await once(child, "message");
  child.on("message", ({ id, result }: { id: number; result: never }) => waiting.get(id)?.(result));

  const call =
    (part: string, method: string) =>
    (...parameters: unknown[]) =>
      new Promise<never>((resolve) => {
        const id = ++calls;
        waiting.set(id, resolve);
        child.send({ id, part, method, parameters });
      });

  return {
    store: {
      get: call("store", "get"),
      set: call("store", "set"),
      setIfAbsent: call("store", "setIfAbsent"),
      delete: call("store", "delete"),
    },
    denyList: {
      deny: call("denyList", "deny"),
      allow: call("denyList", "allow"),
      isRevoked: call("denyList", "isRevoked"),
    },
    async close() {
      const exited = once(child, "exit");
      child.disconnect();
      await exited;
    },
  };
}
