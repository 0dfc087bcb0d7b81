import dns from "node:dns";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from "node:net";
import { vi } from "vitest";
import type { Fetch } from "../../src/index.js";
import { REDIRECT_URI } from "./authkit.js";

/** What goes wrong with one try. `acts` says whether the login was completed all the same; default no. */
export type Fault =
  /** Nobody listens; nobody has this name; the connection ends before the body is read. */
  | { readonly is: "refused" | "unresolved" | "unread" }
  /** The connection ends without an answer, or inside one; the answer has no end. */
  | { readonly is: "reset" | "truncated" | "flood"; readonly acts?: boolean }
  /** Nothing comes until the time is up, or half of an answer and then nothing. */
  | { readonly is: "silent" | "stalled"; readonly acts?: boolean }
  /** An answer, as it is written here. */
  | {
      readonly is: "says";
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
      readonly acts?: boolean;
    };

/** A try that was read. */
interface Try {
  readonly id: string;
  readonly body: string;
  readonly key: string | undefined;
}

/** The completion API on a real server, with a fault for each try as long as there are any. */
export interface FaultServer {
  /** Where it is. */
  readonly url: string;
  /** The network to it. */
  readonly fetch: Fetch;
  /** The faults to come. */
  readonly faults: Fault[];
  /** All that was read, faults included. */
  readonly tries: Try[];
  /** The ids that were completed. */
  readonly completed: Set<string>;
  /** What it says of an id that was completed before. */
  spent: { readonly status: number; readonly body: string };
  /** Called where nothing will come any more. */
  onSilence: () => void;
  close(): Promise<void>;
}

const UNRESOLVABLE = "authkit.invalid";

export async function startFaultServer(): Promise<FaultServer> {
  const server = createServer(async (request, response) => {
    const fault = faults.faults.shift();
    if (fault?.is === "unread") {
      request.socket.resetAndDestroy();
      return;
    }
    const text = await readBody(request);
    const id = String(JSON.parse(text).external_auth_id);
    faults.tries.push({ id, body: text, key: request.headers["idempotency-key"] as string | undefined });
    answer(id, fault, request.socket, response);
  });

  function answer(id: string, fault: Fault | undefined, socket: Socket, response: ServerResponse): void {
    // So that each try makes a connection of its own.
    response.setHeader("connection", "close");
    const done = JSON.stringify({ redirect_uri: REDIRECT_URI });
    if (fault === undefined) {
      if (act(id)) response.end(done);
      else response.writeHead(faults.spent.status).end(faults.spent.body);
      return;
    }
    if ("acts" in fault && fault.acts === true) act(id);
    switch (fault.is) {
      case "reset":
        socket.resetAndDestroy();
        break;
      case "truncated":
        response.writeHead(200, { "content-length": "1000" });
        response.write(done, () => socket.destroy());
        break;
      case "flood": {
        const pour = () => {
          while (!response.destroyed && response.write("x".repeat(65_536)));
        };
        response.writeHead(200).on("drain", pour);
        pour();
        break;
      }
      case "silent":
        faults.onSilence();
        break;
      case "stalled":
        response.writeHead(200, { "content-length": "1000" });
        response.write(done, () => faults.onSilence());
        break;
      case "says":
        response.writeHead(fault.status, fault.headers).end(fault.body ?? "{}");
        break;
    }
  }

  /** Completes the login, once; whether it was this time. */
  function act(id: string): boolean {
    const isFirst = !faults.completed.has(id);
    faults.completed.add(id);
    return isFirst;
  }

  const url = await listen(server);
  const deaf = createTcpServer();
  const deafUrl = await listen(deaf);
  await close(deaf);

  const lookup = dns.lookup as (name: string, ...rest: unknown[]) => unknown;
  vi.spyOn(dns, "lookup").mockImplementation(((name: string, ...rest: unknown[]) => {
    if (name !== UNRESOLVABLE) return lookup(name, ...rest);
    const answered = rest.at(-1) as (error: Error) => void;
    queueMicrotask(() => answered(Object.assign(new Error(), { code: "ENOTFOUND", syscall: "getaddrinfo" })));
  }) as typeof dns.lookup);

  const faults: FaultServer = {
    url,
    fetch: (address, init) => {
      const next = faults.faults[0]?.is;
      if (next !== "refused" && next !== "unresolved") return fetch(address, init);
      faults.faults.shift();
      return fetch(address.replace(url, next === "refused" ? deafUrl : `http://${UNRESOLVABLE}`), init);
    },
    faults: [],
    tries: [],
    completed: new Set(),
    spent: { status: 400, body: JSON.stringify({ code: "external_auth_session_already_completed" }) },
    onSilence: () => {},
    async close() {
      server.closeAllConnections();
      await close(server);
    },
  };
  return faults;
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text;
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
