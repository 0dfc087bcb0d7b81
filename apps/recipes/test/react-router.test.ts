import { createServer } from "node:http";
import { join } from "node:path";
import { createRequestListener } from "@react-router/node";
import { build } from "./support/build.js";
import { listen } from "./support/listen.js";
import { tellStory } from "./support/story.js";

const cwd = join(import.meta.dirname, "../react-router");

tellStory("React Router", async (env) => {
  await build("react-router", { cwd, env });
  Object.assign(process.env, env);
  return listen(
    createServer(createRequestListener({ build: await import(join(cwd, "build/server/index.js")) })),
  );
});
