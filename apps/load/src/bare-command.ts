import { commandOf, type Example, type ServerCommand } from "e2e/example";
import { HOME } from "./home.js";

/** The example's framework with plain routes, run as the example is. */
export function bareCommandOf(example: Example): ServerCommand {
  const args = example === "next" ? commandOf(example).args : [`dist/bare/${example}.js`];
  return { folder: HOME, args };
}
