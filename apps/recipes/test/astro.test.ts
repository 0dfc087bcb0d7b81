import { createServer, type RequestListener } from "node:http";
import { join } from "node:path";
import { build } from "./support/build.js";
import { listen } from "./support/listen.js";
import { tellStory } from "./support/story.js";

const cwd = join(import.meta.dirname, "../astro");

tellStory("Astro", async (env) => {
  await build("astro", { cwd, env: { ...env, ASTRO_TELEMETRY_DISABLED: "1" } });
  // Otherwise the import alone listens, at a port that is fixed.
  Object.assign(process.env, env, { ASTRO_NODE_AUTOSTART: "disabled" });
  const { handler }: { handler: RequestListener } = await import(join(cwd, "dist/server/entry.mjs"));
  return listen(createServer(handler));
});
