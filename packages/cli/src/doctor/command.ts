import { type Command, InvalidArgumentError } from "commander";
import { readEnvironment } from "../environment.js";
import type { Terminal } from "../terminal.js";
import { examine } from "./doctor.js";
import { hasFailure, toJson, toText } from "./report.js";
import { readSetup, type SetupOptions } from "./setup.js";

export function addDoctor(program: Command, terminal: Terminal): void {
  program
    .command("doctor")
    .description("look at a set-up: environment, AuthKit, keys, clock, Login URI, resource")
    .option("--authkit-url <url>", "your AuthKit domain (AUTHKIT_URL)")
    .option("--login-uri <url>", "your Login URI (LOGIN_URI, or APP_URL and /auth/login)")
    .option("--resource <uri>", "what access tokens must be made for (CONNECT_AUDIENCE)")
    .option("--cimd <on|off>", "whether client ID metadata documents should be on", parseSwitch)
    .option("--dcr <on|off>", "whether dynamic client registration should be on", parseSwitch)
    .option("--json", "findings for programs")
    .addHelpText(
      "after",
      "\nVariables are read from a .env in this folder, too. Ends with 1 where something failed.",
    )
    .action(async ({ json, ...options }: SetupOptions & { json?: boolean }) => {
      const setup = readSetup(options, readEnvironment(process.cwd()));
      const chapters = await examine(setup, terminal.progress);
      terminal.print(json ? toJson(chapters) : toText(chapters, terminal));
      if (hasFailure(chapters)) process.exitCode = 1;
    });
}

function parseSwitch(value: string): boolean {
  if (value !== "on" && value !== "off") throw new InvalidArgumentError("It is on or off.");
  return value === "on";
}
