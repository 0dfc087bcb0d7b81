import { createServer, type RequestListener } from "node:http";
import { join } from "node:path";
import { build } from "./support/build.js";
import { listen } from "./support/listen.js";
import { tellStory } from "./support/story.js";

const cwd = join(import.meta.dirname, "../sveltekit");

tellStory("SvelteKit", async (env) => {
  await build("vite", { cwd, env });
  const server = createServer();
  const running = await listen(server);
  // SvelteKit compares a form's origin with it.
  Object.assign(process.env, env, { ORIGIN: running.url });
  const { handler }: { handler: RequestListener } = await import(join(cwd, "build/handler.js"));
  server.on("request", handler);
  return running;
});
