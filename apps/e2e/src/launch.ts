import { type LocalAuthKit, startLocalAuthKit } from "@connect/local-authkit";
import { commandOf, type Example, end, printedPort, startServer } from "./example.js";
import { startProxy } from "./proxy.js";

/** The client of the story. Nothing listens at its redirect URI: the browser stops before it. */
export const client = {
  clientId: "client_story",
  clientSecret: "story_secret",
  name: "Acme Reports",
  redirectUris: ["http://localhost/callback"],
};
export const redirectUri = "http://localhost:9/callback";

/** What the examples' tokens are for, whatever port they listen on. */
export const audience = "http://localhost:3000/api";

/** A local AuthKit and an example application that know each other. */
export interface Launched {
  readonly authkit: LocalAuthKit;
  /** Where the example is reached: behind a proxy, whose address it knows as its own. */
  readonly exampleUrl: string;
  /** The example's MCP endpoint, and the resource indicator of it. */
  readonly mcpUrl: string;
  /** What the example has printed so far. */
  readonly log: () => string;
  close(): Promise<void>;
}

/**
 * Starts both on free ports. `apiUrl` may put something between the application and AuthKit's API, given AuthKit's
 * own address.
 */
export async function launch(
  example: Example,
  options: { apiUrl?: (authkitUrl: string) => string; extraClients?: (typeof client)[] } = {},
): Promise<Launched> {
  const closers: (() => Promise<unknown>)[] = [];
  async function close(): Promise<void> {
    for (const closeNext of closers.reverse()) await closeNext();
  }
  try {
    const proxy = await startProxy();
    closers.push(proxy.close);
    const mcpUrl = `${proxy.url}/mcp`;
    const authkit = await startLocalAuthKit({
      port: 0,
      loginUri: `${proxy.url}/auth/login`,
      resources: [audience, mcpUrl],
      clients: [client, ...(options.extraClients ?? [])],
      dynamicClientRegistration: true,
      clientIdMetadataDocuments: true,
      jwtTemplate: { "urn:example:user_id": "{{ user.external_id }}" },
    });
    closers.push(() => authkit.close());
    const server = startServer(commandOf(example), {
      NODE_ENV: example === "next" ? "production" : "development",
      PORT: "0",
      APP_URL: proxy.url,
      AUTHKIT_URL: authkit.url,
      WORKOS_API_URL: options.apiUrl?.(authkit.url) ?? authkit.url,
      WORKOS_API_KEY: authkit.apiKey,
      CONNECT_AUDIENCE: audience,
    });
    closers.push(() => end(server));
    let log = "";
    for (const stream of [server.stdout, server.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        log += text;
      });
    }
    proxy.forwardTo(await printedPort(server));
    return { authkit, exampleUrl: proxy.url, mcpUrl, log: () => log, close };
  } catch (error) {
    await close();
    throw error;
  }
}
