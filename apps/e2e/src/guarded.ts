import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import { type LocalAuthKit, type LocalAuthKitOptions, startLocalAuthKit } from "@connect/local-authkit";
import { end, printedPort, startServer } from "./example.js";
import { audience, client } from "./launch.js";
import { startProxy } from "./proxy.js";

/** A local AuthKit and the guarded product, in as many processes as were asked for, behind one address. */
export interface Guarded {
  readonly authkit: LocalAuthKit;
  readonly appUrl: string;
  readonly processes: readonly GuardedProcess[];
  close(): Promise<void>;
}

/** One process of the product. */
interface GuardedProcess {
  /** Its own address, past the one that it shares. */
  readonly url: string;
  /** What it has printed so far. */
  log(): string;
  /** Ends it as a crash would. */
  kill(): Promise<void>;
}

/** Starts them on free ports. `apiUrl` may put something between the product and AuthKit's API. */
export async function launchGuarded(options: {
  readonly defences: object;
  readonly authkit?: LocalAuthKitOptions;
  readonly count?: number;
  readonly apiUrl?: (authkitUrl: string) => string;
  readonly env?: Record<string, string>;
}): Promise<Guarded> {
  const closers: (() => Promise<unknown>)[] = [];
  async function close(): Promise<void> {
    for (const closeNext of closers.reverse()) await closeNext();
  }
  try {
    const proxy = await startProxy();
    closers.push(proxy.close);
    const authkit = await startLocalAuthKit({
      port: 0,
      loginUri: `${proxy.url}/auth/login`,
      resources: [audience],
      clients: [client],
      ...options.authkit,
    });
    closers.push(() => authkit.close());
    const started = Array.from({ length: options.count ?? 1 }, () =>
      startProduct({
        APP_URL: proxy.url,
        AUTHKIT_URL: authkit.url,
        WORKOS_API_URL: options.apiUrl?.(authkit.url) ?? authkit.url,
        WORKOS_API_KEY: authkit.apiKey,
        DEFENCES: JSON.stringify(options.defences),
        ...options.env,
      }),
    );
    closers.push(() => Promise.all(started.map(end)));
    const ports = await Promise.all(started.map(printedPort));
    proxy.forwardTo(...ports);
    const processes = started.map((child, index) => watch(child, ports[index] ?? 0));
    return { authkit, appUrl: proxy.url, processes, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function startProduct(env: Record<string, string>): ChildProcess {
  return startServer(
    { folder: join(import.meta.dirname, ".."), args: ["dist/guarded-app.js"] },
    // One secret for all processes: a session is good at each of them.
    { PORT: "0", SESSION_SECRET: "a session secret that is long enough", ...env },
  );
}

function watch(child: ChildProcess, port: number): GuardedProcess {
  let log = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      log += text;
    });
  }
  return {
    url: `http://localhost:${port}`,
    log: () => log,
    kill: () =>
      new Promise((resolve) => {
        child.once("exit", () => resolve());
        child.kill("SIGKILL");
      }),
  };
}
