export { type ClientConfig, createClient } from "./app.js";
export { readEnvironment, type Settings } from "./environment.js";
export { type RunningClient, startClient } from "./start.js";
