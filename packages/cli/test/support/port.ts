import { once } from "node:events";
import { createServer } from "node:net";

/** Below the ports that systems give to whoever asks for any, so that no other test gets it meanwhile by chance. */
const [LOWEST, HIGHEST] = [20_000, 32_000];

/** A port that nobody listens on, for `dev`: others may want its usual one in the moment before its command takes it. */
export async function freePort(): Promise<string> {
  const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
  const server = createServer();
  try {
    await once(server.listen(port), "listening");
  } catch {
    return freePort();
  }
  server.close();
  await once(server, "close");
  return String(port);
}
