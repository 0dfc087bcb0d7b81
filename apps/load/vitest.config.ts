import { tests } from "../../vitest.base.js";

// Servers that are under load at the same time would take each other's CPU time.
export default tests({ fileParallelism: false, testTimeout: 120_000 });
