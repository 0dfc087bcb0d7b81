import type { LocalAuthKit, LocalAuthKitOptions } from "@connect/local-authkit";
import { CommandFailure } from "../failure.js";
import type { Terminal } from "../terminal.js";
import { runChild } from "./child.js";
import { loadLocalAuthKit } from "./load-authkit.js";
import { findPort, isTaken } from "./ports.js";

/** Where they are expected: by the application's settings, and by what was written down of the last start. */
const USUAL_PORT = 3_000;
const AUTHKITS_USUAL_PORT = 4_000;

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
  if (process.platform === "win32")
    throw new CommandFailure("dev needs process groups, which Windows has none of: run it in WSL.");
  const local = await loadLocalAuthKit(process.cwd());
  const appPort = port ?? (await findPort(USUAL_PORT, authkitPort));
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
  const authkit = await startAuthKit(local, options, authkitPort, appPort);
  try {
    terminal.print(describe(authkit, audience, terminal));
    if (port === undefined) tellOfPort("your application", USUAL_PORT, appPort, terminal);
    else if (await isTaken(port))
      terminal.notice(`Port ${port} is in use: browsers that AuthKit sends to your application go there.`);
    const { port: chosenPort } = new URL(authkit.url);
    if (authkitPort === undefined) tellOfPort("AuthKit", AUTHKITS_USUAL_PORT, Number(chosenPort), terminal);
    const { code, wasStopped } = await runChild(command, {
      ...process.env,
      PORT: String(appPort),
      APP_URL: appUrl,
      AUTHKIT_URL: authkit.url,
      WORKOS_API_URL: authkit.url,
      WORKOS_API_KEY: authkit.apiKey,
      CONNECT_AUDIENCE: audience,
    });
    // The port was free when it was looked for, and anybody could take it until the command did.
    if (code !== 0 && !wasStopped && (await isTaken(appPort))) {
      terminal.notice(
        `Port ${appPort} is in use. If your command ended because of that, choose another with --port <port>.`,
      );
    }
    return code;
  } finally {
    await authkit.close();
  }
}

/** Where no port is asked for: on the usual one, or where that is taken on any free one. */
async function startAuthKit(
  { startLocalAuthKit, ConfigError, StoreError }: typeof import("@connect/local-authkit"),
  options: LocalAuthKitOptions,
  asked: number | undefined,
  appPort: number,
): Promise<LocalAuthKit> {
  const start = async (port: number) => {
    try {
      return await startLocalAuthKit({ ...options, port });
    } catch (error) {
      const { code } = Object(error);
      if (code === "EADDRINUSE") return undefined;
      if (code === "EACCES")
        throw new CommandFailure(
          `Port ${port} is not for everybody. Choose another with --authkit-port <port>.`,
        );
      if (error instanceof ConfigError || error instanceof StoreError)
        throw new CommandFailure(error.message);
      throw error;
    }
  };
  const usual = appPort === AUTHKITS_USUAL_PORT ? 0 : AUTHKITS_USUAL_PORT;
  const authkit = (await start(asked ?? usual)) ?? (asked === undefined ? await start(0) : undefined);
  if (authkit === undefined)
    throw new CommandFailure(`Port ${asked ?? usual} is in use. Choose another with --authkit-port <port>.`);
  return authkit;
}

/** Whoever looks for it where it usually is would find somebody else's. */
function tellOfPort(who: string, usual: number, port: number, { notice }: Terminal): void {
  if (port !== usual) notice(`Port ${usual} is taken: ${who} is on ${port}.`);
}

function describe(authkit: LocalAuthKit, audience: string, { colors }: Terminal): string {
  const { issuer, loginUri = "" } = authkit;
  const rows = [
    ["AuthKit", issuer],
    ["Dashboard", `${authkit.url}/`],
    ["Login URI", loginUri],
    ["Resource", audience],
    ...authkit.clients
      .filter(({ clientSecret }) => clientSecret === undefined)
      .map(({ clientId }) => ["Client id", `${clientId}  ${colors.dim("public, with PKCE")}`] as const),
    // Its variables are the command's alone: what is run beside it is told.
    ["Doctor", `npx connect doctor --authkit-url ${issuer} --login-uri ${loginUri} --resource ${audience}`],
    [
      "Token",
      `AUTHKIT_URL=${issuer} RESOURCE=${audience} node first-token.mjs  ${colors.dim("# which connect init writes")}`,
    ],
  ] as const;
  return rows.map(([name, value]) => `${colors.bold(name.padEnd(11))}${value}`).join("\n");
}
