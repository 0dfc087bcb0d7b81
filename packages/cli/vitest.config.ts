import { tests } from "../../vitest.base.js";

// One file after the other: `dev` looks for a port that is free until its command listens there.
export default tests({ fileParallelism: false });
