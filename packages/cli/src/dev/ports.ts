import { once } from "node:events";
import { createServer } from "node:net";

/** A port for the application, which nobody listens on now: the usual one unless it is promised to another, else any. */
export async function findPort(usual: number, promised: number | undefined): Promise<number> {
  if (usual !== promised && (await listen(usual)) !== undefined) return usual;
  const port = await listen(0);
  if (port === undefined) throw new Error("No port is free.");
  return port;
}

/** Listens for a moment, on both of the addresses that localhost may be: resolves to the port, if it could be had. */
async function listen(port: number): Promise<number | undefined> {
  const server = createServer();
  try {
    server.listen(port);
    await once(server, "listening");
    const address = server.address();
    return typeof address === "object" ? address?.port : undefined;
  } catch {
    return undefined;
  } finally {
    server.close();
  }
}
