import { type Command, InvalidArgumentError } from "commander";
import { readEnvironment } from "../environment.js";
import { CommandFailure } from "../failure.js";
import { LOGIN_PATH } from "../login-path.js";
import type { Terminal } from "../terminal.js";
import { readToken } from "../token/read-token.js";
import { type Attack, parseTarget } from "./attack.js";
import { examine } from "./doctor.js";
import { readCookie } from "./read-cookie.js";
import { hasFailure, toJson, toText } from "./report.js";
import { readSetup, type SetupOptions } from "./setup.js";

interface DoctorOptions extends SetupOptions {
  readonly attack?: string;
  readonly withToken?: boolean;
  readonly withCookie?: boolean;
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
      "send bad tokens to this route of yours, and bad visits to your Login URI; or to that alone, where it is its address",
    )
    .option("--with-token", "of --attack: a good token is on stdin, and is written in odd ways as well")
    .option(
      "--with-cookie",
      "of --attack: a signed-in browser's Cookie header is on stdin, for the Login URI",
    )
    .option("--yes-it-is-mine", "of --attack: the servers are yours, though not on this machine")
    .option("--json", "findings for programs")
    .addHelpText(
      "after",
      "\nVariables are read from a .env.local and a .env in this folder, too. Ends with 1 where something failed.",
    )
    .action(async ({ json, ...options }: DoctorOptions) => {
      const attack = await readAttack(options);
      const setup = readSetup({ ...loginUriOf(attack), ...options }, readEnvironment(process.cwd()));
      const chapters = await examine(setup, attack, terminal.progress);
      terminal.print(json ? toJson(chapters) : toText(chapters, terminal));
      if (hasFailure(chapters)) process.exitCode = 1;
    });
}

async function readAttack({
  attack,
  withToken,
  withCookie,
  yesItIsMine: isMine = false,
}: DoctorOptions): Promise<Attack | undefined> {
  if (withToken && withCookie)
    throw new CommandFailure("--with-token and --with-cookie both read stdin: run it twice.");
  if (attack === undefined) {
    if (withToken || withCookie || isMine)
      throw new CommandFailure("--with-token, --with-cookie and --yes-it-is-mine go with --attack <url>.");
    return undefined;
  }
  return {
    url: parseTarget(attack, isMine),
    isMine,
    good: withToken ? await readToken(undefined) : undefined,
    cookie: withCookie ? await readCookie() : undefined,
  };
}

/** The Login URI that an attack names by its usual path: whoever attacks it alone need not say it twice. */
function loginUriOf(attack: Attack | undefined): { readonly loginUri?: string } {
  return attack?.url.pathname.endsWith(LOGIN_PATH) ? { loginUri: attack.url.href } : {};
}

function parseSwitch(value: string): boolean {
  if (value !== "on" && value !== "off") throw new InvalidArgumentError("It is on or off.");
  return value === "on";
}
