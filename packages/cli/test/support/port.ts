import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";

/** A port that nobody listens on, for `dev`: others may want its usual one in the moment before its command takes it. */
export async function freePort(): Promise<string> {
  const server = createServer();
  await once(server.listen(0), "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return String(port);
}
