import { tests } from "../../vitest.base.js";

export default tests({ include: ["test/**/*.test.ts", "examples/**/*.test.ts"] });
