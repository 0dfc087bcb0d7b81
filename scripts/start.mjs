#!/usr/bin/env node
// Runs the whole story on this machine: a local AuthKit, one of the example applications, and a partner's client.
import { spawn } from "node:child_process";
import { connect } from "node:net";
import { join } from "node:path";
import { parseArgs, styleText } from "node:util";
import { untilAnswering } from "./answering.mjs";
import { root, runTasks } from "./build.mjs";

const examples = ["hono", "fastify", "next"];
const usage = `npm start -- [options]

  --example <${examples.join("|")}>   which example application to run (hono)
  --authkit-port <port>            the local AuthKit (4000)
  --example-port <port>            the example application (3000)
  --client-port <port>             the partner's client (3001)
  --help                           this text`;

const options = readOptions();
const urls = {
  authkit: `http://localhost:${options.ports.authkit}`,
  example: `http://localhost:${options.ports.example}`,
  client: `http://localhost:${options.ports.client}`,
};
const apiKey = "sk_test_local_authkit";
const resources = { api: `${urls.example}/api`, mcp: `${urls.example}/mcp` };

await requireFreePorts();
build();

const stopping = new AbortController();
let exitCode = 0;
const children = new Set();
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => stop());

const servers = [
  run("local AuthKit", "packages/local-authkit", ["bin/local-authkit.js", ...authkitOptions()], {
    PORT: options.ports.authkit,
    WORKOS_API_KEY: apiKey,
    LOGIN_URI: `${urls.example}/auth/login`,
  }),
  run(`example-${options.example}`, `apps/example-${options.example}`, exampleCommand(), {
    PORT: options.ports.example,
    APP_URL: urls.example,
    AUTHKIT_URL: urls.authkit,
    WORKOS_API_URL: urls.authkit,
    WORKOS_API_KEY: apiKey,
    CONNECT_AUDIENCE: resources.api,
  }),
  run("oauth-client", "apps/oauth-client", ["dist/server.js"], {
    PORT: options.ports.client,
    AUTHKIT_URL: urls.authkit,
    RESOURCE: resources.api,
    API_URL: `${urls.example}/api/me`,
  }),
];
// All that is printed, as it is printed.
await Promise.all([...Object.values(urls), resources.mcp].map((url) => untilAnswering(url, stopping.signal)));
if (!stopping.signal.aborted) sayWhatToDo();
await Promise.all(servers);
process.exitCode = exitCode;

function readOptions() {
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        example: { type: "string", default: "hono" },
        "authkit-port": { type: "string", default: "4000" },
        "example-port": { type: "string", default: "3000" },
        "client-port": { type: "string", default: "3001" },
        help: { type: "boolean", default: false },
      },
    }));
  } catch (error) {
    fail(`${error.message}\n\n${usage}`);
  }
  if (values.help) {
    console.log(usage);
    process.exit(0);
  }
  if (!examples.includes(values.example)) fail(`--example is one of ${examples.join(", ")}.\n\n${usage}`);
  const ports = {};
  for (const name of ["authkit", "example", "client"]) {
    const port = Number(values[`${name}-port`]);
    if (!Number.isInteger(port) || port < 1 || port > 65_535)
      fail(`--${name}-port is a number from 1 to 65535.`);
    if (Object.values(ports).includes(port)) fail(`--${name}-port must be a port of its own.`);
    ports[name] = port;
  }
  return { example: values.example, ports };
}

/** All three are looked at before any is started, so that nothing is left half running. */
async function requireFreePorts() {
  const taken = [];
  for (const [name, port] of Object.entries(options.ports))
    if (await isListening(port)) taken.push([name, port]);
  if (taken.length === 0) return;
  const lines = taken.map(
    ([name, port]) => `Port ${port} is in use. Choose another with --${name}-port <port>.`,
  );
  fail(
    `${lines.join("\n")}\n\nFor example: npm start -- ${taken.map(([n, p]) => `--${n}-port ${p + 100}`).join(" ")}`,
  );
}

/** A connection is what tells on every platform and for both loopback families. */
function isListening(port) {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "localhost" });
    socket.once("error", () => resolve(false));
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
  });
}

function build() {
  console.log(dim("Building (the first time takes half a minute) ..."));
  const filters = ["@connect/local-authkit", `example-${options.example}`, "oauth-client"].map(
    (name) => `--filter=${name}`,
  );
  if (!runTasks(["build", ...filters], { quiet: true })) fail("The build failed.");
}

/** MCP clients register themselves, and the access tokens say by the application's own id whose they are. */
function authkitOptions() {
  const template = { "urn:example:user_id": "{{ user.external_id }}" };
  return [
    ...Object.values(resources).flatMap((resource) => ["--resource", resource]),
    ...["--dcr", "--cimd", "--jwt-template", JSON.stringify(template)],
  ];
}

function exampleCommand() {
  return options.example === "next"
    ? ["node_modules/next/dist/bin/next", "start", "-H", "localhost"]
    : ["dist/server.js"];
}

/**
 * Starts a server in its folder; resolves when it has ended. What it complains of is passed on, marked with its name;
 * what it prints when it is up is said once, below, for all three.
 */
function run(name, folder, args, env) {
  const child = spawn(process.execPath, args, {
    cwd: join(root, folder),
    env: {
      ...process.env,
      NODE_ENV: folder.endsWith("next") ? "production" : "development",
      NEXT_TELEMETRY_DISABLED: "1",
      ...env,
    },
    stdio: ["ignore", "ignore", "pipe"],
  });
  children.add(child);
  child.stderr.setEncoding("utf8").on("data", (text) => {
    for (const line of text.trimEnd().split("\n")) console.log(dim(`${name}  `) + line);
  });
  return new Promise((resolve) => {
    child.once("exit", (code, signal) => {
      children.delete(child);
      if (!stopping.signal.aborted) {
        console.error(`${name} ended by itself (${signal ?? `code ${code}`}). Stopping the others.`);
        exitCode = 1;
        stop();
      }
      resolve();
    });
  });
}

function stop() {
  if (stopping.signal.aborted) return;
  stopping.abort();
  for (const child of children) child.kill("SIGTERM");
}

function sayWhatToDo() {
  console.log(`
${bold("Connect is running")}

  Partner's client     ${bold(urls.client)}
  Example application  ${urls.example}   ${dim(`example-${options.example}`)}
  Its MCP server       ${resources.mcp}
  Local AuthKit        ${urls.authkit}
  Resource indicators  ${resources.api}   ${dim("as AuthKit must know them")}
                       ${resources.mcp}

${bold("Try it")}

  1. Open ${urls.client} and press Connect.
  2. Sign in as ada@example.com with the password ada-password.
  3. Choose a workspace and press Allow: the client shows the tokens it got.

  Or give ${bold(resources.mcp)} to an MCP client: it finds the rest by itself.
  Either is then at ${urls.example}/connected-apps, to be disconnected.

  The same story without a browser, in another terminal: npm run demo
  Ctrl-C stops everything.
`);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

function bold(text) {
  return styleText("bold", text, { stream: process.stdout });
}

function dim(text) {
  return styleText("dim", text, { stream: process.stdout });
}
