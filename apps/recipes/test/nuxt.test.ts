import { createServer, type RequestListener } from "node:http";
import { join } from "node:path";
import { build } from "./support/build.js";
import { listen } from "./support/listen.js";
import { tellStory } from "./support/story.js";

const cwd = join(import.meta.dirname, "../nuxt");

tellStory("Nuxt's server", async (env) => {
  // The preset of its default takes no free port for an answer.
  await build("nitro", { cwd, env: { ...env, NITRO_PRESET: "node-listener" } });
  Object.assign(process.env, env);
  const { listener }: { listener: RequestListener } = await import(join(cwd, ".output/server/index.mjs"));
  return listen(createServer(listener));
});
