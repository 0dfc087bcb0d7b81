import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";

import { ConfigError, type LocalAuthKitOptions } from "./config.js";
import { findConfigFile, readConfigFile, watchConfigFile } from "./config-file.js";
import { type LocalAuthKit, startLocalAuthKit } from "./server.js";

const HELP = `local-authkit: AuthKit's Standalone Connect on your own machine, for development only

Usage: local-authkit [options]

  --config <file>           options as JSON or a module; default local-authkit.config.{ts,mts,js,mjs,json}, if there is one
  --login-uri <url>         your application's Login URI              (LOGIN_URI)
  --port <number>           default 4000; 0 takes any free port       (PORT)
  --host <name>             a loopback name or address, default localhost
  --issuer <origin>         default http://<host>:<port>
  --api-key <sk_...>        key of the completion API, default random (WORKOS_API_KEY)
  --store <place>           memory (default), file, file:<folder> or redis://...; keeps users, tokens, keys
  --seed <file.json>        { users?, organizations?, clients? } to begin with, besides those of the configuration
  --resource <uri>          a registered resource indicator; repeatable
  --default-resource <uri>  the one of them for MCP clients that ask for none
  --dcr                     applications may register themselves: dynamic client registration
  --cimd                    a client id may be the address of a document: client ID metadata documents
  --clients <file.json>     an array of { clientId, clientSecret?, name, redirectUris, firstParty?, scopes? }
  --jwt-template <json>     claims to add to access tokens, such as '{"id":"{{ user.external_id }}"}'
  --switch <name=value>     what AuthKit does where it isn't documented, such as subject=external; repeatable
  --help                    this text

Flags go before variables, and those before the configuration file. What the file says is taken anew when it changes.
`;

interface Command {
  configFile: string | undefined;
  /** Reads the files anew. */
  options: () => Promise<LocalAuthKitOptions>;
}

async function readCommand(): Promise<Command | "help"> {
  const { values } = parseArgs({
    options: {
      config: { type: "string" },
      port: { type: "string" },
      host: { type: "string" },
      issuer: { type: "string" },
      "login-uri": { type: "string" },
      "api-key": { type: "string" },
      store: { type: "string" },
      seed: { type: "string" },
      resource: { type: "string", multiple: true },
      "default-resource": { type: "string" },
      dcr: { type: "boolean" },
      cimd: { type: "boolean" },
      clients: { type: "string" },
      "jwt-template": { type: "string" },
      switch: { type: "string", multiple: true },
      help: { type: "boolean" },
    },
  });
  if (values.help) return "help";
  const { PORT, LOGIN_URI, WORKOS_API_KEY } = process.env;
  const port = values.port ?? PORT;
  const configFile = values.config ?? (await findConfigFile(process.cwd()));
  const jwtTemplate = parseJson(values["jwt-template"], "--jwt-template is not JSON");

  return {
    configFile,
    async options() {
      const fromFile = configFile === undefined ? {} : await readConfigFile(configFile);
      // Whether these are usable is checked with all other options.
      const given: LocalAuthKitOptions = {
        port: port ? Number(port) : undefined,
        host: values.host,
        issuer: values.issuer,
        loginUri: values["login-uri"] ?? (LOGIN_URI || undefined),
        apiKey: values["api-key"] ?? (WORKOS_API_KEY || undefined),
        store: values.store,
        resources: values.resource,
        defaultResource: values["default-resource"],
        dynamicClientRegistration: values.dcr,
        clientIdMetadataDocuments: values.cimd,
        clients: values.clients === undefined ? undefined : ((await readJson(values.clients)) as never),
        jwtTemplate,
        switches: values.switch && { ...fromFile.switches, ...Object.fromEntries(values.switch.map(pairOf)) },
      };
      const options: LocalAuthKitOptions = { ...fromFile };
      for (const [name, value] of Object.entries(given)) {
        if (value !== undefined) Object.assign(options, { [name]: value });
      }
      return values.seed === undefined ? options : withSeed(options, await readJson(values.seed));
    },
  };
}

function pairOf(text: string): [name: string, value: string] {
  const at = text.indexOf("=");
  if (at < 1) throw new ConfigError("--switch must be a name and a value, such as subject=external");
  return [text.slice(0, at), text.slice(at + 1)];
}

function withSeed(options: LocalAuthKitOptions, seed: unknown): LocalAuthKitOptions {
  const { users = [], organizations = [], clients, ...others } = Object(seed);
  const [other] = Object.keys(others);
  if (other !== undefined)
    throw new ConfigError("--seed holds something besides users, organizations and clients");
  return {
    ...options,
    users: [...(options.users ?? []), ...users],
    organizations: [...(options.organizations ?? []), ...organizations],
    ...(clients && { clients: [...(options.clients ?? []), ...clients] }),
  };
}

// As JSON whatever it is called: these files are data.
async function readJson(file: string): Promise<unknown> {
  return parseJson(await readFile(file, "utf8"), `${file} is not JSON`);
}

function parseJson(text: string | undefined, problem: string): Record<string, unknown> | undefined {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    throw new ConfigError(problem);
  }
}

function readyMessage(authkit: LocalAuthKit, { store, ...options }: LocalAuthKitOptions): string {
  const { resources = [], defaultResource, dynamicClientRegistration, clientIdMetadataDocuments } = options;
  const row = (name: string, value: string) => `  ${name.padEnd(16)}${value}`;
  const clients = authkit.clients.flatMap((client) => [
    "",
    `  ${client.name}${client.firstParty ? ", first-party" : ""}`,
    row("client ID", client.clientId),
    row("client secret", client.clientSecret ?? "none: public, with PKCE"),
    ...client.redirectUris.map((uri) => row("redirect URI", uri)),
  ]);
  return [
    "",
    "  Local AuthKit is ready. It is for development only.",
    "",
    row("Issuer", authkit.issuer),
    row("API key", authkit.apiKey),
    row("Login URI", authkit.loginUri ?? "not set: start with --login-uri <url>"),
    row("Environment", authkit.environmentClientId),
    // An address of Redis may hold a password.
    row("Store", store === undefined || store === "memory" ? "memory" : (store.split(":")[0] ?? "")),
    ...resources.map((resource) =>
      row("Resource", resource === defaultResource ? `${resource}, the default` : resource),
    ),
    row("DCR", dynamicClientRegistration ? "on" : "off: start with --dcr"),
    row("CIMD", clientIdMetadataDocuments ? "on" : "off: start with --cimd"),
    ...clients,
    "",
    `  What happens here, live: ${authkit.url}`,
    "",
    "  Stop it with Ctrl+C.",
    "",
  ].join("\n");
}

async function main(): Promise<void> {
  const command = await readCommand();
  if (command === "help") {
    process.stdout.write(HELP);
    return;
  }
  const options = await command.options();
  const authkit = await startLocalAuthKit(options);
  const watcher =
    command.configFile === undefined
      ? undefined
      : watchConfigFile(command.configFile, () => void reload(authkit, command));
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      watcher?.close();
      void authkit.close();
    });
  }
  process.stdout.write(`${readyMessage(authkit, options)}\n`);
}

async function reload(authkit: LocalAuthKit, command: Command): Promise<void> {
  try {
    authkit.reconfigure(await command.options());
    process.stdout.write("  The configuration was read anew.\n");
  } catch (error) {
    process.stderr.write(`local-authkit: the configuration was not taken: ${messageOf(error)}\n`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "cannot start";
}

try {
  await main();
} catch (error) {
  process.stderr.write(`local-authkit: ${messageOf(error)}\n`);
  process.exitCode = 1;
}
