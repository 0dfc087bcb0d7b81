import { defineConfig } from "vitest/config";

// For Stryker, which copies this package away from the others. Without the tests that look at the sources themselves, and
// those that try very many inputs: what they alone would find is not what a mutant is.
export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: [
      "test/{bundle,layers,short-faults,signatures,token-properties}.test.ts",
      "test/{connections,resource,resource-mirror}.test.ts",
    ],
  },
});
