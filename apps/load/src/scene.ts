import { commandOf, type Example, type ServerCommand } from "e2e/example";
import { type AuthKitProcess, startAuthKit } from "./authkit-process.js";
import { bareCommandOf } from "./bare-command.js";
import { ServerProcess } from "./server-process.js";
import { API_KEY, APP_URL } from "./stage.js";
import { TokenSupply } from "./token-supply.js";

/** All that a server needs around it: an AuthKit, and tokens of it. */
export interface Scene {
  readonly authkit: AuthKitProcess;
  readonly supply: TokenSupply;
  startExample(example: Example): Promise<ServerProcess>;
  /** The example's framework with plain routes. */
  startBare(example: Example): Promise<ServerProcess>;
  close(): Promise<void>;
}

export async function openScene(): Promise<Scene> {
  const authkit = await startAuthKit();
  const supply = await TokenSupply.open(authkit.seed);
  const { url, audience } = authkit.seed.view;
  const env = {
    APP_URL,
    AUTHKIT_URL: url,
    WORKOS_API_URL: authkit.apiUrl,
    WORKOS_API_KEY: API_KEY,
    CONNECT_AUDIENCE: audience,
  };
  const servers: ServerProcess[] = [];
  const start = async (command: ServerCommand) => {
    const server = await ServerProcess.start(command, env);
    servers.push(server);
    return server;
  };
  return {
    authkit,
    supply,
    startExample: (example) => start(commandOf(example)),
    startBare: (example) => start(bareCommandOf(example)),
    async close() {
      // Those that a failure left running.
      for (const server of servers) await server.stop();
      await supply.close();
      await authkit.close();
    },
  };
}
