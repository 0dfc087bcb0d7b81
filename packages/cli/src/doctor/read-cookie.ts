import { CommandFailure } from "../failure.js";
import { readStdin } from "../stdin.js";

/** A browser's Cookie header from stdin, with or without its name. */
export async function readCookie(): Promise<string> {
  const given = await readStdin("cookie", "pbpaste | connect doctor --attack <url> --with-cookie");
  const cookie = given.replace(/^cookie:\s*/i, "");
  // It is written into requests as it is, and a line break would begin another header.
  if (!/^[\x20-\x7e]+$/.test(cookie))
    throw new CommandFailure("The cookie on stdin must be one line of ASCII, as a browser sends it.");
  return cookie;
}
