import { startNest } from "./support/nest.js";
import { tellStory } from "./support/story.js";

tellStory("NestJS on Express", (env) => startNest(env, () => import("../nestjs-express/main.js")));
