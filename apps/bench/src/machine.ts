import { cpus, loadavg, release, totalmem, type } from "node:os";

/** What a run was made on. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  /** In GB. */
  readonly memory: number;
  readonly system: string;
  /** The load average of the minute before the run: on a quiet machine, far below the number of cores. */
  readonly load: number;
}

export function readMachine(): Machine {
  return {
    processor: cpus()[0]?.model.trim() ?? "unknown",
    cores: cpus().length,
    memory: Math.round(totalmem() / 1e9),
    system: `${type()} ${release()}`,
    load: loadavg()[0] ?? 0,
  };
}
