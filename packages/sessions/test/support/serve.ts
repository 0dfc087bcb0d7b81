import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

/** Something that listens on this machine for as long as the process runs, or until it is closed. */
export async function serve(listener: RequestListener): Promise<{ url: string; close(): void }> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

export type Visit = (path: string) => Promise<Response>;

/** A browser that has cookies already and follows nothing. */
export function browse(url: string, cookie?: string): Visit {
  return (path) => fetch(url + path, { redirect: "manual", headers: cookie === undefined ? {} : { cookie } });
}

/** The cookies that an answer sets, as a browser sends them back. */
export function cookiesOf(response: { headers: Headers }): string {
  return response.headers
    .getSetCookie()
    .filter((cookie) => !/max-age=0/i.test(cookie))
    .map((cookie) => cookie.split(";", 1)[0])
    .join("; ");
}
