// Builds the named packages and all they depend on, quietly: what is printed is an error.
import { spawnSync } from "node:child_process";
import { join } from "node:path";

export const root = join(import.meta.dirname, "..");

/** Runs turbo's tasks; gives whether all of them succeeded. */
export function runTasks(args, env = {}) {
  const { status } = spawnSync(
    join(root, "node_modules/.bin/turbo"),
    ["run", ...args, "--output-logs=errors-only"],
    {
      cwd: root,
      stdio: "inherit",
      env: { ...process.env, TURBO_TELEMETRY_DISABLED: "1", NEXT_TELEMETRY_DISABLED: "1", ...env },
    },
  );
  return status === 0;
}
