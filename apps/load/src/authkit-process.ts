import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { SignerSeed } from "bench";
import { HOME } from "./home.js";

/** What the process tells of itself. */
export interface AuthKitView {
  readonly seed: SignerSeed;
  /** Where its API is, which takes completions. */
  readonly apiUrl: string;
}

export interface AuthKitProcess extends AuthKitView {
  close(): Promise<void>;
}

export async function startAuthKit(): Promise<AuthKitProcess> {
  const child = fork(join(HOME, "dist/authkit.js"), { stdio: "inherit" });
  const [view] = (await once(child, "message")) as [AuthKitView];
  return {
    ...view,
    async close() {
      const exit = once(child, "exit");
      child.disconnect();
      await exit;
    },
  };
}
