import { join } from "node:path";

/** The folder of this package, seen from `src` and from `dist`. */
export const HOME: string = join(import.meta.dirname, "..");
