import { once } from "node:events";
import { createServer, type ListenOptions } from "node:net";

/** All that `localhost` may be. Where a wildcard and one address go beside each other (macOS), neither tells of the other. */
const HOSTS = ["::", "127.0.0.1", "::1"];

/** A port for the application, which nobody listens on now: the usual one unless it is promised to another, else any. */
export async function findPort(usual: number, promised: number | undefined): Promise<number> {
  if (usual !== promised && !(await isTaken(usual))) return usual;
  const port = await listen({ port: 0 });
  if (typeof port !== "number") throw new Error("No port is free.");
  return port;
}

/** Whether somebody listens there now, or nobody may. */
export async function isTaken(port: number): Promise<boolean> {
  for (const host of HOSTS) {
    const outcome = await listen({ port, host });
    if (outcome === "EADDRINUSE" || outcome === "EACCES") return true;
  }
  return false;
}

/** Listens for a moment: resolves to the port, or to the code of why not. */
async function listen(options: ListenOptions): Promise<number | string> {
  const server = createServer();
  try {
    await once(server.listen(options), "listening");
    const address = server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    server.close();
    await once(server, "close");
    return port ?? "";
  } catch (error) {
    return String(Object(error).code);
  }
}
