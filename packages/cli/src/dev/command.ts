import { type Command, InvalidArgumentError } from "commander";
import { LOGIN_PATH } from "../login-path.js";
import type { Terminal } from "../terminal.js";
import { type DevOptions, develop } from "./dev.js";

export function addDev(program: Command, terminal: Terminal): void {
  program
    .command("dev")
    .description("run a command with a local AuthKit beside it, wired by environment variables")
    .argument("<command...>", "what starts your application, behind --")
    .option("--port <port>", "your application's port, as PORT; default 3000, or any free one", parsePort)
    .option("--authkit-port <port>", "the local AuthKit's; default 4000, or any free one", parsePort)
    .option("--login-path <path>", "path of the Login URI", LOGIN_PATH)
    .option("--resource-path <path>", "path of what access tokens are made for", "/api")
    .option(
      "--store <place>",
      "memory, file, file:<folder> or redis://...: what is kept of AuthKit",
      "memory",
    )
    .passThroughOptions()
    .addHelpText(
      "after",
      `
The command finds PORT, APP_URL, AUTHKIT_URL, WORKOS_API_URL, WORKOS_API_KEY and CONNECT_AUDIENCE set.
Ctrl-C stops both; the second one at once. Ends with the command's own exit code.

Example: connect dev -- npm run dev`,
    )
    .action(async (command: string[], options: DevOptions) => {
      process.exitCode = await develop(command, options, terminal);
    });
}

function parsePort(value: string): number {
  const port = Number(value);
  if (!/^\d{1,5}$/.test(value) || port < 1 || port > 65_535) {
    throw new InvalidArgumentError("It is a number from 1 to 65535.");
  }
  return port;
}
