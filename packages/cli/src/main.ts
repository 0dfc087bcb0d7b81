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
  if (!(error instanceof CommandFailure)) throw error;
  terminal.complain(error.message);
  return error.exitCode;
}
