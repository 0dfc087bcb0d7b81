import { defineConfig, type ViteUserConfig } from "vitest/config";

/** Shared by every package: one JSON report each, which `npm test` adds up. */
export function tests(test: ViteUserConfig["test"] = {}): ViteUserConfig {
  return defineConfig({
    test: {
      include: ["test/**/*.test.ts"],
      // Generous: a time-out is for what hangs, not for a busy machine.
      testTimeout: 900_000,
      hookTimeout: 900_000,
      expect: { poll: { timeout: 60_000 } },
      reporters: ["default", "json"],
      outputFile: { json: "test-results/results.json" },
      ...test,
    },
  });
}
