import { defineConfig } from "vitest/config";

// For Stryker, which copies this package away from the others, and for coverage. Without the tests that look at the
// sources themselves, and those that try very many inputs: what they alone would reach counts for nothing here.
export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: [
      "test/{bundle,layers,short-faults,signatures,token-life,token-properties}.test.ts",
      "test/{connections,resource,resource-mirror}.test.ts",
    ],
    testTimeout: 30_000,
    pool: "forks",
    isolate: false,
    coverage: {
      include: [
        "src/login/{completion,confirm,exchange,external-auth-id,form,login,memo,navigation,resume,seal,stray,visit}.ts",
        "src/token/{bearer,cache,claims,jwt,key-set,keys,verifier}.ts",
      ],
      reporter: ["text"],
      thresholds: { branches: 98 },
    },
  },
});
