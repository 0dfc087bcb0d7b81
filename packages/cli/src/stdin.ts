import { text } from "node:stream/consumers";
import { CommandFailure } from "./failure.js";

/**
 * What is written to this command, without white space around it.
 * @param what what it should be, for the person who gave none: `token`
 * @param example how they can
 */
export async function readStdin(what: string, example: string): Promise<string> {
  if (process.stdin.isTTY) throw new CommandFailure(`No ${what}: give it on stdin, as in: ${example}`);
  const given = (await text(process.stdin)).trim();
  if (given === "") throw new CommandFailure(`No ${what}: stdin was empty.`);
  return given;
}
