import { join } from "node:path";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { tellStory } from "./support/story.js";

tellStory("Cloudflare Workers", async (env) => {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, "../workers/worker.ts")],
    bundle: true,
    format: "esm",
    // As wrangler bundles.
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:workers"],
    write: false,
  });
  const miniflare = new Miniflare({
    modules: [{ type: "ESModule", path: "worker.mjs", contents: outputFiles[0]?.text ?? "" }],
    compatibilityDate: "2026-03-01",
    bindings: env,
    host: "localhost",
  });
  const { origin } = await miniflare.ready;
  return { url: origin, close: () => miniflare.dispose() };
});
