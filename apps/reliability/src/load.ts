import { readFile } from "node:fs/promises";

/** What the examples bore, as `npm run load` wrote it. */
export interface LoadFigure {
  readonly example: string;
  /** Requests a second. */
  readonly rate: number;
  readonly seconds: number;
  readonly requests: number;
  readonly errors: number;
}

/** Reads what is known of the examples under load; nothing where that was not measured. */
export async function readLoad(file: string): Promise<readonly LoadFigure[]> {
  let results: unknown;
  try {
    results = JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
  return Object.entries(results as object).map(([example, recorded]) => {
    const { plan, counts } = recorded.example;
    const errors = Object.values<number>(counts.errors).reduce((sum, count) => sum + count, 0);
    return { example, rate: plan.rate, seconds: plan.seconds, requests: counts.requests, errors };
  });
}
