import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** Stands between the application and AuthKit's API and tells of each completion call, which no browser sees. */
export interface CompletionTap {
  readonly url: string;
  /** Where calls are passed on to. */
  target: string;
  /** Waited for before a call is passed on, or dropped (`false`), and before its answer is; default neither. */
  hold: { before?: () => Promise<boolean>; after?: () => Promise<boolean> };
  close(): Promise<void>;
}

/** Starts it. `onCall` gets what was sent and what came back. */
export async function startCompletionTap(
  onCall: (call: { path: string; request: unknown; status: number; response: unknown }) => void,
): Promise<CompletionTap> {
  const server = createServer(async (incoming, outgoing) => {
    let body = "";
    for await (const chunk of incoming.setEncoding("utf8")) body += chunk;
    const path = incoming.url ?? "/";
    if ((await tap.hold.before?.()) === false) return incoming.destroy();
    const answer = await fetch(tap.target + path, {
      method: incoming.method ?? "POST",
      headers: {
        authorization: incoming.headers.authorization ?? "",
        "content-type": incoming.headers["content-type"] ?? "",
      },
      body,
    });
    const text = await answer.text();
    await tap.hold.after?.();
    onCall({ path, request: JSON.parse(body), status: answer.status, response: JSON.parse(text) });
    outgoing.writeHead(answer.status, { "content-type": "application/json" }).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  const tap: CompletionTap = {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    target: "",
    hold: {},
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return tap;
}
