import { join } from "node:path";
import type { NextConfig } from "next";

/** Next.js without Connect: the routes in `app`. The rest of this folder is no part of it. */
const config: NextConfig = {
  turbopack: { root: join(import.meta.dirname, "../..") },
  typescript: { tsconfigPath: "tsconfig.next.json" },
};

export default config;
