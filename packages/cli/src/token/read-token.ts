import { readStdin } from "../stdin.js";

/** The token of the argument, or of stdin; with or without `Authorization:` and `Bearer` before it. */
export async function readToken(argument: string | undefined): Promise<string> {
  const token = argument ?? (await readStdin("token", "pbpaste | connect token explain"));
  return token.trim().replace(/^(authorization:\s*)?bearer\s+/i, "");
}
