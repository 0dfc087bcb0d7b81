import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { build } from "./support/build.js";
import { tellStory } from "./support/story.js";

const cwd = join(import.meta.dirname, "../sveltekit");

tellStory("SvelteKit", async (env) => {
  await build("vite", { cwd, env });
  const server = createServer().listen(0, "localhost");
  await once(server, "listening");
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  // SvelteKit compares a form's origin with it.
  Object.assign(process.env, env, { ORIGIN: url });
  const { handler }: { handler: RequestListener } = await import(join(cwd, "build/handler.js"));
  server.on("request", handler);
  return { url, close: () => server.close() };
});
