import { tests } from "../../vitest.base.js";

export default tests({
  // One module graph for all files of a worker: no test leaves a stub behind, and starting anew takes half the time.
  pool: "forks",
  isolate: false,
  typecheck: { enabled: true, include: ["test/**/*.test-d.ts"], tsconfig: "./test/tsconfig.json" },
});
