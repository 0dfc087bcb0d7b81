import { join } from "node:path";
import type { NextConfig } from "next";

const config: NextConfig = {
  // The embedded database is a native module, loaded from beside its code.
  serverExternalPackages: ["@libsql/client", "example-product"],
  turbopack: { root: join(import.meta.dirname, "../..") },
};

export default config;
