import { Command, CommanderError } from "commander";
import { addDev } from "./dev/command.js";
import { addDoctor } from "./doctor/command.js";
import { CommandFailure } from "./failure.js";
import { addInit } from "./init/command.js";
import { createTerminal } from "./terminal.js";
import { addToken } from "./token/command.js";

const terminal = createTerminal(process);
const program = new Command("connect")
  .description(
    "Be the login behind AuthKit's Standalone Connect: check a set-up, explain tokens, begin, develop.",
  )
  .showHelpAfterError("Say --help for what it takes.")
  // Else what stands behind the name of a command could be taken for options of this one.
  .enablePositionalOptions()
  .configureOutput({ outputError: (text, write) => write(withoutValues(text)) })
  .exitOverride();
addDoctor(program, terminal);
addToken(program, terminal);
addInit(program, terminal);
addDev(program, terminal);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}

/** 2 for a command that can't be used as it was given, so that scripts tell it from a check that failed. */
function exitCodeOf(error: unknown): number {
  // Commander has printed what it has to say.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof CommandFailure) {
    terminal.complain(error.message);
    return error.exitCode;
  }
  // A file that can't be read or written is the caller's to see to, and a stack would not help.
  const { code, path } = Object(error);
  if (typeof code !== "string" || typeof path !== "string") throw error;
  terminal.complain(`${path}: ${describeFileError(code)}.`);
  return 1;
}

/** Commander repeats what it does not know, and that may be a token: `--token=...`. */
function withoutValues(text: string): string {
  return text.replace(/'(--?[\w-]+)=[^']*'/g, "'$1'").replace(/'[^'\s]{48,}'/g, "'...'");
}

function describeFileError(code: string): string {
  const known: Readonly<Record<string, string>> = {
    EACCES: "permission denied",
    EEXIST: "there is a file where a folder should be",
    ENOSPC: "no space is left",
    ENOTDIR: "there is a file where a folder should be",
    EROFS: "nothing can be written there",
  };
  return known[code] ?? code;
}
