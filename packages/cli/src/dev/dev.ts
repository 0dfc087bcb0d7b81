import type { LocalAuthKit, LocalAuthKitOptions } from "@connect/local-authkit";
import { CommandFailure } from "../failure.js";
import type { Terminal } from "../terminal.js";
import { runChild } from "./child.js";
import { loadLocalAuthKit } from "./load-authkit.js";
import { findPort } from "./ports.js";

export interface DevOptions {
  readonly port?: number;
  readonly authkitPort?: number;
  readonly loginPath: string;
  readonly resourcePath: string;
  readonly store: string;
}

/** Starts an AuthKit, runs the command beside it, and resolves to the command's exit code. */
export async function develop(
  command: readonly string[],
  { port, authkitPort, loginPath, resourcePath, store }: DevOptions,
  terminal: Terminal,
): Promise<number> {
  const local = await loadLocalAuthKit(process.cwd());
  const appPort = port ?? (await findPort(3_000, authkitPort === undefined ? [] : [authkitPort]));
  const appUrl = `http://localhost:${appPort}`;
  const audience = appUrl + resourcePath;
  const options = {
    loginUri: appUrl + loginPath,
    resources: [audience],
    defaultResource: audience,
    // As MCP clients want it: no single way suits all of them.
    dynamicClientRegistration: true,
    clientIdMetadataDocuments: true,
    store,
  };
  terminal.progress("Starting the local AuthKit ...");
  const start = (port: number) => startAuthKit(local, { ...options, port });
  const authkit =
    authkitPort === undefined ? await start(await findPort(4_000, [appPort])) : await start(authkitPort);
  try {
    terminal.print(describe(authkit, audience, terminal));
    return await runChild(command, {
      ...process.env,
      PORT: String(appPort),
      APP_URL: appUrl,
      AUTHKIT_URL: authkit.url,
      WORKOS_API_URL: authkit.url,
      WORKOS_API_KEY: authkit.apiKey,
      CONNECT_AUDIENCE: audience,
    });
  } finally {
    await authkit.close();
  }
}

async function startAuthKit(
  { startLocalAuthKit, ConfigError, StoreError }: typeof import("@connect/local-authkit"),
  options: LocalAuthKitOptions,
): Promise<LocalAuthKit> {
  try {
    return await startLocalAuthKit(options);
  } catch (error) {
    if (Object(error).code === "EADDRINUSE") {
      throw new CommandFailure(`Port ${options.port} is in use. Choose another with --authkit-port <port>.`);
    }
    if (error instanceof ConfigError || error instanceof StoreError) throw new CommandFailure(error.message);
    throw error;
  }
}

function describe(authkit: LocalAuthKit, audience: string, { colors }: Terminal): string {
  const rows = [
    ["AuthKit", authkit.issuer],
    ["Dashboard", `${authkit.url}/`],
    ["Login URI", authkit.loginUri ?? ""],
    ["Resource", audience],
    ...authkit.clients
      .filter(({ clientSecret }) => clientSecret === undefined)
      .map(({ clientId }) => ["Client id", `${clientId}  ${colors.dim("public, with PKCE")}`] as const),
  ] as const;
  return rows.map(([name, value]) => `${colors.bold(name.padEnd(11))}${value}`).join("\n");
}
