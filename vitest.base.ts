import { defineConfig, type ViteUserConfig } from "vitest/config";

/** Shared by every package: one JSON report each, which `npm test` adds up. */
export function tests(test: ViteUserConfig["test"] = {}): ViteUserConfig {
  return defineConfig({
    test: {
      include: ["test/**/*.test.ts"],
      reporters: ["default", "json"],
      outputFile: { json: "test-results/results.json" },
      ...test,
    },
  });
}
