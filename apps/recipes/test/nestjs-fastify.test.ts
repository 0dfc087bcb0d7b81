import { startNest } from "./support/nest.js";
import { tellStory } from "./support/story.js";

tellStory("NestJS on Fastify", (env) => startNest(env, () => import("../nestjs-fastify/main.js")));
