import { text } from "node:stream/consumers";
import { CommandFailure } from "../failure.js";

/** The token of the argument, or of stdin; with or without a `Bearer` before it. */
export async function readToken(argument: string | undefined): Promise<string> {
  if (argument === undefined && process.stdin.isTTY)
    throw new CommandFailure("No token: give it on stdin, as in: pbpaste | connect token explain");
  const token = (argument ?? (await text(process.stdin))).trim().replace(/^Bearer /i, "");
  if (token === "") throw new CommandFailure("No token: stdin was empty.");
  return token;
}
