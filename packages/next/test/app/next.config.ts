import { join } from "node:path";
import type { NextConfig } from "next";

const root = join(import.meta.dirname, "../../../..");
const basePath = process.env.BASE_PATH ?? "";

const config: NextConfig = {
  turbopack: { root },
  outputFileTracingRoot: root,
  basePath,
  // The application is built twice; each build has a place of its own, and the types are checked in the first.
  ...(basePath !== "" && {
    output: "standalone",
    distDir: ".next/standalone-build",
    typescript: { ignoreBuildErrors: true },
  }),
  // Both routers serve the same paths: the App Router's are those of 127.0.0.1, on any other host it is the Pages Router's.
  rewrites: async () => ({
    beforeFiles: ["/auth/:path*", "/api/:path((?!pages/).*)", "/mcp", "/.well-known/:path*"].map(
      (source) => ({
        source,
        destination: `/api/pages${source.replace("/.well-known", "/well-known").replace(/\(.*\)/, "")}`,
        missing: [{ type: "host", value: "127.0.0.1" }],
      }),
    ),
  }),
};

export default config;
