import * as v2 from "@modelcontextprotocol/client";
import * as v1 from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { ClientState } from "./client-state.js";

/** An MCP client of either version of the SDK, as far as the story needs it. */
export interface McpClient {
  /** Connects if it has to and calls a tool; gives the structured result. Rejects where the user must be asked. */
  callTool(name: string): Promise<unknown>;
  /** Takes what came back with the browser. */
  finishAuth(callback: URLSearchParams): Promise<void>;
  close(): Promise<void>;
}

const identity = { name: "acme-assistant", version: "1.0.0" };

/** The clients, by the version of the SDK they are made with. */
export const mcpClients = { v1: createV1, v2: createV2 } as const;

function createV1(url: string, authProvider: ClientState): McpClient {
  return createClient(
    () => new StreamableHTTPClientTransport(new URL(url), { authProvider }),
    async (transport) => {
      const client = new v1.Client(identity);
      await client.connect(transport);
      return client;
    },
    (transport, callback) => transport.finishAuth(callback.get("code") ?? ""),
  );
}

function createV2(url: string, authProvider: ClientState): McpClient {
  return createClient(
    () => new v2.StreamableHTTPClientTransport(new URL(url), { authProvider }),
    async (transport) => {
      const client = new v2.Client(identity);
      await client.connect(transport);
      return client;
    },
    (transport, callback) => transport.finishAuth(callback),
  );
}

/** What of a connected client is used, the same in both versions. */
interface ConnectedClient {
  callTool(call: { name: string; arguments: Record<string, unknown> }): Promise<object>;
  close(): Promise<void>;
}

function createClient<Transport>(
  createTransport: () => Transport,
  connect: (transport: Transport) => Promise<ConnectedClient>,
  finish: (transport: Transport, callback: URLSearchParams) => Promise<void>,
): McpClient {
  let transport: Transport;
  let client: ConnectedClient | undefined;
  return {
    async callTool(name) {
      if (client === undefined) {
        // A transport connects once, and one that was sent away to ask the user doesn't connect again.
        transport = createTransport();
        client = await connect(transport);
      }
      const result = await client.callTool({ name, arguments: {} });
      return "structuredContent" in result ? result.structuredContent : undefined;
    },
    finishAuth: (callback) => finish(transport, callback),
    close: async () => client?.close(),
  };
}
