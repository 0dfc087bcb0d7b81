import { tests } from "../../vitest.base.js";

// One module graph for all files of a worker: loading oidc-provider is what takes time.
export default tests({ pool: "forks", isolate: false });
