import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";

import type { LocalAuthKitOptions } from "./config.js";
import { type LocalAuthKit, startLocalAuthKit } from "./server.js";

const HELP = `local-authkit: AuthKit's Standalone Connect on your own machine, for development only

Usage: local-authkit [options]

  --login-uri <url>         your application's Login URI              (LOGIN_URI)
  --port <number>           default 4000; 0 takes any free port       (PORT)
  --host <name>             a loopback name or address, default localhost
  --api-key <sk_...>        key of the completion API, default random (WORKOS_API_KEY)
  --resource <uri>          a registered resource indicator; repeatable
  --default-resource <uri>  the one of them for MCP clients that ask for none
  --dcr                     applications may register themselves: dynamic client registration
  --cimd                    a client id may be the address of a document: client ID metadata documents
  --clients <file.json>     an array of { clientId, clientSecret?, name, redirectUris, firstParty?, scopes? }
  --jwt-template <json>     claims to add to access tokens, such as '{"id":"{{ user.external_id }}"}'
  --subject <kind>          sub of tokens: workos (default) or external
  --sessions <how>          keep (default), or none: each login visits the Login URI
  --browser-binding <how>   strict (default), or naive: a login goes on in any browser
  --help                    this text
`;

async function readOptions(): Promise<LocalAuthKitOptions | "help"> {
  const { values } = parseArgs({
    options: {
      port: { type: "string" },
      host: { type: "string" },
      "login-uri": { type: "string" },
      "api-key": { type: "string" },
      resource: { type: "string", multiple: true },
      "default-resource": { type: "string" },
      dcr: { type: "boolean" },
      cimd: { type: "boolean" },
      clients: { type: "string" },
      "jwt-template": { type: "string" },
      subject: { type: "string" },
      sessions: { type: "string" },
      "browser-binding": { type: "string" },
      help: { type: "boolean" },
    },
  });
  if (values.help) return "help";
  const { PORT, LOGIN_URI, WORKOS_API_KEY } = process.env;
  const port = values.port ?? PORT;
  // Whether these are usable is checked with all other options.
  return {
    port: port ? Number(port) : undefined,
    host: values.host,
    loginUri: values["login-uri"] ?? (LOGIN_URI || undefined),
    apiKey: values["api-key"] ?? (WORKOS_API_KEY || undefined),
    resources: values.resource,
    defaultResource: values["default-resource"],
    dynamicClientRegistration: values.dcr,
    clientIdMetadataDocuments: values.cimd,
    clients: values.clients === undefined ? undefined : await readClients(values.clients),
    jwtTemplate: parseJson(values["jwt-template"], "--jwt-template is not JSON"),
    subject: values.subject as LocalAuthKitOptions["subject"],
    sessions: values.sessions as LocalAuthKitOptions["sessions"],
    browserBinding: values["browser-binding"] as LocalAuthKitOptions["browserBinding"],
  };
}

async function readClients(file: string): Promise<LocalAuthKitOptions["clients"]> {
  return parseJson(await readFile(file, "utf8"), `--clients: ${file} is not JSON`);
}

function parseJson<T>(text: string | undefined, problem: string): T | undefined {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    throw new Error(problem);
  }
}

function readyMessage(
  authkit: LocalAuthKit,
  {
    loginUri,
    resources = [],
    defaultResource,
    dynamicClientRegistration,
    clientIdMetadataDocuments,
  }: LocalAuthKitOptions,
): string {
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
    row("Login URI", loginUri ?? "not set: start with --login-uri <url>"),
    row("Environment", authkit.environmentClientId),
    ...resources.map((resource) =>
      row("Resource", resource === defaultResource ? `${resource}, the default` : resource),
    ),
    row("DCR", dynamicClientRegistration ? "on" : "off: start with --dcr"),
    row("CIMD", clientIdMetadataDocuments ? "on" : "off: start with --cimd"),
    ...clients,
    "",
    "  Stop it with Ctrl+C.",
    "",
  ].join("\n");
}

async function main(): Promise<void> {
  const options = await readOptions();
  if (options === "help") {
    process.stdout.write(HELP);
    return;
  }
  const authkit = await startLocalAuthKit(options);
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void authkit.close());
  }
  process.stdout.write(`${readyMessage(authkit, options)}\n`);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`local-authkit: ${error instanceof Error ? error.message : "cannot start"}\n`);
  process.exitCode = 1;
}
