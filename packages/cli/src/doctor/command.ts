import { type Command, InvalidArgumentError } from "commander";
import { readEnvironment } from "../environment.js";
import type { Terminal } from "../terminal.js";
import { readToken } from "../token/read-token.js";
import { parseTarget } from "./attack.js";
import { examine } from "./doctor.js";
import { hasFailure, toJson, toText } from "./report.js";
import { readSetup, type SetupOptions } from "./setup.js";

interface DoctorOptions extends SetupOptions {
  readonly attack?: string;
  readonly withToken?: boolean;
  readonly yesItIsMine?: boolean;
  readonly json?: boolean;
}

export function addDoctor(program: Command, terminal: Terminal): void {
  program
    .command("doctor")
    .description("look at a set-up: environment, AuthKit, keys, clock, Login URI, resource")
    .option("--authkit-url <url>", "your AuthKit domain (AUTHKIT_URL)")
    .option("--login-uri <url>", "your Login URI (LOGIN_URI, or APP_URL and /auth/login)")
    .option("--resource <uri>", "what access tokens must be made for (CONNECT_AUDIENCE)")
    .option("--cimd <on|off>", "whether client ID metadata documents should be on", parseSwitch)
    .option("--dcr <on|off>", "whether dynamic client registration should be on", parseSwitch)
    .option(
      "--attack <url>",
      "send bad tokens to this route of yours, which wants a token and answers to GET",
    )
    .option("--with-token", "of --attack: a good token is on stdin, and is written in odd ways as well")
    .option("--yes-it-is-mine", "of --attack: the server is yours, though not on this machine")
    .option("--json", "findings for programs")
    .addHelpText(
      "after",
      "\nVariables are read from a .env in this folder, too. Ends with 1 where something failed.",
    )
    .action(async ({ json, attack: target, withToken, yesItIsMine = false, ...options }: DoctorOptions) => {
      const attack = target === undefined ? undefined : { url: parseTarget(target, yesItIsMine) };
      const good = withToken ? await readToken(undefined) : undefined;
      const setup = readSetup(options, readEnvironment(process.cwd()));
      const chapters = await examine(setup, attack && { ...attack, good }, terminal.progress);
      terminal.print(json ? toJson(chapters) : toText(chapters, terminal));
      if (hasFailure(chapters)) process.exitCode = 1;
    });
}

function parseSwitch(value: string): boolean {
  if (value !== "on" && value !== "off") throw new InvalidArgumentError("It is on or off.");
  return value === "on";
}
