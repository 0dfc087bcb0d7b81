import type { IncomingMessage } from "node:http";
import { HTTPException } from "hono/http-exception";

const MAX_BYTES = 512 * 1024;

/** The body of a request as text. Throws a 413 for more than `maxBytes` (half a megabyte), without reading on. */
export async function readBody(incoming: IncomingMessage, maxBytes: number = MAX_BYTES): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    size += chunk.length;
    if (size > maxBytes) throw new HTTPException(413, { message: "Payload Too Large" });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
