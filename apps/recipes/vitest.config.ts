import { tests } from "../../vitest.base.js";

// Each recipe is a process or a bundler of its own: one after the other is as fast, and kinder to the machine.
export default tests({ fileParallelism: false });
