import { join } from "node:path";
import type { NextConfig } from "next";

const config: NextConfig = {
  // The embedded database loads its own WebAssembly from beside its code.
  serverExternalPackages: ["@electric-sql/pglite", "example-product"],
  turbopack: { root: join(import.meta.dirname, "../..") },
};

export default config;
