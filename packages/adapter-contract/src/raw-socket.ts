import { connect } from "node:net";
import { connect as connectSecurely } from "node:tls";

/** How long a silent connection is kept, in milliseconds: a server may wait for the rest of a broken request without end. */
const SILENCE = 30_000;

/** All answers on one connection, the statuses apart. */
export interface RawAnswer {
  readonly statuses: readonly number[];
  /** One character a byte. */
  readonly text: string;
}

/**
 * Writes a request as it is, one byte a character: what an HTTP client would refuse, mend or leave out. It should ask
 * for the connection to be closed, since what comes until then is the answer.
 */
export function sendRaw(url: string, request: string): Promise<RawAnswer> {
  const { hostname, port, protocol } = new URL(url);
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  return new Promise((resolve, reject) => {
    let text = "";
    const socket =
      protocol === "https:"
        ? connectSecurely({ host, port: Number(port || 443), servername: host })
        : connect({ host, port: Number(port || 80) });
    socket.setTimeout(SILENCE, () => socket.destroy());
    socket.setEncoding("latin1");
    socket.on("data", (chunk) => {
      text += chunk;
    });
    socket.on("close", () => {
      // Not at the beginning of a line: a body before it need not end with one.
      const statuses = [...text.matchAll(/HTTP\/1\.[01] (\d{3}) /g)].map(([, status]) => Number(status));
      resolve({ statuses, text });
    });
    // Who refuses a request may hang up on the rest of it: that is an answer, too, or none where nothing came before.
    socket.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "ECONNRESET" && error.code !== "EPIPE") reject(error);
    });
    socket.write(request, "latin1");
  });
}

/** The value of the first answer's first header of this name. */
export function headerOf({ text }: RawAnswer, name: string): string | undefined {
  const [head = ""] = text.split("\r\n\r\n", 1);
  const line = head.split("\r\n").find((one) => one.toLowerCase().startsWith(`${name}:`));
  return line?.slice(name.length + 1).trim();
}

/** What stands behind the first answer's headers, as it was sent: with the sizes of chunks in it. */
export function bodyOf({ text }: RawAnswer): string {
  const end = text.indexOf("\r\n\r\n");
  return end === -1 ? "" : text.slice(end + 4);
}
