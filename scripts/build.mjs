// Runs turbo's tasks, from the cache where nothing changed.
import { spawnSync } from "node:child_process";
import { delimiter, join } from "node:path";

export const root = join(import.meta.dirname, "..");

/** Gives whether all tasks succeeded. What a failed task printed is printed; with `quiet`, nothing else is. */
export function runTasks(args, { env = {}, quiet = false } = {}) {
  const programs = join(root, "node_modules/.bin");
  const { status, stdout } = spawnSync(
    join(programs, "turbo"),
    ["run", ...args, "--output-logs=errors-only"],
    {
      cwd: root,
      stdio: ["ignore", quiet ? "pipe" : "inherit", "inherit"],
      env: {
        ...process.env,
        // turbo looks for pnpm there, and npm puts it there for its own scripts only.
        PATH: `${programs}${delimiter}${process.env.PATH}`,
        TURBO_TELEMETRY_DISABLED: "1",
        NEXT_TELEMETRY_DISABLED: "1",
        ...env,
      },
    },
  );
  if (quiet && status !== 0) process.stdout.write(stdout);
  return status === 0;
}
