import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { redirectUri } from "./launch.js";

/** What the MCP clients of the story say of themselves, whichever way they register. Nothing keeps a secret. */
export const clientMetadata = {
  client_name: "Acme Assistant",
  redirect_uris: [redirectUri],
  grant_types: ["authorization_code", "refresh_token"],
  response_types: ["code"],
  token_endpoint_auth_method: "none",
};

/** A client that publishes what it says of itself, so that its id is an address. */
export interface PublishedClient {
  readonly clientId: string;
  close(): Promise<void>;
}

/** Serves the client's metadata document on a free port. */
export async function publishClientMetadata(): Promise<PublishedClient> {
  const server = createServer((_incoming, outgoing) => {
    outgoing.setHeader("content-type", "application/json");
    outgoing.end(JSON.stringify({ client_id: clientId, ...clientMetadata }));
  });
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  const clientId = `http://localhost:${(server.address() as AddressInfo).port}/client.json`;
  return {
    clientId,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
